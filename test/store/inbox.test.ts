import type { InboxRow, NewInboxRow } from "../../src/store/inbox";
import type { Store } from "../../src/store/store";
import { SPACE } from "../support/builders";
import { eachDatabase, onlyOn } from "../support/databases";
import { letLeasesExpire, seedSpace } from "./seed";

function anEvent(overrides: Partial<NewInboxRow> = {}): NewInboxRow {
  return { kind: "message", key: "m-1", occurredAt: 1_000, body: { id: "m-1" }, ...overrides };
}

async function keysInOrder(store: Store, limit = 100): Promise<unknown[]> {
  return (await store.inbox.claim(limit)).map((row) => (row.body as { id: string }).id);
}

async function claimOne(store: Store): Promise<InboxRow> {
  const [row] = await store.inbox.claim(1);
  if (!row) throw new Error("Nothing was due.");
  return row;
}

async function states(store: Store): Promise<string[]> {
  const rows = await store.db
    .write<{ id: string; state: string }>("inbox")
    .select("state")
    .orderBy("id");
  return rows.map((row) => row.state);
}

eachDatabase("the inbox", (database) => {
  const { open } = database;

  it("keeps an event once, however often it is delivered", async () => {
    const store = await open();
    expect(await store.inbox.add(anEvent())).toBe("stored");
    expect(await store.inbox.add(anEvent())).toBe("duplicate");
    await store.inbox.finish(await claimOne(store));
    expect(await store.inbox.add(anEvent())).toBe("duplicate");
    expect(await states(store)).toEqual(["done"]);
  });

  it("keeps one of two that arrive in the same commit", async () => {
    const store = await open();
    const first = store.inbox.add(anEvent({ key: "m-0" }));
    const outcomes = await Promise.all([first, ...[1, 2, 3].map(() => store.inbox.add(anEvent()))]);
    expect(outcomes.filter((outcome) => outcome === "stored")).toHaveLength(2);
    expect(await states(store)).toHaveLength(2);
  });

  it("lets one event that cannot be stored fail alone", async () => {
    const store = await open();
    const first = store.inbox.add(anEvent({ key: "m-0" }));
    const unprintable: Record<string, unknown> = {};
    unprintable.self = unprintable;
    const outcomes = await Promise.allSettled([
      first,
      store.inbox.add(anEvent({ key: "m-1" })),
      store.inbox.add(anEvent({ key: "m-2", body: unprintable })),
      store.inbox.add(anEvent({ key: "m-3" })),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await states(store)).toEqual(["waiting", "waiting", "waiting"]);
  });

  it("stores a flood that arrives at once", async () => {
    const store = await open();
    const events = Array.from({ length: 250 }, (_, index) => anEvent({ key: `m-${index}` }));
    const outcomes = await Promise.all(events.map((event) => store.inbox.add(event)));
    expect(new Set(outcomes)).toEqual(new Set(["stored"]));
    expect(await states(store)).toHaveLength(250);
  });

  it("gives events out in the order they came, each to one", async () => {
    const store = await open();
    const ids = Array.from({ length: 12 }, (_, index) => `m-${index}`);
    await Promise.all(ids.map((id) => store.inbox.add(anEvent({ key: id, body: { id } }))));
    expect(await keysInOrder(store, 5)).toEqual(ids.slice(0, 5));
    expect(await keysInOrder(store)).toEqual(ids.slice(5));
    expect(await keysInOrder(store)).toEqual([]);
  });

  it("gives out what was stored, as it was stored", async () => {
    const store = await open();
    await store.inbox.add(anEvent({ kind: "action", spaceId: SPACE, personId: "ana" }));
    expect(await claimOne(store)).toMatchObject({
      kind: "action",
      spaceId: SPACE,
      personId: "ana",
      occurredAt: 1_000,
      receivedAt: database.clock().now(),
      attempts: 1,
      body: { id: "m-1" },
    });
  });

  it("gives an event to somebody else when its holder's lease has run out", async () => {
    const store = await open();
    await store.inbox.add(anEvent());
    const lost = await claimOne(store);
    expect(await store.inbox.claim(1)).toEqual([]);
    await letLeasesExpire(store, database);
    const taken = await claimOne(store);
    expect(taken).toMatchObject({ id: lost.id, attempts: 2 });
    expect(taken.leaseToken).not.toBe(lost.leaseToken);
    await store.inbox.finish(lost);
    await store.inbox.retry(lost, 0, "late");
    expect(await states(store)).toEqual(["handling"]);
    await store.inbox.finish(taken);
    expect(await states(store)).toEqual(["done"]);
  });

  it("tries an event again when it is due, and not before", async () => {
    const store = await open();
    const clock = database.clock();
    await store.inbox.add(anEvent());
    await store.inbox.retry(await claimOne(store), clock.now() + 5_000, "status 503");
    expect(await store.inbox.claim(1)).toEqual([]);
    expect(await store.inbox.nextDueAt()).toBe(clock.now() + 5_000);
    await clock.advance(5_000);
    expect(await claimOne(store)).toMatchObject({ attempts: 2 });
    expect(await store.inbox.nextDueAt()).toBeUndefined();
  });

  it("gives out only what phones tell where only that is asked for", async () => {
    const store = await open();
    const clock = database.clock();
    await store.inbox.add(anEvent());
    expect(await store.inbox.claim(9, ["receipt", "text"])).toEqual([]);
    expect(await store.inbox.nextDueAt(["receipt", "text"])).toBeUndefined();
    await store.inbox.add(anEvent({ kind: "text", key: "t-1" }));
    expect(await store.inbox.nextDueAt(["receipt", "text"])).toBe(clock.now());
    const held = await store.inbox.claim(9, ["receipt", "text"]);
    expect(held.map(({ kind }) => kind)).toEqual(["text"]);
    expect(await store.inbox.claim(9)).toMatchObject([{ kind: "message" }]);
  });

  it("gives up an event in the decision that says so", async () => {
    const store = await open();
    await store.inbox.add(anEvent());
    const { id, leaseToken } = await claimOne(store);
    await store.anywhere({ kind: "inbox", id, leaseToken, end: "dead" }, () => ({
      changes: [],
      result: undefined,
    }));
    expect(await states(store)).toEqual(["dead"]);
    await letLeasesExpire(store, database);
    expect(await store.inbox.claim(1)).toEqual([]);
  });

  it("wakes those who listen for a new event, and not for one known already", async () => {
    const store = await open();
    const heard = jest.fn();
    store.onCommit(heard);
    await store.inbox.add(anEvent());
    await store.inbox.add(anEvent());
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("notes how far a space was heard, never going back", async () => {
    const store = await open();
    await seedSpace(store);
    await store.inbox.add(anEvent({ spaceId: SPACE, occurredAt: 2_000 }));
    await store.inbox.add(anEvent({ key: "m-2", spaceId: SPACE, occurredAt: 1_000 }));
    await store.inbox.add(anEvent({ key: "m-3", spaceId: "space-unknown" }));
    expect(await store.queries.spacesToCatchUp(10)).toMatchObject([{ id: SPACE, since: 2_000 }]);
  });

  describe("and work that Muster gives itself", () => {
    const reread = { kind: "reread-space", spaceId: SPACE } as const;

    it("is one row however often it is asked for before it begins", async () => {
      const store = await open();
      await store.inbox.addOwn(reread);
      await store.inbox.addOwn(reread);
      expect(await claimOne(store)).toMatchObject({ kind: "reread-space", body: reread });
      expect(await store.inbox.claim(1)).toEqual([]);
    });

    it("is done once more when it was asked for while it was done", async () => {
      const store = await open();
      await store.inbox.addOwn(reread);
      const first = await claimOne(store);
      await store.inbox.addOwn(reread);
      await store.inbox.addOwn(reread);
      await store.inbox.finish(first);
      const second = await claimOne(store);
      expect(second).toMatchObject({ id: first.id, attempts: 1 });
      await store.inbox.finish(second);
      expect(await store.inbox.claim(1)).toEqual([]);
      expect(await states(store)).toEqual(["done"]);
    });

    it("is done anew when it is asked for after it was done", async () => {
      const store = await open();
      await store.inbox.addOwn(reread);
      await store.inbox.finish(await claimOne(store));
      await store.inbox.addOwn(reread);
      expect(await claimOne(store)).toMatchObject({ attempts: 1, body: reread });
    });

    it("is one row for each space and each round", async () => {
      const store = await open();
      const lookUp = { kind: "find-conference", spaceId: SPACE, incidentId: "i-1" } as const;
      await store.inbox.addOwn(reread);
      await store.inbox.addOwn({ ...reread, spaceId: "space-other" });
      await store.inbox.addOwn({ ...lookUp, roundId: "round-1" });
      await store.inbox.addOwn({ ...lookUp, roundId: "round-2" });
      expect(await store.inbox.claim(10)).toHaveLength(4);
    });
  });
});

onlyOn("postgres", "the inbox of several processes", ({ open }) => {
  it("never gives one event to two, nor more than was asked for", async () => {
    const stores = [await open(), await open()];
    for (let index = 0; index < 60; index += 1)
      await stores[index % 2]!.inbox.add(anEvent({ key: `m-${index}` }));
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, index) => stores[index % 2]!.inbox.claim(5)),
    );
    for (const claim of claims) expect(claim.length).toBeLessThanOrEqual(5);
    const ids = claims.flat().map((row) => row.id);
    expect(ids.length).toBeGreaterThan(5);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("keeps one row of a hint that two of them hear at once", async () => {
    const stores = [await open(), await open()];
    const hints = [1, 2, 3, 4].map((index) =>
      stores[index % 2]!.inbox.addOwn({ kind: "reread-space", spaceId: SPACE }),
    );
    await Promise.all(hints);
    expect(await stores[0]!.inbox.claim(10)).toHaveLength(1);
  });
});
