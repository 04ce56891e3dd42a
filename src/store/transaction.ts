import { setImmediate as othersFirst, setTimeout as delay } from "node:timers/promises";
import type { Database } from "./database";
import type { Tx } from "./rows";

const TRIES = 5;
const LONGEST_WAY_MS = 10;
const SERIALISATION_FAILURE = "40001";
const DEADLOCK = "40P01";
const UNIQUE_VIOLATION = "23505";
// A unique violation is two transactions that met the same new row at once: the next try finds it.
const CONFLICTS = new Set([SERIALISATION_FAILURE, DEADLOCK, UNIQUE_VIOLATION]);

/** What a decision was made on is true no more: it is made again, on what holds now. */
export class OvertakenError extends Error {}

/**
 * Runs `work` in one transaction that writes. So that no two wait for each other, all of them lock
 * in one order: spaces, responders, rows of the outbox, numbers, rounds, status cards; and several
 * rows of one table by id. PostgreSQL ends one of two that wait for each other;
 * that one goes again from its start, and so does one that throws `OvertakenError`; `work` must do
 * nothing but read and write through `tx`.
 */
export async function inTransaction<T>(
  db: Database,
  work: (tx: Tx) => Promise<T>,
  triesLeft = TRIES,
): Promise<T> {
  db.writing.count += 1;
  try {
    return await db.write.transaction(work);
  } catch (error) {
    if (triesLeft <= 1 || !isConflict(error)) throw error;
    return await inTransaction(db, work, triesLeft - 1);
  } finally {
    db.writing.count -= 1;
  }
}

/**
 * For work that nobody waits for, between two pieces of it that take less than a millisecond: lets
 * everybody else's callbacks run, and waits while they write, but not for ever.
 */
export async function giveWay(db: Database): Promise<void> {
  await othersFirst();
  const giveUpAt = performance.now() + LONGEST_WAY_MS;
  while (db.writing.count > 0 && performance.now() < giveUpAt) await delay(1);
}

function isConflict(error: unknown): boolean {
  if (error instanceof OvertakenError) return true;
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    CONFLICTS.has(error.code)
  );
}
