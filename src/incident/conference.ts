import type { Decision, Moment } from "../decision";
import type { Channel, Conference, OpenMeeting } from "../notify/notification";
import type { Bridge } from "../roster/change";
import type { Change } from "./change";
import type { ChannelOutcome, Incident } from "./incident";
import { refusalNote, type MeetingRefusal } from "./meeting-refusal";
import type { IncidentSettings } from "./settings";
import type { ProgressState, SpaceState } from "./space-state";
import { planRound } from "./plan-round";

const MEETING_INFO_REST_MS = 24 * 60 * 60_000;

/** What the space's own bridge says. */
export function conferenceOfBridge(bridge: Bridge): Conference {
  return { ...bridge, source: "bridge" };
}

export type ConferenceChoice =
  { isKnown: true; conference: Conference | undefined } | { isKnown: false };

/**
 * The conference of a starting incident: the space's bridge; else somebody may let the bot open a
 * meeting; else Webex is asked, unless it refused for good within the last day; else the configured
 * one; else none.
 */
export function chooseConference(
  state: SpaceState,
  settings: IncidentSettings,
  now: number,
): ConferenceChoice {
  if (state.bridge) return { isKnown: true, conference: conferenceOfBridge(state.bridge) };
  if (!settings.canOpenMeetings && meetingInfoRests(state, now))
    return { isKnown: true, conference: settings.defaultConference };
  return { isKnown: false };
}

/** Webex refused for good to tell of the space's meeting, and not long ago. */
export function meetingInfoRests(
  { meetingInfoEndedAt }: Pick<SpaceState, "meetingInfoEndedAt">,
  now: number,
): boolean {
  return meetingInfoEndedAt !== undefined && now - meetingInfoEndedAt < MEETING_INFO_REST_MS;
}

/** What came of looking for the conference. */
export interface Found {
  /** When the looking began: what was heard since is as new. */
  askedAt: number;
  /** The meeting that was opened in somebody's name, or went on already. */
  meeting?: Conference & { meeting: OpenMeeting };
  /** In whose names none could be opened, in the order in which they were tried. */
  refused: readonly RefusedHost[];
  /** Of the space's own meeting: its details, or that Webex does not tell them. */
  info?: Conference | "ended";
}

export interface RefusedHost {
  grantId: string;
  name: string;
  refusal: MeetingRefusal;
  /** It was not asked again: Webex had refused before. */
  isResting: boolean;
}

export interface ConferenceInput {
  incidentId: string;
  found: Found;
  settings: IncidentSettings;
}

/** What the space should hear of it. */
export type FoundResult =
  | { kind: "nothing" }
  | { kind: "opened"; incident: Incident; hostName: string }
  | {
      kind: "not-opened";
      incident: Incident;
      host: RefusedHost;
      /** Where people talk instead. */
      instead: "known" | Conference["source"] | "none";
    };

/**
 * Takes over what was found and lets the waiting rounds go, which then carry it. Whoever was told
 * other details, or none, gets the new ones as an update; who declined does not. Where nothing was
 * found the known details stay. A bridge that was set meanwhile stays in any case.
 */
export function conferenceFound(
  state: ProgressState,
  input: ConferenceInput,
  at: Moment,
): Decision<Change, FoundResult> {
  const { found, incidentId } = input;
  const changes: Change[] = notesOf(found);
  if (found.info === "ended")
    changes.push({ kind: "meeting-info.ended", spaceId: state.space.id, at: at.now });
  if (state.incident?.id !== incidentId) return { changes, result: { kind: "nothing" } };
  const { incident, openRounds } = state;
  for (const roundId of openRounds) changes.push({ kind: "round.released", roundId });
  const known = incident.conference;
  if (known && (known.source !== "meeting" || isOvertaken(known, found)))
    return { changes, result: { kind: "nothing" } };
  const conference = bestOf(known, input);
  if (conference && conference !== known)
    changes.push(...takeConference(state, { incident, conference }, input.settings, at));
  return { changes, result: resultOf(incident, conference, found) };
}

/** What Webex refused is noted with the grant; what it could not do now only where it names a pause. */
function notesOf({ refused }: Found): Change[] {
  return refused.filter(({ isResting }) => !isResting).flatMap(noteOf);
}

