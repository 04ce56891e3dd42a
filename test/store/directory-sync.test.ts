import type { SyncAnnouncements, SyncFailure } from "../../src/directory/ports";
import { SyncTimer, type SyncTimerOptions } from "../../src/directory/sync-timer";
import type { Grant } from "../../src/grants/grant";
import { GrantDeadError } from "../../src/grants/ports";
import type { Change } from "../../src/incident/change";
import type { Store } from "../../src/store/store";
import { failure, FakeList } from "../directory/fakes";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import { fill, find, someone } from "./directory-people";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

const grant: Grant = {
  ...{ id: "grant-1", kind: "directory", personId: "ana", personName: "Ana", orgId: "org" },
  ...{ scopes: ["s"], isLent: false, grantedAt: 1, accessExpiresAt: 2 },
};

async function write(store: Store, ...changes: Change[]): Promise<void> {
  await store.anywhere({ kind: "reading" }, () => ({ changes, result: undefined }));
}

async function authorise(store: Store, id = "grant-1", askedBy?: string): Promise<void> {
  const at = 0;
  await write(
    store,
    { kind: "grant.saved", grant: { ...grant, id }, tokens: { access: "a", refresh: "r" } },
    { kind: "directory.wanted", at, ...(askedBy === undefined ? {} : { askedBy }) },
  );
}

interface Rig {
  timer: SyncTimer;
  told: string[];
  log: { info: jest.Mock; warn: jest.Mock; error: jest.Mock };
  /** Which grant each page was asked with. */
  grants: string[];
}

function timerOf(
  store: Store,
  list: FakeList,
  database: TestDatabase,
  more: Partial<SyncTimerOptions> = {},
): Rig {
  const told: string[] = [];
  const grants: string[] = [];
  const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
  const announce: SyncAnnouncements<Change> = {
    progress: ({ people }) => `${people} so far`,
    synced: ({ counts }, personId) => (told.push(`${personId}: ${counts.people} read`), []),
    failed: ({ why }: SyncFailure, personId) => (told.push(`${personId}: ${why}`), []),
  };
  const timer = new SyncTimer({
    decisions: store,
    directory: store.directory,
    directoryGrant: () => store.grants.directoryGrant(),
    readPage: (grantId, next) => {
      grants.push(grantId);
      return list.readPage(next);
    },
    holdLease: () => store.holdLease("directory-sync", 60_000),
    messages: {
      post: (personId, markdown) => {
        told.push(`line to ${personId}: ${markdown}`);
        return Promise.resolve({ spaceId: "direct", messageId: "line-1" });
      },
      edit: (_space, _message, markdown) => void told.push(`line: ${markdown}`) as never,
      remove: () => Promise.resolve(),
    },
    ...{ announce, log, clock: database.clock(), random: () => 0.5, maxAgeMs: DAY },
    ...more,
  });
  return { timer, told, log, grants };
}

/** Runs whenever something is due, as the runner does, for so long. */
async function pass(rig: Rig, database: TestDatabase, ms: number): Promise<void> {
  const clock = database.clock();
  const until = clock.now() + ms;
  for (;;) {
    while (await rig.timer.isDue()) await rig.timer.run();
    const next = await rig.timer.nextDue();
    if (next === undefined || next > until || next <= clock.now()) break;
    await clock.advance(next - clock.now());
  }
  await clock.advance(until - clock.now());
}

