import type { Clock } from "../clock";
import type { Secrets } from "../secrets";
import { sqlitePath } from "./database-url";
import type { Database } from "./database";
import { forgetSync, StoredDirectory } from "./directory";
import type { DirectoryNumbers } from "./directory-numbers";
import { PostgresDirectory } from "./directory-postgres";
import { directoryPath, SqliteDirectory } from "./directory-sqlite";
import { loadDirectoryStatus } from "./load-grants";

export interface DirectoryOptions {
  databaseUrl: string;
  clock: Clock;
  directoryNumbers?: DirectoryNumbers;
  onDirectoryLost?: (why: string) => void;
  onUnreadable?: (table: "directory", id: string) => void;
}

const NO_NUMBERS: DirectoryNumbers = {
  smsPhoneType: "mobile",
  voicePhoneType: "work",
  dialable: () => undefined,
};

/**
 * Opens the directory, and makes an empty one where there is none, or one that is damaged; a sync
 * is then due at once, if there is a grant.
 */
export async function openDirectory(
  db: Database,
  secrets: Secrets,
  options: DirectoryOptions,
): Promise<StoredDirectory> {
  const { clock, directoryNumbers = NO_NUMBERS, onUnreadable = () => undefined } = options;
  const lost = (why: string): void => options.onDirectoryLost?.(why);
  let isOpen = false;
  let damage: string | undefined;
  const readAgain = async (why: string): Promise<void> => {
    lost(why);
    await forgetSync(db.write, clock.now());
  };
  const onRebuilt = (why: string): void => {
    if (!isOpen) damage = why;
    else void readAgain(why).catch((error: unknown) => lost(String(error)));
  };
  const tables =
    db.dialect === "postgres"
      ? await PostgresDirectory.open(db)
      : await SqliteDirectory.open(directoryPath(sqlitePath(options.databaseUrl)), onRebuilt);
  const directory = new StoredDirectory(db, tables, {
    secrets,
    numbers: directoryNumbers,
    onUnreadable: (personId) => onUnreadable("directory", personId),
  });
  const { syncedAt } = await loadDirectoryStatus(db.write);
  const isMissing = syncedAt !== undefined && !(await directory.hasPeople());
  if (isMissing) await forgetSync(db.write, clock.now());
  if (isMissing || damage !== undefined) lost(damage ?? "its tables are missing");
  isOpen = true;
  return directory;
}
