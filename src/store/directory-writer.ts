import type { DirectoryPerson } from "../directory/directory";
import type { DirectoryWriter } from "../directory/ports";
import { oneLine } from "../one-line";
import type { Secrets } from "../secrets";
import type { DirectoryTables, NewPersonRow } from "./directory-tables";
import { countUndialled, PHONES, type DirectoryNumbers } from "./directory-numbers";
import { indexWords, nameKey } from "./directory-words";

/** Few enough that nobody waits behind one commit. */
const ROWS_PER_COMMIT = 100;
/** Few enough that a command does not notice them, at each of the steps it waits for. */
const PEOPLE_PER_TURN = 10;
const MOST_OF_TEXT = 500;

export interface WriterSettings {
  tables: DirectoryTables;
  secrets: Secrets;
  numbers: DirectoryNumbers;
  /** Between two pieces of work: whatever somebody waits for goes first. */
  giveWay: () => Promise<void>;
}

/** What goes into one commit, by person. `undialled`: see `countUndialled`. */
type Portion = Map<string, { row: NewPersonRow; undialled: number }>;

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

  async add(people: Iterable<DirectoryPerson>): Promise<number> {
    const before = this.counts.people;
    let writing = Promise.resolve();
    for await (const portion of this.portionsOf(people)) {
      // The next portion is made ready while the database writes the one before.
      await writing;
      writing = this.commit(portion);
      writing.catch(() => undefined);
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

  private async *portionsOf(people: Iterable<DirectoryPerson>): AsyncGenerator<Portion> {
    let portion: Portion = new Map();
    let prepared = 0;
    for (const person of people) {
      this.prepare(portion, person);
      prepared += 1;
      if (prepared % PEOPLE_PER_TURN === 0) await this.settings.giveWay();
      if (portion.size < ROWS_PER_COMMIT) continue;
      yield portion;
      portion = new Map();
    }
    if (portion.size > 0) yield portion;
  }

  private prepare(portion: Portion, person: DirectoryPerson): void {
    const { personId, phones } = person;
    if (personId === "" || clean(personId) !== personId) return;
    const undialled = countUndialled(phones, this.settings.numbers);
    portion.set(personId, { row: this.rowOf(person), undialled });
  }

  private async commit(portion: Portion): Promise<void> {
    const rows = [...portion.values()].map(({ row }) => row);
    for (const personId of await this.settings.tables.insert(this.generation, rows)) {
      const added = portion.get(personId);
      this.counts.people += 1;
      if (added?.row.email === null) this.counts.withoutEmail += 1;
      this.counts.undialledNumbers += added?.undialled ?? 0;
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
  const line = oneLine(text);
  return line.length <= MOST_OF_TEXT ? line : Array.from(line).slice(0, MOST_OF_TEXT).join("");
}
