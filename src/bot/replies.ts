import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { CardKind, NewCard } from "../notify/change";
import type { Post } from "../notify/notification";
import type { Recipient, ReplyNote } from "../notify/outbox-row";
import { spaceOf, type Turn } from "./turn";
import { notice, type NoticeInput } from "./views/notice";

const REPLY_PATIENCE_MS = 2 * 60_000;
const CARD_LIFE_MS = 24 * 60 * 60_000;
const REPLY_PRIORITY = 0;
/** Cards that follow an answer must not delay the answers of others. */
const FOLLOWING_PRIORITY = 4;

/** Answers where the person wrote, or directly where the bot may not write. */
export function reply(turn: Turn, post: Post, at: Moment, note?: ReplyNote): Change {
  const to: Recipient = {
    kind: "space",
    spaceId: turn.saidIn.spaceId,
    ...(turn.saidIn.kind === "group" ? { fallbackPersonId: turn.actor.personId } : {}),
  };
  return say(to, post, at, { ...(note ? { note } : {}) });
}

/** Answers with a sentence. */
export function replyText(turn: Turn, markdown: string, at: Moment): Change {
  return reply(turn, { markdown }, at);
}

/** Says it in the space that the turn is about, wherever the person pressed. */
export function sayInSpace(turn: Turn, markdown: string, at: Moment): Change {
  return replyText({ ...turn, saidIn: { spaceId: turn.spaceId, kind: "group" } }, markdown, at);
}

/** Tells the person of the turn by direct message. */
export function tellDirectly(turn: Turn, post: Post, at: Moment, note?: ReplyNote): Change {
  const to: Recipient = { kind: "person", personId: turn.actor.personId };
  return say(to, post, at, { ...(note ? { note } : {}) });
}

export interface SayOptions {
  note?: ReplyNote;
  /** Comes after the answers to people. */
  isFollowing?: boolean;
  /** Nobody waits for it: it may be tried for longer than an answer. */
  patienceMs?: number;
  spaceId?: string;
  /** Said no more than once under this name. */
  onceAs?: string;
}

/** Posts a message of the bot's own. */
export function say(to: Recipient, post: Post, at: Moment, options: SayOptions = {}): Change {
  const { note, isFollowing = false, patienceMs = REPLY_PATIENCE_MS, spaceId, onceAs } = options;
  return {
    kind: "effect.queued",
    effect: {
      id: at.newId(),
      effect: { kind: "reply", to, post, ...(note ? { note } : {}) },
      dueAt: at.now,
      expiresAt: at.now + patienceMs,
      priority: isFollowing ? FOLLOWING_PRIORITY : REPLY_PRIORITY,
      ...(spaceId === undefined ? {} : { spaceId }),
      ...(onceAs === undefined ? {} : { uniqueKey: onceAs }),
    },
  };
}

export interface CardSubject {
  /** Absent for what concerns no space. */
  spaceId?: string;
  incidentId?: string;
  responderId?: string;
  /** The only person who may press it. */
  personId?: string;
  payload?: Readonly<Record<string, unknown>>;
  lifeMs?: number;
}

/** The row of a new card, to be written before the card is posted. */
export function newCard(
  kind: CardKind,
  subject: CardSubject,
  at: Moment,
): { id: string; change: Change } {
  const id = at.newCardId();
  const { lifeMs = CARD_LIFE_MS, ...about } = subject;
  const card: NewCard = { id, kind, expiresAt: at.now + lifeMs, ...about };
  return { id, change: { kind: "card.written", card, at: at.now } };
}

/** Answers with a card whose row is written with it. */
export function replyCard(
  turn: Turn,
  kind: CardKind,
  view: (cardId: string) => Post,
  at: Moment,
  subject: Partial<CardSubject> = {},
): Change[] {
  const card = newCard(kind, { ...spaceOf(turn), ...subject }, at);
  return [card.change, reply(turn, view(card.id), at, { cardId: card.id })];
}

/** Answers with a sentence and what can be done about it. */
export function replyNotice(
  turn: Turn,
  content: Omit<NoticeInput, "cardId">,
  at: Moment,
  subject: Partial<CardSubject> = {},
): Change[] {
  return replyCard(turn, "notice", (cardId) => notice({ cardId, ...content }), at, subject);
}

/**
 * Sends a card that holds numbers, which a space must not read: to the person alone. Anyone else
 * who should get hold of its id may not press it.
 */
export function cardDirectly(
  turn: Turn,
  kind: CardKind,
  view: (cardId: string) => Post,
  at: Moment,
  subject: Partial<CardSubject> = {},
): Change[] {
  const { personId } = turn.actor;
  const card = newCard(kind, { ...spaceOf(turn), personId, ...subject }, at);
  return [card.change, tellDirectly(turn, view(card.id), at, { cardId: card.id })];
}
