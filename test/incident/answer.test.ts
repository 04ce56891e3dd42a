import { recordAnswer, type AnswerInput } from "../../src/incident/answer";
import type { ProgressState } from "../../src/incident/space-state";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMoment,
  aProgressOf,
  aProgressState,
  NOW,
  ofKind,
} from "../support/builders";

const bo = aProgressOf(anEntry());
const eve = aProgressOf(anEntry(anExternal()));

function aState(overrides: Partial<ProgressState> = {}): ProgressState {
  return aProgressState({ progress: [bo, eve], ...overrides });
}

function anInput(overrides: Partial<AnswerInput> = {}): AnswerInput {
  return {
    incidentId: anIncident().id,
    responderIds: ["r-eve"],
    answer: "coming",
    via: "sms",
    ...overrides,
  };
}

test("an answer is written down, and what Muster would send by itself is not needed any more", () => {
  const { changes, result } = recordAnswer(aState(), anInput(), aMoment());
  expect(ofKind(changes, "answer.recorded")).toMatchObject([
    { responderId: "r-eve", said: { answer: "coming", via: "sms", at: NOW } },
  ]);
  expect(ofKind(changes, "notifications.cancelled").map(({ filter }) => filter)).toEqual([
    {
      incidentId: anIncident().id,
      responderId: "r-eve",
      isAutomatic: true,
      reason: "answered",
    },
  ]);
  expect(ofKind(changes, "timeline.added")[0]?.entry).toMatchObject({
    kind: "answered",
    payload: { responderId: "r-eve", answer: "coming", via: "sms" },
  });
  expect(result).toMatchObject({
    kind: "recorded",
    isRepeated: false,
    people: [{ responderId: "r-eve", name: eve.responder.name }],
  });
});

test("a change of mind counts, and what was said before is told", () => {
  const before = { answer: "coming" as const, via: "card" as const, at: NOW - 1 };
  const state = aState({ progress: [{ ...eve, answer: before }] });
  const { changes, result } = recordAnswer(state, anInput({ answer: "declined" }), aMoment());
  expect(ofKind(changes, "answer.recorded")[0]?.said.answer).toBe("declined");
  expect(result).toMatchObject({ people: [{ before: "coming" }] });
});

test("the same again changes nothing", () => {
  const before = { answer: "coming" as const, via: "card" as const, at: NOW - 1 };
  const state = aState({ progress: [{ ...eve, answer: before }] });
  const { changes, result } = recordAnswer(state, anInput(), aMoment());
  expect(changes).toEqual([]);
  expect(result).toMatchObject({ kind: "recorded", isRepeated: true });
});

test("a text that was sent before their last one changes nothing for anybody who shares the phone", () => {
  const before = { answer: "declined", via: "sms", at: NOW - 2, textedAt: NOW - 9 } as const;
  const state = aState({ progress: [bo, { ...eve, answer: before }] });
  const both = { responderIds: [bo.responder.id, "r-eve"] };
  const late = recordAnswer(state, anInput({ ...both, textedAt: NOW - 10 }), aMoment());
  expect(late.changes).toEqual([]);
  expect(late.result).toMatchObject({ kind: "recorded", isRepeated: true });
  const atOnce = recordAnswer(state, anInput({ ...both, textedAt: NOW - 9 }), aMoment());
  expect(ofKind(atOnce.changes, "answer.recorded").map(({ said }) => said.textedAt)).toEqual([
    NOW - 9,
    NOW - 9,
  ]);
});

test("the same again by text is remembered as said then, and cancels nothing", () => {
  const before = { answer: "coming" as const, via: "card" as const, at: NOW - 1 };
  const state = aState({ progress: [{ ...eve, answer: before }] });
  const { changes, result } = recordAnswer(state, anInput({ textedAt: NOW - 5 }), aMoment());
  const incidentId = anIncident().id;
  expect(changes).toEqual([
    { kind: "answer.repeated", incidentId, responderId: "r-eve", textedAt: NOW - 5 },
  ]);
  expect(result).toMatchObject({ isRepeated: true });
});

test("a moderator may say it for somebody, and the record says who", () => {
  const input = anInput({ via: "moderator", by: ana });
  const { changes } = recordAnswer(aState(), input, aMoment());
  expect(ofKind(changes, "answer.recorded")[0]?.said.by).toEqual(ana);
  expect(ofKind(changes, "timeline.added")[0]?.entry).toMatchObject({
    actor: ana.personId,
    payload: { by: ana.name },
  });
});

test("their own word is news even where a moderator has said the same for them", () => {
  const before = { answer: "coming", via: "moderator", at: NOW - 1, by: ana } as const;
  const state = aState({ progress: [{ ...eve, answer: before }] });
  const own = recordAnswer(state, anInput({ via: "card" }), aMoment());
  expect(ofKind(own.changes, "answer.recorded")[0]?.said).toEqual({
    answer: "coming",
    via: "card",
    at: NOW,
  });
  const again = recordAnswer(state, anInput({ via: "moderator", by: ana }), aMoment());
  expect(again.changes).toEqual([]);
});

test("those who share a phone answer together, as far as they are there", () => {
  const input = anInput({ responderIds: ["r-bo", "r-eve", "r-gone"] });
  const { changes } = recordAnswer(aState(), input, aMoment());
  expect(ofKind(changes, "answer.recorded").map((one) => one.responderId)).toEqual([
    bo.responder.id,
    "r-eve",
  ]);
});

test.each([
  ["after the stop", aState({ latest: anIncident({ state: "stopped" }) })],
  ["when another incident runs by now", aState({ latest: anIncident({ id: "incident-2" }) })],
])("%s it is over", (_when, state) => {
  const { changes, result } = recordAnswer(state, anInput(), aMoment());
  expect(changes).toEqual([]);
  expect(result.kind).toBe("over");
});

test("of somebody who is off the roster nothing is written", () => {
  const { changes, result } = recordAnswer(
    aState(),
    anInput({ responderIds: ["r-gone"] }),
    aMoment(),
  );
  expect(changes).toEqual([]);
  expect(result.kind).toBe("not-there");
});
