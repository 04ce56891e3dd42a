import type { Decision, Moment } from "../decision";
import type { Change } from "./change";
import type { Incident, PersonRef, ResponderProgress } from "./incident";
import type { ProgressState } from "./space-state";

export type AnswerWord = "coming" | "declined";

/**
 * How it was given. card, direct: by the person on Webex. sms, keypad: by whoever holds the phone.
 * moderator: by somebody for them. meeting: they were seen in it.
 */
export type AnswerVia = "card" | "direct" | "sms" | "keypad" | "moderator" | "meeting";

/** What somebody last said. */
export interface Answer {
  answer: AnswerWord;
  via: AnswerVia;
  at: number;
  /** The moderator who said it for them. */
  by?: PersonRef;
  /**
   * When the newest text with an answer of theirs was sent, by the provider's clock; also where they
   * have answered in another way since. To be compared with nothing but its like.
   */
  textedAt?: number;
}

export interface AnswerInput {
  incidentId: string;
  /** Several where they share the phone that answered. */
  responderIds: readonly string[];
  answer: AnswerWord;
  via: AnswerVia;
  by?: PersonRef;
  /** See `Answer.textedAt`. */
  textedAt?: number;
}

export type AnswerResult =
  | {
      kind: "recorded";
      incident: Incident;
      answer: AnswerWord;
      people: { responderId: string; name: string; before?: AnswerWord }[];
      /** Nobody said anything new: it was said before, or the phone has said something since. */
      isRepeated: boolean;
    }
  /** It came after the stop. */
  | { kind: "over"; incident?: Incident }
  /** Nobody of them is on the roster any more. */
  | { kind: "not-there"; incident: Incident };

/**
 * Takes an answer down, the last one counts. What Muster would send by itself to them is no longer
 * needed; a moderator's own reminder still goes.
 */
export function recordAnswer(
  state: ProgressState,
  input: AnswerInput,
  at: Moment,
): Decision<Change, AnswerResult> {
  const { answer, incidentId, responderIds } = input;
  const incident = state.latest?.id === incidentId ? state.latest : undefined;
  if (incident?.state !== "running")
    return { changes: [], result: { kind: "over", ...(incident ? { incident } : {}) } };
  const people = state.progress.filter(({ responder }) => responderIds.includes(responder.id));
  if (people.length === 0) return { changes: [], result: { kind: "not-there", incident } };
  const isOvertaken = people.some(({ answer: before }) =>
    isNewer(before?.textedAt, input.textedAt),
  );
  const fresh = isOvertaken ? [] : people.filter(({ answer: before }) => isNews(before, input));
  return {
    changes: people.flatMap((person) => {
      const { id } = person.responder;
      if (fresh.includes(person)) return answered(incident, id, input, at);
      return isOvertaken ? [] : repeated(person, input);
    }),
    result: {
      kind: "recorded",
      incident,
      answer,
      people: people.map(({ answer: before, responder: { id, name } }) => ({
        responderId: id,
        name,
        ...(before ? { before: before.answer } : {}),
      })),
      isRepeated: fresh.length === 0,
    },
  };
}

function isNewer(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one > other;
}

/** What somebody says themselves is news even where a moderator has said it for them. */
function isNews(before: Answer | undefined, { answer, by }: AnswerInput): boolean {
  return before?.answer !== answer || (before.by !== undefined && by === undefined);
}

/** It says nothing new, but what was texted before it must not count any more. */
function repeated(
  { responder: { id: responderId } }: ResponderProgress,
  { incidentId, textedAt }: AnswerInput,
): Change[] {
  if (textedAt === undefined) return [];
  return [{ kind: "answer.repeated", incidentId, responderId, textedAt }];
}

function answered(
  incident: Incident,
  responderId: string,
  { answer, by, textedAt, via }: AnswerInput,
  at: Moment,
): Change[] {
  const incidentId = incident.id;
  const said: Answer = {
    ...{ answer, via, at: at.now },
    ...(by ? { by } : {}),
    ...(textedAt === undefined ? {} : { textedAt }),
  };
  return [
    { kind: "answer.recorded", id: at.newId(), incidentId, responderId, said },
    {
      kind: "notifications.cancelled",
      filter: { incidentId, responderId, isAutomatic: true, reason: "answered" },
    },
    {
      kind: "timeline.added",
      incidentId,
      entry: {
        kind: "answered",
        at: at.now,
        actor: by?.personId ?? "responder",
        payload: { responderId, answer, via, ...(by ? { by: by.name } : {}) },
      },
    },
  ];
}
