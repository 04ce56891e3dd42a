import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Knex } from "knex";
import { sqliteConnection } from "./database";
import {
  generationsIn,
  peopleTable,
  preparePointer,
  readPointer,
  wordsTable,
  writePointer,
  type DirectoryTables,
  type NewPersonRow,
  type People,
  type PersonRow,
} from "./directory-tables";

/** Longer ones are found in the order of the words; each length here makes every commit longer. */
const BEGINNINGS = "1 2 3 4 5 6";
const BUSY = "PRAGMA busy_timeout = 5000";
const WRITING = [
  "PRAGMA journal_mode = WAL",
  // A flush of this file would keep those of the other one waiting, on which commands wait. What
  // the power takes with it is read from Webex again.
  "PRAGMA synchronous = OFF",
  BUSY,
];
/** What goes wrong is thrown; knex would print it besides. */
const nothing = (): void => undefined;
const QUIET = { log: { debug: nothing, deprecate: nothing, error: nothing, warn: nothing } };
const DAMAGES = ["SQLITE_CORRUPT", "SQLITE_NOTADB"];

/** The path of the directory's own file: "muster.directory.sqlite3" beside "muster.sqlite3". */
export function directoryPath(file: string): string {
  return `${file.replace(/\.sqlite3$/, "")}.directory.sqlite3`;
}

interface Connections {
  write: Knex;
  read: Knex;
}

/** The directory in a SQLite file of its own, which is made anew where it is gone or damaged. */
export class SqliteDirectory implements DirectoryTables {
  private repairing: Promise<void> | undefined;

  private constructor(
    private readonly file: string,
    private at: Connections,
    private readonly onRebuilt: (why: string) => void,
  ) {}

  /** Whatever the file holds, this opens one. `onRebuilt` hears why people have to be read again. */
  static async open(file: string, onRebuilt: (why: string) => void): Promise<SqliteDirectory> {
    const isNew = !existsSync(file);
    try {
      return new SqliteDirectory(file, await connect(file), onRebuilt);
    } catch (error) {
      if (!isNew) await removeFile(file);
      const directory = new SqliteDirectory(file, await connect(file), onRebuilt);
      onRebuilt(messageOf(error));
      return directory;
    }
  }

  async current(): Promise<number | undefined> {
    return this.sound(() => readPointer(this.at.read));
  }

  async generations(): Promise<number[]> {
    const rows = await this.at
      .write("sqlite_master")
      .where({ type: "table" })
      .select<{ name: string }[]>("name");
    return generationsIn(rows.map((row) => row.name));
  }

  async create(generation: number): Promise<void> {
    await this.sound(async () => {
      await this.at.write.raw(
        `CREATE TABLE ${peopleTable(generation)} (
          id integer PRIMARY KEY,
          person_id text NOT NULL UNIQUE,
          name text NOT NULL,
          name_folded text NOT NULL,
          email text,
          phones text
        )`,
      );
      // The words are cut already: nothing of them is to be cut or folded again, and that is how
      // everything beyond ASCII is treated. Only which rows they are in is kept.
      await this.at.write.raw(
        `CREATE VIRTUAL TABLE ${wordsTable(generation)} USING fts5(
          words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='${BEGINNINGS}'
        )`,
      );
    });
  }

  insert(generation: number, rows: readonly NewPersonRow[]): Promise<string[]> {
    return this.sound(() =>
      this.at.write.transaction(async (tx) => {
        const added = await tx.raw<{ id: number; person_id: string }[]>(
          `INSERT INTO ${peopleTable(generation)} (person_id, name, name_folded, email, phones)
           SELECT value ->> 'person_id', value ->> 'name', value ->> 'name_folded',
                  value ->> 'email', value ->> 'phones'
           FROM json_each(?) WHERE true
           ON CONFLICT (person_id) DO NOTHING
           RETURNING id, person_id`,
          [JSON.stringify(rows)],
        );
        const words = new Map(rows.map((row) => [row.person_id, row.words.join(" ")]));
        await tx.raw(
          `INSERT INTO ${wordsTable(generation)} (rowid, words)
           SELECT value ->> 0, value ->> 1 FROM json_each(?)`,
          [JSON.stringify(added.map((row) => [row.id, words.get(row.person_id)]))],
        );
        return added.map((row) => row.person_id);
      }),
    );
  }

