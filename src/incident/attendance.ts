import type { Decision, Moment } from "../decision";
import { recordAnswer } from "./answer";
import type { Change } from "./change";
import type { Incident } from "./incident";
import type { ProgressState } from "./space-state";

/** What is known of who is in the meeting of a running incident, as it was last read. */
export interface Attendance {
  meetingId: string;
  /** In whose name it was opened. */
  hostPersonId: string;
  /** Ids of the responders who were in it. */
  present: readonly string[];
  /** How many wait in its lobby as the space was told; 0 where no card tells of any. */
  waiting: number;
}

/** Somebody in a meeting or in its lobby, or who was. */
export interface Attendee {
  /**
   * Lower case. Webex tells neither a person id nor, of who dials in, the number (to compliance
   * officers only, and after the end): who has no address cannot be told from others.
   */
  email?: string;
  state?: "waiting" | "joined" | "left";
}

export interface AttendanceInput {
  incidentId: string;
  meetingId: string;
  attendees: readonly Attendee[];
  nextReadAt: number;
}

/** What the space should hear of the lobby. */
export type LobbyNews =
  | { kind: "nothing" }
  | { kind: "waiting"; incident: Incident; count: number }
  | { kind: "empty"; incident: Incident };

/**
 * Takes over who is in the meeting. Who came in since the last reading counts as coming, once: also
 * after they had declined, and until they or a moderator say otherwise, though they leave again.
 * Nothing where the incident is over or has another meeting by now.
 */
export function takeAttendance(
  state: ProgressState,
  { attendees, incidentId, meetingId, nextReadAt }: AttendanceInput,
  at: Moment,
): Decision<Change, LobbyNews> {
  const { attendance, incident } = state;
  if (incident?.id !== incidentId || attendance?.meetingId !== meetingId)
    return { changes: [], result: { kind: "nothing" } };
  const present = respondersIn(state, attendees);
  const cameIn = present.filter((id) => !attendance.present.includes(id));
  const waiting = attendees.filter((one) => one.state === "waiting").length;
  return {
    changes: [
      ...comingNow(state, incident, cameIn, at),
      ...seen(incidentId, attendance, present),
      { kind: "attendance.due", incidentId, dueAt: nextReadAt },
    ],
    result: newsOf(incident, attendance, waiting),
  };
}

/** It cannot be read any more: what was known goes, answers stay. */
export function loseAttendance(
  { attendance, incident }: ProgressState,
  { incidentId, nextReadAt }: Pick<AttendanceInput, "incidentId" | "nextReadAt">,
): Decision<Change, LobbyNews> {
  if (incident?.id !== incidentId || !attendance)
    return { changes: [], result: { kind: "nothing" } };
  return {
    changes: [
      ...seen(incidentId, attendance, []),
      { kind: "attendance.due", incidentId, dueAt: nextReadAt },
    ],
    result: newsOf(incident, attendance, 0),
  };
}

/** Nobody is told any more who waits in the meeting that the bot opened for it. */
export function lobbyClosed({ conference, id, spaceId }: Incident): Change[] {
  if (!conference?.meeting) return [];
  return [{ kind: "lobby.emptied", incidentId: id, spaceId }];
}

/** By any address that is known of them. A guest's is what they typed. */
function respondersIn(
  { members, roster }: ProgressState,
  attendees: readonly Attendee[],
): string[] {
  const joined = attendees.filter(({ state }) => state === "joined");
  const emails = new Set(joined.flatMap(({ email }) => email ?? []));
  const byPerson = new Map(members.map(({ email, personId }) => [personId, email]));
  const isIn = (email = ""): boolean => email !== "" && emails.has(email.trim().toLowerCase());
  return roster
    .filter(
      ({ responder: { email, personId = "" } }) => isIn(email) || isIn(byPerson.get(personId)),
    )
    .map(({ responder }) => responder.id);
}

/** Who is down as coming already stays as they are, whoever said it; and so does who started. */
function comingNow(
  state: ProgressState,
  incident: Incident,
  cameIn: readonly string[],
  at: Moment,
): readonly Change[] {
  const responderIds = state.progress
    .filter(({ group, responder }) => group !== "coming" && cameIn.includes(responder.id))
    .map(({ responder }) => responder.id);
  if (responderIds.length === 0) return [];
  const input = {
    incidentId: incident.id,
    responderIds,
    answer: "coming",
    via: "meeting",
  } as const;
  return recordAnswer(state, input, at).changes;
}

function seen(
  incidentId: string,
  { present: before }: Attendance,
  present: readonly string[],
): Change[] {
  const isSame = before.length === present.length && present.every((id) => before.includes(id));
  return isSame ? [] : [{ kind: "attendance.changed", incidentId, present }];
}

function newsOf(incident: Incident, { waiting: told }: Attendance, count: number): LobbyNews {
  if (count === told) return { kind: "nothing" };
  return count === 0 ? { kind: "empty", incident } : { kind: "waiting", incident, count };
}
