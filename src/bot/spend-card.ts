import { UserError } from "../errors";
import type { Change } from "../incident/change";
import type { Decisions, StoredCard } from "../incident/ports";
import { eachDecision } from "./each-decision";
import { formExpired } from "./views/sentences";

/**
 * The same decisions, each of which that knows the pressed card also uses it up; a second one is
 * refused.
 */
export function spendingCard(decisions: Decisions, cardId: string): Decisions {
  return eachDecision(decisions, (rule) => (state, at) => {
    const card = pressedCardIn(state);
    if (card?.id !== cardId) return rule(state, at);
    if (card.usedAt !== undefined) throw new UserError("card-used", formExpired());
    const decided = rule(state, at);
    const used: Change = { kind: "card.used", cardId, at: at.now };
    return { ...decided, changes: [used, ...decided.changes] };
  });
}

function pressedCardIn(state: unknown): StoredCard | undefined {
  const known = state as { card?: StoredCard } | undefined;
  return known?.card;
}
