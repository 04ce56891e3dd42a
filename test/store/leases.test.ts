import { once } from "node:events";
import type { Database } from "../../src/store/database";
import { holdLease } from "../../src/store/leases";
import type { Store } from "../../src/store/store";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";

/** Work that goes on until told to end. */
function longWork(): { work: () => Promise<string>; end: () => void } {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended.then(() => "long"), end: () => end() };
}

async function letItRunOut(store: Store, database: TestDatabase, ms: number): Promise<void> {
  if (database.dialect === "sqlite") database.clock().passReal(ms + 1);
  else await store.db.write("leases").decrement("until", ms + 1);
}

eachDatabase("a lease for work of unknown length", (database) => {
  const nothing = () => Promise.resolve(1);

  it("is one process's until it lets go", async () => {
    const store = await database.open();
    const lease = await store.holdLease("sync", 60_000);
    expect(await store.holdLease("sync", 60_000)).toBeUndefined();
    expect(await store.underLease("sync", 60_000, nothing)).toBeUndefined();
    await lease!.letGo();
    expect(lease!.lost.aborted).toBe(false);
    expect(await store.underLease("sync", 60_000, nothing)).toBe(1);
  });

  it("is renewed, and said to be lost when another process took it", async () => {
    const store = await database.open();
    const lease = (await store.holdLease("sync", 150))!;
    const row = () => store.db.write<{ name: string; until: number }>("leases").first();
    await store.db.write("leases").update({ until: 0 });
    while ((await row())?.until === 0) await new Promise((resolve) => setImmediate(resolve));
    await store.db.write("leases").update({ holder: "another" });
    await once(lease.lost, "abort");
    await lease.letGo();
    expect(await row()).toMatchObject({ holder: "another" });
  });
});

/** The database of a store, that refuses to renew a lease while `isAway`. */
function unsteady({ db }: Store) {
  const tries = { isAway: true, failed: 0, renewed: 0 };
  const leases = (table: string) => {
    const rows = db.write(table);
    const where = (which: object) => {
      const row = rows.where(which);
      const update = async (values: object): Promise<number> => {
        if (tries.isAway) {
          tries.failed += 1;
          throw new Error("The database is away.");
        }
        const updated = await row.update(values);
        tries.renewed += 1;
        return updated;
      };
      return { update, delete: () => row.delete() };
    };
    return { where, insert: (values: object) => rows.insert(values) };
  };
  const write = Object.assign(leases, { raw: db.write.raw.bind(db.write) });
  return { db: { ...db, write: write as unknown as Database["write"] }, tries };
}

eachDatabase("a lease whose renewal fails", (database) => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it("is kept where a later try is in time", async () => {
    const store = await database.open();
    const { db, tries } = unsteady(store);
    const lease = (await holdLease(db, "sync", 3_000))!;
    while (tries.failed < 2) await turn();
    tries.isAway = false;
    while (tries.renewed < 1) await turn();
    expect(lease.lost.aborted).toBe(false);
    expect(await store.underLease("sync", 1_000, () => Promise.resolve(1))).toBeUndefined();
    await lease.letGo();
  });

  it("is lost once it has run out, and not before", async () => {
    const { db, tries } = unsteady(await database.open());
    const lease = (await holdLease(db, "sync", 300))!;
    await once(lease.lost, "abort");
    // One failure ends it as little as the second: it ends when nobody could have renewed it.
    expect(tries.failed).toBeGreaterThan(1);
    expect(lease.lost.reason).toEqual(new Error("The database is away."));
    await lease.letGo();
  });
});

eachDatabase("a named lease", (database) => {
  const { open } = database;

  it("lets one run at a time, and gives way when that has ended", async () => {
    const store = await open();
    const { work, end } = longWork();
    const first = store.underLease("sync", 60_000, work);
    const second = jest.fn(() => Promise.resolve("second"));
    await expect(whenTaken(store)).resolves.toBe(true);
    expect(await store.underLease("sync", 60_000, second)).toBeUndefined();
    expect(second).not.toHaveBeenCalled();
    end();
    expect(await first).toBe("long");
    expect(await store.underLease("sync", 60_000, second)).toBe("second");
  });

  it("holds nothing of another name back", async () => {
    const store = await open();
    const { work, end } = longWork();
    const first = store.underLease("sync", 60_000, work);
    await whenTaken(store);
    expect(await store.underLease("other", 60_000, () => Promise.resolve(1))).toBe(1);
    end();
    await first;
  });

  it("is free again when the work failed", async () => {
    const store = await open();
    const failing = store.underLease("sync", 60_000, () => Promise.reject(new Error("broken")));
    await expect(failing).rejects.toThrow("broken");
    expect(await store.underLease("sync", 60_000, () => Promise.resolve(1))).toBe(1);
  });

  it("runs out, and is not taken from its next holder when the late one ends", async () => {
    const store = await open();
    const late = longWork();
    const next = longWork();
    const lateRun = store.underLease("sync", 1_000, late.work);
    await whenTaken(store);
    await letItRunOut(store, database, 1_000);
    const nextRun = store.underLease("sync", 60_000, next.work);
    await whenTaken(store, 2);
    late.end();
    await lateRun;
    expect(await store.underLease("sync", 60_000, () => Promise.resolve(1))).toBeUndefined();
    next.end();
    expect(await nextRun).toBe("long");
  });

  const holders = new Set<string>();
  beforeEach(() => holders.clear());

  /** Resolves when the lease has been taken by so many, one after the other. */
  async function whenTaken(store: Store, times = 1): Promise<boolean> {
    while (holders.size < times) {
      const rows = await store.db.write<{ name: string; holder: string }>("leases");
      for (const row of rows) if (row.name === "sync") holders.add(row.holder);
    }
    return true;
  }
});

onlyOn("postgres", "a named lease of several processes", ({ open }) => {
  it("goes to one of those who ask at the same moment", async () => {
    const stores = [await open(), await open()];
    const { work, end } = longWork();
    let refused = 0;
    const runs = [0, 1, 0, 1].map(async (index) => {
      const result = await stores[index]!.underLease("sync", 60_000, work);
      if (result === undefined && (refused += 1) === 3) end();
      return result;
    });
    expect((await Promise.all(runs)).filter((result) => result === "long")).toHaveLength(1);
  });
});
