import { UserError } from "../errors";
import type { SpaceState } from "../incident/space-state";
import { fold } from "../fold";
import type { RosterEntry } from "../roster/responder";
import { choosePerson, ambiguous, notFound } from "./views/sentences";

/**
 * The one responder of the roster that a person means by a name, an e-mail address, or the
 * beginning of a name. Throws a `UserError` that names the candidates when several fit.
 */
export function findEntry(state: SpaceState, who: string): RosterEntry {
  const term = fold(who);
  if (term === "") throw new UserError("who-missing", choosePerson());
  const exact = state.roster.filter((entry) => namesOf(entry).includes(term));
  const found = exact.length > 0 ? exact : state.roster.filter((entry) => fits(entry, term));
  const [only] = found;
  if (only === undefined) throw new UserError("not-found", notFound(who));
  if (found.length > 1)
    throw new UserError("ambiguous", ambiguous(found.map((entry) => entry.responder.name).sort()));
  return only;
}

/** The responder that a card's choice names; throws when they left the roster meanwhile. */
export function entryById(state: SpaceState, responderId: string): RosterEntry {
  const entry = state.roster.find((one) => one.responder.id === responderId);
  if (!entry) throw new UserError("left-roster", "That person is no longer on the roster.");
  return entry;
}

function namesOf({ responder }: RosterEntry): string[] {
  return [fold(responder.name), responder.email?.toLowerCase() ?? ""].filter((one) => one !== "");
}

function fits(entry: RosterEntry, term: string): boolean {
  const words = term.split(" ");
  const parts = fold(entry.responder.name).split(/[\s.-]+/u);
  return words.every((word) => parts.some((part) => part.startsWith(word)));
}
