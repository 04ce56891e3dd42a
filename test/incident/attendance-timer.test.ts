import type { Attendance, Attendee } from "../../src/incident/attendance";
import {
  createAttendanceTimer,
  type AttendanceStore,
  type AttendanceTimerOptions,
  type HeldReading,
} from "../../src/incident/attendance-timer";
import { MemoryDecisions } from "../support/bot-rig";
import {
  ana,
  aMeeting,
  anIncident,
  aMoment,
  aProgressState,
  NOW,
  ofKind,
  SPACE,
} from "../support/builders";
import { ManualClock } from "../support/manual-clock";
import { aFailure } from "../support/outbox-builders";

const SECOND = 1_000;
const due = { id: "incident-1", spaceId: SPACE, dueAt: NOW };
const HELD_UNTIL = NOW + 60 * SECOND;

/** One meeting, which one process at a time holds. */
class MemoryReadings implements AttendanceStore {
  readonly put: string[] = [];

  constructor(private readonly held: Partial<HeldReading> | "elsewhere") {}

  due = () => Promise.resolve([due]);
  nextAt = () => Promise.resolve(undefined);
  hold(reading: typeof due, until: number): Promise<HeldReading | undefined> {
    if (this.held === "elsewhere") return Promise.resolve(undefined);
    const meeting = { meetingId: "meeting-1", hostPersonId: ana.personId, wasEmpty: false };
    return Promise.resolve({ ...reading, ...meeting, dueAt: until, ...this.held });
  }
  putOff({ dueAt, id }: typeof due, until: number): Promise<void> {
    this.put.push(`${id} held until +${(dueAt - NOW) / SECOND} off +${(until - NOW) / SECOND}`);
    return Promise.resolve();
  }
  pauseHost(personId: string, until: number): Promise<void> {
    this.put.push(`host ${personId} +${(until - NOW) / SECOND}`);
    return Promise.resolve();
  }
}

const waits: Attendee = { state: "waiting" };

function aTimer(
  found: readonly Attendee[] | "no grant" | Error,
  {
    held = {},
    known = {},
  }: { held?: Partial<HeldReading> | "elsewhere"; known?: Partial<Attendance> } = {},
) {
  const attendance: Attendance = {
    meetingId: "meeting-1",
    hostPersonId: ana.personId,
    present: ["r-bo"],
    waiting: 1,
    ...known,
  };
  const incident = anIncident({ conference: aMeeting() });
  const decisions = new MemoryDecisions(aProgressState({ incident, attendance }), aMoment());
  const store = new MemoryReadings(held);
  const outcomes: string[] = [];
  const logged: string[] = [];
  const log = (_fields: object, msg: string): void => void logged.push(msg);
  const asked: string[][] = [];
  const options: AttendanceTimerOptions = {
    clock: new ManualClock(NOW),
    decisions,
    store,
    listAttendees: (...args) => {
      asked.push(args);
      return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
    },
    announce: ({ kind }) => [{ kind: "card.used", cardId: kind, at: NOW }],
    report: (outcome) => void outcomes.push(outcome),
    log: { info: log, warn: log },
  };
  const timer = createAttendanceTimer(options);
  return { asked, decisions, logged, outcomes, run: () => timer.run(due), store };
}

function news({ changes }: MemoryDecisions): string[] {
  return ofKind(changes, "card.used").map(({ cardId }) => cardId);
}

test("a meeting is read in its host's name, and decided on once", async () => {
  const { asked, decisions, outcomes, run, store } = aTimer([waits, waits]);
  await run();
  expect(asked).toEqual([[ana.personId, "meeting-1"]]);
  expect(decisions.triggers).toEqual([
    { kind: "due", table: "attendances", id: "incident-1", dueAt: HELD_UNTIL },
  ]);
  expect(ofKind(decisions.changes, "attendance.due")).toEqual([
    { kind: "attendance.due", incidentId: "incident-1", dueAt: NOW + 20 * SECOND },
  ]);
  expect(news(decisions)).toEqual(["waiting"]);
  expect([outcomes, store.put]).toEqual([["read"], []]);
});

test("what somebody else holds is not read", async () => {
  const { asked, run } = aTimer([], { held: "elsewhere" });
  await run();
  expect(asked).toEqual([]);
});

test.each([[[]], [[{ state: "left" } as const]], [[{ email: "x@y.example" }]]])(
  "a meeting in which nobody was and is needs no decision (%j)",
  async (found) => {
    const { decisions, run, store } = aTimer(found, { held: { wasEmpty: true } });
    await run();
    expect(decisions.triggers).toEqual([]);
    expect(store.put).toEqual(["incident-1 held until +60 off +20"]);
  },
);

test("a meeting that was left is decided on", async () => {
  const { decisions, run } = aTimer([]);
  await run();
  expect(ofKind(decisions.changes, "attendance.changed")).toMatchObject([{ present: [] }]);
  expect(news(decisions)).toEqual(["empty"]);
});

test.each([
  [{ status: 429, retryAfterMs: 90 * SECOND }, 90, true],
  [{ status: 429, retryAfterMs: 1 * SECOND }, 20, true],
  [{ status: 503 }, 60, false],
  [{ status: 503, retryAfterMs: 30 * SECOND }, 30, false],
  [{}, 60, false],
])("what Webex cannot answer (%j) waits %d s", async (failure, pause, isForHost) => {
  const { decisions, logged, outcomes, run, store } = aTimer(aFailure(failure));
  await run();
  expect(decisions.triggers).toEqual([]);
  expect(store.put).toEqual([
    `incident-1 held until +60 off +${pause}`,
    ...(isForHost ? [`host ana +${pause}`] : []),
  ]);
  expect(outcomes).toEqual(["busy"]);
  expect(logged).toEqual(["a meeting is read later"]);
});

test.each([400, 401, 403])("what Webex refuses (%d) is forgotten and logged", async (status) => {
  const { decisions, logged, outcomes, run } = aTimer(aFailure({ status }));
  await run();
  expect(ofKind(decisions.changes, "attendance.changed")).toMatchObject([{ present: [] }]);
  expect(ofKind(decisions.changes, "attendance.due")).toMatchObject([
    { dueAt: NOW + 300 * SECOND },
  ]);
  expect(news(decisions)).toEqual(["empty"]);
  expect(outcomes).toEqual(["refused"]);
  expect(logged).toEqual(["who is in a meeting may not be read"]);
});

test("without a grant of the host nothing is known any more, and it is looked again later", async () => {
  const { decisions, logged, outcomes, run } = aTimer("no grant");
  await run();
  expect(news(decisions)).toEqual(["empty"]);
  expect([outcomes, logged]).toEqual([["no-grant"], []]);
  const empty = aTimer("no grant", { held: { wasEmpty: true } });
  await empty.run();
  expect(empty.decisions.triggers).toEqual([]);
  expect(empty.store.put).toEqual(["incident-1 held until +60 off +300"]);
});

test("in a space that is gone nothing is decided, and nobody reads it again", async () => {
  const { decisions, run } = aTimer([waits]);
  decisions.state = undefined;
  await run();
  expect(decisions.changes).toEqual([]);
  expect(decisions.triggers).toHaveLength(1);
});

test("a bug is neither Webex's refusal nor a space that is gone", async () => {
  await expect(aTimer(new Error("bug")).run()).rejects.toThrow("bug");
  const { decisions, run } = aTimer([waits]);
  jest.spyOn(decisions, "withProgress").mockRejectedValue(new Error("bug"));
  await expect(run()).rejects.toThrow("bug");
});
