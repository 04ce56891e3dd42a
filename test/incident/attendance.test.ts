import {
  lobbyClosed,
  loseAttendance,
  takeAttendance,
  type Attendance,
  type AttendanceInput,
  type Attendee,
} from "../../src/incident/attendance";
import type { Answer } from "../../src/incident/answer";
import type { ProgressState } from "../../src/incident/space-state";
import {
  ana,
  aMeeting,
  aMember,
  anEntry,
  anExternal,
  anIncident,
  aMoment,
  aPerson,
  aProgressOf,
  aProgressState,
  NOW,
  ofKind,
} from "../support/builders";

const NEXT = NOW + 20_000;
const incident = anIncident({ conference: aMeeting() });
const anas = anEntry(aPerson({ ...ana, id: "r-ana" }));
const bos = anEntry();
const eves = anEntry(anExternal({ email: "Eve@Partner.example" }));

function joined(email: string): Attendee {
  return { email, state: "joined" };
}

function aState(known: Partial<Attendance> = {}, more: Partial<ProgressState> = {}): ProgressState {
  return aProgressState({
    incident,
    attendance: {
      meetingId: "meeting-1",
      hostPersonId: ana.personId,
      present: [],
      waiting: 0,
      ...known,
    },
    roster: [anas, bos, eves],
    progress: [
      aProgressOf(anas, { group: "coming", isStarter: true }),
      aProgressOf(bos),
      aProgressOf(eves),
    ],
    ...more,
  });
}

function taken(
  state: ProgressState,
  attendees: readonly Attendee[],
  more: Partial<AttendanceInput> = {},
) {
  const input = { incidentId: incident.id, meetingId: "meeting-1", attendees, nextReadAt: NEXT };
  const { changes, result } = takeAttendance(state, { ...input, ...more }, aMoment());
  return {
    news: result,
    changes,
    coming: ofKind(changes, "answer.recorded").map(({ responderId }) => responderId),
    present: ofKind(changes, "attendance.changed").map(({ present }) => present),
    due: ofKind(changes, "attendance.due").map(({ dueAt }) => dueAt),
  };
}

test("who came in is coming by the meeting, and needs no reminder any more", () => {
  const { changes, coming, due, present } = taken(aState(), [joined("bo@corp.example")]);
  expect(coming).toEqual(["r-bo"]);
  expect(ofKind(changes, "answer.recorded")[0]?.said).toEqual({
    ...{ answer: "coming", via: "meeting", at: NOW },
  });
  expect(ofKind(changes, "notifications.cancelled")[0]?.filter).toMatchObject({
    responderId: "r-bo",
    isAutomatic: true,
  });
  expect(present).toEqual([["r-bo"]]);
  expect(due).toEqual([NEXT]);
});

test("who was in it before says nothing new, whatever they have said since", () => {
  const said: Answer = { answer: "declined", via: "card", at: NOW };
  const progress = [aProgressOf(bos, { answer: said, group: "declined" })];
  const { coming, present } = taken(aState({ present: ["r-bo"] }, { progress }), [
    joined("bo@corp.example"),
  ]);
  expect([coming, present]).toEqual([[], []]);
});

test("who had declined and comes in has changed their mind", () => {
  const said: Answer = { answer: "declined", via: "moderator", by: ana, at: NOW };
  const progress = [aProgressOf(bos, { answer: said, group: "declined" })];
  expect(taken(aState({}, { progress }), [joined("bo@corp.example")]).coming).toEqual(["r-bo"]);
});

test("who is down as coming stays as they are, and so does who started", () => {
  const said: Answer = { answer: "coming", via: "moderator", by: ana, at: NOW };
  const progress = [
    aProgressOf(anas, { group: "coming", isStarter: true }),
    aProgressOf(bos, { answer: said, group: "coming" }),
  ];
  const { coming, present } = taken(aState({}, { progress }), [
    joined("ana@corp.example"),
    joined("bo@corp.example"),
  ]);
  expect(coming).toEqual([]);
  expect(present).toEqual([["r-ana", "r-bo"]]);
});

