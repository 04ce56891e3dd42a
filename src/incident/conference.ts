import type { Decision, Moment } from "../decision";
import type { Channel, Conference } from "../notify/notification";
import type { Bridge } from "../roster/change";
import type { Change } from "./change";
import type { ChannelOutcome } from "./incident";
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
 * The conference of a starting incident: the space's bridge; else Webex is asked, unless it refused
 * for good within the last day; else the configured one; else none.
 */
export function chooseConference(
  state: SpaceState,
  settings: IncidentSettings,
  now: number,
): ConferenceChoice {
  if (state.bridge) return { isKnown: true, conference: conferenceOfBridge(state.bridge) };
  const endedAt = state.meetingInfoEndedAt;
  const rests = endedAt !== undefined && now - endedAt < MEETING_INFO_REST_MS;
  return rests ? { isKnown: true, conference: settings.defaultConference } : { isKnown: false };
}

export interface ConferenceInput {
  incidentId: string;
  roundId: string;
  /** What Webex said: details, or that it does not tell them. Absent when it could not be asked. */
  found: Conference | "ended" | undefined;
  settings: IncidentSettings;
}

/**
 * Takes over what was found and lets the waiting round go. Whoever was told without the details,
 * because they came late, gets them as an update.
 */
export function conferenceFound(
  state: ProgressState,
  input: ConferenceInput,
  at: Moment,
): Decision<Change> {
  const { incident } = state;
  const changes: Change[] = [{ kind: "round.released", roundId: input.roundId }];
  if (input.found === "ended")
    changes.push({ kind: "meeting-info.ended", spaceId: state.space.id, at: at.now });
  if (incident?.id !== input.incidentId || incident.conference)
    return { changes, result: undefined };
  const conference = joinable(input.found) ?? input.settings.defaultConference;
  if (conference) changes.push(...takeConference(state, conference, input, at));
  return { changes, result: undefined };
}

/** A meeting number alone joins nothing. */
function joinable(found: ConferenceInput["found"]): Conference | undefined {
  if (typeof found !== "object") return undefined;
  return found.link === undefined && found.phone === undefined ? undefined : found;
}

function takeConference(
  state: ProgressState,
  conference: Conference,
  input: ConferenceInput,
  at: Moment,
): Change[] {
  const { incidentId, settings } = input;
  const told = toldChannels(state, input.roundId);
  const entries = state.roster.filter((entry) => told.has(entry.responder.id));
  const update =
    entries.length === 0 || !state.incident
      ? []
      : planRound(
          {
            incidentId,
            spaceId: state.space.id,
            kind: "update",
            trigger: "timer",
            openedBy: state.incident.startedBy,
            entries,
            only: told,
          },
          settings,
          at,
        ).changes;
  return [
    { kind: "incident.conference", incidentId, conference },
    {
      kind: "timeline.added",
      incidentId,
      entry: {
        kind: "conference",
        at: at.now,
        actor: "muster",
        payload: { source: conference.source },
      },
    },
    ...update,
  ];
}

/** Who was told without the details, and on which channels; what still waits will carry them. */
function toldChannels(state: ProgressState, roundId: string): Map<string, Channel[]> {
  const told = new Map<string, Channel[]>();
  for (const { responder, outcomes } of state.progress) {
    const channels = outcomes
      .filter((outcome) => outcome.roundId === roundId && isTold(outcome))
      .map((outcome) => outcome.channel);
    if (channels.length > 0) told.set(responder.id, channels);
  }
  return told;
}

function isTold({ state, maybeSent }: ChannelOutcome): boolean {
  return state === "sending" || state === "accepted" || state === "delivered" || maybeSent;
}
