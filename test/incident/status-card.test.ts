import { statusWork, touchedBy, type StatusWork } from "../../src/incident/status-card";
import type { ProgressState, StatusCard } from "../../src/incident/space-state";
import {
  anEntry,
  anIncident,
  aPerson,
  aProgressOf,
  aProgressState,
  aSpace,
  NOW,
  SPACE,
} from "../support/builders";

const look = { picture: "new", line: "2 of 3 invited", statusCardMs: 60_000 };
const stands: StatusCard = { messageId: "m-1", cardId: "c-1", picture: "old", replacedAt: NOW };

function workAt(
  ms: number,
  card: Partial<StatusCard> = {},
  state: Partial<ProgressState> = {},
): StatusWork {
  const incident = anIncident({ threadMessageId: "thread" });
  const openRounds = new Set(["round-1"]);
  const statusCard = { ...stands, ...card };
  return statusWork(aProgressState({ incident, openRounds, statusCard, ...state }), look, NOW + ms);
}

const aLine = (line: Partial<NonNullable<StatusCard["line"]>> = {}) => ({
  line: { messageId: "l-1", text: "1 of 3 invited", edits: 0, isUnderWay: false, ...line },
});

describe("a status card that may be out of date", () => {
  test("is replaced once it stood for STATUS_CARD_SECONDS", () => {
    expect(workAt(59_999)).toMatchObject({ kind: "later", dueAt: NOW + 60_000 });
    expect(workAt(60_000)).toEqual({ kind: "card" });
  });

  test("is left where it is for thirty seconds after a press", () => {
    const pressedAt = NOW + 45_000;
    expect(workAt(74_999, { pressedAt })).toMatchObject({ kind: "later", dueAt: NOW + 75_000 });
    expect(workAt(75_000, { pressedAt })).toEqual({ kind: "card" });
  });

  test("is replaced at once when it has nothing to wait for", () => {
    expect(workAt(1, { replacedAt: 0 })).toEqual({ kind: "card" });
  });

  test.each<[string, Partial<StatusCard>, Partial<ProgressState>]>([
    ["shows already what is to be shown", { picture: "new" }, {}],
    ["belongs to no running incident", {}, { incident: undefined } as never],
    ["was never posted", {}, { statusCard: undefined } as never],
    [
      "stands where the bot may not write",
      {},
      { botIsModerator: false, space: aSpace({ isAnnouncementOnly: true }) },
    ],
  ])("is left alone where it %s", (_what, card, state) => {
    expect(workAt(120_000, card, state)).toEqual({ kind: "nothing" });
  });
});

describe("the line between two status cards", () => {
  test("is posted in the thread of the start's answer", () => {
    expect(workAt(5_000)).toEqual({
      kind: "later",
      dueAt: NOW + 60_000,
      line: { kind: "post", threadMessageId: "thread" },
    });
  });

  test("is edited nine times, then posted anew", () => {
    const edited = { line: { kind: "edit", messageId: "l-1" } };
    expect(workAt(5_000, aLine())).toMatchObject(edited);
    expect(workAt(5_000, aLine({ edits: 8 }))).toMatchObject(edited);
    expect(workAt(5_000, aLine({ edits: 9 }))).toMatchObject({ line: { kind: "post" } });
  });

  test("that says it already is left alone", () => {
    const work = workAt(5_000, aLine({ text: look.line }));
    expect(work).toEqual({ kind: "later", dueAt: NOW + 60_000 });
  });

  test("that is being posted is waited for", () => {
    const line = { text: "1 of 3 invited", edits: 0, isUnderWay: true };
    expect(workAt(5_000, { line })).toEqual({ kind: "later", dueAt: NOW + 10_000 });
    expect(workAt(58_000, { line })).toEqual({ kind: "later", dueAt: NOW + 60_000 });
  });

  test("tells of answers when nothing is open any more", () => {
    const answer = { answer: "coming", via: "card", at: NOW } as const;
    const progress = [aProgressOf(anEntry(), { answer, group: "coming" })];
    expect(workAt(5_000, {}, { openRounds: new Set(), progress })).toMatchObject({
      line: { kind: "post", threadMessageId: "thread" },
    });
  });

  test.each<[string, Partial<ProgressState>]>([
    ["nothing is open", { openRounds: new Set<string>() }],
    ["the start was answered elsewhere", { incident: anIncident() }],
  ])("does not exist where %s", (_what, state) => {
    expect(workAt(5_000, {}, state)).toEqual({ kind: "later", dueAt: NOW + 60_000 });
  });
});

test("what touches the picture is known by its space, incident or responder", () => {
  const channels = { webex: true, sms: false, voice: false };
  const touched = touchedBy([
    { kind: "roster.set", spaceId: SPACE, responderId: "r-bo", channels, at: NOW },
    { kind: "roster.removed", spaceId: "space-2", responderId: "r-bo" },
    { kind: "incident.renamed", incidentId: "incident-1", name: "x" },
    { kind: "incident.conference", incidentId: "incident-2", conference: undefined },
    { kind: "responder.renamed", responderId: "r-1", name: "x" },
    { kind: "responder.edited", responder: aPerson({ id: "r-2" }) },
    { kind: "responder.joined", responderId: "r-3", personId: "eve", replacesId: "r-4", at: NOW },
    { kind: "card.used", cardId: "card-1", at: NOW },
  ]);
  expect(touched).toEqual({
    spaceIds: new Set([SPACE, "space-2"]),
    incidentIds: new Set(["incident-1", "incident-2"]),
    responderIds: new Set(["r-1", "r-2", "r-3"]),
  });
});
