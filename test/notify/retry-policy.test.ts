import fc from "fast-check";
import type { RemoteFailure } from "../../src/errors";
import type { AttemptOutcome, AttemptedRow } from "../../src/notify/retry-policy";
import {
  afterAttempt,
  idempotencyKey,
  mayAttempt,
  nextAttempt,
  outcomeOf,
} from "../../src/notify/retry-policy";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 5, 3, 0, 0);

const throttled: RemoteFailure = {
  service: "connect",
  status: 429,
  retryable: true,
  unclear: false,
};
const badRequest: RemoteFailure = {
  service: "connect",
  status: 400,
  code: "7004",
  retryable: false,
  unclear: false,
};
const timedOut: RemoteFailure = { service: "connect", retryable: true, unclear: true };

const aRow = (changes: Partial<AttemptedRow> = {}): AttemptedRow => ({
  attempts: 1,
  keyNumber: 0,
  cancelRequested: false,
  expiresAt: NOW + 30 * MINUTE,
  ...changes,
});

const after = (row: AttemptedRow, outcome: AttemptOutcome, now = NOW) =>
  afterAttempt({ row, outcome, now, random: 0.5 });

describe("nextAttempt", () => {
  const at = (attempts: number, random: number, retryAfterMs?: number) =>
    nextAttempt({ attempts, now: NOW, random, retryAfterMs, expiresAt: NOW + 30 * MINUTE });

  it.each([
    [1, 0.5, 500],
    [2, 0.5, 1_000],
    [3, 0.5, 2_000],
    [6, 0.5, 16_000],
    [7, 0.5, 30_000],
    [8, 0.5, 30_000],
    [2_000, 0.5, 30_000],
    [1, 0, 0],
    [7, 0.999, 59_940],
  ])("waits a random share of 1 s doubled to 60 s (attempt %i, %d)", (attempts, random, wait) => {
    expect(at(attempts, random)).toBe(NOW + wait);
  });

  it("does what Retry-After says instead", () => {
    expect(at(1, 0.5, 90_000)).toBe(NOW + 90_000);
    expect(at(9, 0.5, 1)).toBe(NOW + 1);
  });

  it("backs off by itself where Retry-After is 0", () => {
    expect(at(3, 0.5, 0)).toBe(NOW + 2_000);
  });

  it("knows when nothing can be sent before the expiry", () => {
    expect(at(1, 0.5, 30 * MINUTE)).toBeUndefined();
    expect(at(1, 0.5, 30 * MINUTE - 1)).toBe(NOW + 30 * MINUTE - 1);
    expect(nextAttempt({ attempts: 1, now: NOW, random: 0, expiresAt: NOW })).toBeUndefined();
  });
});

describe("outcomeOf", () => {
  it.each([
    [timedOut, "unclear"],
    [{ ...timedOut, retryable: false }, "unclear"],
    [throttled, "later"],
    [badRequest, "refused"],
  ])("%j is %s", (failure, kind) => {
    expect(outcomeOf(failure)).toEqual({ kind, failure });
  });
});

describe("idempotencyKey", () => {
  const id = "01943a0e-7c00-7abc-8def-0123456789ab";

  it("is the notification and the number of its key", () => {
    expect(idempotencyKey(id, 0)).toBe("01943a0e-7c00-7abc-8def-0123456789ab-0");
    expect(idempotencyKey(id, 17)).toBe("01943a0e-7c00-7abc-8def-0123456789ab-17");
  });

  it("is never longer than Webex Connect takes", () => {
    expect(idempotencyKey("x".repeat(62), 1)).toHaveLength(64);
    expect(() => idempotencyKey("x".repeat(63), 1)).toThrow(RangeError);
    expect(() => idempotencyKey("a b", 1)).toThrow(RangeError);
    expect(() => idempotencyKey("a\r\nX", 1)).toThrow(RangeError);
  });
});

describe("mayAttempt", () => {
  it.each([
    ["before its expiry", {}, true],
    ["at its expiry", { expiresAt: NOW }, false],
    ["50 minutes after an unclear attempt", { unclearSince: NOW - 50 * MINUTE }, false],
    ["just before that", { unclearSince: NOW - 50 * MINUTE + 1 }, true],
  ])("%s", (_, changes, expected) => {
    expect(mayAttempt({ expiresAt: NOW + MINUTE, ...changes }, NOW)).toBe(expected);
  });
});

