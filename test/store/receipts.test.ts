import type { Receipt } from "../../src/notify/receipt";
import { Receipts, type HeldReceipt } from "../../src/store/receipts";
import type { Store } from "../../src/store/store";
import { uuidv7 } from "uuidv7";
import { anExternal, SPACE } from "../support/builders";
import { ManualClock } from "../support/manual-clock";
import { eachDatabase, type TestDatabase } from "../support/databases";
import {
  aNotification,
  claimOne,
  claimRows,
  letLeasesExpire,
  outboxRow,
  queue,
  recordOf,
  seedIncident,
  seedSpace,
  seedStatusCard,
  START,
  write,
} from "./seed";

const TEXT = { kind: "delivered", channel: "sms", notificationId: "n-1", at: START } as const;
const SUBMITTED = { ...TEXT, kind: "submitted" } as const;
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

/** Tried once, and nobody knows what came of it. */
async function unclear(database: TestDatabase, channel: "sms" | "voice" = "sms"): Promise<Store> {
  const store = await seeded(database, channel);
  const row = await claimOne(store, channel);
  await store.outbox.record(
    recordOf(row, "queued", { unclearSince: START, maybeSent: true, dueAt: START }),
  );
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

function receiptsOf(store: Store, onMarked: () => void = () => undefined): Receipts {
  const { db, secrets } = store;
  return new Receipts(db, { secrets, clock: new ManualClock(START), newId: uuidv7 }, onMarked);
}

/** How often somebody was woken by then, after each of these. */
async function wakings(store: Store, taken: readonly Receipt[]): Promise<number[]> {
  let told = 0;
  const receipts = receiptsOf(store, () => (told += 1));
  const toldAfter: number[] = [];
  for (const receipt of taken) {
    await receipts.take(await hold(store, receipt));
    toldAfter.push(told);
  }
  return toldAfter;
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
    const store = await unclear(database);
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

  it("with our id are of whatever was sent under it, whichever channel they guess", async () => {
    const store = await accepted(database, "voice");
    expect(await take(store, { ...TEXT, kind: "failed", code: "7005" })).toBe("matched");
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: "failed",
      failure_code: "7005",
      last_error: "the provider gave up",
    });
  });

  it("of the other channel's id, or of an unknown one, are nobody's, and stay to be looked at", async () => {
    const store = await accepted(database);
    const nameless = { kind: "ended", channel: "voice", providerId: "m-1", at: START } as const;
    expect(await take(store, nameless)).toBe("unmatched");
    expect(await take(store, { ...TEXT, notificationId: "n-999" })).toBe("unmatched");
    expect(await store.db.write("receipts").select("*")).toEqual([]);
    expect(await store.db.write("inbox").where({ state: "handling" })).toHaveLength(2);
  });

  it("tell the provider's id where the answer to the send was lost", async () => {
    const store = await unclear(database, "voice");
    await take(store, { ...CALL, kind: "offered", providerId: "m-1" });
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "queued", provider_id: "m-1" });
    const again = await claimOne(store, "voice");
    // A duplicate counts as accepted, and says no id.
    await store.outbox.record(recordOf(again, "accepted", { unclearSince: null }));
    const nameless = { channel: "voice", providerId: "m-1" } as const;
    await take(store, { ...nameless, kind: "answered", at: START });
    await take(store, { ...nameless, kind: "ended", at: START + 20_000 });
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "delivered", call_seconds: 20 });
  });

  it("keep the id that the send's own answer gave", async () => {
    const store = await accepted(database);
    await take(store, { ...TEXT, providerId: "m-2" });
    expect(await outboxRow(store, "n-1")).toMatchObject({ provider_id: "m-1" });
  });

  describe("for an attempt whose outcome was unclear count once nothing more is tried", () => {
    it.each<[string, (store: Store) => Promise<unknown>]>([
      [
        "because of a stop",
        (store) =>
          write(store, {
            kind: "notifications.cancelled",
            filter: { incidentId: "incident-1", reason: "the incident is over" },
          }),
      ],
      [
        "because it is too late",
        async (store) => {
          await database.clock().advance(31 * 60_000);
          await claimRows(store, "sms");
        },
      ],
      [
        "because it is not needed any more",
        async (store) => {
          await write(store, { kind: "roster.removed", spaceId: SPACE, responderId: "r-eve" });
          await claimRows(store, "sms");
        },
      ],
      [
        "because the sender died after a stop",
        async (store) => {
          await claimRows(store, "sms");
          await write(store, {
            kind: "notifications.cancelled",
            filter: { incidentId: "incident-1", reason: "the incident is over" },
          });
          await letLeasesExpire(store, database);
          await claimRows(store, "sms");
        },
      ],
      [
        "because of a stop during the next attempt",
        async (store) => {
          const row = await claimOne(store, "sms");
          await write(store, {
            kind: "notifications.cancelled",
            filter: { incidentId: "incident-1", reason: "the incident is over" },
          });
          await store.outbox.record(recordOf(row, "queued", { dueAt: START }));
        },
      ],
      [
        "because it was given up",
        async (store) => store.outbox.record(recordOf(await claimOne(store, "sms"), "expired")),
      ],
      [
        "because the provider refused the next one",
        async (store) => store.outbox.record(recordOf(await claimOne(store, "sms"), "failed")),
      ],
    ])("%s", async (_why, ending) => {
      const store = await unclear(database);
      await take(store, TEXT);
      expect(await outboxRow(store, "n-1")).toMatchObject({ state: "queued" });
      await ending(store);
      expect(await outboxRow(store, "n-1")).toMatchObject({
        state: "delivered",
        last_error: null,
        maybe_sent: 0,
        unclear_since: null,
      });
    });
  });

  it.each<["sms" | "voice", string | undefined]>([
    ["sms", "blocked"],
    ["voice", undefined],
  ])("of a block (%s) end texts to that number, not calls", async (channel, optOut) => {
    const store = await seeded(database, channel);
    const row = await claimOne(store, channel);
    const sent = { to: "+14085550101", text: "Come." };
    await store.outbox.record(recordOf(row, "accepted", { providerId: "m-1", sent }));
    await take(store, { ...TEXT, channel, kind: "failed", code: "7720" });
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "failed", failure_code: "7720" });
    const known = await store.forNumber({ kind: "reading" }, sent.to, (state) => ({
      changes: [],
      result: state,
    }));
    expect(known.isDone && known.result.optOut).toBe(optOut);
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
    let told = 0;
    const receipts = receiptsOf(store, () => (told += 1));
    const held = [
      await hold(store, TEXT),
      await hold(store, { ...TEXT, notificationId: "n-2" }),
      await hold(store, SUBMITTED),
    ];
    const outcomes = await Promise.all(held.map((one) => receipts.take(one)));
    expect(outcomes).toEqual(["matched", "matched", "matched"]);
    // The first alone, the others in the next commit.
    expect(told).toBe(2);
    expect(await outboxRow(store, "n-2")).toMatchObject({ state: "delivered" });
    expect(await store.db.write("rounds").whereNotNull("due_at")).toHaveLength(1);
  });

  it("of a round that is closed wake whoever keeps the status card", async () => {
    const store = await accepted(database);
    await store.db.write("rounds").update({ due_at: null, closed_at: START });
    await seedStatusCard(store);
    expect(await wakings(store, [SUBMITTED, TEXT])).toEqual([0, 1]);
  });

  it("that change nothing wake nobody", async () => {
    const store = await accepted(database);
    const again = { ...TEXT, at: START + 1 };
    expect(await wakings(store, [SUBMITTED, TEXT, again])).toEqual([0, 1, 1]);
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
