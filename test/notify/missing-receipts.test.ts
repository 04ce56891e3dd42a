import { RemoteError } from "../../src/errors";
import { createMissingReceipts, type SilentSend } from "../../src/notify/missing-receipts";
import type { Receipt } from "../../src/notify/receipt";

const SEND: SilentSend = { id: "n-1", channel: "sms", providerId: "m-1" };

function rig(ask: () => Promise<Receipt[]>) {
  const noted: [string, number][] = [];
  const logged: string[] = [];
  const timer = createMissingReceipts({
    dueAsks: () => Promise.resolve([SEND]),
    nextAskAt: () => Promise.resolve(undefined),
    ask,
    note: ({ id }, receipts) => {
      noted.push([id, receipts.length]);
      return Promise.resolve();
    },
    log: { info: (_fields, msg) => void logged.push(msg) },
  });
  return { timer, noted, logged };
}

test("what the provider answers is kept", async () => {
  const receipt: Receipt = { kind: "delivered", channel: "sms", at: 0 };
  const { noted, timer } = rig(() => Promise.resolve([receipt]));
  await timer.run(SEND);
  expect(noted).toEqual([["n-1", 1]]);
});

test("a provider that does not answer was asked all the same, once", async () => {
  const failure = { service: "connect", retryable: true, unclear: true } as const;
  const { logged, noted, timer } = rig(() => Promise.reject(new RemoteError("away", failure)));
  await timer.run(SEND);
  expect(noted).toEqual([["n-1", 0]]);
  expect(logged).toHaveLength(1);
});

test("a bug is not taken for an answer", async () => {
  const { noted, timer } = rig(() => Promise.reject(new TypeError("a bug")));
  await expect(timer.run(SEND)).rejects.toThrow("a bug");
  expect(noted).toEqual([]);
});
