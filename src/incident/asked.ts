import { asksForAnswer, isOpen, type Channel } from "../notify/notification";
import type { NotificationFact } from "./progress";

/** How somebody was asked to come: by invites and reminders. */
export interface Asked {
  /** When the newest of these rounds was opened for them, ms. */
  at: number;
  /** When the newest was that no moderator's reminder was; 0 where all were. */
  calledAt: number;
  /** When something of that round was taken or ended otherwise; absent while all of it waits. */
  settledAt?: number;
  /** Reminders that Muster sent by itself. */
  reminders: number;
  /** Channels on which something of any of these rounds is still on its way. */
  open: readonly Channel[];
}

/** Of one responder's notifications; `undefined` for who was never asked. */
export function askedBy(facts: readonly NotificationFact[]): Asked | undefined {
  const asking = facts.filter(({ kind }) => asksForAnswer(kind));
  const newest = newestOf(asking);
  if (!newest) return undefined;
  const settled = asking
    .filter((fact) => fact.roundId === newest.roundId && !isOpen(fact))
    .map(({ changedAt }) => changedAt);
  const byItself = asking.filter(({ isByTimer, kind }) => kind === "reminder" && isByTimer);
  return {
    at: newest.createdAt,
    calledAt: newestOf(asking.filter((fact) => !isByModerator(fact)))?.createdAt ?? 0,
    ...(settled.length === 0 ? {} : { settledAt: Math.min(...settled) }),
    reminders: new Set(byItself.map(({ roundId }) => roundId)).size,
    open: [...new Set(asking.filter(isOpen).map(({ channel }) => channel))],
  };
}

function newestOf(facts: readonly NotificationFact[]): NotificationFact | undefined {
  return facts.reduce<NotificationFact | undefined>(
    (found, fact) => (found && found.createdAt >= fact.createdAt ? found : fact),
    undefined,
  );
}

function isByModerator({ isByTimer, kind }: NotificationFact): boolean {
  return kind === "reminder" && !isByTimer;
}
