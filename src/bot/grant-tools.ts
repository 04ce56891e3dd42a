import type { Moment } from "../decision";
import type { DirectoryStatus } from "../directory/directory";
import type { AskedGrant } from "../grants/ask-grant";
import type { Grant } from "../grants/grant";
import type { GrantWish } from "../grants/ports";

/** What commands about grants and the directory need besides the state. */
export interface GrantTools {
  /** What is registered at Webex in the bot's name; absent without CLIENT_ID and CLIENT_SECRET. */
  integration?: Integration;
  /** The directory's one grant, dead or alive. */
  directoryGrant(): Promise<Grant | undefined>;
  directoryStatus(): Promise<DirectoryStatus>;
  /** Living grants for meetings of these persons. */
  meetingsGrants(personIds: readonly string[]): Promise<readonly Grant[]>;
  /** Who moderates the space, as it is known. */
  moderatorsOf(spaceId: string): Promise<readonly string[]>;
  /** Drops the local copy of the organisation's people; there may be none. */
  clearDirectory(): Promise<void>;
}

export interface Integration {
  /** A new link; nothing is written but by the decision that takes its change. */
  ask(wish: GrantWish, at: Moment): AskedGrant;
  /**
   * Whether Webex shows the person as an administrator, asked with this grant. Throws
   * `GrantDeadError` or a `RemoteError`.
   */
  isAdmin(grantId: string, personId: string): Promise<boolean>;
}
