import type { Decide } from "../decision";
import type { CardKind } from "../notify/change";
import type { AttemptRecord } from "../notify/outbox-row";
import type { Change } from "./change";
import type {
  ExternalState,
  ExternalsState,
  GrantsState,
  NumberState,
  ProgressState,
  ReadState,
  SpaceState,
  StartState,
} from "./space-state";

/**
 * Why a decision is made. It is finished in the decision's own transaction; one that is finished
 * already decides nothing. `reading` carries what was just read from Webex: facts, which may be
 * written as often as they are read.
 */
export type Trigger =
  | { kind: "inbox"; id: string; leaseToken: string; end?: "done" | "dead" }
  | { kind: "effect"; record: AttemptRecord }
  /** Of a status card the id is its space's, of an attendance its incident's. */
  | {
      kind: "due";
      table: "rounds" | "status_cards" | "incidents" | "attendances" | "grants" | "directory_sync";
      id: string;
      dueAt: number;
    }
  /** Somebody came back from Webex's page of consent. */
  | { kind: "oauth"; stateId: string }
  | CallTrigger
  | { kind: "reading" };

/** Something happened in a call. The same event again decides nothing; what was decided is kept. */
export interface CallTrigger {
  kind: "call";
  sessionId: string;
  notificationId: string;
  eventHash: string;
  /** The space that the decision may change. */
  spaceId?: string;
}

export type Decided<Result> = { isDone: true; result: Result } | { isDone: false };

/** Which space a decision is about, and the card that was pressed, if one was. */
export interface About {
  spaceId: string;
  cardId?: string;
  /** A phone number, E.164: see `SpaceState.number`. */
  number?: string;
  /** People outside Webex who are to be added: see `SpaceState.externals`. */
  externalIds?: readonly string[];
  /** With the numbers of all Webex people on the roster, not only where a phone is switched on. */
  withNumbers?: boolean;
}

/** Which people outside Webex a decision is about, and the card that was pressed, if one was. */
export interface AboutExternals {
  cardId?: string;
  responderIds?: readonly string[];
  /** E.164 */
  numbers?: readonly string[];
}

/** Opens the transaction of a decision; see `Trigger`. Throws `UnknownSpaceError`. */
export interface Decisions {
  inSpace<R>(
    trigger: Trigger,
    about: About,
    rule: Decide<SpaceState, Change, R>,
  ): Promise<Decided<R>>;
  /** With the last incident's team if `withTeam`; see `StartState`. */
  forStart<R>(
    trigger: Trigger,
    about: About & { withTeam?: boolean },
    rule: Decide<StartState, Change, R>,
  ): Promise<Decided<R>>;
  withProgress<R>(
    trigger: Trigger,
    about: About,
    rule: Decide<ProgressState, Change, R>,
  ): Promise<Decided<R>>;
  /** With the responders that these persons are already; the space may be unknown. */
  forReading<R>(
    trigger: Trigger,
    about: {
      spaceId: string;
      personIds: readonly string[];
      /** For people outside Webex who have one of these addresses. */
      emails?: readonly string[];
      /** When the reading began: membership changes that ended since are not in it. */
      readAt?: number;
      /** The responders with the numbers that the directory has of them. */
      withNumbers?: boolean;
    },
    rule: Decide<ReadState, Change, R>,
  ): Promise<Decided<R>>;
  /** With the external that already has one of these numbers, if there is one. */
  forExternal<R>(
    trigger: Trigger,
    about: About & { numbers: readonly string[] },
    rule: Decide<ExternalState, Change, R>,
  ): Promise<Decided<R>>;
  /** About people outside Webex, wherever they are on a roster; the space of `card` is not read. */
  forExternals<R>(
    trigger: Trigger,
    about: AboutExternals,
    rule: Decide<ExternalsState, Change, R>,
  ): Promise<Decided<R>>;
  /** About what this person, and an administrator, let the bot do. */
  forGrants<R>(
    trigger: Trigger,
    about: { personId: string; cardId?: string },
    rule: Decide<GrantsState, Change, R>,
  ): Promise<Decided<R>>;
  /** About a phone number, E.164, whoever has it. */
  forNumber<R>(
    trigger: Trigger,
    number: string,
    rule: Decide<NumberState, Change, R>,
  ): Promise<Decided<R>>;
  /** About no known space: replies only. */
  anywhere<R>(trigger: Trigger, rule: Decide<undefined, Change, R>): Promise<Decided<R>>;
}

/** A decision was asked for in a space that was never read, or is gone. */
export class UnknownSpaceError extends Error {
  override name = "UnknownSpaceError";
}

/** What a card is about, as its row tells. */
export interface StoredCard {
  id: string;
  kind: CardKind;
  /** Absent for what concerns no space. */
  spaceId?: string;
  incidentId?: string;
  responderId?: string;
  personId?: string;
  messageId?: string;
  payload: Readonly<Record<string, unknown>>;
  expiresAt?: number;
  usedAt?: number;
}
