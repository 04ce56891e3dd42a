import { KeypadCalls, receiptOf, type KeypadCallsOptions } from "../../src/bot/keypad-calls";
import type { CallAction, CallEvent } from "../../src/incident/call";
import { aCallEvent, NOW } from "../support/builders";

const PLAYED: CallAction = {
  kind: "play",
  takesKey: true,
  speech: { text: "Press 1.", language: "en-US", voice: "AriaNeural", gender: "FEMALE" },
};
const HANG_UP = { kind: "hang-up" };

function aPromise() {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejecter) => (reject = rejecter));
  return { promise, reject };
}

function rig(overrides: Partial<KeypadCallsOptions> = {}) {
  const done: string[] = [];
  const calls = new KeypadCalls({
    texts: (part) => ({ text: part, language: "en-US", voice: "AriaNeural", gender: "FEMALE" }),
    findCall: () => Promise.resolve({ notificationId: "n-1", spaceId: "space-1" }),
    decide: (trigger) => {
      done.push(`decide ${trigger.notificationId} ${trigger.eventHash} ${trigger.spaceId ?? "-"}`);
      return Promise.resolve({ isDone: true, result: PLAYED });
    },
    findLastAction: () => Promise.resolve(undefined),
    keepReceipt: (receipt, key) => {
      done.push(`keep ${receipt.kind} ${key}`);
      return Promise.resolve();
    },
    log: {
      info: (_fields: object, msg: string) => void done.push(`info ${msg}`),
      error: (_fields: object, msg: string) => void done.push(`error ${msg}`),
    },
    ...overrides,
  });
  return { calls, done };
}

test("an event is kept as a receipt, decided, and answered", async () => {
  const { calls, done } = rig();
  expect(await calls.take(aCallEvent(), "h")).toEqual({ outcome: "stored", action: PLAYED });
  expect(done).toEqual(["keep answered receipt:h", "decide n-1 h -"]);
});

test("a key that answers is decided with everybody's progress, any other without", async () => {
  const { calls, done } = rig();
  for (const digits of ["1", "5"]) await calls.take(aCallEvent({ step: "digits", digits }), digits);
  expect(done).toEqual([
    "keep keyed receipt:1",
    "decide n-1 1 space-1",
    "keep keyed receipt:5",
    "decide n-1 5 -",
  ]);
});

test("the same event again gets the same answer", async () => {
  const { calls } = rig({
    decide: () => Promise.resolve({ isDone: false }),
    findLastAction: () => Promise.resolve(PLAYED),
  });
  expect(await calls.take(aCallEvent(), "h")).toEqual({ outcome: "duplicate", action: PLAYED });
});

test("a call that is not ours is hung up, and one that has ended is left", async () => {
  const { calls, done } = rig({ findCall: () => Promise.resolve(undefined) });
  expect(await calls.take(aCallEvent(), "h")).toEqual({ outcome: "dropped", action: HANG_UP });
  expect(await calls.take(aCallEvent({ step: "dropped" }), "h")).toEqual({
    outcome: "dropped",
    action: { kind: "none" },
  });
  expect(done).toContain("info a call belongs to nothing here");
});

test.each<[string, Partial<KeypadCallsOptions>]>([
  ["is decided", { decide: () => Promise.reject(new Error("locked")) }],
  ["is looked for", { findCall: () => Promise.reject(new Error("locked")) }],
  ["is kept", { keepReceipt: () => Promise.reject(new Error("locked")) }],
])("an error while it %s hangs up, and asks again about an end", async (_when, broken) => {
  const { calls, done } = rig(broken);
  expect(await calls.take(aCallEvent(), "h")).toEqual({ outcome: "failed", action: HANG_UP });
  expect(done).toContain("error a call was hung up because of an error");
  await expect(calls.take(aCallEvent({ step: "dropped" }), "h")).rejects.toThrow("locked");
});

test("who waits too long is hung up, and a later error is not lost", async () => {
  const { promise: never, reject: fail } = aPromise();
  const { calls, done } = rig({ decide: () => never, patienceMs: 1 });
  expect(await calls.take(aCallEvent(), "h")).toEqual({ outcome: "failed", action: HANG_UP });
  fail(new Error("after all"));
  await expect(never).rejects.toThrow("after all");
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toContain("error an event of a call could not be decided");
});

test.each<[Partial<CallEvent>, string | undefined]>([
  [{ step: "answered" }, "answered"],
  [{ step: "answered", isFailure: true }, "failed"],
  [{ step: "voicemail" }, "voicemail"],
  [{ step: "voicemail", isFailure: true }, undefined],
  [{ step: "dropped" }, "ended"],
  [{ step: "dropped", isFailure: true, code: "7401" }, "failed"],
  [{ step: "digits", digits: "1" }, "keyed"],
  [{ step: "digits", digits: "#" }, "keyed"],
  [{ step: "digits", digits: "" }, undefined],
  [{ step: "digits", digits: "", isFailure: true }, undefined],
  [{ step: "played" }, undefined],
  [{ step: "other" }, undefined],
])("%j says of the delivery: %s", (event, kind) => {
  expect(receiptOf(aCallEvent(event))?.kind).toBe(kind);
});

test("a receipt of a call names it by both ids, its time and its code", () => {
  const event = aCallEvent({ step: "dropped", isFailure: true, code: "7402" });
  expect(receiptOf(event)).toEqual({
    kind: "failed",
    channel: "voice",
    notificationId: "n-1",
    providerId: "s-1",
    at: NOW,
    code: "7402",
  });
  delete event.notificationId;
  expect(receiptOf(event)).not.toHaveProperty("notificationId");
});
