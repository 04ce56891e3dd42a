import type { CancelFilter } from "../../src/notify/change";
import type { SendState } from "../../src/notify/notification";
import type { AttemptRecord } from "../../src/notify/outbox-row";
import type { Store } from "../../src/store/store";
import { anExternal, SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import {
  anEffect,
  aNotification,
  claimIds,
  claimOne,
  claimRows,
  outboxRow,
  outboxStates,
  queue,
  queueEffects,
  recordOf,
  seedRunning,
  seedSpace,
  settleFirst,
  START,
  write,
} from "./seed";

async function seedTwo(store: Store): Promise<void> {
  const fay = anExternal({ id: "r-fay", mobile: "+14085550199" });
  const toFay = aNotification({ id: "n-2", responderId: fay.id });
  await seedRunning(store, [anExternal(), fay], aNotification(), toFay);
}

async function cancel(store: Store, filter: Partial<CancelFilter> = {}): Promise<void> {
  await write(store, {
    kind: "notifications.cancelled",
    filter: { responderId: "r-eve", reason: "left the roster", ...filter },
  });
}

eachDatabase("recording what came of an attempt", (database) => {
  const { open } = database;

  it("keeps the state, the provider's id and what was sent, and ends the lease", async () => {
    const store = await open();
    await seedTwo(store);
    const heard = await settleFirst(store, "sms", "accepted", {
      providerId: "tid-1",
      sent: { to: "+14085550101", text: "Come." },
    });
    expect(heard).toBe(true);
    const stored = await outboxRow(store, "n-1");
    expect(stored).toMatchObject({
      state: "accepted",
      provider_id: "tid-1",
      lease_token: null,
      lease_until: null,
      last_error: null,
    });
    expect(JSON.parse(store.secrets.decrypt(stored.payload, "outbox", "n-1"))).toEqual({
      to: "+14085550101",
      text: "Come.",
    });
    expect(await outboxStates(store)).toEqual({ "n-1": "accepted", "n-2": "queued" });
  });

  it("keeps why and when to try again, and gives that to the next attempt", async () => {
    const store = await open();
    await seedTwo(store);
    await settleFirst(store, "sms", "queued", {
      dueAt: START + 2_000,
      keyNumber: 2,
      maybeSent: true,
      error: "status 429",
    });
    expect(await outboxRow(store, "n-1")).toMatchObject({ last_error: "status 429" });
    expect(await claimIds(store, "sms")).toEqual(["n-2"]);
    await database.clock().advance(2_000);
    expect(await claimOne(store, "sms")).toMatchObject({
      id: "n-1",
      attempts: 2,
      keyNumber: 2,
      maybeSent: true,
    });
  });

  it("forgets that an attempt was unclear when its record says so", async () => {
    const store = await open();
    await seedTwo(store);
    await settleFirst(store, "sms", "queued", { unclearSince: START });
    const again = (await claimRows(store, "sms")).find((row) => row.id === "n-1");
    expect(again).toMatchObject({ unclearSince: START });
    await store.outbox.record(recordOf(again!, "accepted", { unclearSince: null }));
    expect(await outboxRow(store, "n-1")).toMatchObject({ unclear_since: null });
  });

  it("hears only whoever holds the row", async () => {
    const store = await open();
    await seedTwo(store);
    const [row] = await claimRows(store, "sms", 1);
    const stranger = { ...recordOf(row!, "failed"), leaseToken: "somebody-else" };
    expect(await store.outbox.record(stranger)).toBe(false);
    expect(await store.outbox.record({ ...stranger, id: "n-nobody-knows" })).toBe(false);
    expect(await outboxStates(store)).toEqual({ "n-1": "sending", "n-2": "queued" });
    expect(await store.outbox.record(recordOf(row!, "accepted"))).toBe(true);
    expect(await store.outbox.record(recordOf(row!, "failed"))).toBe(false);
    expect(await outboxStates(store)).toEqual({ "n-1": "accepted", "n-2": "queued" });
  });

  it("hears one of two records that arrive in the same commit", async () => {
    const store = await open();
    await seedTwo(store);
    const [one, two] = await claimRows(store, "sms");
    const heard = await Promise.all([
      store.outbox.record(recordOf(two!, "accepted")),
      store.outbox.record(recordOf(one!, "failed")),
      store.outbox.record(recordOf(one!, "accepted")),
    ]);
    expect(heard).toEqual([true, true, false]);
    expect(await outboxStates(store)).toEqual({ "n-1": "failed", "n-2": "accepted" });
  });

  it("refuses a move that there is not, without harm to others in the same commit", async () => {
    const store = await open();
    await seedTwo(store);
    const [one, two] = await claimRows(store, "sms");
    const blocker = store.outbox.record({ ...recordOf(one!, "failed"), leaseToken: "stranger" });
    const results = await Promise.allSettled([
      blocker,
      store.outbox.record(recordOf(one!, "sending")),
      store.outbox.record(recordOf(two!, "accepted")),
    ]);
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await outboxStates(store)).toEqual({ "n-1": "sending", "n-2": "accepted" });
  });

  it("notes the message's id at its card and as its incident's thread", async () => {
    const store = await open();
    await seedTwo(store);
    await write(store, {
      kind: "card.written",
      card: { id: "card-1", kind: "notice", spaceId: SPACE, payload: { run: "stop" } },
      at: START,
    });
    await queueEffects(
      store,
      anEffect({
        effect: {
          kind: "reply",
          to: { kind: "space", spaceId: SPACE },
          post: { markdown: "Started." },
          note: { cardId: "card-1", threadOfIncident: "incident-1" },
        },
      }),
    );
    await store.outbox.record(
      recordOf(await claimOne(store, "talk"), "accepted", { providerId: "message-1" }),
    );
    expect(await store.findCard("card-1")).toMatchObject({
      messageId: "message-1",
      payload: { run: "stop" },
    });
    const read = await store.inSpace({ kind: "reading" }, { spaceId: SPACE }, (state) => ({
      changes: [],
      result: state.incident,
    }));
    expect(read).toMatchObject({ result: { threadMessageId: "message-1" } });
  });
});

