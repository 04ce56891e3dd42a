import type { NotificationKind } from "./notification";
import type { NewEffect, NewNotification } from "./outbox-row";

export interface NewRound {
  id: string;
  incidentId: string;
  kind: NotificationKind;
  trigger: "command" | "press" | "join" | "timer";
  openedBy: { personId: string; name: string };
  at: number;
  /** Words that a person gave with it. */
  text?: string;
}

/** Which unsent notifications are no longer needed. Everything that is given must match. */
export interface CancelFilter {
  incidentId?: string;
  spaceId?: string;
  responderId?: string;
  channel?: "webex" | "sms" | "voice";
  /** Only what Muster sends by itself: invites, and reminders that nobody asked for. */
  isAutomatic?: boolean;
  /** Not the notice that it is over: whoever was called and leaves gets it all the same. */
  sparesStop?: boolean;
  reason: string;
}

export type CardKind =
  | "help"
  | "ready"
  | "start-form"
  | "text-form"
  | "status"
  | "stop-confirm"
  | "external-form"
  | "invite"
  | "told"
  | "notice"
  | "pick"
  | "externals"
  | "roster"
  | "spaces"
  | "authorize"
  | "directory";

/** What a card is about. The card itself carries only `id`. */
export interface NewCard {
  id: string;
  kind: CardKind;
  /** Absent for what concerns no space, such as the list of all externals. */
  spaceId?: string;
  incidentId?: string;
  responderId?: string;
  /** The only person who may press it. */
  personId?: string;
  /** What else its buttons need, such as a command that waits for "Do it now?". Kept encrypted. */
  payload?: Readonly<Record<string, unknown>>;
  expiresAt?: number;
}

export type NotifyChange =
  | { kind: "round.opened"; round: NewRound }
  | { kind: "round.closed"; roundId: string; at: number }
  | { kind: "notification.queued"; notification: NewNotification }
  | { kind: "notifications.cancelled"; filter: CancelFilter }
  | { kind: "round.released"; roundId: string }
  | { kind: "effect.queued"; effect: NewEffect }
  | { kind: "card.written"; card: NewCard; at: number }
  | { kind: "card.used"; cardId: string; at: number }
  /** stop: its owner wants no texts from us. blocked: the provider or the operator takes none. */
  | { kind: "number.opted-out"; number: string; source: OptOutSource; at: number }
  /** Of one source only, or of both. saidAt: of START, by the provider's clock. */
  | {
      kind: "number.opted-in";
      number: string;
      source?: OptOutSource;
      at: number;
      saidAt?: number;
    }
  | { kind: "number.hinted"; number: string; at: number }
  /** A text from it was taken, and perhaps answered. */
  | { kind: "number.heard"; number: string; isAnswered: boolean; at: number }
  | { kind: "press.noted"; spaceId: string; presses: readonly RecentPress[] }
  /** On a message that is, or calls itself, a status card of the space. */
  | {
      kind: "status-card.pressed";
      spaceId: string;
      cardId: string;
      messageId: string;
      /** By somebody who may: they may be choosing on it, so it stays for a while. */
      holds: boolean;
      at: number;
    }
  /** It was looked at and is looked at again when something changes, or at `dueAt`. */
  | { kind: "status-card.looked"; spaceId: string; at: number; dueAt?: number }
  /** Its line in the thread is no longer needed. */
  | { kind: "status-line.dropped"; spaceId: string };

export type OptOutSource = "stop" | "blocked";

/** A press that may be repeated: who, what and for whom, as one text. */
export interface RecentPress {
  press: string;
  at: number;
}
