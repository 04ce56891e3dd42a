import { fold } from "../fold";
import type { SpaceState } from "../incident/space-state";
import type { Found, Page, Responder } from "../roster/responder";
import { fittingEntries, isCalled } from "./find-entry";

/** Where people are looked for who could be added to a space. */
export interface PeopleSource {
  /** A page of those whom a part of a name, a number or an e-mail address fits, by name. */
  search(term: string, page: Page): Promise<Found<Responder>>;
}

/** Somebody whom a search found. */
export interface Candidate {
  responder: Responder;
  /** On the roster of the space already. */
  isOnRoster: boolean;
}

/** Enough to find somebody among all whose names only contain the term. */
const MOST_OF_A_SOURCE = 200;

/** Asks all sources at once; who is in several is found once. */
export async function searchPeople(
  sources: readonly PeopleSource[],
  term: string,
): Promise<Found<Responder>> {
  const page = { limit: MOST_OF_A_SOURCE, offset: 0 };
  const answers = await Promise.all(sources.map((source) => source.search(term, page)));
  const all = answers.flatMap(({ found }) => found);
  const found = [...new Map(all.map((responder) => [responder.id, responder])).values()];
  const total = answers.reduce((sum, answer) => sum + answer.total, 0);
  return { found, total: total - (all.length - found.length) };
}

/**
 * Joins what was found with those of the roster whom the term fits: who could be added comes
 * first, each by name.
 */
export function joinWithRoster(
  { found, total }: Found<Responder>,
  state: SpaceState,
  term: string,
): Found<Candidate> {
  const onRoster = new Set(state.roster.map(({ responder }) => responder.id));
  const known = new Set(found.map(({ id }) => id));
  const here = fittingEntries(state, fold(term)).filter(
    ({ responder }) => !known.has(responder.id),
  );
  const candidates = [...found, ...here.map(({ responder }) => responder)].map((responder) => ({
    responder,
    isOnRoster: onRoster.has(responder.id),
  }));
  return { found: candidates.sort(byRosterAndName), total: total + here.length };
}

function byRosterAndName(one: Candidate, other: Candidate): number {
  const byRoster = Number(one.isOnRoster) - Number(other.isOnRoster);
  return byRoster || fold(one.responder.name).localeCompare(fold(other.responder.name), "en");
}

export function exactly(candidates: readonly Candidate[], term: string): Candidate[] {
  return candidates.filter(({ responder }) => isExactly(responder, term));
}

/** Whether the term is somebody's whole name, whole e-mail address or whole number. */
export function isExactly(responder: Responder, term: string): boolean {
  const { mobile, voice } = responder;
  return isCalled(responder, fold(term)) || mobile === term || voice === term;
}
