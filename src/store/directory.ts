import type { Knex } from "knex";
import type { DirectoryStatus, FoundPerson } from "../directory/directory";
import type { Directory } from "../directory/ports";
import { oneLine } from "../one-line";
import { remembering } from "../remembering";
import type { Secrets } from "../secrets";
import type { Database } from "./database";
import {
  numbersIn,
  openPhones,
  type DirectoryNumbers,
  type NumbersOfPerson,
} from "./directory-numbers";
import type { DirectoryTables, PersonRow } from "./directory-tables";
import { wordsOf } from "./directory-words";
import { GenerationWriter } from "./directory-writer";
import { loadDirectoryStatus } from "./load-grants";
import { giveWay } from "./transaction";

const MOST_FOUND = 20;
/** Of those who fit by their words, so that a common beginning costs no more than a rare one. */
const CANDIDATES = 300;
/** What is longer is nobody's name or address. */
const MOST_OF_TERM = 300;
const IDS_PER_QUERY = 500;
const READ_NUMBERS = 5_000;
/** A directory may be replaced while it is asked; twice in a row it is not. */
const TRIES = 3;
/** After everything that begins with the same text. */
const END = "\u{10FFFF}";

export interface DirectorySettings {
  secrets: Secrets;
  numbers: DirectoryNumbers;
  /** Somebody's numbers cannot be opened: nobody is called on them. */
  onUnreadable: (personId: string) => void;
}

/** The copy of the organisation's people, in whichever database. */
export class StoredDirectory implements Directory {
  /** A number takes longer to be read than to be found, and a roster asks for the same ones. */
  private readonly numbers: DirectoryNumbers;

  constructor(
    private readonly db: Database,
    private readonly tables: DirectoryTables,
    private readonly settings: DirectorySettings,
  ) {
    const { dialable } = settings.numbers;
    this.numbers = { ...settings.numbers, dialable: remembering(READ_NUMBERS, dialable) };
  }

  status(): Promise<DirectoryStatus> {
    return loadDirectoryStatus(this.db.read);
  }

  write(): Promise<GenerationWriter> {
    const { numbers, secrets } = this.settings;
    return GenerationWriter.begin({
      ...{ numbers, secrets, tables: this.tables },
      giveWay: () => giveWay(this.db),
    });
  }

  async clear(): Promise<void> {
    await forgetSync(this.db.write);
    await this.tables.pointTo(undefined);
    for (const generation of await this.tables.generations()) await this.tables.wipe(generation);
    await this.tables.erase();
  }

  async search(term: string, limit: number): Promise<{ found: FoundPerson[]; isMore: boolean }> {
    const wanted = Math.min(limit, MOST_FOUND);
    const looked = term.length > MOST_OF_TERM ? "" : oneLine(term);
    const found = await this.asking((generation) => this.find(generation, looked, wanted + 1));
    const rows = [...(found ?? new Map<string, PersonRow>()).values()];
    return { found: rows.slice(0, wanted).map(toFound), isMore: rows.length > wanted };
  }

  async findPeople(personIds: readonly string[]): Promise<Map<string, FoundPerson>> {
    const rows = await this.rowsOf(personIds);
    return new Map(rows.map((row) => [row.person_id, toFound(row)]));
  }

  async numbersOf(
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, { mobile?: string; voice?: string }>> {
    const numbers = new Map<string, NumbersOfPerson>();
    for (const row of await this.rowsOf(personIds)) {
      const phones = openPhones(this.settings.secrets, row);
      if (phones === "unopened") this.settings.onUnreadable(row.person_id);
      else {
        const usable = numbersIn(phones, this.numbers);
        if (usable.mobile !== undefined || usable.voice !== undefined)
          numbers.set(row.person_id, usable);
      }
    }
    return numbers;
  }

  /** Of whom there is a copy that can be searched, whatever the last sync said. */
  async hasPeople(): Promise<boolean> {
    return (await this.tables.current()) !== undefined;
  }

  close(): Promise<void> {
    return this.tables.close();
  }

  /** By tiers, until there are `most`; each follows an index. */
  private async find(
    generation: number,
    term: string,
    most: number,
  ): Promise<Map<string, PersonRow>> {
    const words = wordsOf(term);
    const found = new Map<string, PersonRow>();
    const take = (rows: readonly PersonRow[]): boolean => {
      for (const row of rows) if (found.size < most) found.set(row.person_id, row);
      return found.size >= most;
    };
    if (words.length > 0) {
      if (take(await this.startingWith(generation, "name_folded", words.join(" "), most)))
        return found;
      // Those of the tier before are among them.
      const wish = { enough: most, limit: CANDIDATES };
      const fitting = await this.tables.withWords(generation, words, wish);
      if (take(fitting.filter((row) => !found.has(row.person_id)).sort(byName))) return found;
    }
    const address = term.toLowerCase();
    if (address !== "" && !/\s/u.test(address))
      take(await this.startingWith(generation, "email", address, most));
    return found;
  }

  private startingWith(
    generation: number,
    column: "name_folded" | "email",
    text: string,
    most: number,
  ): Promise<PersonRow[]> {
    return this.tables.read(generation, async (people) =>
      people
        .where(column, ">=", text)
        .where(column, "<", text + END)
        .orderBy(column === "name_folded" ? [column, "person_id"] : [column])
        .limit(most),
    );
  }

  private async rowsOf(personIds: readonly string[]): Promise<PersonRow[]> {
    // No other is stored; PostgreSQL would not even look for it.
    const ids = [...new Set(personIds)].filter((id) => id === oneLine(id));
    const rows: PersonRow[] = [];
    for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
      const some = ids.slice(start, start + IDS_PER_QUERY);
      const found = await this.asking((generation) =>
        this.tables.read(generation, async (people) => people.whereIn("person_id", some)),
      );
      rows.push(...(found ?? []));
    }
    return rows;
  }

  /**
   * Nothing where there is no directory. Which one it is is asked each time: another process may
   * have replaced it, and the old tables may still be there.
   */
  private async asking<T>(
    question: (generation: number) => Promise<T>,
    triesLeft = TRIES,
  ): Promise<T | undefined> {
    const generation = await this.tables.current();
    if (generation === undefined) return undefined;
    try {
      return await question(generation);
    } catch (error) {
      if (triesLeft <= 1 || !this.tables.isGone(error)) throw error;
      return this.asking(question, triesLeft - 1);
    }
  }
}

/** There is no copy any more: as before the first sync, and one is due at once where one was due. */
export async function forgetSync(db: Knex, dueAt?: number): Promise<void> {
  await db("directory_sync")
    .where({ id: "directory" })
    .update({
      synced_at: null,
      people: null,
      without_email: null,
      unreadable_numbers: null,
      skipped: null,
      ...(dueAt === undefined
        ? {}
        : { due_at: db.raw("CASE WHEN due_at IS NULL THEN NULL ELSE ? END", [dueAt]) }),
    });
}

function byName(a: PersonRow, b: PersonRow): number {
  if (a.name_folded === b.name_folded) return a.person_id < b.person_id ? -1 : 1;
  return a.name_folded < b.name_folded ? -1 : 1;
}

function toFound({ email, name, person_id: personId }: PersonRow): FoundPerson {
  return { personId, name, ...(email === null ? {} : { email }) };
}
