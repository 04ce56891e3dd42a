import type { Clock } from "../clock";
import type { Decide, Moment } from "../decision";
import { RemoteError } from "../errors";
import type { Logger } from "../log";
import { loseAttendance, takeAttendance, type Attendee, type LobbyNews } from "./attendance";
import type { Change } from "./change";
import { UnknownSpaceError, type Decisions } from "./ports";
import type { ProgressState } from "./space-state";

const READ_EVERY_MS = 20_000;
/**
 * Longer than a reading takes: a few calls of ten seconds at most. Who died with one leaves it to
 * whoever looks then.
 */
const HELD_MS = 60_000;
/** Webex publishes no rate; where it could not answer and names no pause, it gets this one. */
const BUSY_MS = 60_000;
/** Only its host can change that it may not be read. */
const LOST_MS = 5 * 60_000;

/** An incident whose meeting is to be read. */
export interface DueReading {
  /** The incident's. */
  id: string;
  spaceId: string;
  dueAt: number;
}

/** A reading that nobody else takes on before `dueAt`. */
export interface HeldReading extends DueReading {
  meetingId: string;
  hostPersonId: string;
  /** Nobody was in it, or in its lobby, when it was last read. */
  wasEmpty: boolean;
}

export interface AttendanceStore {
  due(now: number): Promise<DueReading[]>;
  nextAt(): Promise<number | undefined>;
  /** Holds it until then; `undefined` where somebody else has it, or nothing is to be read. */
  hold(reading: DueReading, until: number): Promise<HeldReading | undefined>;
  /** Gives it back undecided. */
  putOff(reading: DueReading, until: number): Promise<void>;
  /** Reads no meeting of this host before. */
  pauseHost(personId: string, until: number): Promise<void>;
}

/** busy: Webex could not answer now. refused: it does not let the host ask. */
export type ReadingOutcome = "read" | "busy" | "refused" | "no-grant";

export interface AttendanceTimerOptions {
  clock: Clock;
  decisions: Decisions;
  store: AttendanceStore;
  /** With the host's grant; throws a `RemoteError`. */
  listAttendees: (
    hostPersonId: string,
    meetingId: string,
  ) => Promise<readonly Attendee[] | "no grant">;
  /** What to say of the lobby in the space. */
  announce: (news: LobbyNews, at: Moment) => Change[];
  report: (outcome: ReadingOutcome) => void;
  log: Pick<Logger, "info" | "warn">;
}

/**
 * Reads every 20 s who is in the meetings that the bot opened for running incidents; see
 * `takeAttendance`. One process at a time reads a meeting. What Webex cannot answer waits until it
 * can, and is late alone: nothing else waits for it. The space is told nothing of that.
 */
export function createAttendanceTimer(options: AttendanceTimerOptions) {
  const { store } = options;
  return {
    name: "attendance",
    due: (now: number) => store.due(now),
    next: () => store.nextAt(),
    run: async (due: DueReading): Promise<void> => {
      const held = await store.hold(due, options.clock.now() + HELD_MS);
      if (held) await read(options, held);
    },
  };
}

async function read(options: AttendanceTimerOptions, held: HeldReading): Promise<void> {
  try {
    const attendees = await options.listAttendees(held.hostPersonId, held.meetingId);
    if (attendees === "no grant") await lose(options, held, "no-grant");
    else await take(options, held, attendees);
  } catch (err) {
    if (!(err instanceof RemoteError)) throw err;
    if (err.failure.retryable) return waitOut(options, held, err);
    options.log.warn({ err, incident: held.id }, "who is in a meeting may not be read");
    await lose(options, held, "refused");
  }
}

async function take(
  options: AttendanceTimerOptions,
  held: HeldReading,
  attendees: readonly Attendee[],
): Promise<void> {
  options.report("read");
  const nextReadAt = options.clock.now() + READ_EVERY_MS;
  // Most readings of a meeting that nobody has begun say nothing, and need no decision.
  if (held.wasEmpty && attendees.every(isAway)) return options.store.putOff(held, nextReadAt);
  const input = { ...idsOf(held), attendees, nextReadAt };
  await decide(options, held, (state, at) => takeAttendance(state, input, at));
}

function idsOf({ id, meetingId }: HeldReading) {
  return { incidentId: id, meetingId };
}

function isAway({ state }: Attendee): boolean {
  return state !== "joined" && state !== "waiting";
}

/** Where it was too much for Webex, all meetings of that host wait: it counts by who asks. */
async function waitOut(
  { clock, log, report, store }: AttendanceTimerOptions,
  held: HeldReading,
  { failure }: RemoteError,
): Promise<void> {
  const pauseMs = Math.max(READ_EVERY_MS, failure.retryAfterMs ?? BUSY_MS);
  const until = clock.now() + pauseMs;
  log.info({ incident: held.id, status: failure.status, pauseMs }, "a meeting is read later");
  report("busy");
  await store.putOff(held, until);
  if (failure.status === 429) await store.pauseHost(held.hostPersonId, until);
}

async function lose(
  options: AttendanceTimerOptions,
  held: HeldReading,
  outcome: "refused" | "no-grant",
): Promise<void> {
  options.report(outcome);
  const nextReadAt = options.clock.now() + LOST_MS;
  if (held.wasEmpty) return options.store.putOff(held, nextReadAt);
  const input = { ...idsOf(held), nextReadAt };
  await decide(options, held, (state) => loseAttendance(state, input));
}

async function decide(
  { announce, decisions }: AttendanceTimerOptions,
  { dueAt, id, spaceId }: HeldReading,
  rule: Decide<ProgressState, Change, LobbyNews>,
): Promise<void> {
  const trigger = { kind: "due" as const, table: "attendances" as const, id, dueAt };
  try {
    await decisions.withProgress(trigger, { spaceId }, (state, at) => {
      const { changes, result } = rule(state, at);
      return { changes: [...changes, ...announce(result, at)], result: undefined };
    });
  } catch (error) {
    if (!(error instanceof UnknownSpaceError)) throw error;
    // The space is gone, and nobody there needs to know who is in its meeting.
    await decisions.anywhere(trigger, () => ({ changes: [], result: undefined }));
  }
}
