import type { Receipt } from "../../src/notify/receipt";
import { Receipts, type HeldReceipt } from "../../src/store/receipts";
import type { Store } from "../../src/store/store";
import { uuidv7 } from "uuidv7";
import { anExternal } from "../support/builders";
import { ManualClock } from "../support/manual-clock";
import { eachDatabase, type TestDatabase } from "../support/databases";
import {
  aNotification,
  claimOne,
  claimRows,
  outboxRow,
  queue,
  recordOf,
  seedIncident,
  seedSpace,
  START,
} from "./seed";

const TEXT = { kind: "delivered", channel: "sms", notificationId: "n-1", at: START } as const;
const CALL = { channel: "voice", notificationId: "n-1", at: START } as const;

async function seeded(database: TestDatabase, channel: "sms" | "voice" = "sms"): Promise<Store> {
  const store = await database.open();
  await seedSpace(store, [anExternal(), anExternal({ id: "r-fay", mobile: "+14085550199" })]);
  await seedIncident(store);
  await queue(store, aNotification({ channel }));
  return store;
}

/** Sent, and the provider has said its id. */
async function accepted(database: TestDatabase, channel: "sms" | "voice" = "sms"): Promise<Store> {
  const store = await seeded(database, channel);
  const row = await claimOne(store, channel);
  await store.outbox.record(recordOf(row, "accepted", { providerId: "m-1" }));
  return store;
}

let count = 0;

async function hold(store: Store, receipt: Receipt): Promise<HeldReceipt> {
  count += 1;
  const stored = { kind: "receipt" as const, key: `receipt:${count}`, occurredAt: START };
  await store.inbox.add({ ...stored, body: receipt });
  const [row] = await store.inbox.claim(1);
  if (!row) throw new Error("The receipt was not claimed.");
  const { id, leaseToken, receivedAt } = row;
  return { id, leaseToken, receivedAt, receipt, body: row.body };
}

async function take(store: Store, receipt: Receipt): Promise<string> {
  return receiptsOf(store).take(await hold(store, receipt));
}

function receiptsOf(store: Store, onMoved: () => void = () => undefined): Receipts {
  const { db, secrets } = store;
  return new Receipts(db, { secrets, clock: new ManualClock(START), newId: uuidv7 }, onMoved);
}

