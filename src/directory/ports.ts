import type { DirectoryPerson, DirectoryStatus, FoundPerson, SyncCounts } from "./directory";

/** One page of the organisation's people, and the address of the next. */
export interface PeoplePage {
  people: DirectoryPerson[];
  /** Bots, guests, and people who cannot sign in, who were on the page too. */
  skipped: number;
  next?: string;
}

/** Webex's list of people. Every failure is a `RemoteError`, or says that the grant is dead. */
export interface PeopleList {
  /** The first page without `next`. */
  readPage(next: string | undefined): Promise<PeoplePage>;
}

/** A directory that is being written and not in use yet. */
export interface DirectoryWriter {
  /** Commits a hundred at a time and lets others in between. Somebody twice counts once. */
  add(people: readonly DirectoryPerson[]): Promise<void>;
  /** From now on this is the directory, for everybody at once; the old one is dropped. */
  replace(): Promise<Omit<SyncCounts, "skipped">>;
  discard(): Promise<void>;
}

/** The local copy of the organisation's people. */
export interface Directory {
  status(): Promise<DirectoryStatus>;
  /** Drops what an earlier one left unfinished. One at a time, under the sync's lease. */
  write(): Promise<DirectoryWriter>;
  /** The best `limit` (20 at most) first matches of the name before parts before addresses; `isMore` says: refine. */
  search(term: string, limit: number): Promise<{ found: FoundPerson[]; isMore: boolean }>;
  findPeople(personIds: readonly string[]): Promise<Map<string, FoundPerson>>;
  /**
   * The number to text and the number to call of each of these persons, E.164: the first of the
   * configured type that can be dialled. Who has none is absent.
   */
  numbersOf(
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, { mobile?: string; voice?: string }>>;
}
