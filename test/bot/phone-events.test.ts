import { PhoneEvents, type ReceiptOutcome } from "../../src/bot/phone-events";
import type { HeldEvent } from "../../src/bot/inbox-worker";
import { ManualClock } from "../support/manual-clock";
import { NOW } from "../support/builders";

function rig(outcome: ReceiptOutcome) {
  const done: string[] = [];
  const events = new PhoneEvents({
    clock: new ManualClock(NOW),
    takeReceipt: (event, receipt) => {
      done.push(`take ${event.id} ${receipt.kind}`);
      return Promise.resolve(outcome);
    },
    takeText: () => Promise.resolve(),
    retry: (event, dueAt) => {
      done.push(`retry ${event.id} in ${dueAt - NOW} ms`);
      return Promise.resolve();
    },
    finish: (event) => {
      done.push(`finish ${event.id}`);
      return Promise.resolve();
    },
    report: (what) => void done.push(`report ${what}`),
    log: { info: (_fields, msg) => void done.push(msg) },
  });
  return { done, events };
}

function aReceipt(attempts: number): HeldEvent {
  return {
    id: "event-1",
    leaseToken: "lease-1",
    kind: "receipt",
    receivedAt: NOW,
    attempts,
    body: { kind: "delivered", channel: "sms", notificationId: "n-1", at: NOW },
  };
}

test.each(["matched", "lost"] as const)("a receipt that is %s is done with", async (outcome) => {
  const { done, events } = rig(outcome);
  await events.run(aReceipt(1));
  expect(done).toEqual(["take event-1 delivered", `report ${outcome}`]);
});

test.each([1, 4])(
  "one that nothing has yet is looked at again a little later (try %d)",
  async (attempts) => {
    const { done, events } = rig("unmatched");
    await events.run(aReceipt(attempts));
    expect(done).toEqual(["take event-1 delivered", "retry event-1 in 2000 ms"]);
  },
);

test("one that nothing ever has is counted, logged, and ended", async () => {
  const { done, events } = rig("unmatched");
  await events.run(aReceipt(5));
  expect(done).toEqual([
    "take event-1 delivered",
    "report unmatched",
    "a receipt belongs to nothing here",
    "finish event-1",
  ]);
});
