import { randomUUID } from "node:crypto";
import type { Database } from "./database";

/**
 * Runs `work` in one process at a time; the others get `undefined` at once. The lease is let go
 * when the work ends, or by itself after `ms` if the process dies.
 */
export async function underLease<T>(
  db: Database,
  name: string,
  ms: number,
  work: () => Promise<T>,
): Promise<T | undefined> {
  // One for each run: a run that outlived its lease must not let go of its successor's.
  const holder = randomUUID();
  if (!(await takeLease(db, holder, name, ms))) return undefined;
  try {
    return await work();
  } finally {
    await db.write("leases").where({ name, holder }).delete();
  }
}

async function takeLease(db: Database, holder: string, name: string, ms: number): Promise<boolean> {
  const until = db.write.raw("? + ?", [db.realNow(), ms]);
  const inserted = await db
    .write("leases")
    .insert({ name, holder, until })
    .onConflict("name")
    .ignore()
    .returning("name");
  if (inserted.length > 0) return true;
  const taken = await db
    .write("leases")
    .where({ name })
    .where("until", "<", db.realNow())
    .update({ holder, until });
  return taken > 0;
}
