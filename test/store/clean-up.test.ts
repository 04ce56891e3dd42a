import type { Store } from "../../src/store/store";
import { SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import {
  anEffect,
  anIncidentStopped,
  aNotification,
  MINUTE,
  outboxStates,
  queueEffects,
  seedRunning,
  seedSpace,
  seedStatusCard,
  settleFirst,
  START,
  write,
} from "./seed";

const DAY = 24 * 60 * MINUTE;

async function ids(store: Store, table: string): Promise<string[]> {
  const rows = await store.db.write<{ id: string }>(table).select("id").orderBy("id");
  return rows.map((row) => row.id);
}

async function writeCard(
  store: Store,
  id: string,
  more: { incidentId?: string; expiresAt?: number } = {},
): Promise<void> {
  const card = { id, kind: "notice" as const, spaceId: SPACE, ...more };
  await write(store, { kind: "card.written", card, at: START });
}

eachDatabase("cleaning up", (database) => {
  const { open } = database;
  const advance = (ms: number): Promise<void> => database.clock().advance(ms);

  it("deletes finished effects after seven days, and nothing that is history or waits", async () => {
    const store = await open();
    await seedRunning(store, undefined, aNotification());
    await queueEffects(store, anEffect({ id: "old" }), anEffect({ id: "waiting" }));
    await settleFirst(store, "sms", "accepted");
    await settleFirst(store, "talk", "accepted");
    await advance(DAY);
    await queueEffects(store, anEffect({ id: "young", expiresAt: START + 9 * DAY, priority: -1 }));
    await settleFirst(store, "talk", "failed");
    await advance(6 * DAY);
    await store.cleanUp();
    expect(await ids(store, "outbox")).toEqual(["n-1", "old", "waiting", "young"]);
    await advance(1);
    await store.cleanUp();
    expect(await outboxStates(store)).toEqual({
      "n-1": "accepted",
      waiting: "queued",
      young: "failed",
    });
  });

  it("deletes finished events after seven days, in any number", async () => {
    const store = await open();
    const add = (key: string) =>
      store.inbox.add({ kind: "message", key, occurredAt: 1, body: "x" });
    await Promise.all(Array.from({ length: 210 }, (_, index) => add(`m-${index}`)));
    for (const row of await store.inbox.claim(210)) await store.inbox.finish(row);
    await add("waiting");
    await advance(7 * DAY);
    await store.cleanUp();
    expect(await ids(store, "inbox")).toHaveLength(211);
    await advance(1);
    await store.cleanUp();
    expect(await ids(store, "inbox")).toHaveLength(1);
    expect(await store.inbox.claim(1)).toHaveLength(1);
  });

  it("keeps an incident's cards until thirty days after it ended", async () => {
    const store = await open();
    await seedRunning(store);
    await writeCard(store, "of-incident", { incidentId: "incident-1" });
    await advance(40 * DAY);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["of-incident"]);
    await write(store, anIncidentStopped(1, database.clock().now()));
    await advance(30 * DAY);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["of-incident"]);
    await advance(1);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual([]);
    expect(await ids(store, "incidents")).toEqual(["incident-1"]);
  });

  it("deletes a card of no incident an hour after it expired, whatever it remembers", async () => {
    const store = await open();
    await seedRunning(store);
    const expiresAt = database.clock().now() + 30 * MINUTE;
    const about = { kind: "notice" as const, expiresAt, payload: { people: [{ name: "Eve" }] } };
    await write(
      store,
      { kind: "card.written", card: { ...about, id: "list" }, at: START },
      { kind: "card.written", card: { ...about, id: "of-space", spaceId: SPACE }, at: START },
      {
        kind: "card.written",
        card: { ...about, id: "of-incident", spaceId: SPACE, incidentId: "incident-1" },
        at: START,
      },
    );
    await advance(90 * MINUTE);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["list", "of-incident", "of-space"]);
    await advance(1);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["of-incident"]);
  });

  it("deletes other cards after thirty days, but not one that stands in a space", async () => {
    const store = await open();
    await seedSpace(store);
    await writeCard(store, "standing", { expiresAt: START });
    await writeCard(store, "passing");
    await seedStatusCard(store, { card_id: "standing" });
    await advance(30 * DAY);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["passing", "standing"]);
    await advance(1);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["standing"]);
  });

  it("forgets what a number got and wrote, but never that it wants no texts", async () => {
    const store = await open();
    const times = JSON.stringify([START]);
    const row = { texts: times, calls: times, heard: times, answered: times, changed_at: START };
    await store.db.write("numbers").insert([
      { ...row, hash: "opted-out", opted_out_at: START, opt_out_source: "stop" },
      { ...row, hash: "texted" },
      { ...row, hash: "told-later", last_hint_at: START + DAY },
    ]);
    await advance(DAY);
    await store.cleanUp();
    expect(await store.db.write("numbers").whereNotNull("heard")).toHaveLength(3);
    await advance(1);
    await store.cleanUp();
    const left = await store.db.write("numbers").select("*").orderBy("hash");
    expect(left).toMatchObject([
      { hash: "opted-out", opted_out_at: START, opt_out_source: "stop", texts: "[]", calls: "[]" },
      { hash: "told-later", heard: times },
    ]);
    expect(left[0]).toMatchObject({ heard: null, answered: null, last_hint_at: null });
    await store.cleanUp();
  });

  it("erases what the provider said after thirty days, and keeps what it meant", async () => {
    const store = await open();
    await seedRunning(store, undefined, aNotification());
    const receipts = Array.from({ length: 210 }, (_, index) => ({
      id: `receipt-${String(index)}`,
      outbox_id: "n-1",
      kind: "submitted",
      code: "7501",
      at: START,
      received_at: START,
      body: "sealed",
    }));
    await store.db.write.batchInsert("receipts", receipts, 100);
    await store.db
      .write("receipts")
      .where({ id: "receipt-0" })
      .update({ received_at: START + DAY });
    const bodies = () => store.db.write("receipts").whereNotNull("body").select("id");
    await advance(30 * DAY);
    await store.cleanUp();
    expect(await bodies()).toHaveLength(210);
    await advance(1);
    await store.cleanUp();
    expect(await bodies()).toEqual([{ id: "receipt-0" }]);
    expect(
      await store.db.write("receipts").where({ kind: "submitted", code: "7501" }),
    ).toHaveLength(210);
  });

  it("deletes week old calls, in any number", async () => {
    const store = await open();
    await seedRunning(store, undefined, aNotification({ channel: "voice" }));
    const call = { outbox_id: "n-1", step: "over", last_event: "h", last_action: "sealed" };
    const calls = Array.from({ length: 150 }, (_, index) => ({
      ...call,
      ...{ wrong_keys: 0, silences: 0, asked: 1, changed_at: START },
      session_id: `s-${String(index)}`,
    }));
    await store.db.write.batchInsert("calls", calls, 50);
    await advance(7 * DAY);
    await store.cleanUp();
    expect(await store.db.write("calls").select("session_id")).toHaveLength(150);
    await advance(1);
    await store.cleanUp();
    expect(await store.db.write("calls").select("session_id")).toEqual([]);
  });
});