eachDatabase("cancelling", ({ open }) => {
  it("ends what waits, with the reason, and nothing else", async () => {
    const store = await open();
    await seedTwo(store);
    await queueEffects(store, anEffect());
    await cancel(store);
    expect(await outboxStates(store)).toEqual({
      "e-1": "queued",
      "n-1": "cancelled",
      "n-2": "queued",
    });
    expect(await outboxRow(store, "n-1")).toMatchObject({ last_error: "left the roster" });
  });

  it("reaches what all its conditions name", async () => {
    const store = await open();
    await seedTwo(store);
    await queue(store, aNotification({ id: "call", channel: "voice" }));
    await cancel(store, { channel: "voice", spaceId: SPACE, incidentId: "incident-1" });
    await cancel(store, { responderId: "r-fay", spaceId: "space-other" });
    expect(await outboxStates(store)).toEqual({
      call: "cancelled",
      "n-1": "queued",
      "n-2": "queued",
    });
  });

  it("spares the notice that it is over, waiting or being sent, where it is asked to", async () => {
    const store = await open();
    await seedTwo(store);
    await queue(
      store,
      aNotification({ id: "over", channel: "webex", kind: "stop" }),
      aNotification({ id: "under-way", channel: "voice", kind: "stop" }),
    );
    const row = await claimOne(store, "voice");
    await cancel(store, { sparesStop: true });
    expect(await outboxStates(store)).toMatchObject({ "n-1": "cancelled", over: "queued" });
    await store.outbox.record(recordOf(row, "queued", { error: "status 503" }));
    expect(await outboxStates(store)).toMatchObject({ "under-way": "queued" });
    await cancel(store);
    expect(await outboxStates(store)).toMatchObject({ over: "cancelled" });
  });

  it("leaves what has ended", async () => {
    const store = await open();
    await seedTwo(store);
    await settleFirst(store, "sms", "accepted");
    await write(store, {
      kind: "notifications.cancelled",
      filter: { incidentId: "incident-1", reason: "over" },
    });
    expect(await outboxStates(store)).toEqual({ "n-1": "accepted", "n-2": "cancelled" });
  });

  const duringAttempt: [string, SendState, Partial<AttemptRecord>, SendState][] = [
    ["is kept from another try when it was refused", "queued", {}, "cancelled"],
    ["counts as maybe sent when its outcome is unclear", "queued", { unclearSince: 1 }, "expired"],
    ["counts as maybe sent after an unclear one", "queued", { maybeSent: true }, "expired"],
    ["counts as sent when it was", "accepted", {}, "accepted"],
    ["counts as failed when it did", "failed", {}, "failed"],
  ];

  it.each(duringAttempt)("during an attempt: it %s", async (_name, said, more, expected) => {
    const store = await open();
    await seedTwo(store);
    const [row] = await claimRows(store, "sms", 1);
    await cancel(store);
    expect(await outboxStates(store)).toMatchObject({ "n-1": "sending" });
    await store.outbox.record(recordOf(row!, said, { error: "status 429", ...more }));
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: expected,
      last_error: said === "queued" ? "left the roster" : "status 429",
    });
    expect(await claimIds(store, "sms")).toEqual(["n-2"]);
  });

  it("calls what waits after an unclear attempt expired, since it may have been sent", async () => {
    const store = await open();
    await seedTwo(store);
    await settleFirst(store, "sms", "queued", { unclearSince: START });
    await cancel(store);
    expect(await outboxStates(store)).toEqual({ "n-1": "expired", "n-2": "queued" });
  });
});

eachDatabase("effects with a key", ({ open }) => {
  it("are kept once", async () => {
    const store = await open();
    await seedSpace(store);
    await queueEffects(
      store,
      anEffect({ uniqueKey: "delete:message-1" }),
      anEffect({ id: "e-2", uniqueKey: "delete:message-1" }),
      anEffect({ id: "e-3", uniqueKey: "delete:message-2" }),
      anEffect({ id: "e-4" }),
    );
    expect(Object.keys(await outboxStates(store))).toEqual(["e-1", "e-3", "e-4"]);
  });
});

eachDatabase("a round's notifications", ({ open }) => {
  it("are one for each responder and channel", async () => {
    const store = await open();
    await seedTwo(store);
    const twice = queue(store, aNotification({ id: "n-3" }));
    await expect(twice).rejects.toThrow(/unique/i);
    expect(Object.keys(await outboxStates(store))).toEqual(["n-1", "n-2"]);
  });
});

eachDatabase("that a round may be over", ({ open }) => {
  it("is told when its last waiting notification ended, and not before", async () => {
    const store = await open();
    await seedTwo(store);
    let tolds = 0;
    store.outbox.onRoundDue(() => (tolds += 1));
    await settleFirst(store, "sms", "accepted");
    expect(tolds).toBe(0);
    await settleFirst(store, "sms", "accepted");
    expect(tolds).toBe(1);
  });

  it("is told when notifications end at their claim", async () => {
    const store = await open();
    await seedTwo(store);
    let tolds = 0;
    store.outbox.onRoundDue(() => (tolds += 1));
    await store.db.write("outbox").update({ expires_at: START - 1 });
    expect(await claimIds(store, "sms")).toEqual([]);
    expect(tolds).toBe(1);
  });
});
