import { sqliteConnection } from "./database";

const COPY_EVERY_MS = 1_000;

/**
 * Copies what SQLite has written to its log into the file itself, on a connection of its own, until
 * what it gives is called: whoever writes would wait for that flush to disk, and everybody behind
 * them. For the process that holds the file.
 */
export function copyLog(filename: string): () => Promise<void> {
  const connection = sqliteConnection(filename, []);
  let copying: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    copying ??= connection
      .raw("PRAGMA wal_checkpoint(PASSIVE)")
      // The next turn tries again. What stays in the log is safe there, and whoever writes copies
      // it once it is long.
      .catch(() => undefined)
      .finally(() => (copying = undefined));
  }, COPY_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await copying;
    await connection.destroy();
  };
}
