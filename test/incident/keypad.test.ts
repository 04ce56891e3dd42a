import fc from "fast-check";
import type { CallEvent, CallProgress, CallState, CallTaken } from "../../src/incident/call";
import type { Change } from "../../src/incident/change";
import { answerCall, mayAnswer } from "../../src/incident/keypad";
import type { KeypadText } from "../../src/notify/keypad-texts";
import type { SendContext } from "../../src/notify/send-context";
import {
  aCallEvent,
  aMoment,
  anEntry,
  anExternal,
  anIncident,
  aProgressOf,
  aProgressState,
  NOW,
  ofKind,
} from "../support/builders";
import { aSend } from "../support/outbox-builders";

/** Says which part is spoken, and for whom. */
const texts: KeypadText = (part, kind, facts) => ({
  text: `${part} ${kind} ${facts.incident.name}`,
  language: "en-US",
  voice: "AriaNeural",
  gender: "FEMALE",
});

const context = aSend({ row: { channel: "voice" } });
const eve = aProgressOf(anEntry(anExternal()));

const key = (digits: string): CallEvent => aCallEvent({ step: "digits", digits });
const silence = key("");

interface Told {
  /** What was said or done, in order. */
  actions: string[];
  call: CallTaken | undefined;
  answers: string[];
  changes: Change[];
}

interface Circumstances {
  context?: SendContext;
  progress?: CallState["progress"];
  call?: CallProgress;
}

/** Lets these events happen in one call. */
function tell(events: readonly CallEvent[], given: Circumstances = {}): Told {
  const { call } = given;
  const progress = "progress" in given ? given.progress : aProgressState({ progress: [eve] });
  const told: Told = { actions: [], call: undefined, answers: [], changes: [] };
  for (const [index, event] of events.entries()) {
    const before = told.call ?? call;
    const state: CallState = {
      context: given.context ?? context,
      ...(before ? { call: before } : {}),
      ...(progress && mayAnswer(event) ? { progress } : {}),
    };
    const { changes, result } = answerCall(event, `hash-${index}`, texts)(state, aMoment());
    told.actions.push(shown(result));
    told.changes.push(...changes);
    told.call = ofKind(changes, "call.taken")[0]?.call;
  }
  told.answers = ofKind(told.changes, "answer.recorded").map(({ said }) => said.answer);
  return told;
}

function shown(action: CallTaken["action"]): string {
  if (action.kind !== "play") return action.kind;
  return `${action.speech.text.split(" ")[0] ?? ""}${action.takesKey ? "?" : "."}`;
}

const actionsOf = (...events: CallEvent[]): string[] => tell(events).actions;

const answered = aCallEvent();
const played = aCallEvent({ step: "played" });
const voicemail = aCallEvent({ step: "voicemail" });
const dropped = aCallEvent({ step: "dropped" });

