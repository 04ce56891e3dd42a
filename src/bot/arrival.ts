import type { StoredCard, Trigger } from "../incident/ports";
import type { SpaceFacts } from "../roster/change";
import type { Incoming } from "./incoming";
import type { Actor, BotTools } from "./turn";

/** What a message or press is handled with: what the receiver found out about it. */
export interface Arrival {
  incoming: Incoming;
  trigger: Trigger;
  now: number;
  /** Asked of Webex at this moment; `undefined` for somebody who is not in the space. */
  actorIn(spaceId: string): Promise<Actor | undefined>;
  /** The space as it is known, read first if it never was; `undefined` when the bot is not in it. */
  space(spaceId: string): Promise<KnownSpace | undefined>;
  /** The space if it is known already; reads nothing. */
  knownSpace(spaceId: string): Promise<SpaceFacts | undefined>;
  findCard(cardId: string): Promise<StoredCard | undefined>;
}

export interface KnownSpace {
  facts: SpaceFacts;
  isFreshlyRead: boolean;
}

export interface RouterOptions {
  tools: BotTools;
  botId: string;
  homeOrgId: string;
  commandMaxAgeMs: number;
  spaceTitlePrefix?: string;
  /** Somebody was refused what they wrote or pressed; `code` says why, and holds nothing of theirs. */
  onRefused: (code: string, via: "command" | "press") => void;
}

/** Somebody whom Webex no longer shows in the space: they may do nothing there. */
export function strangerOf(incoming: Incoming): Actor {
  return {
    personId: incoming.personId,
    name: "",
    email: "",
    orgId: "",
    isModerator: false,
    isOperator: false,
  };
}
