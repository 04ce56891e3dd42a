import { config as loadEnvFile } from "dotenv";
import { SystemClock } from "../clock";
import { readEnv } from "../config";
import { EnvReader } from "../config/reader";
import { readDatabase } from "../config/sections";
import { openDatabase, type Database } from "../store/database";
import { sqlitePath } from "../store/database-url";
import { migrateToLatest, pendingMigrations } from "../store/migrate";
import { holdProcessLock } from "../store/process-lock";

loadEnvFile({ quiet: true });

void migrate().catch((error: unknown) => {
  console.error(`Not migrated: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

/** Runs the migrations that wait, as the start of Muster does; needs DATABASE_URL only. */
async function migrate(): Promise<void> {
  const read = new EnvReader(readEnv(process.env));
  const { kind, url } = readDatabase(read);
  const [problem] = read.problems;
  if (problem) throw new Error(`${problem.variable} ${problem.rule}`);
  const letGo = kind === "sqlite" ? await holdProcessLock(sqlitePath(url)) : undefined;
  const db = openDatabase(url, new SystemClock());
  try {
    await migrateAndTell(db);
  } finally {
    await db.close();
    await letGo?.();
  }
}

async function migrateAndTell(db: Database): Promise<void> {
  const pending = await pendingMigrations(db);
  await migrateToLatest(db);
  for (const name of pending) console.log(`✓ ${name}`);
  console.log(pending.length === 0 ? "The database is up to date." : "The database is migrated.");
}
