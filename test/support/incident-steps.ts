import fc from "fast-check";
import type { Lane } from "../../src/notify/outbox-row";
import type { ReceiptKind } from "../../src/notify/receipt";
import type { Answered } from "./incident-drive";

const MINUTE = 60_000;

export const lanes: readonly Lane[] = ["webex", "sms", "voice"];

/** What may happen to an incident, in any order; `who` and `which` choose among what there is. */
export type Step =
  | { kind: "time passes"; ms: number }
  | { kind: "timers run" }
  | { kind: "all goes well for a while" }
  /** Without an answer, it comes in a later step, or never. */
  | { kind: "send"; lane: Lane; answered?: Answered; limit: number }
  | { kind: "a late answer"; which: number; answered: Answered }
  | { kind: "leases run out" }
  | { kind: "restart" }
  | { kind: "receipt"; which: number; says: Says; code: string; knows: "our id" | "their id" }
  | { kind: "the same receipt"; which: number; isSameBytes: boolean }
  | { kind: "answer"; who: number; answer: "coming" | "declined" }
  | { kind: "moderator reminds" }
  | { kind: "somebody joins" }
  | { kind: "somebody is removed"; who: number }
  | { kind: "STOP"; who: number }
  | { kind: "START"; who: number }
  | { kind: "stop"; removes: boolean };

/** Of a text, or of a call. */
export interface Says {
  text: Extract<ReceiptKind, "submitted" | "delivered" | "failed">;
  call: Exclude<ReceiptKind, "submitted" | "delivered">;
}

const providers = fc.constantFrom<Answered>(
  ...(["accepts", "accepts", "refuses", "knows-no-number", "is-busy", "is-silent"] as const),
);
const lane = fc.constantFrom(...lanes);
const limit = fc.integer({ min: 1, max: 4 });

const weighed: readonly (readonly [number, fc.Arbitrary<Step>])[] = [
  [8, fc.record({ kind: kind("send"), lane, answered: providers, limit })],
  [6, fc.record({ kind: kind("send"), lane, limit })],
  [6, fc.record({ kind: kind("a late answer"), which: fc.nat(20), answered: providers })],
  [
    5,
    fc.record({
      kind: kind("time passes"),
      ms: fc.constantFrom(...[1_000, 1_000, 30_000, MINUTE, 5 * MINUTE, 5 * MINUTE, 31 * MINUTE]),
    }),
  ],
  [4, fc.record({ kind: kind("timers run") })],
  [3, fc.record({ kind: kind("all goes well for a while") })],
  [2, fc.record({ kind: kind("leases run out") })],
  [1, fc.record({ kind: kind("restart") })],
  [
    10,
    fc.record({
      kind: kind("receipt"),
      which: fc.nat(50),
      says: fc.record({
        text: fc.constantFrom<Says["text"]>("submitted", "delivered", "failed"),
        call: fc.constantFrom<Says["call"]>(
          ...(["offered", "ringing", "answered", "voicemail", "ended", "failed"] as const),
        ),
      }),
      code: fc.constantFrom("7203", "7207", "7720"),
      knows: fc.constantFrom("our id" as const, "their id" as const),
    }),
  ],
  [2, fc.record({ kind: kind("the same receipt"), which: fc.nat(50), isSameBytes: fc.boolean() })],
  [
    2,
    fc.record({
      kind: kind("answer"),
      who: fc.nat(5),
      answer: fc.constantFrom("coming" as const, "declined" as const),
    }),
  ],
  [1, fc.record({ kind: kind("moderator reminds") })],
  [1, fc.record({ kind: kind("somebody joins") })],
  [1, fc.record({ kind: kind("somebody is removed"), who: fc.nat(5) })],
  [1, fc.record({ kind: kind("STOP"), who: fc.nat(5) })],
  [1, fc.record({ kind: kind("START"), who: fc.nat(5) })],
  [1, fc.record({ kind: kind("stop"), removes: fc.boolean() })],
];

export const steps: fc.Arbitrary<Step> = fc.oneof(
  ...weighed.map(([weight, arbitrary]) => ({ weight, arbitrary })),
);

function kind<Kind extends Step["kind"]>(is: Kind): fc.Arbitrary<Kind> {
  return fc.constant(is);
}

const anyAnswer = { answer: "coming" } as const;
const everybodyAnswers: readonly Step[] = [1, 2, 3].map((who) => ({
  kind: "answer",
  who,
  ...anyAnswer,
}));
const wellForAWhile: Step = { kind: "all goes well for a while" };

/** `held` without an answer; otherwise what the provider says at once. */
function sent(lane: Lane, answered?: Answered): Step {
  return { kind: "send", lane, limit: 4, ...(answered ? { answered } : {}) };
}

function answeredLate(answered: Answered, times = 2): Step[] {
  return Array.from({ length: times }, () => ({ kind: "a late answer", which: 0, answered }));
}

/** Of the newest text or call. */
function told(text: Says["text"], call: Says["call"] = "answered"): Step {
  return {
    ...{ kind: "receipt", which: 0, says: { text, call }, code: "7207", knows: "our id" },
  };
}

/** Histories that chance finds too seldom, each with what it is about; they are always gone through. */
export const knownHistories: readonly (readonly Step[])[] = [
  // A receipt overtakes the answer, another contradicts it, and it comes twice.
  [
    sent("sms"),
    told("delivered"),
    ...answeredLate("accepts"),
    told("failed"),
    { kind: "the same receipt", which: 0, isSameBytes: false },
  ],
  // A call is over, and then a machine is said to have answered it.
  [
    { kind: "time passes", ms: MINUTE },
    sent("voice", "accepts"),
    told("delivered", "answered"),
    told("delivered", "ended"),
    told("failed", "voicemail"),
    told("failed", "failed"),
  ],
  // A late receipt wins over a refusal, and over a row that was given up.
  [sent("sms", "refuses"), told("delivered")],
  [sent("sms", "accepts"), told("submitted"), told("failed"), told("delivered")],
  [
    sent("sms"),
    { kind: "time passes", ms: 31 * MINUTE },
    { kind: "leases run out" },
    sent("sms", "accepts"),
    told("delivered"),
  ],
  // Answers, a removal and the end come while texts are on their way, and those are refused.
  [
    sent("sms"),
    ...everybodyAnswers,
    ...answeredLate("is-busy"),
    told("delivered"),
    sent("voice", "accepts"),
  ],
  [
    sent("sms"),
    ...[2, 3].map((who): Step => ({ kind: "somebody is removed", who })),
    ...answeredLate("is-busy"),
    wellForAWhile,
  ],
  [sent("sms"), { kind: "stop", removes: false }, ...answeredLate("is-busy"), wellForAWhile],
  // Somebody else has the row by the time of the answer.
  [
    sent("sms"),
    { kind: "leases run out" },
    sent("sms"),
    ...answeredLate("accepts"),
    ...answeredLate("is-busy"),
    { kind: "restart" },
    wellForAWhile,
  ],
  // Two owners of phones want no texts.
  [{ kind: "STOP", who: 0 }, { kind: "STOP", who: 2 }, sent("sms", "accepts"), wellForAWhile],
  // One wants none at either number, and is called all the same; then texts may come again.
  [
    ...[0, 1].map((who): Step => ({ kind: "STOP", who })),
    wellForAWhile,
    { kind: "START", who: 0 },
    wellForAWhile,
  ],
  // Somebody answers when it is over.
  [sent("sms", "accepts"), { kind: "stop", removes: true }, ...everybodyAnswers],
  // Nobody ever answers.
  Array.from({ length: 6 }, () => wellForAWhile),
];
