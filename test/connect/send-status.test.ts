import { saidByStatus } from "../../src/connect/send-status";

const NOW = Date.parse("2026-11-22T03:10:00Z");
const AT = "2026-11-22T03:05:00Z";
const at = Date.parse(AT);

test.each([
  ["a text on its way", { status: "QUEUED" }, []],
  ["a text that was sent", { status: "SENT", statusTime: AT }, []],
  ["a delivered text", { status: "DELIVERED", statusTime: AT }, [{ kind: "delivered", at }]],
  ["without a time", { status: "delivered" }, [{ kind: "delivered", at: NOW }]],
  [
    "a text that failed",
    { status: "FAILED", statusTime: AT, error: { code: "7203", message: "x" } },
    [{ kind: "failed", at, code: "7203" }],
  ],
  [
    "a code as a number",
    { status: "FAILED", statusTime: AT, error: { code: 7203 } },
    [{ kind: "failed", at, code: "7203" }],
  ],
  [
    "a code that is none",
    { status: "FAILED", statusTime: AT, error: { code: "<b>" } },
    [{ kind: "failed", at }],
  ],
  [
    "a call that was heard",
    { status: "COMPLETED", answeredTime: AT, durationSeconds: 24 },
    [
      { kind: "answered", at },
      { kind: "ended", at: at + 24_000 },
    ],
  ],
  [
    "a call whose seconds are no number",
    { status: "DROPPED", answeredTime: AT, durationSeconds: "long" },
    [
      { kind: "answered", at },
      { kind: "ended", at },
    ],
  ],
  ["a call that nobody answered", { status: "RELEASED", statusTime: AT }, [{ kind: "ended", at }]],
  ["a call that was declined", { status: "REJECTED", statusTime: AT }, [{ kind: "failed", at }]],
  ["an expired text", { status: "EXPIRED", statusTime: AT }, [{ kind: "failed", at }]],
  ["one that did not arrive", { status: "Un-Delivered", statusTime: AT }, [{ kind: "failed", at }]],
  ["a call under way", { status: "ANSWERED", answeredTime: AT }, []],
  ["a state that no page names", { status: "WONDERFUL" }, []],
  ["constructor", { status: "constructor" }, []],
  ["nothing", {}, []],
  ["another type", { status: 5 }, []],
])("%s", (_what, body, said) => {
  expect(saidByStatus(body, NOW)).toEqual(said);
});
