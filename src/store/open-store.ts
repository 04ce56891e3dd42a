import { copyLog } from "./copy-log";
import { openDatabase, type Database } from "./database";
import { sqlitePath } from "./database-url";
import { openDirectory } from "./directory-open";
import { openDataKeys } from "./keys";
import { migrateToLatest } from "./migrate";
import { holdProcessLock } from "./process-lock";
import { Store } from "./store";
import type { StoreOptions } from "./store-options";

/**
 * Opens the database, brings its schema up to date and opens its keys. Throws
 * `DatabaseInUseError`, `SchemaTooNewError`, or `ConfigError` for a missing key.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const isSqlite = !options.databaseUrl.startsWith("postgres");
  const letGo = isSqlite
    ? await holdProcessLock(sqlitePath(options.databaseUrl))
    : () => Promise.resolve();
  const db = openDatabase(options.databaseUrl, options.clock);
  try {
    await migrateToLatest(db);
    const secrets = await openDataKeys(db, options.encryptionKeys);
    if (isSqlite) await clearLeases(db);
    const directory = await openDirectory(db, secrets, options);
    const stopCopying = isSqlite ? copyLog(sqlitePath(options.databaseUrl)) : undefined;
    const letAllGo = async (): Promise<void> => {
      await stopCopying?.();
      await letGo();
    };
    return new Store(db, secrets, options, letAllGo, directory);
  } catch (error) {
    await db.close();
    await letGo();
    throw error;
  }
}

/** The process that held them is dead, or the lock would not have been free. */
async function clearLeases(db: Database): Promise<void> {
  await db.write("outbox").where({ state: "sending" }).update({ lease_until: 0 });
  await db.write("inbox").where({ state: "handling" }).update({ lease_until: 0 });
  await db.write("leases").delete();
}
