import type { IncidentSettings } from "../incident/settings";
import type { Decisions, StoredCard, Trigger } from "../incident/ports";
import type { PersonRef } from "../incident/incident";
import type { Language } from "../notify/languages";
import type { Found, Member, Page, Responder } from "../roster/responder";
import type { DialRules } from "../roster/phone-number";

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
  findExternal(responderId: string): Promise<Responder | undefined>;
  /** A page of the people outside Webex, see `searchExternals` of the store. */
  searchExternals(term: string, page: Page): Promise<Found<Responder>>;
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
  card?: StoredCard;
}

/** What a command's space is, for a decision. */
/** The card that was pressed, for a decision that is about no space. */
export function pressedCard({ card }: Turn): { cardId?: string } {
  return card ? { cardId: card.id } : {};
}

export function aboutOf(turn: Turn): { spaceId: string; cardId?: string } {
  return { spaceId: turn.spaceId, ...(turn.card ? { cardId: turn.card.id } : {}) };
}

export function personOf({ personId, name }: Actor | Member): PersonRef {
  return { personId, name };
}