function noteOf({ grantId, refusal }: RefusedHost): Change[] {
  const { why } = refusal;
  const restsUntil = "until" in refusal ? refusal.until : undefined;
  if (why === "dead" || (why === "busy" && restsUntil === undefined)) return [];
  return [
    {
      kind: "grant.noted",
      grantId,
      ...(why === "busy" ? {} : { lastError: refusalNote(refusal) }),
      ...(restsUntil === undefined ? {} : { restsUntil }),
    },
  ];
}

/** Two asked at once: the answer that was taken first holds, so that all are told the same. */
function isOvertaken({ meeting }: Conference, { askedAt }: Found): boolean {
  return meeting !== undefined && meeting.heardAt > askedAt;
}

function bestOf(
  known: Conference | undefined,
  { found, settings }: ConferenceInput,
): Conference | undefined {
  const { info, meeting } = found;
  const opened = joinable(meeting);
  if (opened) return { ...opened, ...hostOf(known, meeting) };
  if (known) return known;
  return (info === "ended" ? undefined : joinable(info)) ?? settings.defaultConference;
}

/** Of one that goes on it is who opened it that can end it, whoever asked for it again. */
function hostOf(
  known: Conference | undefined,
  found: Found["meeting"],
): Pick<Conference, "meeting"> {
  if (!found) return {};
  const { meeting } = found;
  if (known?.meeting?.id !== meeting.id) return { meeting };
  return { meeting: { ...known.meeting, heardAt: meeting.heardAt } };
}

/** A meeting number alone joins nothing. */
function joinable(found: Conference | undefined): Conference | undefined {
  return found?.link === undefined && found?.phone === undefined ? undefined : found;
}

const DETAILS = ["link", "number", "phone", "password"] as const;

function tellsTheSame(known: Conference | undefined, conference: Conference): boolean {
  return known !== undefined && DETAILS.every((detail) => known[detail] === conference[detail]);
}

function takeConference(
  state: ProgressState,
  { incident, conference }: { incident: Incident; conference: Conference },
  settings: IncidentSettings,
  at: Moment,
): Change[] {
  const incidentId = incident.id;
  const taken: Change = { kind: "incident.conference", incidentId, conference };
  if (tellsTheSame(incident.conference, conference)) return [taken];
  const { meeting, source } = conference;
  const onTimeline: Change = {
    kind: "timeline.added",
    incidentId,
    entry: {
      kind: "conference",
      at: at.now,
      actor: "muster",
      payload: { source, ...(meeting ? { host: meeting.hostName } : {}) },
    },
  };
  return [taken, onTimeline, ...updateThoseTold(state, incident, settings, at)];
}

function updateThoseTold(
  state: ProgressState,
  incident: Incident,
  settings: IncidentSettings,
  at: Moment,
): Change[] {
  const told = toldChannels(state);
  const entries = state.roster.filter((entry) => told.has(entry.responder.id));
  if (entries.length === 0) return [];
  const round = planRound(
    {
      incidentId: incident.id,
      spaceId: state.space.id,
      kind: "update",
      trigger: "timer",
      openedBy: incident.startedBy,
      entries,
      only: told,
    },
    settings,
    at,
  );
  return round.counts.people === 0 ? [] : round.changes;
}

/** Who was told, and on which channels last; what still waits there will carry the new details. */
function toldChannels({ progress }: ProgressState): Map<string, Channel[]> {
  const told = new Map<string, Channel[]>();
  for (const { group, outcomes, responder } of progress) {
    const channels = outcomes.filter(isTold).map(({ channel }) => channel);
    if (channels.length > 0 && group !== "declined") told.set(responder.id, channels);
  }
  return told;
}

function isTold({ state, maybeSent }: ChannelOutcome): boolean {
  return state === "sending" || state === "accepted" || state === "delivered" || maybeSent;
}

function resultOf(
  incident: Incident,
  conference: Conference | undefined,
  { meeting, refused }: Found,
): FoundResult {
  const known = incident.conference;
  if (meeting && conference?.source === "meeting")
    return known?.meeting
      ? { kind: "nothing" }
      : { kind: "opened", incident, hostName: meeting.meeting.hostName };
  const isBusy = ({ refusal }: RefusedHost): boolean => refusal.why === "busy";
  const host = refused.find((one) => !isBusy(one)) ?? refused[0];
  // What passes by itself is told only where people are left without a way to join.
  if (!host || (isBusy(host) && conference)) return { kind: "nothing" };
  const instead = known ? "known" : (conference?.source ?? "none");
  return { kind: "not-opened", incident, host, instead };
}
