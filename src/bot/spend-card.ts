import type { Decide } from "../decision";
import { UserError } from "../errors";
import type { Change } from "../incident/change";
import type { Decisions } from "../incident/ports";
import type { SpaceState } from "../incident/space-state";
import { formExpired } from "./views/sentences";

/** The same decisions, each of which also uses the card up; a second one is refused. */
export function spendingCard(decisions: Decisions, cardId: string): Decisions {
  const spend =
    <S extends SpaceState, R>(rule: Decide<S, Change, R>): Decide<S, Change, R> =>
    (state, at) => {
      if (state.card?.usedAt !== undefined) throw new UserError("card-used", formExpired());
      const decided = rule(state, at);
      const used: Change = { kind: "card.used", cardId, at: at.now };
      return { ...decided, changes: [used, ...decided.changes] };
    };
  return {
    inSpace: (trigger, about, rule) => decisions.inSpace(trigger, about, spend(rule)),
    forStart: (trigger, about, rule) => decisions.forStart(trigger, about, spend(rule)),
    withProgress: (trigger, about, rule) => decisions.withProgress(trigger, about, spend(rule)),
    forExternal: (trigger, about, rule) => decisions.forExternal(trigger, about, spend(rule)),
    forReading: (trigger, about, rule) => decisions.forReading(trigger, about, rule),
    forExternals: (trigger, about, rule) => decisions.forExternals(trigger, about, rule),
    anywhere: (trigger, rule) => decisions.anywhere(trigger, rule),
  };
}
