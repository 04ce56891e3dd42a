import { randomBytes } from "node:crypto";
import { startPostgres, stopPostgres } from "./postgres-server";
import { createDatabase } from "./postgres-template";

/** Runs `work` with a new database on a PostgreSQL that is there for it alone. */
export async function onPostgres(work: (databaseUrl: string) => Promise<void>): Promise<void> {
  const serverUrl = await startPostgres();
  try {
    await work(await createDatabase(serverUrl, `chaos_${randomBytes(4).toString("hex")}`, "empty"));
  } finally {
    await stopPostgres();
  }
}