eachDatabase("a sync of the directory", (database) => {
  const { clock, open } = database;

  it("makes the list the directory, and the next one due a day later", async () => {
    const store = await open();
    const rig = timerOf(store, new FakeList(3), database);
    expect(await rig.timer.isDue()).toBe(false);
    await authorise(store, "grant-1", "ana");
    expect(await rig.timer.isDue()).toBe(true);
    await rig.timer.run();
    const counts = { people: 6, withoutEmail: 0, undialledNumbers: 0, skipped: 3 };
    const now = clock().now();
    expect(await store.directory.status()).toEqual({ counts, syncedAt: now, dueAt: now + DAY });
    expect(await find(store, "person 2")).toEqual(["2a", "2b"]);
    expect(rig.told).toEqual(["ana: 6 read"]);
    expect(rig.grants).toEqual(["grant-1", "grant-1", "grant-1"]);
    expect(await rig.timer.isDue()).toBe(false);
    expect(await rig.timer.nextDue()).toBe(now + DAY);
    await pass(rig, database, DAY);
    expect((await store.directory.status()).syncedAt).toBe(now + DAY);
    expect(rig.told).toEqual(["ana: 6 read"]);
  });

  it("keeps the old one when page 57 of 100 fails for good, and tries again in an hour", async () => {
    const store = await open();
    await fill(store, [someone("Old One")]);
    await authorise(store, "grant-1", "bo");
    const forever = Array.from({ length: 500 }, () => failure({ status: 500 }));
    const list = new FakeList(100).fails("57", ...forever);
    const rig = timerOf(store, list, database);
    await pass(rig, database, 35 * 60_000);
    expect(await find(store, "old")).toEqual(["Old One"]);
    expect(await find(store, "person")).toEqual([]);
    const status = await store.directory.status();
    expect(status).toMatchObject({ lastError: "Webex answers 500" });
    expect(status.dueAt).toBe(status.failedAt! + HOUR);
    expect(rig.told.at(-1)).toBe("bo: no-answer");
    expect(rig.log.warn).toHaveBeenCalledTimes(1);
    list.instead.clear();
    await pass(rig, database, HOUR);
    expect(await find(store, "old")).toEqual([]);
    expect((await store.directory.status()).counts).toMatchObject({ people: 200 });
    expect(await store.directory.status()).not.toHaveProperty("lastError");
  });

  it("waits as long as Webex asks, tells who asked, and goes on where it was", async () => {
    const store = await open();
    await authorise(store, "grant-1", "ana");
    const list = new FakeList(3).fails("2", failure({ status: 429, retryAfterMs: 120_000 }));
    const rig = timerOf(store, list, database);
    await rig.timer.run();
    expect(await rig.timer.isDue()).toBe(false);
    expect(await rig.timer.nextDue()).toBe(clock().now() + 120_000);
    expect(rig.told).toEqual(["line to ana: 2 so far"]);
    await pass(rig, database, 120_000);
    expect(list.asked).toEqual(["1", "2", "2", "3"]);
    expect((await store.directory.status()).counts).toMatchObject({ people: 6 });
  });

  it("is joined by who asks for it meanwhile, and leaves none due at once", async () => {
    const store = await open();
    await authorise(store);
    const list = new FakeList(3);
    list.before = async (address) => {
      if (address === "3") await write(store, { kind: "directory.wanted", at: 5, askedBy: "cy" });
    };
    const rig = timerOf(store, list, database);
    await rig.timer.run();
    expect(rig.told).toEqual(["cy: 6 read"]);
    expect((await store.directory.status()).dueAt).toBe(clock().now() + DAY);
    expect(list.asked).toHaveLength(3);
  });

  it("tells the giver once that the grant opens nothing, and tries daily", async () => {
    const store = await open();
    await authorise(store);
    const no = () => failure({ status: 403, retryable: false });
    const rig = timerOf(store, new FakeList(2).fails("1", no(), no()), database);
    await pass(rig, database, DAY + 1);
    expect(rig.told).toEqual(["ana: refused"]);
    expect(await store.directory.status()).toMatchObject({
      toldAt: expect.any(Number) as unknown,
      lastError: "Webex does not let the grant list people (403)",
    });
    await pass(rig, database, DAY);
    expect(rig.told).toEqual(["ana: refused", "ana: 4 read"]);
    expect(await store.directory.status()).not.toHaveProperty("toldAt");
  });

  it("is due no more with a grant that is dead", async () => {
    const store = await open();
    await authorise(store, "grant-1", "bo");
    const rig = timerOf(store, new FakeList(2).fails("2", new GrantDeadError("gone")), database);
    await rig.timer.run();
    expect(rig.told).toEqual(["bo: grant"]);
    const status = await store.directory.status();
    expect(status).toMatchObject({ lastError: "the grant does not work" });
    expect(status).not.toHaveProperty("dueAt");
    await write(
      store,
      { kind: "grant.died", grantId: "grant-1", reason: "expired", at: 1 },
      { kind: "directory.wanted", at: 1, askedBy: "bo" },
    );
    await rig.timer.run();
    expect(rig.told).toEqual(["bo: grant", "bo: grant"]);
  });

  it("begins anew with the grant that takes the place of its own", async () => {
    const store = await open();
    await authorise(store);
    const list = new FakeList(3).fails("2", new GrantDeadError("replaced"));
    list.before = async (address) => {
      if (address === "2" && list.asked.length === 2) await authorise(store, "grant-2", "cy");
    };
    const rig = timerOf(store, list, database);
    await pass(rig, database, 1_000);
    expect(rig.grants).toEqual(["grant-1", "grant-1", "grant-2", "grant-2", "grant-2"]);
    expect(rig.told).toEqual(["cy: 6 read"]);
    expect((await store.directory.status()).counts).toMatchObject({ people: 6 });
  });

  it.each([
    ["between two pages", "2"],
    ["with the last page", "3"],
  ])("leaves nothing behind when the grant is revoked %s", async (_what, page) => {
    const store = await open();
    await authorise(store, "grant-1", "ana");
    const list = new FakeList(3);
    list.before = async (address) => {
      if (address !== page) return;
      await write(
        store,
        { kind: "grant.revoked", grantId: "grant-1" },
        { kind: "directory.unwanted" },
      );
      await store.directory.clear();
    };
    const rig = timerOf(store, list, database);
    await pass(rig, database, 1_000);
    expect(rig.told).toEqual([]);
    expect(rig.log.error).not.toHaveBeenCalled();
    expect(await find(store, "person")).toEqual([]);
    expect(await store.directory.status()).toEqual({});
    list.before = () => Promise.resolve();
    await authorise(store, "grant-2", "ana");
    await pass(rig, database, 1_000);
    expect(rig.told).toEqual(["ana: 6 read"]);
  });

  it("keeps the old one and tries again when the fault is ours", async () => {
    const store = await open();
    await fill(store, [someone("Old One")]);
    await authorise(store, "grant-1", "ana");
    const rig = timerOf(store, new FakeList(3).fails("2", new TypeError("a bug")), database);
    await rig.timer.run();
    expect(rig.log.error).toHaveBeenCalledTimes(1);
    expect(rig.told).toEqual(["ana: broken"]);
    expect(await find(store, "old")).toEqual(["Old One"]);
    expect((await store.directory.status()).dueAt).toBe(clock().now() + HOUR);
    await pass(rig, database, HOUR);
    expect(await find(store, "person 1a")).toEqual(["1a"]);
  });

  it("stops between two pages, and begins with the first one after a restart", async () => {
    const store = await open();
    await fill(store, [someone("Old One")]);
    await authorise(store);
    const list = new FakeList(50);
    const rig = timerOf(store, list, database);
    list.before = (address) => {
      if (address === "5") rig.timer.stop();
      return Promise.resolve();
    };
    await rig.timer.run();
    expect(list.asked.length).toBeLessThan(8);
    expect(await rig.timer.isDue()).toBe(false);
    expect(await find(store, "old")).toEqual(["Old One"]);
    const next = timerOf(store, new FakeList(2), database);
    await next.timer.run();
    expect((await store.directory.status()).counts).toMatchObject({ people: 4 });
  });

  it("that waits for Webex ends at once when it is stopped", async () => {
    const store = await open();
    await authorise(store);
    const rig = timerOf(store, new FakeList(2).fails("2", failure()), database);
    await rig.timer.run();
    rig.timer.stop();
    await rig.timer.abandon();
    expect(await store.holdLease("directory-sync", 1_000)).toBeDefined();
  });

  it("that died in the middle left the old one in use, and is made anew", async () => {
    const store = await open();
    await fill(store, [someone("Old One")]);
    await authorise(store);
    // As a process that is killed: it never comes back from its third page.
    const list = new FakeList(5);
    let reached: () => void;
    const atThird = new Promise<void>((resolve) => (reached = resolve));
    list.before = (address) =>
      address === "3" ? (reached(), new Promise(() => undefined)) : Promise.resolve();
    void timerOf(store, list, database).timer.run();
    await atThird;
    await store.db.write("leases").delete();
    const rig = timerOf(store, new FakeList(2), database);
    expect(await find(store, "old")).toEqual(["Old One"]);
    await rig.timer.run();
    expect(await find(store, "person 2")).toEqual(["2a", "2b"]);
    expect((await store.directory.status()).counts).toMatchObject({ people: 4 });
  });
});

