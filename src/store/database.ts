import knex, { type Knex } from "knex";
import { types } from "pg";
import type { Clock } from "../clock";
import { sqlitePath } from "./database-url";

const POSTGRES_CONNECTIONS = { write: 10, read: 4 };

/** Where `copyLog` does not keep up, or nobody calls for it, whoever writes copies; 64 MB. */
const MOST_PAGES_OF_LOG = 16_384;

/** One database of either kind. `write` takes every change; `read` never waits behind them. */
export interface Database {
  dialect: "sqlite" | "postgres";
  write: Knex;
  read: Knex;
  /** SQL for the clock that leases are measured with: the database's own where several use it. */
  realNow: () => Knex.Raw;
  /** How many transactions that write are open here or wait for a connection; see `inTransaction`. */
  writing: { count: number };
  close(): Promise<void>;
}

/** Opens the database that `url` names. The connection itself is made with the first query. */
export function openDatabase(url: string, clock: Clock): Database {
  return url.startsWith("postgres") ? openPostgres(url) : openSqlite(sqlitePath(url), clock);
}

function openSqlite(filename: string, clock: Clock): Database {
  // SQLite's own lock is not fair: a second writing connection was seen to wait for seconds, while
  // the queue of a pool of one is first come, first served.
  const write = sqliteConnection(filename, [
    "PRAGMA journal_mode = WAL",
    // NORMAL can lose an acknowledged event when the power fails.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    `PRAGMA wal_autocheckpoint = ${MOST_PAGES_OF_LOG}`,
  ]);
  const read = sqliteConnection(filename, ["PRAGMA busy_timeout = 5000", "PRAGMA query_only = ON"]);
  return {
    dialect: "sqlite",
    write,
    read,
    realNow: () => write.raw("?", [clock.real()]),
    writing: { count: 0 },
    close: async () => {
      await read.destroy();
      await write.destroy();
    },
  };
}

/** One connection to a SQLite file, on which these statements are run first. */
export function sqliteConnection(
  filename: string,
  pragmas: readonly string[],
  more: Knex.Config = {},
): Knex {
  return knex({
    ...more,
    client: "sqlite3",
    connection: { filename },
    useNullAsDefault: true,
    // Else the message of a failed statement holds the values that people gave.
    compileSqlOnError: false,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: SqliteConnection, done: (error: Error | null) => void) => {
        connection.exec(pragmas.join(";"), done);
      },
    },
  });
}

interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): void;
}

function openPostgres(url: string): Database {
  // Counters and times are below 2^53; as strings they would not compare as numbers.
  types.setTypeParser(types.builtins.INT8, Number);
  // Decisions look into the directory while they hold a connection: were there one pool for both,
  // as many of them as it has connections would wait for each other.
  const write = postgresPool(url, POSTGRES_CONNECTIONS.write);
  const read = postgresPool(url, POSTGRES_CONNECTIONS.read);
  return {
    dialect: "postgres",
    write,
    read,
    realNow: () => write.raw("(extract(epoch from clock_timestamp()) * 1000)::bigint"),
    writing: { count: 0 },
    close: async () => {
      await read.destroy();
      await write.destroy();
    },
  };
}

function postgresPool(url: string, max: number): Knex {
  return knex({
    client: "pg",
    compileSqlOnError: false,
    connection: url,
    pool: { min: 0, max },
    acquireConnectionTimeout: 10_000,
  });
}
