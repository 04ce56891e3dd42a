import type { Store } from "../../src/store/store";
import { ana, SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import {
  aNotification,
  anEffect,
  claimRows,
  MINUTE,
  outboxStates,
  queue,
  queueEffects,
  recordOf,
  seedIncident,
  seedSpace,
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
    await seedSpace(store);
    await seedIncident(store);
    await queue(store, aNotification());
    await queueEffects(store, anEffect({ id: "old" }), anEffect({ id: "waiting" }));
    const [notification] = await claimRows(store, "sms");
    await store.outbox.record(recordOf(notification!, "accepted"));
    const [old] = await claimRows(store, "talk", 1);
    await store.outbox.record(recordOf(old!, "accepted"));
    await advance(DAY);
    await queueEffects(store, anEffect({ id: "young", expiresAt: START + 9 * DAY, priority: -1 }));
    const [young] = await claimRows(store, "talk", 1);
    await store.outbox.record(recordOf(young!, "failed"));
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
    await seedSpace(store);
    await seedIncident(store);
    await writeCard(store, "of-incident", { incidentId: "incident-1" });
    await advance(40 * DAY);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["of-incident"]);
    const at = database.clock().now();
    await write(store, {
      kind: "incident.stopped",
      incidentId: "incident-1",
      by: ana,
      reason: "command",
      at,
    });
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
    await seedSpace(store);
    await seedIncident(store);
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
    await store.db.write("status_cards").insert({
      space_id: SPACE,
      card_id: "standing",
      message_id: "message-1",
      wanted_version: 1,
      posted_version: 1,
      picture: "",
      replaced_at: START,
      looked_at: START,
      line_edits: 0,
    });
    await advance(30 * DAY);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["passing", "standing"]);
    await advance(1);
    await store.cleanUp();
    expect(await ids(store, "cards")).toEqual(["standing"]);
  });

  it("forgets how many texts a number had, but never that it wants none", async () => {
    const store = await open();
    await store.db.write("numbers").insert([
      { hash: "texted", texts: "[]", calls: "[]", changed_at: START },
      { hash: "opted-out", texts: "[]", calls: "[]", changed_at: START, opted_out_at: START },
    ]);
    await advance(DAY + 1);
    await store.cleanUp();
    expect(await store.db.write("numbers").select("hash")).toEqual([{ hash: "opted-out" }]);
  });
});
