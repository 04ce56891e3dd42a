import type { RemoteFailure } from "../../src/errors";
import type { SendContext } from "../../src/notify/send-context";
import { attempt } from "../../src/notify/send-notification";
import type { Sender } from "../../src/notify/senders";
import { NOW } from "../support/builders";
import { ManualClock } from "../support/manual-clock";
import { aDirectSend, aFailure, aSend } from "../support/outbox-builders";

const MINUTE = 60_000;
const REAL = 1_700_000_000_000;
const HALF = 0.5;

/** A moved clock whose real time stands still. */
class StillClock extends ManualClock {
  override real(): number {
    return REAL;
  }
}

const tools = { clock: new StillClock(NOW), random: () => HALF };

const accepts: Sender = {
  send: (_context, to) => Promise.resolve({ providerId: "p-1", text: `text to ${to}` }),
};

function fails(failure: Partial<RemoteFailure>, more: Partial<Sender> = {}): Sender {
  return { send: () => Promise.reject(aFailure(failure)), ...more };
}

function found(messageId: string | undefined): Sender {
  return { ...neverSends, find: () => Promise.resolve(messageId) };
}

const neverSends: Sender = {
  send: () => Promise.reject(new Error("nothing may be sent")),
};

function unclear(context: SendContext, since = NOW - 2_000): SendContext {
  return { ...context, row: { ...context.row, unclearSince: since } };
}

test("accepted: the provider's id, what was said and to whom are recorded under the row's lease", async () => {
  expect(await attempt(aSend(), accepts, tools)).toEqual({
    record: {
      id: "n-1",
      leaseToken: "lease of n-1",
      state: "accepted",
      keyNumber: 1,
      unclearSince: null,
      maybeSent: false,
      providerId: "p-1",
      sent: { to: "+14085550101", text: "text to +14085550101" },
    },
    isStrangeDuplicate: false,
  });
});

describe("without being tried it ends", () => {
  const nobodysNumber = { id: "r-bo", kind: "internal", name: "Bo", personId: "bo" } as const;

  test.each([
    ["a channel that is not set up", aSend(), undefined, "failed", "this channel is not set up"],
    [
      "a person with nowhere to send to",
      aSend({ row: { channel: "webex" } }),
      neverSends,
      "failed",
      "no number",
    ],
    [
      "a Webex person whose number left the directory",
      { ...aSend(), responder: nobodysNumber },
      neverSends,
      "failed",
      "no number in the directory",
    ],
    ["too late", aSend({ row: { expiresAt: NOW } }), neverSends, "expired", "too late"],
    [
      "an unclear attempt 50 minutes ago, whose key may be forgotten by now",
      unclear(aSend({ row: { expiresAt: NOW + MINUTE } }), NOW - 50 * MINUTE),
      neverSends,
      "expired",
      "too late",
    ],
  ])("%s", async (_what, context, sender, state, error) => {
    const { record } = await attempt(context, sender, tools);
    expect(record).toMatchObject({ state, error, keyNumber: 1, leaseToken: "lease of n-1" });
  });

  test("and what was unclear stays known as such", async () => {
    const context = unclear(aSend({ row: { expiresAt: NOW, maybeSent: true } }));
    const { record } = await attempt(context, neverSends, tools);
    expect(record).toMatchObject({ unclearSince: NOW - 2_000, maybeSent: true });
  });
});

describe("a provider's answer", () => {
  test.each([
    ["refuses it for good", { status: 400 }, "failed", 1, "the provider refused it"],
    ["refuses it with a code", { status: 400, code: "7001" }, "failed", 1, "code 7001"],
    ["does not know the credentials", { status: 401 }, "failed", 1, "credentials"],
    ["has a fault and says that it did nothing", { status: 500 }, "queued", 2, "a fault"],
    ["is too busy", { status: 429 }, "queued", 2, "too busy"],
    ["may have sent it", { status: 502 }, "queued", 1, "a fault"],
    ["does not come", {}, "queued", 1, "could not be reached"],
  ])("that %s", async (_what, failure, state, keyNumber, error) => {
    const { record } = await attempt(aSend(), fails(failure), tools);
    expect(record).toMatchObject({
      state,
      keyNumber,
      maybeSent: state === "queued" && keyNumber === 1,
    });
    expect(record.error).toContain(error);
    expect(record).not.toHaveProperty("sent");
  });

  test("is waited for as long as the backoff says, or as the provider asks", async () => {
    const again = await attempt(aSend(), fails({ status: 500 }), tools);
    expect(again.record.dueAt).toBe(NOW + 500);
    const asked = await attempt(aSend(), fails({ status: 429, retryAfterMs: 7_000 }), tools);
    expect(asked.record.dueAt).toBe(NOW + 7_000);
  });

  test("that comes after the last moment ends it", async () => {
    const context = aSend({ row: { expiresAt: NOW + 100 } });
    const { record } = await attempt(context, fails({ status: 500 }), tools);
    expect(record.state).toBe("expired");
    expect(record).not.toHaveProperty("dueAt");
  });

  test("429 pauses the whole channel, by the provider's word or by the backoff", async () => {
    const asked = await attempt(aSend(), fails({ status: 429, retryAfterMs: 7_000 }), tools);
    expect(asked.pauseMs).toBe(7_000);
    const unasked = await attempt(aSend(), fails({ status: 429 }), tools);
    expect(unasked.pauseMs).toBe(500);
    const broken = await attempt(aSend(), fails({ status: 500, retryAfterMs: 7_000 }), tools);
    expect(broken).not.toHaveProperty("pauseMs");
  });

  test("that is a bug of ours is not swallowed", async () => {
    await expect(attempt(aSend(), neverSends, tools)).rejects.toThrow("nothing may be sent");
  });
});