onlyOn("postgres", "the directory of two processes", (database) => {
  it("is read by one of them", async () => {
    const [one, other] = [await database.open(), await database.open()];
    await authorise(one);
    const list = new FakeList(5);
    const rigs = [timerOf(one, list, database), timerOf(other, list, database)];
    await Promise.all(rigs.map((rig) => rig.timer.run()));
    expect(list.asked).toHaveLength(5);
    await Promise.all(rigs.map(async (rig) => (await rig.timer.isDue()) && rig.timer.run()));
    expect(list.asked).toHaveLength(5);
    expect(await find(other, "person 5")).toEqual(["5a", "5b"]);
  });

  it("is not asked for again and again by whoever waits for the other", async () => {
    const store = await database.open();
    await authorise(store);
    const lease = await store.holdLease("directory-sync", 60_000);
    const list = new FakeList(1);
    const rig = timerOf(store, list, database);
    await rig.timer.run();
    expect(await rig.timer.isDue()).toBe(false);
    await lease!.letGo();
    database.clock().passReal(5_001);
    expect(await rig.timer.isDue()).toBe(true);
    await rig.timer.run();
    expect(list.asked).toEqual(["1"]);
  });

  it("is left to the other by whoever lost the lease", async () => {
    const store = await database.open();
    await authorise(store);
    const lost = new AbortController();
    const list = new FakeList(50);
    list.before = (address) => {
      if (address === "4") lost.abort();
      return Promise.resolve();
    };
    const lease = { lost: lost.signal, letGo: () => Promise.resolve() };
    const rig = timerOf(store, list, database, { holdLease: () => Promise.resolve(lease) });
    await rig.timer.run();
    expect(list.asked.length).toBeLessThan(8);
    expect(await store.directory.status()).toEqual({ dueAt: 0 });
  });
});
