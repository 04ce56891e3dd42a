import type { FoundPerson } from "../directory/directory";
import type { IncidentSettings } from "../incident/settings";
import type { Decisions, StoredCard, Trigger } from "../incident/ports";
import type { PersonRef } from "../incident/incident";
import type { Invitation, InvitedPerson } from "../incident/invitation";
import type { SpaceLine, SpaceListWish } from "../incident/space-line";
import type { Language } from "../notify/languages";
import type { SpaceFacts } from "../roster/change";
import type { Found, Member, Page, Responder } from "../roster/responder";
import type { DialRules } from "../roster/phone-number";
import type { GrantTools } from "./grant-tools";
import type { AttachedFile } from "./incoming";
import type { DirectoryFinds } from "./search-people";

/** The person whose message or press is being handled, as Webex says at this moment. */
export interface Actor extends PersonRef {
  email: string;
  orgId: string;
  isModerator: boolean;
  isOperator: boolean;
}

/** What commands need besides the state of the space. */
export interface BotTools {
  decisions: Decisions;
  settings: IncidentSettings;
  botName: string;
  dial: DialRules;
  /** In which texts can be sent; first the one that speaks where none was chosen. */
  languages: readonly Language[];
  numbers: { sms?: string; voice?: string };
  /** As texts and calls name themselves; absent while neither is set up. */
  senderName?: string;
  /** Downloads a file that came with a message; a failure that may pass is thrown. */
  readFile(address: string): Promise<AttachedFile>;
  /** A page of the people outside Webex, see `searchExternals` of the store. */
  searchExternals(term: string, page: Page): Promise<Found<Responder>>;
  /** The best of the organisation's people whom a part of a name or an e-mail address fits. */
  searchDirectory(term: string, limit: number): Promise<DirectoryFinds>;
  /** Those of these persons who are still in the directory, by person id. */
  findInDirectory(personIds: readonly string[]): Promise<ReadonlyMap<string, FoundPerson>>;
  /** The running incidents that have called somebody; see `findInvitations` of the store. */
  findInvitations(person: InvitedPerson): Promise<Invitation[]>;
  /** What people let the bot do at Webex in their name. */
  grants: GrantTools;
  /** A page of somebody's spaces, the liveliest first; see `listSpaces` of the store. */
  listSpaces(wish: SpaceListWish, page: Page): Promise<Found<SpaceLine>>;
  /** A group space that the bot is in and acts in, as it is known. */
  findSpace(spaceId: string): Promise<SpaceFacts | undefined>;
  /** Is a space of operators configured? */
  hasOperators: boolean;
  /** Whether the person moderates, as Webex says now, a space of the organisation that the bot is in. */
  moderatesAny(personId: string): Promise<boolean>;
  /** Person ids of the operators; empty where there are none, or they cannot be read. */
  findOperators(): Promise<ReadonlySet<string>>;
}

/** One message or press, authorised and about to be carried out. */
export interface Turn {
  trigger: Trigger;
  /** The space that it acts on: for a card, the one in which the card's matter stands. */
  spaceId: string;
  /** Where the person wrote or pressed, and so where the answer goes. */
  saidIn: { spaceId: string; kind: "group" | "direct" };
  via: "command" | "press";
  actor: Actor;
  tools: BotTools;
  /** The member list was read a moment ago. */
  isFreshlyRead: boolean;
  /** The whole line that was written, without the bot's name. */
  line: string;
  /** Where the files that came with it can be downloaded. */
  files?: readonly string[];
  card?: StoredCard;
}

/** The card that was pressed, for a decision that is about no space. */
export function pressedCard({ card }: Turn): { cardId?: string } {
  return card ? { cardId: card.id } : {};
}

/** The space that it is about: none for what is written directly, or on a card that concerns none. */
export function spaceOf({ card, saidIn, spaceId }: Turn): { spaceId?: string } {
  if (card) return card.spaceId === undefined ? {} : { spaceId: card.spaceId };
  return saidIn.kind === "group" ? { spaceId } : {};
}

/** What a command's space is, for a decision. */
export function aboutOf(turn: Turn): { spaceId: string; cardId?: string } {
  return { spaceId: turn.spaceId, ...(turn.card ? { cardId: turn.card.id } : {}) };
}

export function personOf({ personId, name }: Actor | Member): PersonRef {
  return { personId, name };
}