test.each([
  ["their address in the space", "bo@corp.example", ["r-bo"]],
  ["the address that is known of them", "eve@partner.example", ["r-eve"]],
  ["no address", undefined, []],
  ["an empty one", "", []],
  ["a stranger's", "mallory@elsewhere.example", []],
])("somebody is told by %s", (_what, email, ids) => {
  const attendee: Attendee = { state: "joined", ...(email === undefined ? {} : { email }) };
  expect(taken(aState(), [attendee]).coming).toEqual(ids);
});

test("a member's address counts though another one is known of them", () => {
  const roster = [anEntry(aPerson({ email: "old@corp.example" }))];
  const members = [aMember({ email: "Bo.Alm@corp.example" })];
  const state = aState({}, { roster, members, progress: [aProgressOf(roster[0]!)] });
  expect(taken(state, [joined("bo.alm@corp.example")]).coming).toEqual(["r-bo"]);
  expect(taken(state, [joined("old@corp.example")]).coming).toEqual(["r-bo"]);
});

test.each(["waiting", "left", undefined] as const)(
  "who is not in it (%s) is not coming by it",
  (state) => {
    const email = "bo@corp.example";
    const { coming, present } = taken(aState(), [{ email, ...(state ? { state } : {}) }]);
    expect([coming, present]).toEqual([[], []]);
  },
);

test("who leaves keeps their answer", () => {
  const { changes, present } = taken(aState({ present: ["r-bo"] }), [
    { email: "bo@corp.example", state: "left" },
  ]);
  expect(present).toEqual([[]]);
  expect(ofKind(changes, "answer.recorded")).toEqual([]);
});

test("who was told twice apart, on two devices, is one", () => {
  const twice = [joined("bo@corp.example"), joined("bo@corp.example")];
  expect(taken(aState(), twice)).toMatchObject({ coming: ["r-bo"], present: [["r-bo"]] });
});

const waits: Attendee = { state: "waiting" };

test.each([
  [0, 3, { kind: "waiting", count: 3 }],
  [3, 2, { kind: "waiting", count: 2 }],
  [2, 2, { kind: "nothing" }],
  [1, 0, { kind: "empty" }],
  [0, 0, { kind: "nothing" }],
])("of a lobby in which %d were told and %d wait", (waiting, now, news) => {
  const attendees = Array.from({ length: now }, () => waits);
  expect(taken(aState({ waiting }), attendees).news).toMatchObject(news);
});

test.each([
  ["is over", { incidentId: "incident-0" }, {}],
  ["has another meeting by now", { meetingId: "meeting-0" }, {}],
  ["has no meeting of ours by now", {}, { attendance: undefined }],
])("nothing is taken of a meeting whose incident %s", (_what, input, more) => {
  const { attendance, ...state } = aState();
  const known = "attendance" in more ? state : { ...state, attendance: attendance! };
  const { changes, news } = taken(known, [joined("bo@corp.example"), waits], input);
  expect([changes, news]).toEqual([[], { kind: "nothing" }]);
});

describe("what cannot be read any more", () => {
  const input = { incidentId: incident.id, nextReadAt: NEXT };

  test("is forgotten, but for the answers", () => {
    const state = aState({ present: ["r-bo"], waiting: 2 });
    const { changes, result } = loseAttendance(state, input);
    expect(changes).toEqual([
      { kind: "attendance.changed", incidentId: incident.id, present: [] },
      { kind: "attendance.due", incidentId: incident.id, dueAt: NEXT },
    ]);
    expect(result).toEqual({ kind: "empty", incident });
  });

  test("is nothing where the incident is over", () => {
    const { changes } = loseAttendance(aState({ waiting: 2 }), {
      ...input,
      incidentId: "incident-0",
    });
    expect(changes).toEqual([]);
  });
});

test("only an incident with a meeting of ours has a lobby to close", () => {
  expect(lobbyClosed(anIncident())).toEqual([]);
  expect(lobbyClosed(incident)).toEqual([
    { kind: "lobby.emptied", incidentId: incident.id, spaceId: incident.spaceId },
  ]);
});
