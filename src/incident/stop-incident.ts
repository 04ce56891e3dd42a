import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import type { RosterEntry } from "../roster/responder";
import { lobbyClosed } from "./attendance";
import type { Change } from "./change";
import { endMeeting } from "./end-meeting";
import type { Incident, PersonRef } from "./incident";
import { isMember } from "./join-external";
import { tellThatItIsOver } from "./stop-notice";
import type { IncidentSettings } from "./settings";
import type { ProgressState, SpaceState } from "./space-state";

const REMOVAL_PATIENCE_MS = 30 * 60_000;
const REMOVAL_PRIORITY = 2;

export interface StopPlan {
  incident: Incident;
  /** Webex people whom a stop with removal would take out of the space. */
  toRemove: { personId: string; name: string }[];
  /** People with a phone whom it would take off the roster. */
  externals: { responderId: string; name: string }[];
}

/** Who stops, and who else counts as a moderator without being one of this space. */
export interface Stopper {
  by: PersonRef;
  operatorIds: ReadonlySet<string>;
}

/** The running incident; throws a `UserError` when there is none. */
export function runningIncident(state: SpaceState): Incident {
  if (!state.incident)
    throw new UserError("nothing-running", "No incident is running in this space.");
  return state.incident;
}

/** Whom a stop would remove: never moderators, operators, bots, or the person who stops. */
export function planStop(state: SpaceState, { by, operatorIds }: Stopper): StopPlan {
  const incident = runningIncident(state);
  if (incident.isDrill) return { incident, toRemove: [], externals: [] };
  const removable = state.members.filter(
    ({ isModerator, isBot, personId }) =>
      !isModerator && !isBot && personId !== by.personId && !operatorIds.has(personId),
  );
  const externals = state.roster.filter(
    ({ responder }) => responder.kind === "external" && !isMember(state.members, responder),
  );
  return {
    incident,
    toRemove: byName(removable.map(({ personId, name }) => ({ personId, name }))),
    externals: byName(
      externals.map(({ responder }) => ({ responderId: responder.id, name: responder.name })),
    ),
  };
}

function byName<T extends { name: string }>(people: T[]): T[] {
  return people.sort((a, b) => a.name.localeCompare(b.name, "en"));
}

export interface StopInput extends Stopper {
  /** The incident that the confirmation was about. */
  incidentId: string;
  removes: boolean;
  settings: IncidentSettings;
}

export interface StopResult {
  incident: Incident;
  /** Webex people who are being taken out of the space. */
  removing: number;
  /** People with a phone who are off the roster. */
  dropped: number;
  /** The bot may not remove people here. */
  cannotRemove: boolean;
  /** The meeting that was opened for the incident is being ended. */
  endsMeeting: boolean;
}

/** Stops the incident; computes again whom to remove, since people came and went meanwhile. */
export function stopIncident(
  state: ProgressState,
  input: StopInput,
  at: Moment,
): Decision<Change, StopResult> {
  if (state.incident?.id !== input.incidentId)
    throw new UserError("already-stopped", "That incident is already over.");
  const plan = planStop(state, input);
  const mayRemove = !state.space.isModerated || state.botIsModerator;
  const toRemove = input.removes && mayRemove ? plan.toRemove : [];
  const externals = input.removes ? plan.externals : [];
  const incident: Incident = {
    ...plan.incident,
    state: "stopped",
    stoppedAt: at.now,
    stoppedBy: input.by,
  };
  const ending = input.removes ? endMeeting(plan.incident, input.by, at) : [];
  return {
    changes: [
      ...endIncident(state, incident, "command", at),
      ...tellThatItIsOver(state, incident, input, at),
      // Whatever called them is cancelled with the incident.
      ...externals.map(({ responderId }): Change => ({
        kind: "roster.removed",
        spaceId: state.space.id,
        responderId,
      })),
      ...toRemove.map((person) => removal(state, person, input.by, incident.id, at)),
      ...ending,
    ],
    result: {
      incident,
      removing: toRemove.length,
      dropped: externals.length,
      cannotRemove: input.removes && !mayRemove && plan.toRemove.length > 0,
      endsMeeting: ending.length > 0,
    },
  };
}

/** What every end of an incident does: nothing more is sent, the roster is kept as the team. */
export function endIncident(
  state: SpaceState,
  incident: Incident,
  reason: "command" | "space lost",
  at: Moment,
): Change[] {
  const by = incident.stoppedBy ?? incident.startedBy;
  return [
    { kind: "incident.stopped", incidentId: incident.id, by, reason, at: at.now },
    {
      kind: "notifications.cancelled",
      filter: { incidentId: incident.id, reason: "the incident is over" },
    },
    ...lobbyClosed(incident),
    { kind: "team.kept", incidentId: incident.id, members: state.roster.map(toTeamMember) },
    {
      kind: "timeline.added",
      incidentId: incident.id,
      entry: {
        kind: reason === "command" ? "stopped" : "space-lost",
        at: at.now,
        actor: by.personId,
        payload: { by: by.name },
      },
    },
  ];
}

function toTeamMember(entry: RosterEntry) {
  return { responderId: entry.responder.id, channels: entry.channels };
}

/** The effect that takes a person out of the space; its result is decided when Webex has answered. */
export function removal(
  state: SpaceState,
  person: { personId: string },
  by: PersonRef,
  stoppedIncidentId: string | undefined,
  at: Moment,
): Change {
  return {
    kind: "effect.queued",
    effect: {
      id: at.newId(),
      effect: {
        kind: "membership-remove",
        spaceId: state.space.id,
        personId: person.personId,
        asker: {
          ...by,
          ...(stoppedIncidentId === undefined
            ? {}
            : { incidentId: stoppedIncidentId, isStop: true }),
        },
      },
      spaceId: state.space.id,
      dueAt: at.now,
      expiresAt: at.now + REMOVAL_PATIENCE_MS,
      priority: REMOVAL_PRIORITY,
    },
  };
}
