import type { Knex } from "knex";

/** Somebody as the tables hold them. */
export interface PersonRow {
  person_id: string;
  name: string;
  /** See `nameKey`. */
  name_folded: string;
  email: string | null;
  /** All numbers, encrypted together. */
  phones: string | null;
}

export type People = Knex.QueryBuilder<PersonRow, PersonRow[]>;

export interface NewPersonRow extends PersonRow {
  words: readonly string[];
}

/**
 * The directory's tables in one kind of database. Each sync writes a generation of its own; a
 * pointer says which one is the directory. They are made at run time and not by migrations: a copy
 * of what Webex has, that anybody may drop, and that a sync makes anew.
 */
export interface DirectoryTables {
  /** Of which generation people are read now; absent before the first sync. */
  current(): Promise<number | undefined>;
  /** Of which there are tables, whether they are whole or not. */
  generations(): Promise<number[]>;
  create(generation: number): Promise<void>;
  /** In one commit. The ids of those who were not there already. */
  insert(generation: number, rows: readonly NewPersonRow[]): Promise<string[]>;
  /** What is made best when everybody is there. */
  finish(generation: number): Promise<void>;
  /** In one commit; `undefined`: there is no directory. */
  pointTo(generation: number | undefined): Promise<void>;
  /** Never waits for who reads: the tables then stay, for the next time. */
  drop(generation: number): Promise<void>;
  /** As `drop`; nobody is in the tables any more where they stay. */
  wipe(generation: number): Promise<void>;
  /** After everything was wiped: so that it cannot be read from the disk either. */
  erase(): Promise<void>;
  read(generation: number, ask: (people: People) => Promise<PersonRow[]>): Promise<PersonRow[]>;
  /**
   * Those of whom a word begins with each of these, by no order: all of them, or some where there
   * are more than `limit`, or `enough` were found at once. Without their numbers: hundreds of rows
   * are looked through, and nobody is called from here.
   */
  withWords(
    generation: number,
    words: readonly string[],
    wish: { enough: number; limit: number },
  ): Promise<PersonRow[]>;
  /** The generation was dropped between the look at the pointer and the question. */
  isGone(error: unknown): boolean;
  close(): Promise<void>;
}

/**
 * The beginnings of a word of so many letters are in the index themselves: "sil" is looked up there.
 * Gathering all words that begin so takes ten times as long, and is left for what is longer.
 */
export const LONGEST_BEGINNING = 10;

/** Raised when what a row or an index looks like changes: an older copy is read anew from Webex. */
export const LAYOUT = 1;
export const POINTER = "directory_generation";
const PEOPLE = "directory_people_";
const WORDS = "directory_words_";

export interface PointerRow {
  id: number;
  layout: number;
  current: number | null;
}

export function peopleTable(generation: number): string {
  return PEOPLE + String(generation);
}

export function wordsTable(generation: number): string {
  return WORDS + String(generation);
}

/** Which generations these tables belong to. */
export function generationsIn(tables: readonly string[]): number[] {
  const found = tables.flatMap((table) => {
    const number = /^directory_(?:people|words)_(\d+)$/.exec(table)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

/** The one row of the pointer, made where it is missing; emptied where it is of another layout. */
export async function preparePointer(db: Knex): Promise<void> {
  await db.raw(
    `CREATE TABLE IF NOT EXISTS ${POINTER} ` +
      "(id integer PRIMARY KEY, layout integer NOT NULL, current bigint)",
  );
  await db<PointerRow>(POINTER)
    .insert({ id: 1, layout: LAYOUT, current: null })
    .onConflict("id")
    .ignore();
  await db<PointerRow>(POINTER)
    .whereNot({ layout: LAYOUT })
    .update({ layout: LAYOUT, current: null });
}

export async function readPointer(db: Knex): Promise<number | undefined> {
  const row = await db<PointerRow>(POINTER).where({ id: 1 }).first();
  return row?.current ?? undefined;
}

export async function writePointer(db: Knex, generation: number | undefined): Promise<void> {
  await db<PointerRow>(POINTER)
    .where({ id: 1 })
    .update({ current: generation ?? null });
}