  async finish(generation: number): Promise<void> {
    const table = peopleTable(generation);
    await this.sound(async () => {
      await this.at.write.raw(`CREATE INDEX ${table}_name ON ${table} (name_folded, person_id)`);
      await this.at.write.raw(`CREATE INDEX ${table}_email ON ${table} (email)`);
      const index = wordsTable(generation);
      // Each commit has left a piece of its own; a question would have to look into all of them.
      await this.at.write.raw(`INSERT INTO ${index} (${index}) VALUES ('optimize')`);
    });
  }

  /** Only what is on disk comes into use. */
  pointTo(generation: number | undefined): Promise<void> {
    return this.sound(async () => {
      const { write } = this.at;
      await write.raw("PRAGMA synchronous = FULL");
      await write.raw("PRAGMA wal_checkpoint(PASSIVE)");
      await writePointer(write, generation);
      await write.raw("PRAGMA synchronous = OFF");
    });
  }

  async drop(generation: number): Promise<void> {
    await this.sound(async () => {
      await this.at.write.raw(`DROP TABLE IF EXISTS ${wordsTable(generation)}`);
      await this.at.write.raw(`DROP TABLE IF EXISTS ${peopleTable(generation)}`);
    });
  }

  wipe(generation: number): Promise<void> {
    return this.drop(generation);
  }

  async erase(): Promise<void> {
    await this.sound(async () => {
      await this.at.write.raw("VACUUM");
      await this.at.write.raw("PRAGMA wal_checkpoint(TRUNCATE)");
    });
  }

  read(generation: number, ask: (people: People) => Promise<PersonRow[]>): Promise<PersonRow[]> {
    return this.sound(() => ask(this.at.read<PersonRow, PersonRow[]>(peopleTable(generation))));
  }

  withWords(
    generation: number,
    words: readonly string[],
    { limit }: { limit: number },
  ): Promise<PersonRow[]> {
    const query = words.map((word) => `"${word}"*`).join(" AND ");
    const index = wordsTable(generation);
    return this.sound(() =>
      this.at.read.raw<PersonRow[]>(
        `SELECT person_id, name, name_folded, email, NULL AS phones
         FROM ${peopleTable(generation)}
         WHERE id IN (SELECT rowid FROM ${index} WHERE ${index} MATCH ? LIMIT ?)`,
        [query, limit],
      ),
    );
  }

  isGone(error: unknown): boolean {
    return messageOf(error).includes("no such table: directory_");
  }

  close(): Promise<void> {
    return disconnect(this.at);
  }

  /** A damaged file is made anew; what was asked of it is asked of the new one. */
  private async sound<T>(work: () => Promise<T>): Promise<T> {
    await this.repairing;
    const { at } = this;
    try {
      return await work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      if (this.at === at) this.repairing ??= this.repair(messageOf(error));
      await this.repairing;
      return work();
    }
  }

  private async repair(why: string): Promise<void> {
    try {
      await disconnect(this.at);
      await removeFile(this.file);
      this.at = await connect(this.file);
      this.onRebuilt(why);
    } finally {
      this.repairing = undefined;
    }
  }
}

async function connect(file: string): Promise<Connections> {
  const write = sqliteConnection(file, WRITING, QUIET);
  const read = sqliteConnection(file, [BUSY, "PRAGMA query_only = ON"], QUIET);
  try {
    await preparePointer(write);
    // Damage is often told by whoever reads the table, not by whoever opens the file.
    const current = await readPointer(read);
    if (current !== undefined) {
      await read(peopleTable(current)).limit(1);
      const index = wordsTable(current);
      await read(index).whereRaw(`${index} MATCH '"a"*'`).limit(1).select("rowid");
    }
    return { write, read };
  } catch (error) {
    await disconnect({ write, read });
    throw error;
  }
}

async function disconnect({ read, write }: Connections): Promise<void> {
  await read.destroy();
  await write.destroy();
}

async function removeFile(file: string): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) await rm(file + end, { recursive: true, force: true });
}

/** What the driver throws need not be of this realm's `Error`. */
function isDamage(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("code" in error)) return false;
  return typeof error.code === "string" && DAMAGES.includes(error.code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