eachDatabase("receipts", (database) => {
  it.each([
    ["our id", TEXT],
    [
      "the provider's",
      { kind: "delivered", channel: "sms", providerId: "m-1", at: START } as const,
    ],
  ])("say that a text arrived, by %s", async (_whose, receipt) => {
    const store = await accepted(database);
    expect(await take(store, receipt)).toBe("matched");
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "delivered", last_error: null });
  });

  it("say why a text did not, and a late one that it did after all", async () => {
    const store = await accepted(database);
    await take(store, { ...TEXT, kind: "failed", code: "7203" });
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: "failed",
      failure_code: "7203",
      last_error: "nobody has this number",
    });
    await take(store, TEXT);
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: "delivered",
      failure_code: null,
      last_error: null,
    });
    await take(store, { ...TEXT, kind: "failed", code: "7208" });
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "delivered" });
  });

  it("tell how long a call was heard, in whichever order they come", async () => {
    const store = await accepted(database, "voice");
    await take(store, { ...CALL, kind: "ended", at: START + 29_000 });
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "failed" });
    await take(store, { ...CALL, kind: "answered", at: START + 5_000 });
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "delivered", call_seconds: 24 });
  });

  it("may come before the send's own answer, which then adds the provider's id", async () => {
    const store = await seeded(database);
    const row = await claimOne(store, "sms");
    expect(await take(store, TEXT)).toBe("matched");
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "delivered" });
    const heard = await store.outbox.record(
      recordOf(row, "accepted", { providerId: "m-1", sent: { to: "+1", text: "Come." } }),
    );
    expect(heard).toBe(true);
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: "delivered",
      provider_id: "m-1",
      lease_token: null,
    });
  });

  it("for an attempt whose outcome was unclear count once the next one is accepted", async () => {
    const store = await seeded(database);
    const first = await claimOne(store, "sms");
    await store.outbox.record(
      recordOf(first, "queued", { unclearSince: START, maybeSent: true, dueAt: START }),
    );
    expect(await take(store, TEXT)).toBe("matched");
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "queued" });
    const again = await claimOne(store, "sms");
    await store.outbox.record(recordOf(again, "accepted", { providerId: "m-1" }));
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "delivered" });
  });

  it("move nothing that was never sent", async () => {
    const store = await seeded(database);
    await take(store, TEXT);
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "queued" });
    expect(await claimRows(store, "sms")).toHaveLength(1);
  });

  it("of the other channel, or of an unknown id, are nobody's, and stay to be looked at", async () => {
    const store = await accepted(database);
    expect(await take(store, { ...TEXT, channel: "voice" })).toBe("unmatched");
    expect(await take(store, { ...TEXT, notificationId: "n-999" })).toBe("unmatched");
    expect(await store.db.write("receipts").select("*")).toEqual([]);
    expect(await store.db.write("inbox").where({ state: "handling" })).toHaveLength(2);
  });

  it("taken by somebody else meanwhile write nothing", async () => {
    const store = await accepted(database);
    const held = await hold(store, TEXT);
    expect(await receiptsOf(store).take({ ...held, leaseToken: "another" })).toBe("lost");
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "accepted" });
    expect(await store.db.write("receipts").select("*")).toEqual([]);
  });

  it("that come together are taken together, and mark round and status card", async () => {
    const store = await accepted(database);
    await queue(store, aNotification({ id: "n-2", responderId: "r-fay" }));
    const second = await claimOne(store, "sms");
    await store.outbox.record(recordOf(second, "accepted", { providerId: "m-2" }));
    await store.db.write("rounds").update({ due_at: null });
    let moved = 0;
    const receipts = receiptsOf(store, () => (moved += 1));
    const held = [
      await hold(store, TEXT),
      await hold(store, { ...TEXT, notificationId: "n-2" }),
      await hold(store, { ...TEXT, kind: "submitted" }),
    ];
    const outcomes = await Promise.all(held.map((one) => receipts.take(one)));
    expect(outcomes).toEqual(["matched", "matched", "matched"]);
    expect(moved).toBe(3);
    expect(await outboxRow(store, "n-2")).toMatchObject({ state: "delivered" });
    expect(await store.db.write("rounds").whereNotNull("due_at")).toHaveLength(1);
  });

  it("keep their bodies encrypted", async () => {
    const store = await accepted(database);
    await take(store, TEXT);
    const [row] = await store.db
      .write<{ id: string; body: string }>("receipts")
      .select("id", "body");
    expect(row?.body).not.toContain("n-1");
    const opened: unknown = JSON.parse(
      store.secrets.decrypt(row?.body ?? "", "receipts", row?.id ?? ""),
    );
    expect(opened).toEqual(TEXT);
  });
});

eachDatabase("sends of which nothing is heard", (database) => {
  const minute = 60_000;

  it("are due once, five minutes after they were accepted", async () => {
    const store = await accepted(database);
    const { silentSends } = store;
    expect(await silentSends.nextAt(START)).toBe(START + 5 * minute);
    expect(await silentSends.due(START + 5 * minute - 1)).toEqual([]);
    const [send] = await silentSends.due(START + 5 * minute);
    expect(send).toEqual({ id: "n-1", channel: "sms", providerId: "m-1" });
    await silentSends.note(send!, []);
    expect(await silentSends.due(START + 6 * minute)).toEqual([]);
    expect(await silentSends.nextAt(START + 6 * minute)).toBeUndefined();
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "accepted" });
  });

  it("move by what the provider says, and by a receipt that comes after all", async () => {
    const store = await accepted(database);
    const [send] = await store.silentSends.due(START + 5 * minute);
    await store.silentSends.note(send!, [
      { kind: "failed", channel: "sms", code: "7207", at: START },
    ]);
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: "failed",
      last_error: "the phone is out of coverage",
    });
    await take(store, TEXT);
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "delivered" });
  });

  it("are not those that are over, on Webex, or an hour old", async () => {
    const store = await accepted(database);
    expect(await store.silentSends.due(START + 60 * minute)).toEqual([]);
    await take(store, TEXT);
    expect(await store.silentSends.due(START + 5 * minute)).toEqual([]);
    const other = await seededWith(store);
    expect(await store.silentSends.due(START + 5 * minute)).toEqual([]);
    expect(other).toBe("accepted");
  });

  async function seededWith(store: Store): Promise<string> {
    await queue(store, aNotification({ id: "n-webex", responderId: "r-fay", channel: "webex" }));
    const row = await claimOne(store, "webex");
    await store.outbox.record(recordOf(row, "accepted", { providerId: "w-1" }));
    return (await outboxRow(store, "n-webex")).state;
  }
});