describe("a call", () => {
  test.each([
    ["1", "coming"],
    ["2", "declined"],
  ])("in which %s is pressed: %s", (digits, answer) => {
    const { actions, answers, changes } = tell([answered, key(digits), played, dropped]);
    expect(actions).toEqual(["message?", `${answer}.`, "hang-up", "none"]);
    expect(answers).toEqual([answer]);
    expect(ofKind(changes, "answer.recorded")[0]).toMatchObject({
      incidentId: "incident-1",
      responderId: "r-eve",
      said: { via: "keypad" },
    });
    expect(ofKind(changes, "notifications.cancelled")).toHaveLength(1);
  });

  test.each<[string, CallEvent[], string[]]>([
    [
      "star says all of it again",
      [answered, key("*"), key("*")],
      ["message?", "message?", "message?"],
    ],
    [
      "a key that means nothing is said so three times, then it ends",
      [answered, key("5"), key("#"), key("12"), key("0"), played],
      ["message?", "wrongKey?", "wrongKey?", "wrongKey?", "goodbye.", "hang-up"],
    ],
    [
      "silence is asked once more, then it ends",
      [answered, silence, silence, played],
      ["message?", "menu?", "goodbye.", "hang-up"],
    ],
    [
      "silence that is reported as a failure is silence",
      [answered, { ...silence, isFailure: true }],
      ["message?", "menu?"],
    ],
    [
      "silences count in a row",
      [answered, silence, key("*"), silence, silence],
      ["message?", "menu?", "message?", "menu?", "goodbye."],
    ],
    [
      "a wrong key, then the right one",
      [answered, key("7"), key("1")],
      ["message?", "wrongKey?", "coming."],
    ],
    [
      "the key with the one that ended the typing",
      [answered, key("2#")],
      ["message?", "declined."],
    ],
    [
      "a voicemail hears the message, and no key of its counts",
      [answered, voicemail, key("1"), played],
      ["message?", "voicemail.", "hang-up", "hang-up"],
    ],
    ["hung up before a key", [answered, dropped], ["message?", "none"]],
    ["never answered", [{ ...dropped, isFailure: true, code: "7401" }], ["none"]],
    [
      "words that are over without a key are silence",
      [answered, played, played],
      ["message?", "menu?", "goodbye."],
    ],
    ["a failure ends it", [answered, { ...played, isFailure: true }], ["message?", "hang-up"]],
    [
      "a failure with a code ends it",
      [answered, { ...silence, isFailure: true, code: "7006" }],
      ["message?", "hang-up"],
    ],
    [
      "what is of no interest changes nothing",
      [answered, aCallEvent({ step: "other" }), key("1")],
      ["message?", "none", "coming."],
    ],
    [
      "a second answer after the first",
      [answered, key("1"), key("2")],
      ["message?", "coming.", "hang-up"],
    ],
    [
      "answered again after the last words",
      [answered, key("1"), answered],
      ["message?", "coming.", "hang-up"],
    ],
    [
      "anything after the end",
      [answered, key("1"), dropped, answered, key("2"), voicemail, played, silence],
      ["message?", "coming.", "none", "hang-up", "hang-up", "hang-up", "hang-up", "hang-up"],
    ],
    ["a key that overtakes the answering", [key("2"), answered], ["declined.", "hang-up"]],
  ])("%s", (_what, events, actions) => {
    expect(actionsOf(...events)).toEqual(actions);
  });

  test("a voicemail, silence, wrong keys and hanging up are no answers", () => {
    for (const events of [
      [answered, voicemail, key("1")],
      [answered, silence, silence, key("1")],
      [answered, key("3"), key("3"), key("3"), key("3"), key("1")],
      [answered, dropped],
    ])
      expect(tell(events).answers).toEqual([]);
  });

  test("a key that was pressed just before hanging up counts when it is told late", () => {
    const { actions, answers, call } = tell([answered, dropped, key("1"), key("2")]);
    expect(actions).toEqual(["message?", "none", "hang-up", "hang-up"]);
    expect(answers).toEqual(["coming"]);
    expect(call?.step).toBe("over");
  });

  test("star for ever ends all the same", () => {
    const actions = actionsOf(answered, ...Array.from({ length: 12 }, () => key("*")));
    expect(actions.filter((action) => action === "message?")).toHaveLength(10);
    expect(actions.slice(10)).toEqual(["goodbye.", "hang-up", "hang-up"]);
  });

  test("what is kept is enough for the next event and for the same one again", () => {
    const { call } = tell([answered, key("5")]);
    expect(call).toEqual({
      sessionId: "s-1",
      notificationId: "n-1",
      eventHash: "hash-1",
      isFirst: false,
      step: "asking",
      wrongKeys: 1,
      silences: 0,
      asked: 2,
      action: {
        kind: "play",
        takesKey: true,
        speech: expect.objectContaining({ text: "wrongKey invite payments down" }) as object,
      },
    });
    expect(tell([answered]).call?.isFirst).toBe(true);
  });
});

