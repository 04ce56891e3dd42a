import { anExternal, SPACE } from "../support/builders";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import type { Store } from "../../src/store/store";
import {
  aNotification,
  aRound,
  claimRows,
  queue,
  recordOf,
  seedIncident,
  seedSpace,
  somebodyWaits,
  START,
  write,
} from "./seed";

/** Two people to be told in a round that was looked at once already. */
async function seedLookedAt(store: Store): Promise<void> {
  await seedSpace(store, [anExternal(), anExternal({ id: "r-fay", mobile: "+14085550199" })]);
  await seedIncident(store);
  await queue(
    store,
    aNotification(),
    aNotification({ id: "n-2", responderId: "r-fay", position: 1 }),
  );
  await lookAt(store);
}

/** As the decision that finds a round still open. */
async function lookAt(store: Store): Promise<void> {
  for (const { id, dueAt } of await store.queries.dueRounds(Number.MAX_SAFE_INTEGER))
    await store.withProgress(
      { kind: "due", table: "rounds", id, dueAt },
      { spaceId: SPACE },
      () => ({ changes: [], result: undefined }),
    );
}

async function dueIds(store: Store, database: TestDatabase): Promise<string[]> {
  return (await store.queries.dueRounds(database.clock().now())).map((round) => round.id);
}

eachDatabase("a round", (database) => {
  const { open } = database;

  it("is looked at as soon as it was opened, for there may be nobody to tell", async () => {
    const store = await open();
    await seedSpace(store);
    await seedIncident(store);
    expect(await store.queries.dueRounds(START)).toMatchObject([
      { id: "round-1", spaceId: SPACE, dueAt: START },
    ]);
    expect(await store.queries.nextRoundDueAt()).toBe(START);
  });

  it("is not looked at while something of it waits", async () => {
    const store = await open();
    await seedLookedAt(store);
    const [row] = await claimRows(store, "sms", 1);
    await store.outbox.record(recordOf(row!, "accepted"));
    expect(await dueIds(store, database)).toEqual([]);
    expect(await store.queries.nextRoundDueAt()).toBeUndefined();
  });

  it("is looked at when the last of it has been tried", async () => {
    const store = await open();
    await seedLookedAt(store);
    for (const row of await claimRows(store, "sms"))
      await store.outbox.record(recordOf(row, "accepted"));
    expect(await dueIds(store, database)).toEqual(["round-1"]);
  });

  it("is not looked at for one that will be tried again", async () => {
    const store = await open();
    await seedLookedAt(store);
    const [one, two] = await claimRows(store, "sms");
    await store.outbox.record(recordOf(one!, "queued", { dueAt: START + 9_000 }));
    await store.outbox.record(recordOf(two!, "accepted"));
    expect(await dueIds(store, database)).toEqual([]);
  });

  it("is looked at when what waited was cancelled or was not needed any more", async () => {
    const store = await open();
    await seedLookedAt(store);
    await write(store, {
      kind: "notifications.cancelled",
      filter: { responderId: "r-eve", reason: "left the roster" },
    });
    expect(await dueIds(store, database)).toEqual(["round-1"]);
    await lookAt(store);
    await write(store, { kind: "roster.removed", spaceId: SPACE, responderId: "r-fay" });
    await store.outbox.claim("sms", 10);
    expect(await dueIds(store, database)).toEqual(["round-1"]);
  });

  it("is never looked at again once it is closed", async () => {
    const store = await open();
    await seedLookedAt(store);
    const rows = await claimRows(store, "sms");
    await write(store, { kind: "round.closed", roundId: "round-1", at: START });
    for (const row of rows) await store.outbox.record(recordOf(row, "accepted"));
    expect(await dueIds(store, database)).toEqual([]);
  });

  it("leaves the incident's other rounds alone", async () => {
    const store = await open();
    await seedLookedAt(store);
    await write(store, { kind: "round.opened", round: aRound({ id: "round-2", kind: "update" }) });
    await queue(store, aNotification({ id: "n-3", roundId: "round-2", kind: "update" }));
    await lookAt(store);
    const rows = (await claimRows(store, "sms")).filter((row) => row.roundId === "round-1");
    for (const row of rows) await store.outbox.record(recordOf(row, "accepted"));
    expect(await dueIds(store, database)).toEqual(["round-1"]);
  });

  it("counts up within its incident", async () => {
    const store = await open();
    await seedSpace(store);
    await seedIncident(store);
    await write(store, { kind: "round.opened", round: aRound({ id: "round-2" }) });
    await seedSpace(store, [], "space-other");
    await seedIncident(store, 3, "space-other");
    const rows = await store.db
      .write<{ id: string; number: number }>("rounds")
      .select("id", "number")
      .orderBy("id");
    expect(rows).toEqual([
      { id: "round-1", number: 1 },
      { id: "round-2", number: 2 },
      { id: "round-3", number: 1 },
    ]);
  });

  it("tells which of its notifications are open and how the others ended", async () => {
    const store = await open();
    await seedLookedAt(store);
    const [row] = await claimRows(store, "sms", 1);
    await store.outbox.record(recordOf(row!, "failed", { error: "no such number" }));
    const read = await store.withProgress({ kind: "reading" }, { spaceId: SPACE }, (state) => ({
      changes: [],
      result: state,
    }));
    if (!read.isDone) throw new Error("It was not read.");
    expect(read.result.openRounds).toEqual(new Set(["round-1"]));
    const eve = read.result.progress.find((one) => one.responder.id === "r-eve");
    expect(eve?.outcomes).toMatchObject([
      { channel: "sms", state: "failed", maybeSent: false, roundId: "round-1" },
    ]);
  });
});

onlyOn("postgres", "a round that two processes work on", ({ open }) => {
  it("is looked at once more when a record comes while it is looked at", async () => {
    const store = await open();
    await seedLookedAt(store);
    const rows = await claimRows(store, "sms");
    await store.outbox.record(recordOf(rows[0]!, "accepted"));
    const [due] = await store.queries.dueRounds(START);
    // A decision that has taken the mark away and has read the round, but is not committed yet.
    const looking = await store.db.write.transaction();
    await looking("rounds").where({ id: due!.id, due_at: due!.dueAt }).update({ due_at: null });
    const recorded = store.outbox.record(recordOf(rows[1]!, "accepted"));
    await somebodyWaits(store);
    await looking.commit();
    await recorded;
    expect(await store.queries.dueRounds(START)).toMatchObject([{ id: "round-1" }]);
  });
});
