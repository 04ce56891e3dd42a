import { existsSync } from "node:fs";
import { SystemClock } from "../clock";
import { openDatabase } from "./database";
import { sqlitePath } from "./database-url";
import { pendingMigrations } from "./migrate";

/** Whether the database can be opened and is up to date; changes nothing. */
export async function checkDatabase({
  database,
}: {
  readonly database: { readonly kind: "sqlite" | "postgres"; readonly url: string };
}): Promise<{ ok: boolean; advice?: string }> {
  if (database.kind === "sqlite" && !existsSync(sqlitePath(database.url)))
    return { ok: true, advice: "There is no database yet; the first start makes it." };
  const db = openDatabase(database.url, new SystemClock());
  try {
    const pending = await pendingMigrations(db);
    if (pending.length === 0) return { ok: true };
    return { ok: true, advice: `${pending.length} migrations wait; the next start runs them.` };
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : "unknown reason";
    return { ok: false, advice: `The database cannot be opened (${why}). Check DATABASE_URL.` };
  } finally {
    await db.close();
  }
}
