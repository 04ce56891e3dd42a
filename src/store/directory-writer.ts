import { setImmediate as othersFirst } from "node:timers/promises";
import type { DirectoryPerson } from "../directory/directory";
import type { DirectoryWriter } from "../directory/ports";
import { oneLine } from "../one-line";
import type { Secrets } from "../secrets";
import type { DirectoryTables, NewPersonRow } from "./directory-tables";
import { countUndialled, PHONES, type DirectoryNumbers } from "./directory-numbers";
import { indexWords, nameKey } from "./directory-words";

/** Few enough that nobody waits behind one commit. */
const ROWS_PER_COMMIT = 100;
const MOST_OF_TEXT = 500;
const NOT_PLAIN = /[^\x20-\x7e]/;

export interface WriterSettings {
  tables: DirectoryTables;
  secrets: Secrets;
  numbers: DirectoryNumbers;
}

/** What goes into one commit. */
interface Portion {
  rows: readonly NewPersonRow[];
  /** See `countUndialled`, by person. */
  undialled: ReadonlyMap<string, number>;
}

/** Writes a generation that nobody reads until it takes the place of the one before. */
export class GenerationWriter implements DirectoryWriter {
  private isInUse = false;
  private readonly counts = { people: 0, withoutEmail: 0, undialledNumbers: 0 };

  private constructor(
    private readonly settings: WriterSettings,
    private readonly generation: number,
  ) {}

  /** Drops what earlier ones left behind: unfinished, or still read by somebody then. */
  static async begin(settings: WriterSettings): Promise<GenerationWriter> {
    const { tables } = settings;
    const current = await tables.current();
    const all = await tables.generations();
    await dropAllBut(tables, current);
    const next = Math.max(0, current ?? 0, ...all) + 1;
    await tables.create(next);
    return new GenerationWriter(settings, next);
  }

  async add(people: readonly DirectoryPerson[]): Promise<number> {
    const before = this.counts.people;
    let writing = Promise.resolve();
    for (let start = 0; start < people.length; start += ROWS_PER_COMMIT) {
      const portion = this.portionOf(people.slice(start, start + ROWS_PER_COMMIT));
      // The next portion is made ready while the database writes the one before.
      await writing;
      writing = this.commit(portion);
      writing.catch(() => undefined);
      await othersFirst();
    }
    await writing;
    return this.counts.people - before;
  }

  async replace(): Promise<{ people: number; withoutEmail: number; undialledNumbers: number }> {
    const { tables } = this.settings;
    await tables.finish(this.generation);
    await tables.pointTo(this.generation);
    this.isInUse = true;
    await dropAllBut(tables, this.generation);
    return this.counts;
  }

  /** Nothing once it is the directory. */
  async discard(): Promise<void> {
    if (!this.isInUse) await this.settings.tables.drop(this.generation);
  }

  private portionOf(people: readonly DirectoryPerson[]): Portion {
    const sound = people.filter(({ personId }) => personId !== "" && clean(personId) === personId);
    const byId = new Map(sound.map((person) => [person.personId, person]));
    const rows = [...byId.values()].map((person) => this.rowOf(person));
    const undialled = new Map(
      [...byId].map(([id, { phones }]) => [id, countUndialled(phones, this.settings.numbers)]),
    );
    return { rows, undialled };
  }

  private async commit({ rows, undialled }: Portion): Promise<void> {
    const added = new Set(await this.settings.tables.insert(this.generation, rows));
    for (const { email, person_id: personId } of rows) {
      if (!added.has(personId)) continue;
      this.counts.people += 1;
      if (email === null) this.counts.withoutEmail += 1;
      this.counts.undialledNumbers += undialled.get(personId) ?? 0;
    }
  }

  private rowOf({ email, name, personId, phones }: DirectoryPerson): NewPersonRow {
    const shownName = clean(name);
    const address = email === undefined ? undefined : clean(email).toLowerCase();
    return {
      person_id: personId,
      name: shownName,
      name_folded: nameKey(shownName),
      email: address ?? null,
      phones:
        phones.length === 0
          ? null
          : this.settings.secrets.encrypt(JSON.stringify(phones), PHONES, personId),
      words: indexWords(shownName, address),
    };
  }
}

async function dropAllBut(tables: DirectoryTables, kept: number | undefined): Promise<void> {
  for (const generation of await tables.generations())
    if (generation !== kept) await tables.drop(generation);
}

/** Without what a database refuses; cut by characters, not in the middle of one. */
function clean(text: string): string {
  const line = NOT_PLAIN.test(text) ? oneLine(text) : text;
  return line.length <= MOST_OF_TEXT ? line : Array.from(line).slice(0, MOST_OF_TEXT).join("");
}
