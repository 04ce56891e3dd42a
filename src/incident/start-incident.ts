import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import { oneLine } from "../notify/template";
import { conferenceNeeded } from "./conference-needed";
import type { Change } from "./change";
import { chooseConference } from "./conference";
import type { Incident, PersonRef } from "./incident";
import { planRound, type PlannedRound, type RoundCounts } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { StartState } from "./space-state";

export const MAX_NAME_LENGTH = 120;

export interface StartInput {
  name: string;
  by: PersonRef;
  trigger: "command" | "press";
  /** They know that there is nobody to tell. */
  isConfirmed: boolean;
  /** The member list was read a moment ago. */
  isFreshlyRead: boolean;
  settings: IncidentSettings;
}

export type StartResult =
  | { kind: "started"; incident: Incident; counts: RoundCounts; isWaitingForConference: boolean }
  | { kind: "already-running"; incident: Incident }
  | { kind: "nobody-to-tell" };

/** The name as it is kept; throws a `UserError` for one that is empty or too long. */
export function checkedName(name: string): string {
  const trimmed = oneLine(name);
  if (trimmed === "") throw new UserError("name-missing", "Give the incident a name.");
  const { length } = Array.from(trimmed);
  if (length > MAX_NAME_LENGTH)
    throw new UserError(
      "name-too-long",
      `The name has ${length} characters; ${MAX_NAME_LENGTH} is the most that fits into a text message. Please shorten it.`,
    );
  return trimmed;
}

/** Starts an incident and tells everybody on the roster. */
export function startIncident(
  state: StartState,
  input: StartInput,
  at: Moment,
): Decision<Change, StartResult> {
  const name = checkedName(input.name);
  if (state.incident)
    return { changes: [], result: { kind: "already-running", incident: state.incident } };
  const choice = chooseConference(state, input.settings, at.now);
  const incident = newIncident(state, name, input, at);
  if (choice.isKnown && choice.conference) incident.conference = choice.conference;
  const round = planRound(
    {
      incidentId: incident.id,
      spaceId: state.space.id,
      kind: "invite",
      trigger: input.trigger,
      openedBy: input.by,
      entries: state.roster,
      waitsForConference: !choice.isKnown,
    },
    input.settings,
    at,
  );
  if (isAlone(state, input.by) && !input.isConfirmed)
    return { changes: [], result: { kind: "nobody-to-tell" } };
  return {
    changes: changesOf(state, incident, round, input, choice.isKnown, at),
    result: {
      kind: "started",
      incident,
      counts: round.counts,
      isWaitingForConference: !choice.isKnown,
    },
  };
}

/** Somebody who cannot be reached is no reason to ask: the answer to the start names them. */
function isAlone({ roster }: StartState, { personId }: PersonRef): boolean {
  return roster.every(({ responder }) => responder.personId === personId);
}

function newIncident(state: StartState, name: string, input: StartInput, at: Moment): Incident {
  return {
    id: at.newId(),
    number: state.nextIncidentNumber,
    spaceId: state.space.id,
    name,
    state: "running",
    isDrill: false,
    startedAt: at.now,
    startedBy: input.by,
  };
}

function changesOf(
  state: StartState,
  incident: Incident,
  round: PlannedRound,
  input: StartInput,
  isConferenceKnown: boolean,
  at: Moment,
): Change[] {
  const spaceId = state.space.id;
  const started: Change = {
    kind: "incident.started",
    incident: { ...incident, by: input.by },
    at: at.now,
    ...(incident.conference ? { conference: incident.conference } : {}),
  };
  const onTimeline: Change = {
    kind: "timeline.added",
    incidentId: incident.id,
    entry: {
      kind: "started",
      at: at.now,
      actor: input.by.personId,
      payload: { name: incident.name, by: input.by.name },
    },
  };
  const reread: Change[] = input.isFreshlyRead
    ? []
    : [{ kind: "own-event.queued", event: { kind: "reread-space", spaceId }, at: at.now }];
  const lookUp = isConferenceKnown ? [] : [conferenceNeeded(spaceId, incident.id, round, at)];
  return [started, onTimeline, ...round.changes, ...reread, ...lookUp];
}
