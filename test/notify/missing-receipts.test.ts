import { RemoteError } from "../../src/errors";
import { createMissingReceipts, type SilentSend } from "../../src/notify/missing-receipts";
import type { Receipt } from "../../src/notify/receipt";

const SEND: SilentSend = { id: "n-1", channel: "sms", providerId: "m-1" };

function rig(ask: () => Promise<Receipt[]>, isFree = true) {
  const taken: string[] = [];
  const noted: [string, number][] = [];
  const logged: string[] = [];
  const timer = createMissingReceipts({
    dueAsks: () => Promise.resolve([SEND]),
    nextAskAt: () => Promise.resolve(undefined),
    take: ({ id }) => {
      taken.push(id);
      return Promise.resolve(isFree);
    },
    ask,
    note: ({ id }, receipts) => {
      noted.push([id, receipts.length]);
      return Promise.resolve();
    },
    log: { info: (_fields, msg) => void logged.push(msg) },
  });
  return { timer, taken, noted, logged };
}

test("what the provider answers is kept", async () => {
  const receipt: Receipt = { kind: "delivered", channel: "sms", at: 0 };
  const { noted, timer } = rig(() => Promise.resolve([receipt]));
  await timer.run(SEND);
  expect(noted).toEqual([["n-1", 1]]);
});

test("what somebody else has asked about is not asked about", async () => {
  const ask = jest.fn<Promise<Receipt[]>, []>();
  const { noted, taken, timer } = rig(ask, false);
  await timer.run(SEND);
  expect(taken).toEqual(["n-1"]);
  expect(ask).not.toHaveBeenCalled();
  expect(noted).toEqual([]);
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
