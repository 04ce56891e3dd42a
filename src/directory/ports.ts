import type { Moment } from "../decision";
import type { DirectoryPerson, DirectoryStatus, FoundPerson, SyncCounts } from "./directory";

/** One page of the organisation's people, and the address of the next. */
export interface PeoplePage {
  /**
   * Read as they are gone through, which is once: a page is long, and others want their turn.
   * Undefined for bots, guests, and people who cannot sign in, who were on the page too.
   */
  people: Iterable<DirectoryPerson | undefined>;
  next?: string;
}

/** Webex's list of people. Every failure is a `RemoteError`, or says that the grant is dead. */
export interface PeopleList {
  /** The first page without `next`. */
  readPage(next: string | undefined): Promise<PeoplePage>;
}

/** A directory that is being written and not in use yet. */
export interface DirectoryWriter {
  /**
   * Commits a hundred at a time and lets others in between. Somebody twice counts once: returns
   * how many were new.
   */
  add(people: Iterable<DirectoryPerson>): Promise<number>;
  /**
   * From now on this is the directory, for everybody at once. The old one is dropped, or by the next
   * writer where somebody still reads it.
   */
  replace(): Promise<Omit<SyncCounts, "skipped">>;
  discard(): Promise<void>;
}

/** Why a sync came to nothing. The old directory stays in use. */
export interface SyncFailure {
  /**
   * grant: there is none any more, or it is dead. client: CLIENT_ID or CLIENT_SECRET is not
   * accepted. refused: Webex does not let the grant list people. no-answer: Webex could not be
   * reached, or not get further, for too long. strange: its pages make no sense. broken: on our side.
   */
  why: "grant" | "client" | "refused" | "no-answer" | "strange" | "broken";
  /** Words without secrets that can follow "because"; kept as `lastError`. */
  reason: string;
  /** Who had been read by then. */
  people: number;
  /** When it is tried again; absent where a new grant is needed. */
  dueAt?: number;
  /** How many people the copy has that stays in use; absent where there is none. */
  inUse?: number;
}

/** The sentences about a sync; each of the last two makes one message to one person. */
export interface SyncAnnouncements<Change> {
  /** Markdown of the line that is edited while pages are read. `waitsUntil`: Webex wants a pause. */
  progress(read: { people: number; waitsUntil?: number }): string;
  synced(
    sync: { counts: SyncCounts; dueAt: number },
    personId: string,
    at: Moment,
  ): readonly Change[];
  failed(failure: SyncFailure, personId: string, at: Moment): readonly Change[];
}

/** The local copy of the organisation's people. */
export interface Directory {
  status(): Promise<DirectoryStatus>;
  /** Nobody is in the copy any more; `status` says then that there was no sync yet. */
  clear(): Promise<void>;
  /** Drops what an earlier one left unfinished. One at a time, under the sync's lease. */
  write(): Promise<DirectoryWriter>;
  /** The best `limit` (20 at most) first matches of the name before parts before addresses; `isMore` says: refine. */
  search(term: string, limit: number): Promise<{ found: FoundPerson[]; isMore: boolean }>;
  findPeople(personIds: readonly string[]): Promise<Map<string, FoundPerson>>;
  /**
   * The number to text and the number to call of each of these persons, E.164: the first of the
   * configured type that can be dialled. Who has none is absent. It is asked while a decision's
   * transaction is open, so it never waits for a connection that decisions use, nor for a lock.
   */
  numbersOf(
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, { mobile?: string; voice?: string }>>;
}
