import { createMissingReceipts } from "../../src/notify/missing-receipts";
import type { Receipt } from "../../src/notify/receipt";
import type { Store } from "../../src/store/store";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import { aNotification, MINUTE, outboxRow, queue, seedRunning, settleFirst, START } from "./seed";

const DUE = START + 5 * MINUTE;

/** A text to Eve that the provider took, and of which nothing was heard since. */
async function accepted({ open }: TestDatabase): Promise<Store> {
  const store = await open();
  await seedRunning(store, undefined, aNotification());
  await settleFirst(store, "sms", "accepted", { providerId: "m-1" });
  return store;
}

/** Its receipt comes after all. */
async function delivered({ inbox, receipts }: Store): Promise<void> {
  const body: Receipt = { kind: "delivered", channel: "sms", notificationId: "n-1", at: START };
  await inbox.add({ kind: "receipt", key: "receipt:1", occurredAt: START, body });
  const [held] = await inbox.claim(1);
  expect(await receipts.take({ ...held!, receipt: body })).toBe("matched");
}

eachDatabase("sends of which nothing is heard", (database) => {
  it("are due until somebody takes one, five minutes after they were accepted", async () => {
    const store = await accepted(database);
    const { silentSends } = store;
    expect(await silentSends.nextAt(START)).toBe(DUE);
    expect(await silentSends.due(DUE - 1)).toEqual([]);
    const [send] = await silentSends.due(DUE);
    expect(send).toEqual({ id: "n-1", channel: "sms", providerId: "m-1" });
    expect([await silentSends.take(send!), await silentSends.take(send!)]).toEqual([true, false]);
    await silentSends.note(send!, []);
    expect(await silentSends.due(DUE + MINUTE)).toEqual([]);
    expect(await silentSends.nextAt(DUE + MINUTE)).toBeUndefined();
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "accepted" });
  });

  it("move by what the provider says, and by a receipt that comes after all", async () => {
    const store = await accepted(database);
    const [send] = await store.silentSends.due(DUE);
    await store.silentSends.take(send!);
    await store.silentSends.note(send!, [
      { kind: "failed", channel: "sms", code: "7207", at: START },
    ]);
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: "failed",
      last_error: "the phone is out of coverage",
    });
    await delivered(store);
    expect(await outboxRow(store, "n-1")).toMatchObject({ state: "delivered" });
  });

  it("are not taken where the receipt came meanwhile", async () => {
    const store = await accepted(database);
    const [send] = await store.silentSends.due(DUE);
    await delivered(store);
    expect(await store.silentSends.take(send!)).toBe(false);
  });

  it("are not those that are over, on Webex, or an hour old", async () => {
    const store = await accepted(database);
    expect(await store.silentSends.due(START + 60 * MINUTE)).toEqual([]);
    await delivered(store);
    expect(await store.silentSends.due(DUE)).toEqual([]);
    await queue(store, aNotification({ id: "n-webex", channel: "webex" }));
    await settleFirst(store, "webex", "accepted", { providerId: "w-1" });
    expect(await outboxRow(store, "n-webex")).toMatchObject({ state: "accepted" });
    expect(await store.silentSends.due(DUE)).toEqual([]);
  });
});

onlyOn("postgres", "a silent send that two processes saw", (database) => {
  it("is asked about once", async () => {
    const stores = [await accepted(database), await database.open()];
    const asked: string[] = [];
    const timers = stores.map(({ silentSends }, index) =>
      createMissingReceipts({
        dueAsks: (now) => silentSends.due(now),
        nextAskAt: () => silentSends.nextAt(DUE),
        take: (send) => silentSends.take(send),
        ask: ({ id }) => {
          asked.push(`${index} ${id}`);
          return Promise.resolve([]);
        },
        note: (send, receipts) => silentSends.note(send, receipts),
        log: { info: () => undefined },
      }),
    );
    const seen = await Promise.all(timers.map(async (timer) => (await timer.due(DUE))[0]!));
    await Promise.all(timers.map((timer, index) => timer.run(seen[index]!)));
    expect(asked).toHaveLength(1);
  });
});
