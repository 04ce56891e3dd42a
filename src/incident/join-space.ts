import type { Decision, Moment } from "../decision";
import { requestAdd } from "./add-responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import type { SpaceState } from "./space-state";

export type JoinSpaceResult = "already-there" | "adding" | "bot-not-moderator";

/**
 * Asks Webex to take a person into a space at their own wish, as a moderator where the bot is one.
 * What comes of it is told to them directly.
 */
export function joinSpace(
  state: SpaceState,
  person: PersonRef,
  at: Moment,
): Decision<Change, JoinSpaceResult> {
  const { isModerated } = state.space;
  if (isModerated && !state.botIsModerator) return { changes: [], result: "bot-not-moderator" };
  // A second press, before Webex has answered to the first.
  if (state.pendingMemberships.has(person.personId)) return { changes: [], result: "adding" };
  const invitee = { by: "person" as const, ...person };
  const by = { ...person, isDirect: true };
  const rights = isModerated ? { isModerator: true } : {};
  const { changes, result } = requestAdd(state, { invitee, by, ...rights }, at);
  return { changes, result: result.kind };
}
