import { setTimeout as delay } from "node:timers/promises";
import knex, { type Knex } from "knex";

const PATIENCE_MS = 5_000;
const RETRY_MS = 100;

/** Another process works on the same SQLite file. */
export class DatabaseInUseError extends Error {
  override name = "DatabaseInUseError";
  constructor(readonly file: string) {
    super(
      `Another Muster is using ${file}. Stop it first, or use PostgreSQL for several processes.`,
    );
  }
}

/**
 * Holds `<file>.lock` for the life of this process: the operating system frees it at any death, so
 * a killed Muster never keeps the next one out. Waits five seconds, then throws
 * `DatabaseInUseError`. Returns the way to let go.
 */
export async function holdProcessLock(
  file: string,
  patienceMs = PATIENCE_MS,
): Promise<() => Promise<void>> {
  const lock = knex({
    client: "sqlite3",
    connection: { filename: `${file}.lock` },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  const deadline = Date.now() + patienceMs;
  while (!(await tryToLock(lock))) {
    if (Date.now() >= deadline) {
      await lock.destroy();
      throw new DatabaseInUseError(file);
    }
    await delay(RETRY_MS);
  }
  return () => lock.destroy();
}

async function tryToLock(lock: Knex): Promise<boolean> {
  try {
    await lock.raw("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "code" in error && error.code === "SQLITE_BUSY"
  );
}