describe("afterAttempt", () => {
  it("accepts", () => {
    expect(after(aRow(), { kind: "accepted", providerId: "p1" })).toEqual({
      state: "accepted",
      keyNumber: 0,
      unclearSince: undefined,
      maybeSent: false,
      providerId: "p1",
    });
  });

  it("accepts even after a cancel, since it was sent", () => {
    const row = aRow({ cancelRequested: true, unclearSince: NOW - 1, maybeSent: true });
    expect(after(row, { kind: "accepted", providerId: "p1" })).toMatchObject({
      state: "accepted",
      maybeSent: false,
    });
  });

  it("fails at once when refused for good", () => {
    expect(after(aRow(), { kind: "refused", failure: badRequest })).toEqual({
      state: "failed",
      keyNumber: 0,
      unclearSince: undefined,
      maybeSent: false,
      error: badRequest,
    });
  });

  it("tries again with a new key after a definite refusal", () => {
    expect(after(aRow({ keyNumber: 3 }), { kind: "later", failure: throttled })).toEqual({
      state: "queued",
      keyNumber: 4,
      unclearSince: undefined,
      dueAt: NOW + 500,
      maybeSent: false,
      error: throttled,
    });
  });

  it("waits as long as the refusal asked", () => {
    const failure = { ...throttled, retryAfterMs: 7_000 };
    expect(after(aRow(), { kind: "later", failure })).toMatchObject({ dueAt: NOW + 7_000 });
  });

  it("gives up when the refusal asked for longer than the notification lives", () => {
    const failure = { ...throttled, retryAfterMs: 31 * MINUTE };
    expect(after(aRow(), { kind: "later", failure })).toMatchObject({
      state: "expired",
      maybeSent: false,
    });
  });

  it("tries again with the same key while the outcome is unclear", () => {
    expect(after(aRow({ keyNumber: 3 }), { kind: "unclear", failure: timedOut })).toEqual({
      state: "queued",
      keyNumber: 3,
      unclearSince: NOW,
      dueAt: NOW + 500,
      maybeSent: true,
      error: timedOut,
    });
  });

  it("remembers the first of several unclear attempts", () => {
    const row = aRow({ unclearSince: NOW - 10_000 });
    expect(after(row, { kind: "unclear", failure: timedOut })).toMatchObject({
      state: "queued",
      unclearSince: NOW - 10_000,
    });
  });

  it("treats an attempt that nobody recorded as unclear, without an error", () => {
    const next = after(aRow(), { kind: "unclear" });
    expect(next).toMatchObject({ state: "queued", unclearSince: NOW, maybeSent: true });
    expect(next).not.toHaveProperty("error");
  });

  it("takes a duplicate as accepted when an attempt with that key was unclear", () => {
    expect(after(aRow({ unclearSince: NOW - 1 }), { kind: "duplicate" })).toEqual({
      state: "accepted",
      keyNumber: 0,
      unclearSince: undefined,
      maybeSent: false,
    });
  });

  it("takes a duplicate without an unclear attempt as a fault and changes the key", () => {
    expect(after(aRow({ keyNumber: 1 }), { kind: "duplicate" })).toMatchObject({
      state: "queued",
      keyNumber: 2,
      dueAt: NOW + 500,
    });
  });

  it("does not take a duplicate as accepted when only an older key was unclear", () => {
    const refused = after(aRow({ unclearSince: NOW - 1 }), { kind: "later", failure: throttled });
    expect(refused).toMatchObject({ keyNumber: 1, unclearSince: undefined, maybeSent: true });
    const row = aRow({ keyNumber: 1, maybeSent: true });
    expect(after(row, { kind: "duplicate" })).toMatchObject({
      state: "queued",
      keyNumber: 2,
      maybeSent: true,
    });
  });

  it("never repeats an unclear attempt later than 50 minutes after the first", () => {
    const late = aRow({ unclearSince: NOW - 50 * MINUTE + 400, expiresAt: NOW + 60 * MINUTE });
    expect(after(late, { kind: "unclear", failure: timedOut })).toMatchObject({
      state: "expired",
      maybeSent: true,
      unclearSince: NOW - 50 * MINUTE + 400,
    });
  });

  describe("after a cancel", () => {
    const cancelRequested = true;

    it.each<[string, AttemptOutcome, Partial<AttemptedRow>, object]>([
      ["refused for good", { kind: "refused", failure: badRequest }, {}, { state: "cancelled" }],
      ["refused for now", { kind: "later", failure: throttled }, {}, { state: "cancelled" }],
      ["an unfounded duplicate", { kind: "duplicate" }, {}, { state: "cancelled" }],
      [
        "unclear",
        { kind: "unclear", failure: timedOut },
        {},
        { state: "expired", maybeSent: true, unclearSince: NOW },
      ],
      [
        "refused after an unclear attempt",
        { kind: "later", failure: throttled },
        { unclearSince: NOW - 1 },
        { state: "expired", maybeSent: true },
      ],
      [
        "refused for good after an unclear attempt with an older key",
        { kind: "refused", failure: badRequest },
        { maybeSent: true },
        { state: "expired", maybeSent: true },
      ],
    ])("%s", (_, outcome, changes, expected) => {
      const next = after(aRow({ cancelRequested, ...changes }), outcome);
      expect(next).toMatchObject(expected);
      expect(next).not.toHaveProperty("dueAt");
    });
  });
});

