import fc from "fast-check";
import {
  failureInWords,
  forGoodCodes,
  isBlocked,
  verdictOf,
  type Receipt,
  type ReceiptKind,
} from "../../src/notify/receipt";

const T = Date.parse("2026-11-22T03:10:00Z");

function said(...steps: readonly (ReceiptKind | [ReceiptKind, number] | [ReceiptKind, string])[]) {
  return steps.map((step): Pick<Receipt, "kind" | "at" | "code"> => {
    const [kind, more] = typeof step === "string" ? [step, 0] : step;
    return typeof more === "string" ? { kind, at: T, code: more } : { kind, at: T + more * 1_000 };
  });
}

describe("what receipts say of a text", () => {
  it.each([
    ["nothing yet", said(), undefined],
    ["submitted only", said("submitted"), undefined],
    ["delivered", said("submitted", "delivered"), { state: "delivered" }],
    ["delivered before submitted", said("delivered", "submitted"), { state: "delivered" }],
    ["failed with a code", said(["failed", "7203"]), { state: "failed", code: "7203" }],
    ["failed without one", said("failed"), { state: "failed" }],
    ["delivered after all", said(["failed", "7207"], "delivered"), { state: "delivered" }],
    [
      "delivered, and a late failure",
      said("delivered", ["failed", "7208"]),
      { state: "delivered" },
    ],
  ])("%s", (_what, receipts, verdict) => {
    expect(verdictOf("sms", receipts)).toEqual(verdict);
  });
});

describe("what receipts say of a call", () => {
  const heard = { state: "delivered", seconds: 24 };

  it.each([
    ["it rings", said("offered", "ringing"), undefined],
    ["it is being heard", said("offered", "ringing", ["answered", 5]), undefined],
    ["heard to its end", said("ringing", ["answered", 5], ["ended", 29], ["ended", 30]), heard],
    ["the end first", said(["ended", 29], "offered", ["answered", 5]), heard],
    [
      "nobody answered",
      said("ringing", "ended", ["failed", "7401"]),
      { state: "failed", code: "7401" },
    ],
    ["over before it was answered", said("ringing", ["ended", 20]), { state: "failed" }],
    [
      "an answer counts more than a refusal",
      said(["answered", 0], "ended", ["failed", "7406"]),
      { state: "delivered", seconds: 0 },
    ],
    [
      "a call that broke off while it was heard",
      said(["answered", 0], ["failed", 12]),
      { state: "delivered", seconds: 12 },
    ],
    [
      "a machine answered",
      said(["answered", 0], ["voicemail", 6], ["ended", 30]),
      { state: "failed", code: "VMDETECTED" },
    ],
    [
      "somebody who was silent for long, and then pressed a key",
      said(["answered", 0], ["voicemail", 6], ["keyed", 9], ["ended", 12]),
      { state: "delivered", seconds: 12 },
    ],
    [
      "a key, and a machine that was noticed too late",
      said(["answered", 0], ["keyed", 4], ["voicemail", 6], ["ended", 12]),
      { state: "delivered", seconds: 12 },
    ],
    ["a key only, as yet", said(["answered", 0], ["keyed", 4]), undefined],
    [
      "a key, without a word of the answer",
      said(["keyed", 4], ["ended", 12]),
      { state: "delivered", seconds: 8 },
    ],
    [
      "a clock that runs backwards",
      said(["answered", 9], ["ended", 3]),
      { state: "delivered", seconds: 0 },
    ],
  ])("%s", (_what, receipts, verdict) => {
    expect(verdictOf("voice", receipts)).toEqual(verdict);
  });

  it("does not depend on the order, nor on how often each came", () => {
    const kinds: readonly ReceiptKind[] = [
      "submitted",
      "delivered",
      "offered",
      "ringing",
      "answered",
      "voicemail",
      "keyed",
      "ended",
      "failed",
    ];
    const one = fc.record({ kind: fc.constantFrom(...kinds), at: fc.constant(T) });
    const several = fc.array(one, { maxLength: 8 });
    fc.assert(
      fc.property(several, fc.constantFrom("sms" as const, "voice" as const), (all, channel) => {
        const once = verdictOf(channel, all);
        expect(verdictOf(channel, [...all].reverse())).toEqual(once);
        expect(verdictOf(channel, [...all, ...all])).toEqual(once);
      }),
    );
  });
});

test("a moderator reads words, and a code only where there are none", () => {
  expect(failureInWords("sms", "7203")).toBe("nobody has this number");
  expect(failureInWords("voice", "7402")).toBe("busy");
  expect(failureInWords("sms", "7720")).toBe("the number takes no texts from us");
  expect(failureInWords("voice", "7720")).toBe("the number takes no calls from us");
  expect(failureInWords("sms", "7999")).toBe("the text did not arrive (7999)");
  expect(failureInWords("voice", undefined)).toBe("no answer");
  expect(failureInWords("voice", "VMDETECTED")).toBe("a voicemail answered");
  expect(failureInWords("sms", undefined)).toBe("the text did not arrive");
});

test("a number that is nobody's is not tried again, nor one that takes no calls", () => {
  expect(["7109", "7720"].every(isBlocked)).toBe(true);
  expect(isBlocked("7203")).toBe(false);
  expect(isBlocked(undefined)).toBe(false);
  expect([...forGoodCodes.voice].sort()).toEqual(["7102", "7109", "7203", "7720"]);
  // Of texts the number itself remembers that, until a moderator lifts it.
  expect([...forGoodCodes.sms].sort()).toEqual(["7102", "7203"]);
});