describe("a provider that says it has this one already", () => {
  const duplicate = fails({ status: 409 }, { isDuplicate: ({ status }) => status === 409 });

  test("is believed after an unclear attempt with the same key", async () => {
    const { record, isStrangeDuplicate } = await attempt(unclear(aSend()), duplicate, tools);
    expect(record).toMatchObject({ state: "accepted", keyNumber: 1, maybeSent: false });
    expect(isStrangeDuplicate).toBe(false);
  });

  test("is not believed when nothing was sent with that key: tried again with the next one", async () => {
    const { record, isStrangeDuplicate } = await attempt(aSend(), duplicate, tools);
    expect(record).toMatchObject({ state: "queued", keyNumber: 2 });
    expect(isStrangeDuplicate).toBe(true);
  });
});

describe("a direct message whose outcome is unclear", () => {
  test("is held for two seconds of the real clock before it is looked for", async () => {
    const { record } = await attempt(aDirectSend(), fails({}), tools);
    expect(record).toMatchObject({
      state: "queued",
      unclearSince: NOW,
      holdUntil: REAL + 2_000,
    });
  });

  test("a text is not held, since it has a key of its own", async () => {
    const { record } = await attempt(aSend(), fails({}), tools);
    expect(record.unclearSince).toBe(NOW);
    expect(record).not.toHaveProperty("holdUntil");
  });

  test("found, it counts as sent and nothing goes out", async () => {
    const { record } = await attempt(unclear(aDirectSend()), found("m-7"), tools);
    expect(record).toMatchObject({
      state: "accepted",
      providerId: "m-7",
      unclearSince: null,
      maybeSent: false,
    });
  });

  test("found although its time is over, it counts as sent", async () => {
    const late = unclear(aDirectSend({ expiresAt: NOW }));
    expect((await attempt(late, found("m-7"), tools)).record.state).toBe("accepted");
  });

  test("not found, it is queued again at once, and sent under the next lease", async () => {
    const { record } = await attempt(unclear(aDirectSend()), found(undefined), tools);
    expect(record).toEqual({
      id: "n-1",
      leaseToken: "lease of n-1",
      state: "queued",
      keyNumber: 1,
      unclearSince: null,
      maybeSent: false,
    });
    const again = await attempt(aDirectSend({ attempts: 2 }), accepts, tools);
    expect(again.record.state).toBe("accepted");
  });

  test("not looked for because Webex does not answer, it stays unclear and is looked for later", async () => {
    const sender = { ...neverSends, find: () => Promise.reject(aFailure({ status: 503 })) };
    const { record, pauseMs } = await attempt(unclear(aDirectSend()), sender, tools);
    expect(record).toMatchObject({
      state: "queued",
      keyNumber: 1,
      unclearSince: NOW - 2_000,
      maybeSent: true,
      dueAt: NOW + 500,
    });
    expect(pauseMs).toBeUndefined();
  });

  test("never looked for until its time was over, it may have been sent", async () => {
    const sender = { ...neverSends, find: () => Promise.reject(aFailure({})) };
    const late = unclear(aDirectSend({ expiresAt: NOW + 100 }));
    const { record } = await attempt(late, sender, tools);
    expect(record).toMatchObject({ state: "expired", maybeSent: true });
  });

  test("a bug while looking is not swallowed", async () => {
    const sender = { ...neverSends, find: () => Promise.reject(new Error("bug")) };
    await expect(attempt(unclear(aDirectSend()), sender, tools)).rejects.toThrow("bug");
  });
});

describe("a refusal that names what is wrong with a number", () => {
  const refusal = { service: "connect", status: 400, code: "7203" } as const;

  test("is recorded with the number and told in words", async () => {
    const { record } = await attempt(aSend(), fails(refusal), tools);
    expect(record).toMatchObject({
      state: "failed",
      error: "nobody has this number",
      refused: { code: "7203", to: "+14085550101" },
    });
  });

  test.each([
    ["may be tried again", { ...refusal, status: 429 }, aSend()],
    ["has no code", { service: "connect", status: 400 } as const, aSend()],
    ["is Webex's", { status: 400, code: "7203" }, aDirectSend()],
  ])("is not recorded as one where it %s", async (_what, failure, context) => {
    const { record } = await attempt(context, fails(failure), tools);
    expect(record.refused).toBeUndefined();
  });

  test("is told by its code where we do not know that", async () => {
    const { record } = await attempt(aSend(), fails({ ...refusal, code: "7999" }), tools);
    expect(record.error).toBe("the provider refused it (code 7999)");
  });
});
