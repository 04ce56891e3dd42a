import type { Directory } from "../directory/ports";
import type { SpaceState } from "../incident/space-state";
import type { Responder, RosterEntry } from "../roster/responder";

/** Numbers of Webex people by person id, as the directory has them at this moment. */
export type NumbersOf = Directory["numbersOf"];

export type Numbers = Awaited<ReturnType<NumbersOf>>;

/** Whose numbers they are cannot be told while the directory cannot be read; another time it can. */
export class NumbersUnreadError extends Error {
  override name = "NumbersUnreadError";
}

/** Whose numbers a decision needs: where a phone is switched on, or everybody's. */
type Whose = "phones-on" | "everybody";

/**
 * The state of a space with the numbers of its Webex people, which are kept in the directory only.
 * One look at the directory, and none where nobody's number is needed.
 */
export async function withNumbers(
  state: SpaceState,
  numbersOf: NumbersOf,
  whose: Whose,
): Promise<SpaceState> {
  const roster = await entriesWithNumbers(state.roster, numbersOf, whose);
  return roster === state.roster ? state : { ...state, roster };
}

/** As `withNumbers`, for lines of a roster. */
export async function entriesWithNumbers(
  entries: readonly RosterEntry[],
  numbersOf: NumbersOf,
  whose: Whose = "phones-on",
): Promise<readonly RosterEntry[]> {
  const lacking = entries.filter(
    ({ channels }) => whose === "everybody" || channels.sms || channels.voice,
  );
  const numbers = await look(
    lacking.map(({ responder }) => responder),
    numbersOf,
  );
  if (numbers.size === 0) return entries;
  return entries.map((entry) => ({ ...entry, responder: numbered(entry.responder, numbers) }));
}

/** Responders by whatever key, those who are Webex people with their numbers. */
export async function respondersWithNumbers<Key>(
  responders: ReadonlyMap<Key, Responder>,
  numbersOf: NumbersOf,
): Promise<Map<Key, Responder>> {
  const numbers = await look([...responders.values()], numbersOf);
  return new Map([...responders].map(([key, one]) => [key, numbered(one, numbers)]));
}

async function look(responders: readonly Responder[], numbersOf: NumbersOf): Promise<Numbers> {
  const personIds = responders.flatMap(({ kind, personId }) =>
    kind === "internal" && personId !== undefined ? [personId] : [],
  );
  return personIds.length === 0 ? new Map() : numbersOf(personIds);
}

/** An external's numbers are their own, also where they turned out to be a Webex person. */
export function numbered(responder: Responder, numbers: Numbers): Responder {
  const { kind, personId } = responder;
  const known = kind === "internal" && personId !== undefined ? numbers.get(personId) : undefined;
  return known ? { ...responder, ...known } : responder;
}