describe("afterAttempt, whatever happens", () => {
  const failure = fc.record({
    service: fc.constant("connect" as const),
    retryable: fc.boolean(),
    unclear: fc.boolean(),
    retryAfterMs: fc.integer({ min: 0, max: 2 * 60 * MINUTE }),
  });
  const outcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
    fc.constant({ kind: "accepted" as const, providerId: "p" }),
    fc.constant({ kind: "duplicate" as const }),
    ...(["refused", "later", "unclear"] as const).map((kind) =>
      failure.map((one) => ({ kind, failure: one })),
    ),
  );
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const step = fc.record({
    outcome,
    random,
    cancel: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  const lifetime = fc.integer({ min: MINUTE, max: 90 * MINUTE });

  /** Plays the steps as a dispatcher would, until the row is no longer queued. */
  function play(
    steps: readonly { outcome: AttemptOutcome; random: number; cancel: boolean }[],
    lifeMs: number,
  ) {
    const expiresAt = NOW + lifeMs;
    let row = aRow({ attempts: 0, expiresAt });
    let now = NOW;
    const log = [];
    for (const { outcome: came, random: share, cancel } of steps) {
      row = { ...row, attempts: row.attempts + 1, cancelRequested: row.cancelRequested || cancel };
      const next = afterAttempt({ row, outcome: came, now, random: share });
      log.push({ row, now, came, next });
      if (next.state !== "queued") break;
      now = next.dueAt!;
      const { keyNumber, unclearSince, maybeSent } = next;
      row = { ...aRow({ expiresAt, keyNumber, maybeSent, attempts: row.attempts }) };
      if (unclearSince !== undefined) row = { ...row, unclearSince };
    }
    return log;
  }

  const forAll = (check: (log: ReturnType<typeof play>, lifeMs: number) => void) =>
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), lifetime, (steps, lifeMs) =>
        check(play(steps, lifeMs), lifeMs),
      ),
    );

  it("queues only for a time before the expiry, and sets no time otherwise", () => {
    forAll((log, lifeMs) => {
      for (const { next, now } of log) {
        expect("dueAt" in next).toBe(next.state === "queued");
        if (next.state !== "queued") continue;
        expect(next.dueAt).toBeGreaterThanOrEqual(now);
        expect(next.dueAt).toBeLessThan(NOW + lifeMs);
      }
    });
  });

  it("keeps the key exactly while the outcome is unclear", () => {
    forAll((log) => {
      for (const { row, came, next } of log) {
        const rises = next.state === "queued" && came.kind !== "unclear";
        expect(next.keyNumber).toBe(row.keyNumber + (rises ? 1 : 0));
      }
    });
  });

  it("uses one key at most 50 minutes long once an attempt with it was unclear", () => {
    forAll((log) => {
      for (const { row, now } of log) {
        if (row.unclearSince !== undefined)
          expect(now - row.unclearSince).toBeLessThan(50 * MINUTE);
      }
    });
  });

  it("says sent only when the provider said so or took a repeated key for a repetition", () => {
    forAll((log) => {
      log.forEach(({ row, came, next }, index) => {
        if (next.state !== "accepted") return;
        const unclearBefore = log
          .slice(0, index)
          .some((past) => past.came.kind === "unclear" && past.row.keyNumber === row.keyNumber);
        expect(came.kind === "accepted" || (came.kind === "duplicate" && unclearBefore)).toBe(true);
      });
    });
  });

  it("says not sent only when no attempt was unclear", () => {
    forAll((log) => {
      const { next } = log.at(-1)!;
      const wasUnclear = log.some(({ came }) => came.kind === "unclear");
      if (next.state === "accepted") return;
      expect(next.maybeSent).toBe(wasUnclear);
      if (next.state === "cancelled") expect(wasUnclear).toBe(false);
    });
  });

  it("does not queue after a cancel", () => {
    forAll((log) => {
      for (const { row, next } of log) {
        if (row.cancelRequested) expect(next.state).not.toBe("queued");
      }
    });
  });
});
