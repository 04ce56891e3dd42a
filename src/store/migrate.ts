import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Knex } from "knex";
import type { Database } from "./database";

interface Migration {
  up: (knex: Knex) => Promise<void>;
  down: (knex: Knex) => Promise<void>;
}

/** The folder that stands beside `src`, or beside `dist/src` once built. */
const MIGRATIONS = join(__dirname, "../../migrations");
const GUARD_TRIES = 5;
// Unlike `import`, it finds a file whether it was compiled or not.
const load = createRequire(__filename);

/** The database belongs to a newer Muster than this one. */
export class SchemaTooNewError extends Error {
  override name = "SchemaTooNewError";
  constructor(compatibleFrom: string) {
    super(
      `This database was changed by a newer Muster (${compatibleFrom}). ` +
        "Start that version, or restore the backup made before the upgrade.",
    );
  }
}

/**
 * Brings the schema up to date; several processes that start at once do it one after the other.
 * A process that dies in between leaves nothing locked. Throws `SchemaTooNewError`.
 */
export async function migrateToLatest(db: Database): Promise<void> {
  await withGuard(db, async () => {
    await refuseNewerSchema(db);
    const migrator = db.write.migrate;
    await migrator.forceFreeMigrationsLock(migratorConfig());
    await migrator.latest(migratorConfig());
  });
}

export async function migrateDown(db: Database): Promise<void> {
  await db.write.migrate.rollback(migratorConfig(), true);
}

/** The migrations that wait to be run, by name. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const done = await completedMigrations(db);
  return migrationNames().filter((name) => !done.has(name));
}

function migratorConfig(): Knex.MigratorConfig {
  // A newer Muster may have added migrations that this one can work with; see `compatible_from`.
  return { migrationSource: source, disableMigrationsListValidation: true };
}

// knex would store "….ts" in development and "….js" in production as two different migrations.
const source: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve(migrationNames()),
  getMigrationName: (name) => name,
  getMigration: (name) => Promise.resolve(load(join(MIGRATIONS, name)) as Migration),
};

function migrationNames(): string[] {
  const files = readdirSync(MIGRATIONS).filter((file) => /^\d+_\w+\.(ts|js)$/.test(file));
  return files.map((file) => file.replace(/\.(ts|js)$/, "")).sort();
}

async function completedMigrations(db: Database): Promise<Set<string>> {
  if (!(await db.write.schema.hasTable("knex_migrations"))) return new Set();
  const rows = await db.write<{ name: string }>("knex_migrations").select("name");
  return new Set(rows.map((row) => row.name));
}

async function refuseNewerSchema(db: Database): Promise<void> {
  if (!(await db.write.schema.hasTable("schema_info"))) return;
  const info = await db.write<{ compatible_from: string }>("schema_info").first();
  if (info && !migrationNames().includes(info.compatible_from))
    throw new SchemaTooNewError(info.compatible_from);
}

/** On SQLite the process lock already keeps others out. */
async function withGuard(db: Database, work: () => Promise<void>): Promise<void> {
  if (db.dialect === "sqlite") return work();
  await createGuard(db);
  await db.write.transaction(async (tx) => {
    await tx("migration_guard").where({ id: 1 }).forUpdate().first();
    await work();
  });
}

// Two processes that create the table at the same instant: one of them is refused, and tries again.
async function createGuard(db: Database, triesLeft = GUARD_TRIES): Promise<void> {
  try {
    await db.write.raw("CREATE TABLE IF NOT EXISTS migration_guard (id integer PRIMARY KEY)");
    await db.write.raw("INSERT INTO migration_guard (id) VALUES (1) ON CONFLICT DO NOTHING");
  } catch (error) {
    if (triesLeft <= 1) throw error;
    await createGuard(db, triesLeft - 1);
  }
}
