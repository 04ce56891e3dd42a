import type { Database } from "./database";
import {
  generationsIn,
  LONGEST_BEGINNING,
  peopleTable,
  preparePointer,
  readPointer,
  writePointer,
  type DirectoryTables,
  type NewPersonRow,
  type People,
  type PersonRow,
} from "./directory-tables";
import { inTransaction } from "./transaction";

const UNDEFINED_TABLE = "42P01";

const WHOLE = 64;
const BEGINNINGS = [...Array.from({ length: LONGEST_BEGINNING }, (_, at) => at + 1), WHOLE];

/**
 * What fits very many is found among the first people that come; the index would gather all of
 * them before it gives one.
 */
const SAMPLE = 1_000;
/** Where so many of them fit, reading on costs less than the index. */
const PROMISING = 5;
/** How much further than what the sample promises. */
const LUCK = 2;
/** Each of them is fetched from another place of the table. */
const MOST_FETCHED = 100;
const LOCK_NOT_AVAILABLE = "55P03";
/** Long enough for a search to end, and short enough for those who come after to wait for. */
const LONGEST_WAIT = "SET LOCAL lock_timeout = '200ms'";

/** The directory in the tables of the database that holds everything else. */
export class PostgresDirectory implements DirectoryTables {
  private constructor(private readonly db: Database) {}

  static async open(db: Database): Promise<PostgresDirectory> {
    // Two processes that make it at the same moment: the one that is refused finds it.
    await inTransaction(db, (tx) => preparePointer(tx));
    return new PostgresDirectory(db);
  }

  current(): Promise<number | undefined> {
    return readPointer(this.db.read);
  }

  async generations(): Promise<number[]> {
    const rows = await this.db
      .write("pg_tables")
      .whereRaw("schemaname = current_schema()")
      .whereRaw("tablename LIKE 'directory\\_people\\_%'")
      .select<{ tablename: string }[]>("tablename");
    return generationsIn(rows.map((row) => row.tablename));
  }

  async create(generation: number): Promise<void> {
    await this.db.write.raw(
      `CREATE TABLE ${peopleTable(generation)} (
        person_id text COLLATE "C" PRIMARY KEY,
        name text NOT NULL,
        name_folded text COLLATE "C" NOT NULL,
        email text COLLATE "C",
        phones text,
        words tsvector NOT NULL
      )`,
    );
  }

  async insert(generation: number, rows: readonly NewPersonRow[]): Promise<string[]> {
    const { rows: added } = await this.db.write.raw<{ rows: { person_id: string }[] }>(
      `INSERT INTO ${peopleTable(generation)} (person_id, name, name_folded, email, phones, words)
       SELECT person_id, name, name_folded, email, phones,
              array_to_tsvector(ARRAY(
                SELECT left(word, length)
                FROM json_array_elements_text(words) AS word, unnest(?::int[]) AS length
              ))
       FROM json_to_recordset(?::json) AS added (
         person_id text, name text, name_folded text, email text, phones text, words json
       ),
       -- Whoever points to them flushes them to disk; until then nobody waits for that.
       (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
       ON CONFLICT (person_id) DO NOTHING
       RETURNING person_id`,
      [BEGINNINGS, JSON.stringify(rows)],
    );
    return added.map((row) => row.person_id);
  }

  async finish(generation: number): Promise<void> {
    const table = peopleTable(generation);
    const { write } = this.db;
    await write.raw(`CREATE INDEX ${table}_name ON ${table} (name_folded, person_id)`);
    await write.raw(`CREATE INDEX ${table}_email ON ${table} (email)`);
    await write.raw(`CREATE INDEX ${table}_words ON ${table} USING gin (words)`);
    await write.raw(`ANALYZE ${table}`);
  }

  pointTo(generation: number | undefined): Promise<void> {
    return writePointer(this.db.write, generation);
  }

  async drop(generation: number): Promise<void> {
    await this.dropUnlessRead(generation);
  }

  async wipe(generation: number): Promise<void> {
    if (await this.dropUnlessRead(generation)) return;
    try {
      // Whoever only reads the table does not stand in the way of this.
      await this.withoutWaiting(`DELETE FROM ${peopleTable(generation)}`);
    } catch (error) {
      if (!this.isGone(error)) throw error;
    }
  }

  /** A dropped table's file is gone. */
  erase(): Promise<void> {
    return Promise.resolve();
  }

  read(generation: number, ask: (people: People) => Promise<PersonRow[]>): Promise<PersonRow[]> {
    return ask(this.db.read<PersonRow, PersonRow[]>(peopleTable(generation)));
  }

  async withWords(
    generation: number,
    words: readonly string[],
    { enough, limit }: { enough: number; limit: number },
  ): Promise<PersonRow[]> {
    const query = words.map(toQuery).join(" & ");
    const table = peopleTable(generation);
    const some = await this.fitting(firstOf(table, SAMPLE), query, limit);
    if (some.length >= enough) return some;
    if (some.length >= PROMISING) {
      const far = Math.ceil((LUCK * SAMPLE * enough) / some.length);
      const more = await this.fitting(firstOf(table, far), query, enough);
      if (more.length >= enough) return more;
    }
    return this.fitting(table, query, Math.min(limit, MOST_FETCHED));
  }

  private async fitting(from: string, query: string, limit: number): Promise<PersonRow[]> {
    // Materialised, since with the limit in sight PostgreSQL reads the whole table in the hope of
    // finding so many soon.
    const { rows } = await this.db.read.raw<{ rows: PersonRow[] }>(
      `WITH fitting AS MATERIALIZED (
         SELECT person_id, name, name_folded, email, NULL AS phones FROM ${from} WHERE words @@ ?::tsquery
       )
       SELECT * FROM fitting LIMIT ?`,
      [query, limit],
    );
    return rows;
  }

  isGone(error: unknown): boolean {
    return hasCode(error, UNDEFINED_TABLE);
  }

  /** The database is closed by whoever opened it. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * False where somebody reads the table, as a backup does for hours: whoever came after a drop that
   * waits would wait as long.
   */
  private async dropUnlessRead(generation: number): Promise<boolean> {
    try {
      await this.withoutWaiting(`DROP TABLE IF EXISTS ${peopleTable(generation)}`);
      return true;
    } catch (error) {
      if (hasCode(error, LOCK_NOT_AVAILABLE)) return false;
      throw error;
    }
  }

  private async withoutWaiting(statement: string): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      await tx.raw(LONGEST_WAIT);
      await tx.raw(statement);
    });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** In the order in which they happen to lie. */
function firstOf(table: string, count: number): string {
  return `(SELECT * FROM ${table} LIMIT ${count}) AS sample`;
}

/** Words hold letters and digits only. */
function toQuery(word: string): string {
  return Array.from(word).length <= LONGEST_BEGINNING ? `'${word}'` : `'${word}':*`;
}
