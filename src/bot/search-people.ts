import type { FoundPerson } from "../directory/directory";
import { fold, foldedWords, foldLetters } from "../fold";
import type { SpaceState } from "../incident/space-state";
import type { Found, Page, Responder } from "../roster/responder";
import { beginsWith, fittingEntries, isCalled } from "./find-entry";

/**
 * Why the directory knows nobody. integration: whoever runs the server has not connected it. grant:
 * no administrator has opened it. sync: it was not read yet. broken: our copy cannot be read.
 */
export type DirectoryLack = "integration" | "grant" | "sync" | "broken";

/** The best of those whom the directory finds. */
export interface DirectoryFinds {
  found: readonly FoundPerson[];
  /** There are more; nobody counts how many. */
  isMore: boolean;
  /** Only where nobody was found. */
  lack?: DirectoryLack;
}

/** Where people are looked for who could be added to a space. */
export interface PeopleSources {
  /** A page of those outside Webex whom a part of a name, a number or an e-mail address fits, by name. */
  searchExternals(term: string, page: Page): Promise<Found<Responder>>;
  /** The best first. */
  searchDirectory(term: string, limit: number): Promise<DirectoryFinds>;
}

/** Whom the sources found. */
export interface FoundPeople {
  externals: Found<Responder>;
  directory: DirectoryFinds;
}

/** Somebody who could be added: known already, or only to the directory. */
export type Candidate =
  | {
      kind: "known";
      responder: Responder;
      isOnRoster: boolean;
      /** As the directory has them, where it was found there too. */
      person?: FoundPerson;
    }
  | { kind: "directory"; person: FoundPerson };

export interface Candidates extends Found<Candidate> {
  /** The directory has more than are counted in the total. */
  isMore: boolean;
  /** Why the directory could tell nobody, where there was none to look into. */
  lack?: DirectoryLack;
}

/** Enough to find somebody among all whose names only contain the term. */
const MOST_EXTERNALS = 200;
/** As many as can be offered to choose from. */
const MOST_OF_DIRECTORY = 20;

/** Asks all sources at once. A number is one as it is kept; the directory is asked for what was written. */
export async function searchPeople(
  sources: PeopleSources,
  { term, written }: { term: string; written: string },
): Promise<FoundPeople> {
  const [externals, directory] = await Promise.all([
    sources.searchExternals(term, { limit: MOST_EXTERNALS, offset: 0 }),
    sources.searchDirectory(written, MOST_OF_DIRECTORY),
  ]);
  return { externals, directory };
}

/**
 * Joins what was found with those of the roster whom the term fits. Who is found in several places
 * is one: a person of the directory is the responder that stands for them, by person or by address.
 * Who could be added comes first, then whose name begins with the term.
 */
export function joinWithRoster(
  { directory, externals }: FoundPeople,
  state: SpaceState,
  term: string,
): Candidates {
  const onRoster = new Map(state.roster.map(({ responder }) => [responder.id, responder]));
  const known = new Map(externals.found.map((one) => [one.id, one]));
  for (const { responder } of fittingEntries(state, fold(term)))
    known.set(responder.id, known.get(responder.id) ?? responder);
  const persons = new Map<string, FoundPerson>();
  const others: Candidate[] = [];
  for (const person of directory.found) {
    const same = [...onRoster.values(), ...known.values()].find((one) => isSame(one, person));
    if (!same) others.push({ kind: "directory", person });
    else {
      known.set(same.id, known.get(same.id) ?? same);
      persons.set(same.id, person);
    }
  }
  const candidates = [...known.values()].map((responder): Candidate => {
    const person = persons.get(responder.id);
    const isOnRoster = onRoster.has(responder.id);
    return { kind: "known", responder, isOnRoster, ...(person ? { person } : {}) };
  });
  const found = inOrder([...others, ...candidates], foldLetters(term));
  const uncounted = externals.total - externals.found.length;
  const { isMore, lack } = directory;
  return { found, total: found.length + uncounted, isMore, ...(lack ? { lack } : {}) };
}

/** Whether a responder stands for a person of the directory. */
export function isSame(responder: Responder, { email, personId }: FoundPerson): boolean {
  if (responder.personId !== undefined) return responder.personId === personId;
  return email !== undefined && responder.email?.toLowerCase() === email;
}

function inOrder(candidates: readonly Candidate[], term: string): Candidate[] {
  const keyed = candidates.map((candidate) => {
    const { name } = facesOf(candidate)[0];
    return { candidate, name: foldLetters(name), rank: rankOf(candidate, term) };
  });
  keyed.sort((one, other) => one.rank - other.rank || one.name.localeCompare(other.name, "en"));
  return keyed.map(({ candidate }) => candidate);
}

function rankOf(candidate: Candidate, term: string): number {
  const names = facesOf(candidate).map(({ name }) => foldLetters(name));
  const isOnRoster = candidate.kind === "known" && candidate.isOnRoster;
  const byName = names.some((name) => name.startsWith(term))
    ? 0
    : names.some((name) => beginsWith({ name }, term))
      ? 1
      : 2;
  return byName + (isOnRoster ? 3 : 0);
}

type Face = Pick<Responder, "name" | "email" | "mobile" | "voice">;

/** A candidate as they are known, and as the directory has them. */
function facesOf(candidate: Candidate): [Face, ...Face[]] {
  if (candidate.kind === "directory") return [candidate.person];
  const { person, responder } = candidate;
  return person ? [responder, person] : [responder];
}

export function exactly(candidates: readonly Candidate[], term: string): Candidate[] {
  return candidates.filter((candidate) => facesOf(candidate).some((face) => isExactly(face, term)));
}

/**
 * Whether the term is somebody's whole name, whole e-mail address or whole number; of a name the
 * words count, and not what stands between them.
 */
export function isExactly(face: Face, term: string): boolean {
  const { mobile, name, voice } = face;
  const words = foldedWords(term).join(" ");
  const isName = words !== "" && foldedWords(name).join(" ") === words;
  return isName || isCalled(face, fold(term)) || mobile === term || voice === term;
}
