import type { Decide } from "../decision";
import type { Change } from "../incident/change";
import type { Decisions } from "../incident/ports";

/** Makes of any rule another one that does something besides. */
export type Around = <S, R>(rule: Decide<S, Change, R>) => Decide<S, Change, R>;

/** The same decisions, each with `around` about its rule. */
export function eachDecision(decisions: Decisions, around: Around): Decisions {
  return {
    inSpace: (trigger, about, rule) => decisions.inSpace(trigger, about, around(rule)),
    forStart: (trigger, about, rule) => decisions.forStart(trigger, about, around(rule)),
    withProgress: (trigger, about, rule) => decisions.withProgress(trigger, about, around(rule)),
    forExternal: (trigger, about, rule) => decisions.forExternal(trigger, about, around(rule)),
    forReading: (trigger, about, rule) => decisions.forReading(trigger, about, around(rule)),
    forExternals: (trigger, about, rule) => decisions.forExternals(trigger, about, around(rule)),
    forGrants: (trigger, about, rule) => decisions.forGrants(trigger, about, around(rule)),
    forNumber: (trigger, number, rule) => decisions.forNumber(trigger, number, around(rule)),
    anywhere: (trigger, rule) => decisions.anywhere(trigger, around(rule)),
  };
}
