import type { Change } from "../incident/change";
import type { StoredCard } from "../incident/ports";
import { eachDecision } from "./each-decision";
import type { IncomingAction } from "./incoming";
import type { Turn } from "./turn";

/**
 * The same turn, whose decision also notes a press on a status card, whatever it comes to: the one
 * that stands is left there for a while if the press `holds` it, any other is deleted. Only in the
 * card's own space, since what a press claims of its card may be forged.
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
  const decisions = eachDecision(turn.tools.decisions, (rule) => (state, at) => {
    const decided = rule(state, at);
    const pressed: Change = {
      kind: "status-card.pressed",
      spaceId: turn.spaceId,
      cardId: card?.id ?? "",
      messageId: action.messageId,
      holds,
      at: at.now,
    };
    return { ...decided, changes: [pressed, ...decided.changes] };
  });
  return { ...turn, tools: { ...turn.tools, decisions } };
}
