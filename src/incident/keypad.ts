import type { Decide, Decision, Moment } from "../decision";
import { factsOf } from "../notify/channel-senders";
import type { KeypadPart, KeypadText } from "../notify/keypad-texts";
import { recordAnswer, type AnswerWord } from "./answer";
import type { CallAction, CallEvent, CallProgress, CallState, CallStep } from "./call";
import type { Change } from "./change";

const MOST_WRONG_KEYS = 3;
const MOST_SILENCES = 1;
/** Somebody, or something, that presses star for ever. */
const MOST_ASKED = 10;

const NEW: CallProgress = { step: "asking", wrongKeys: 0, silences: 0, asked: 0 };

const ANSWERS: ReadonlyMap<string, AnswerWord> = new Map([
  ["1", "coming"],
  ["2", "declined"],
]);

/** Whether this event may change what somebody answered. */
export function mayAnswer(event: CallEvent): boolean {
  return event.step === "digits" && ANSWERS.has(keyOf(event));
}

/** Whether somebody pressed a key, whichever. */
export function hasKey(event: CallEvent): boolean {
  return event.step === "digits" && keyOf(event) !== "";
}

/** What the call does next, how far it is then, and what is written besides. */
interface Move extends Partial<CallProgress> {
  action: CallAction;
  changes?: readonly Change[];
}

/**
 * Decides the next step of a call that takes keys, whatever order its events come in: one key at
 * most becomes an answer, a voicemail never gives one, and the key is asked for ten times at most.
 * Every action is played, hung up, or none once the call is over.
 */
export function answerCall(
  event: CallEvent,
  eventHash: string,
  texts: KeypadText,
): Decide<CallState, Change, CallAction> {
  return (state, at): Decision<Change, CallAction> => {
    const call = state.call ?? NEW;
    const { action, changes = [], ...moved } = nextMove({ state, call, event, texts, at });
    const taken = {
      ...call,
      ...moved,
      sessionId: event.sessionId,
      notificationId: state.context.row.id,
      eventHash,
      isFirst: state.call === undefined,
      action,
    };
    return {
      changes: [...changes, { kind: "call.taken", call: taken, at: at.now }],
      result: action,
    };
  };
}

interface Step {
  state: CallState;
  call: CallProgress;
  event: CallEvent;
  texts: KeypadText;
  at: Moment;
}

function nextMove(step: Step): Move {
  const { call, event } = step;
  if (event.step === "dropped") return { action: { kind: "none" }, step: ended(call) };
  if (isBroken(event)) return hangUp(ended(call));
  switch (event.step) {
    case "answered":
      return call.step === "asking" ? ask(step, "message") : hangUp(call.step);
    case "voicemail":
      return call.step === "asking" ? leaveMessage(step) : hangUp(ended(call));
    case "played":
      // Nobody asked to be told of words after which a key is waited for: they heard no key.
      return call.step === "asking" ? hearNothing(step) : hangUp(ended(call));
    case "digits":
      return hearKey(step);
    case "other":
      return { action: { kind: "none" } };
  }
}

/** A key that was pressed in time may still be told after the end. */
function ended({ step }: CallProgress): CallStep {
  return step === "asking" || step === "dropped" ? "dropped" : "over";
}

/** Where no key came, some call it a failure; only a real one has a code. */
function isBroken({ code, digits, isFailure, step }: CallEvent): boolean {
  if (!isFailure) return false;
  return step !== "digits" || (code !== undefined && digits === "");
}

function hearKey(step: Step): Move {
  const { call, event } = step;
  const key = keyOf(event);
  const answer = ANSWERS.get(key);
  if (call.step === "dropped")
    return answer ? { ...takeAnswer(step, answer), ...hangUp("over") } : hangUp("dropped");
  if (call.step !== "asking") return hangUp("over");
  if (answer) return takeAnswer(step, answer);
  if (key === "") return hearNothing(step);
  if (key === "*") return { ...ask(step, "message"), silences: 0 };
  const wrongKeys = call.wrongKeys + 1;
  const next = wrongKeys > MOST_WRONG_KEYS ? close(step, "goodbye") : ask(step, "wrongKey");
  return { ...next, wrongKeys, silences: 0 };
}

/** Some report the key that ended the typing together with the others. */
function keyOf({ digits }: CallEvent): string {
  const keys = digits.replace(/[^0-9*#A-D]/gi, "");
  return keys.length > 1 ? keys.replace(/#$/, "") : keys;
}

function hearNothing(step: Step): Move {
  const silences = step.call.silences + 1;
  const next = silences > MOST_SILENCES ? close(step, "goodbye") : ask(step, "menu");
  return { ...next, silences };
}

function takeAnswer(step: Step, answer: AnswerWord): Move {
  const { at, state } = step;
  const { context, progress } = state;
  if (!progress) return close(step, "over");
  const input = {
    incidentId: context.incident.id,
    responderIds: [context.responder.id],
    answer,
    via: "keypad" as const,
  };
  const { changes, result } = recordAnswer(progress, input, at);
  switch (result.kind) {
    case "recorded":
      return { ...close(step, answer), changes };
    case "over":
      return close(step, "over");
    case "not-there":
      return close(step, "notNeeded");
  }
}

/** Nobody is asked about what is over. */
function ask(step: Step, part: KeypadPart): Move {
  const asked = step.call.asked + 1;
  const why = reasonNotToAsk(step.state);
  if (why) return close(step, why);
  if (asked > MOST_ASKED) return close(step, "goodbye");
  return { action: play(step, part, true), step: "asking", asked };
}

/** A machine presses no key, and what it takes for one is none. */
function leaveMessage(step: Step): Move {
  return reasonNotToAsk(step.state) ? hangUp("over") : close(step, "voicemail");
}

function reasonNotToAsk({ context }: CallState): "over" | "notNeeded" | undefined {
  const { channelsOn, incident, space } = context;
  if (space.isGone || !incident.isRunning) return "over";
  return channelsOn ? undefined : "notNeeded";
}

function close(step: Step, part: KeypadPart): Move {
  return { action: play(step, part, false), step: "closing" };
}

function hangUp(step: CallStep): Move & { step: CallStep } {
  return { action: { kind: "hang-up" }, step };
}

function play({ state, texts }: Step, part: KeypadPart, takesKey: boolean): CallAction {
  const { context } = state;
  return { kind: "play", speech: texts(part, context.row.kind, factsOf(context)), takesKey };
}