describe("a call about what is over", () => {
  const over = aSend({ row: { channel: "voice" }, incident: { isRunning: false } });
  const gone = aSend({ row: { channel: "voice" }, space: { isGone: true } });
  const removed = { ...context };
  delete removed.channelsOn;

  test.each([
    ["the incident was stopped", over, "over."],
    ["the space is gone", gone, "over."],
    ["they were removed", removed, "notNeeded."],
  ])("%s: says so, and takes no key", (_why, about, said) => {
    const events = [answered, key("1"), played];
    expect(tell(events, { context: about }).actions).toEqual([said, "hang-up", "hang-up"]);
    expect(tell(events, { context: about }).answers).toEqual([]);
  });

  test("leaves nothing on a voicemail", () => {
    expect(tell([voicemail], { context: over }).actions).toEqual(["hang-up"]);
  });

  test("asks again no more once it is over", () => {
    const { call } = tell([answered]);
    expect(tell([key("*")], { context: over, call: call! }).actions).toEqual(["over."]);
  });

  test.each([
    ["stopped meanwhile", aProgressState({ latest: anIncident({ state: "stopped" }) }), "over."],
    ["another one runs", aProgressState({ latest: anIncident({ id: "incident-2" }) }), "over."],
    ["off the roster", aProgressState({ progress: [] }), "notNeeded."],
    ["no such space any more", undefined, "over."],
  ])("a key that comes too late (%s) is no answer", (_why, progress, said) => {
    const { actions, answers } = tell([answered, key("1")], { progress });
    expect(actions).toEqual(["message?", said]);
    expect(answers).toEqual([]);
  });
});

test("the same answer again is confirmed and written once", () => {
  const before = { answer: "coming" as const, via: "card" as const, at: NOW - 1 };
  const progress = aProgressState({ progress: [{ ...eve, answer: before }] });
  const { actions, answers } = tell([answered, key("1")], { progress });
  expect(actions).toEqual(["message?", "coming."]);
  expect(answers).toEqual([]);
});

test("only 1 and 2 may change an answer", () => {
  for (const digits of ["1", "2", "1#"]) expect(mayAnswer(key(digits))).toBe(true);
  for (const digits of ["", "*", "3", "12", "#"]) expect(mayAnswer(key(digits))).toBe(false);
  expect(mayAnswer(aCallEvent({ digits: "1" }))).toBe(false);
});

test("whatever comes in whatever order, one pressed key at most is the answer, and it ends", () => {
  const event = fc.record({
    step: fc.constantFrom(
      "answered",
      "digits",
      "digits",
      "digits",
      "played",
      "voicemail",
      "dropped",
      "other",
    ),
    digits: fc.constantFrom("1", "2", "*", "", "5", "##", "1#", "x"),
    isFailure: fc.boolean(),
    code: fc.option(fc.constantFrom("7006", "7401")),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), fc.boolean(), (steps, isRunning) => {
      const events = steps.map(({ code, ...rest }) =>
        aCallEvent({ ...(rest as Partial<CallEvent>), ...(code === null ? {} : { code }) }),
      );
      const about = aSend({ row: { channel: "voice" }, incident: { isRunning } });
      const { actions, answers } = tell(events, { context: about });
      expect(actions).toHaveLength(events.length);
      const pressed = events.filter((one) => one.step === "digits").map((one) => one.digits[0]);
      expect(answers.length).toBeLessThanOrEqual(1);
      for (const answer of answers) expect(pressed).toContain(answer === "coming" ? "1" : "2");
      expect(actions.filter((action) => action.endsWith("?")).length).toBeLessThanOrEqual(10);
      // Of the last words there are some once, and then no key is asked for.
      const last = actions.findIndex((action) => action.endsWith("."));
      const after = last === -1 ? [] : actions.slice(last + 1);
      expect(after.filter((action) => action !== "hang-up" && action !== "none")).toEqual([]);
      // Every call comes to its end if nobody does anything.
      const end = tell([...events, silence, silence, played, played]).actions.at(-1);
      expect(end).toBe("hang-up");
    }),
  );
});
