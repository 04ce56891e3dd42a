import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Knex } from "knex";
import { openDatabase, type Database } from "../../src/store/database";
import {
  migrateDown,
  migrateToLatest,
  pendingMigrations,
  SchemaTooNewError,
} from "../../src/store/migrate";
import { eachEmptyDatabase, onlyOn, type TestDatabase } from "../support/databases";

const NAMES = readdirSync(join(__dirname, "../../migrations"))
  .map((file) => file.replace(/\.ts$/, ""))
  .sort();
const [FIRST] = NAMES;
const LAST = NAMES.at(-1)!;

function lastMigration(): { down: (knex: Knex) => Promise<void> } {
  return createRequire(__filename)(join(__dirname, "../../migrations", LAST)) as ReturnType<
    typeof lastMigration
  >;
}

/** Opens the test's database without migrating it; whoever opened it closes it. */
function opened(database: TestDatabase): Database {
  return openDatabase(database.url(), database.clock());
}

async function withDatabase(
  database: TestDatabase,
  work: (db: Database) => Promise<void>,
): Promise<void> {
  const db = opened(database);
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

/** The tables and indexes that migrations made, with what they are made of. */
async function schemaOf(db: Database): Promise<string[]> {
  const ours = (line: string): boolean => !/knex_migrations|migration_guard|sqlite_/.test(line);
  if (db.dialect === "sqlite") {
    const rows = await db
      .write<{ name: string; sql: string | null }>("sqlite_master")
      .select("name", "sql");
    return rows.map((row) => `${row.name}: ${row.sql ?? ""}`).filter(ours);
  }
  const columns = await db
    .write("information_schema.columns")
    .where({ table_schema: "public" })
    .select<Record<string, string>[]>("table_name", "column_name", "data_type");
  const indexes = await db
    .write("pg_indexes")
    .where({ schemaname: "public" })
    .select<{ indexdef: string }[]>("indexdef");
  return [
    ...columns.map((row) => Object.values(row).join(" ")),
    ...indexes.map((row) => row.indexdef),
  ]
    .filter(ours)
    .sort();
}

async function appliedNames(db: Database): Promise<string[]> {
  const rows = await db.write<{ name: string }>("knex_migrations").select("name").orderBy("id");
  return rows.map((row) => row.name);
}

eachEmptyDatabase("migrations", (database) => {
  it("go up, down to nothing, and up to the same schema again", () =>
    withDatabase(database, async (db) => {
      await migrateToLatest(db);
      const before = await schemaOf(db);
      expect(before.length).toBeGreaterThan(20);
      await migrateDown(db);
      expect(await schemaOf(db)).toEqual([]);
      await migrateToLatest(db);
      expect(await schemaOf(db)).toEqual(before);
    }));

  it("are kept by a name that is the same compiled or not", () =>
    withDatabase(database, async (db) => {
      await migrateToLatest(db);
      expect(await appliedNames(db)).toEqual(NAMES);
    }));

  it("wait by name until they are run", () =>
    withDatabase(database, async (db) => {
      expect(await pendingMigrations(db)).toEqual(NAMES);
      await migrateToLatest(db);
      expect(await pendingMigrations(db)).toEqual([]);
    }));

  it("run once however often the process starts", () =>
    withDatabase(database, async (db) => {
      await migrateToLatest(db);
      await db.write("counters").where({ name: "incident" }).update({ value: 7 });
      await migrateToLatest(db);
      expect(await db.write("counters").first()).toMatchObject({ value: 7 });
    }));

  it("go on where a process died in the middle of them", () =>
    withDatabase(database, async (db) => {
      await migrateToLatest(db);
      const whole = await schemaOf(db);
      // As left behind: the lock taken, the last migration not done.
      await db.write("knex_migrations_lock").update({ is_locked: 1 });
      await db.write("knex_migrations").where({ name: LAST }).delete();
      await lastMigration().down(db.write);
      await migrateToLatest(db);
      expect(await schemaOf(db)).toEqual(whole);
      expect(await pendingMigrations(db)).toEqual([]);
    }));

  it("refuse a database that a newer Muster changed for good", () =>
    withDatabase(database, async (db) => {
      await migrateToLatest(db);
      await db.write("schema_info").update({ compatible_from: "20990101000000_other_ids" });
      const before = await schemaOf(db);
      await expect(migrateToLatest(db)).rejects.toThrow(
        new SchemaTooNewError("20990101000000_other_ids"),
      );
      await expect(database.open()).rejects.toThrow("Start that version, or restore the backup");
      expect(await schemaOf(db)).toEqual(before);
    }));

  it("work on a database to which a newer Muster only added something", () =>
    withDatabase(database, async (db) => {
      await migrateToLatest(db);
      await db.write("knex_migrations").insert({
        name: "20990101000000_one_more_column",
        batch: 2,
        migration_time: new Date(),
      });
      await db.write("schema_info").update({ compatible_from: FIRST });
      await expect(migrateToLatest(db)).resolves.toBeUndefined();
    }));
});

onlyOn(
  "postgres",
  "migrations of several processes",
  (database) => {
    it("are done by one of four that start at once", async () => {
      const processes = [1, 2, 3, 4].map(() => opened(database));
      try {
        await Promise.all(processes.map((db) => migrateToLatest(db)));
        expect(await appliedNames(processes[0]!)).toEqual(NAMES);
      } finally {
        await Promise.all(processes.map((db) => db.close()));
      }
    });

    it("go on when the process that was migrating loses its connection", async () => {
      const dead = opened(database);
      const next = opened(database);
      try {
        await migrateToLatest(dead);
        await migrateDown(dead);
        const guard = await dead.write.transaction();
        await guard("migration_guard").where({ id: 1 }).forUpdate().first();
        const { pid } = (await guard.select(guard.raw("pg_backend_pid() AS pid")).first()) as {
          pid: number;
        };
        const migrated = migrateToLatest(next);
        await next.write.raw("SELECT pg_terminate_backend(?)", [pid]);
        await migrated;
        expect(await pendingMigrations(next)).toEqual([]);
        await guard.rollback().catch(() => undefined);
      } finally {
        await dead.close();
        await next.close();
      }
    });
  },
  "empty",
);
