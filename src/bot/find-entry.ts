import { UserError } from "../errors";
import type { SpaceState } from "../incident/space-state";
import { fold } from "../fold";
import type { Responder, RosterEntry } from "../roster/responder";
import { notFound } from "./views/search-sentences";
import { choosePerson, leftRoster, namePerson } from "./views/sentences";

/**
 * Those of the roster whom a person may mean by a name, an e-mail address, or the beginning of a
 * name; where somebody is called exactly so, nobody else. Throws a `UserError` when nobody fits.
 */
export function findEntries(state: SpaceState, who: string): RosterEntry[] {
  const term = fold(who);
  if (term === "") throw new UserError("who-missing", namePerson());
  const fitting = fittingEntries(state, term);
  const exact = fitting.filter(({ responder }) => isCalled(responder, term));
  if (fitting.length === 0) throw new UserError("not-found", notFound(who));
  return exact.length > 0 ? exact : fitting;
}

/** Everybody of the roster whom a folded name, e-mail address, or beginning of a name fits. */
export function fittingEntries(state: SpaceState, term: string): RosterEntry[] {
  return state.roster.filter(
    ({ responder }) => isCalled(responder, term) || beginsWith(responder, term),
  );
}

/** Whether a folded term is somebody's whole name or e-mail address. */
export function isCalled(
  { email, name }: Pick<Responder, "name" | "email">,
  term: string,
): boolean {
  return fold(name) === term || email?.toLowerCase() === term;
}

/**
 * The responders that a card's choice names. All or none: throws when none was chosen, or one of
 * them left the roster meanwhile.
 */
export function entriesByIds(state: SpaceState, ids: readonly string[]): RosterEntry[] {
  if (ids.length === 0) throw new UserError("who-missing", choosePerson());
  const entries = state.roster.filter(({ responder }) => ids.includes(responder.id));
  const missing = ids.length - entries.length;
  if (missing > 0) throw new UserError("left-roster", leftRoster(missing, ids.length));
  return entries;
}

/**
 * Those of some responders who are on the roster still; who left it is not spoken of. Throws when
 * nobody is left.
 */
export function entriesStillThere(state: SpaceState, ids: readonly string[]): RosterEntry[] {
  const there = state.roster.filter(({ responder }) => ids.includes(responder.id));
  return there.length > 0 ? there : entriesByIds(state, ids);
}

/** Whether each word of a folded term begins some part of somebody's name. */
export function beginsWith({ name }: Pick<Responder, "name">, term: string): boolean {
  const words = term.split(" ");
  const parts = fold(name).split(/[\s.-]+/u);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}
