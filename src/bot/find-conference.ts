import type { Clock } from "../clock";
import { RemoteError } from "../errors";
import type { Grant } from "../grants/grant";
import { GrantDeadError } from "../grants/ports";
import type { OwnEvent } from "../incident/change";
import { meetingInfoRests, type Found, type RefusedHost } from "../incident/conference";
import { meetingHosts, type MeetingBasis } from "../incident/meeting-hosts";
import { meetingRefusal, restingRefusal, type MeetingRefusal } from "../incident/meeting-refusal";
import type { Logger } from "../log";
import type { Conference, OpenMeeting } from "../notify/notification";

/**
 * An event is held for 20 s and this must be over by then, however slow Webex is: what comes later
 * is lost. Nobody's notification waits for longer than three.
 */
const LONGEST_MS = 15_000;

/** What people let the bot do with meetings; there where an integration is registered. */
export interface Meetings {
  /** `undefined` where that incident runs no more. */
  findBasis(event: { spaceId: string; incidentId: string }): Promise<MeetingBasis | undefined>;
  /** Living grants for meetings, of these persons. */
  grantsOf(personIds: readonly string[]): Promise<readonly Grant[]>;
  /** Throws `GrantDeadError` or a `RemoteError`. */
  open(grantId: string, spaceId: string): Promise<Opened>;
}

/** A meeting that was opened or went on already; whose grant it was is known to who asked. */
export type Opened = Omit<Conference, "source" | "meeting"> & {
  meeting: Pick<OpenMeeting, "id">;
};

export interface FindConferenceOptions {
  clock: Clock;
  getMeetingInfo(spaceId: string): Promise<Omit<Conference, "source"> | "ended">;
  meetings?: Meetings;
  log: Pick<Logger, "warn">;
  /** Of real time, in all. */
  longestMs?: number;
}

type FindConference = Extract<OwnEvent, { kind: "find-conference" }>;

/**
 * Looks for the conference of a running incident: a meeting in the name of somebody who lets the
 * bot, else what Webex tells of the space's own one. Asks nothing where that is known already, or
 * was heard since `queuedAt`. What Webex cannot do now is not known; throws for bugs only.
 */
export async function findConference(
  options: FindConferenceOptions,
  event: FindConference,
  queuedAt: number,
): Promise<Found> {
  const { clock, meetings } = options;
  const askedAt = clock.now();
  const deadline = clock.real() + (options.longestMs ?? LONGEST_MS);
  const basis = await meetings?.findBasis(event);
  if (meetings && (!basis || isSettled(basis, queuedAt))) return { askedAt, refused: [] };
  const search = { ...options, spaceId: event.spaceId, deadline };
  const opened = meetings && basis ? await openMeeting(search, meetings, basis) : { refused: [] };
  const rests = basis !== undefined && meetingInfoRests(basis, clock.now());
  if (opened.meeting || basis?.conference || rests) return { askedAt, ...opened };
  const info = await askForMeetingInfo(search);
  return { askedAt, ...opened, ...(info ? { info } : {}) };
}

/** There is another conference by now, or the details came with another round's question. */
function isSettled({ conference }: MeetingBasis, queuedAt: number): boolean {
  if (!conference) return false;
  return conference.source !== "meeting" || (conference.meeting?.heardAt ?? 0) > queuedAt;
}

interface Search extends FindConferenceOptions {
  spaceId: string;
  /** On the real clock. */
  deadline: number;
}

async function openMeeting(
  search: Search,
  meetings: Meetings,
  basis: MeetingBasis,
): Promise<Pick<Found, "meeting" | "refused">> {
  const personIds = basis.members.map(({ personId }) => personId);
  const grants = await meetings.grantsOf(personIds);
  const { resting, usable } = meetingHosts(basis, grants, search.clock.now());
  const refused: RefusedHost[] = [];
  for (const grant of usable) {
    const answer = await openWith(search, meetings, grant);
    if ("meeting" in answer) return { meeting: answer.meeting, refused };
    refused.push(toRefused(grant, answer));
    if (search.clock.real() >= search.deadline) break;
  }
  const rest = resting.map((grant) => ({
    ...toRefused(grant, restingRefusal(grant, search.clock.now())),
    isResting: true,
  }));
  return { refused: [...refused, ...rest] };
}

function toRefused({ id, personName }: Grant, refusal: MeetingRefusal): RefusedHost {
  return { grantId: id, name: personName, refusal, isResting: false };
}

async function openWith(
  { clock, deadline, log, spaceId }: Search,
  meetings: Meetings,
  grant: Grant,
): Promise<{ meeting: NonNullable<Found["meeting"]> } | MeetingRefusal> {
  try {
    const opened = await before(deadline - clock.real(), meetings.open(grant.id, spaceId));
    if (opened === "late") {
      log.warn({ grant: grant.id }, "Webex took too long to open a meeting");
      return { why: "busy" };
    }
    const meeting = {
      ...opened.meeting,
      grantId: grant.id,
      hostName: grant.personName,
      heardAt: clock.now(),
    };
    return { meeting: { ...opened, source: "meeting", meeting } };
  } catch (err) {
    const refusal = refusalOf(err, clock.now());
    if (!refusal) throw err;
    log.warn({ err, grant: grant.id, why: refusal.why }, "a meeting could not be opened");
    return refusal;
  }
}

function refusalOf(error: unknown, now: number): MeetingRefusal | undefined {
  if (error instanceof GrantDeadError) return { why: "dead" };
  return error instanceof RemoteError ? meetingRefusal(error.failure, now) : undefined;
}

/** Nobody's notification waits for Webex to get well: what cannot be asked now is not known. */
async function askForMeetingInfo(search: Search): Promise<Found["info"]> {
  const { clock, deadline, log, spaceId } = search;
  const left = deadline - clock.real();
  if (left <= 0) return undefined;
  try {
    const info = await before(left, search.getMeetingInfo(spaceId));
    if (info === "late") return undefined;
    return info === "ended" ? info : { ...info, source: "meeting-info" };
  } catch (err) {
    if (!(err instanceof RemoteError)) throw err;
    log.warn({ err }, "Webex could not be asked for the space's meeting");
    return undefined;
  }
}

/** "late" once the real time is over; what comes of the work then is nobody's any more. */
async function before<T>(ms: number, work: Promise<T>): Promise<T | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
