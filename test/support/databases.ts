import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../src/store/open-store";
import type { Store } from "../../src/store/store";
import type { StoreOptions } from "../../src/store/store-options";
import { ManualClock } from "./manual-clock";
import { createDatabase, dropDatabase } from "./postgres-template";

export type Dialect = "sqlite" | "postgres";

/** A manual clock whose real time passes only by hand, too. */
export class StoreClock extends ManualClock {
  private realTime = Date.now();

  override real(): number {
    return this.realTime;
  }

  passReal(ms: number): void {
    this.realTime += ms;
  }
}

/** One test's own database. */
export interface TestDatabase {
  dialect: Dialect;
  url: () => string;
  clock: () => StoreClock;
  /** Opens a store on it, as one process does; closed when the test ends. */
  open: (options?: Partial<StoreOptions>) => Promise<Store>;
}

// Making a database takes a moment, and longer where others keep the computer busy.
jest.setTimeout(30_000);

export const ENCRYPTION_KEY = Buffer.alloc(32, 1);

/** Runs the tests on SQLite and on PostgreSQL, each test with a new migrated database. */
export function eachDatabase(name: string, tests: (database: TestDatabase) => void): void {
  describe.each<Dialect>(["sqlite", "postgres"])(`${name} on %s`, (dialect) => {
    tests(databaseOfEachTest(dialect, "migrated"));
  });
}

/** The same with databases that are empty. */
export function eachEmptyDatabase(name: string, tests: (database: TestDatabase) => void): void {
  describe.each<Dialect>(["sqlite", "postgres"])(`${name} on %s`, (dialect) => {
    tests(databaseOfEachTest(dialect, "empty"));
  });
}

/** For what only one kind of database does. */
export function onlyOn(
  dialect: Dialect,
  name: string,
  tests: (database: TestDatabase) => void,
  content: "migrated" | "empty" = "migrated",
): void {
  describe(`${name} on ${dialect}`, () => tests(databaseOfEachTest(dialect, content)));
}

interface Prepared {
  url: string;
  remove: () => Promise<void>;
}

function databaseOfEachTest(dialect: Dialect, content: "migrated" | "empty"): TestDatabase {
  let prepared: Prepared;
  let clock: StoreClock;
  let stores: Store[];
  beforeEach(async () => {
    prepared = await (dialect === "sqlite" ? prepareSqlite() : preparePostgres(content));
    clock = new StoreClock();
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await prepared.remove();
  });
  const open: TestDatabase["open"] = async (options = {}) => {
    const store = await openStore({
      databaseUrl: prepared.url,
      encryptionKeys: [ENCRYPTION_KEY],
      clock,
      limits: { textsPerHour: 10, callsPerHour: 5 },
      rates: {},
      ...options,
    });
    stores.push(store);
    return store;
  };
  return { dialect, url: () => prepared.url, clock: () => clock, open };
}

/** The store itself migrates it: that takes no longer than copying one. */
async function prepareSqlite(): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), "muster-store-"));
  return {
    url: `sqlite:${join(folder, "muster.sqlite3")}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function preparePostgres(content: "migrated" | "empty"): Promise<Prepared> {
  const server = process.env.MUSTER_TEST_POSTGRES;
  if (server === undefined) throw new Error("No PostgreSQL was started for these tests.");
  const name = `muster_${randomBytes(8).toString("hex")}`;
  const url = await createDatabase(server, name, content);
  return { url, remove: () => dropDatabase(server, name) };
}
