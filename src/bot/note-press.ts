import type { Decide } from "../decision";
import type { Change } from "../incident/change";
import type { Decisions, StoredCard } from "../incident/ports";
import type { IncomingAction } from "./incoming";
import type { Turn } from "./turn";

/**
 * The same turn, whose decision also notes a press on a status card, whatever it comes to: the one
 * that stands is left there for a while if the press `holds` it, any other is deleted. Only in the card's own space, since
 * what a press claims of its card may be forged.
 */
export function notingPress(
  turn: Turn,
  card: StoredCard | undefined,
  action: IncomingAction,
  holds: boolean,
): Turn {
  const isStatus = card === undefined || card.kind === "status";
  if (!isStatus || turn.saidIn.kind !== "group" || turn.saidIn.spaceId !== turn.spaceId)
    return turn;
  const decisions = alsoNoting(turn.tools.decisions, (at) => ({
    kind: "status-card.pressed",
    spaceId: turn.spaceId,
    cardId: card?.id ?? "",
    messageId: action.messageId,
    holds,
    at,
  }));
  return { ...turn, tools: { ...turn.tools, decisions } };
}

function alsoNoting(decisions: Decisions, press: (at: number) => Change): Decisions {
  const noting =
    <S, R>(rule: Decide<S, Change, R>): Decide<S, Change, R> =>
    (state, at) => {
      const decided = rule(state, at);
      return { ...decided, changes: [press(at.now), ...decided.changes] };
    };
  return {
    inSpace: (trigger, about, rule) => decisions.inSpace(trigger, about, noting(rule)),
    forStart: (trigger, about, rule) => decisions.forStart(trigger, about, noting(rule)),
    withProgress: (trigger, about, rule) => decisions.withProgress(trigger, about, noting(rule)),
    forExternal: (trigger, about, rule) => decisions.forExternal(trigger, about, noting(rule)),
    forReading: (trigger, about, rule) => decisions.forReading(trigger, about, noting(rule)),
    forExternals: (trigger, about, rule) => decisions.forExternals(trigger, about, noting(rule)),
    anywhere: (trigger, rule) => decisions.anywhere(trigger, noting(rule)),
  };
}
