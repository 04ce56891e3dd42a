import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import type { RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import type { Incident, PersonRef } from "./incident";
import type { SpaceState } from "./space-state";

const REMOVAL_PATIENCE_MS = 30 * 60_000;
const REMOVAL_PRIORITY = 2;

export interface StopPlan {
  incident: Incident;
  /** Webex people whom a stop with removal would take out of the space. */
  toRemove: { personId: string; name: string }[];
}

/** The running incident; throws a `UserError` when there is none. */
export function runningIncident(state: SpaceState): Incident {
  if (!state.incident)
    throw new UserError("nothing-running", "No incident is running in this space.");
  return state.incident;
}

/** Whom a stop would remove: never moderators, the bot, other bots, or the person who stops. */
export function planStop(state: SpaceState, by: PersonRef): StopPlan {
  const incident = runningIncident(state);
  const removable = state.members.filter(
    (member) => !member.isModerator && !member.isBot && member.personId !== by.personId,
  );
  return {
    incident,
    toRemove: incident.isDrill ? [] : removable.map(({ personId, name }) => ({ personId, name })),
  };
}

export interface StopInput {
  /** The incident that the confirmation was about. */
  incidentId: string;
  by: PersonRef;
  removes: boolean;
}

export interface StopResult {
  incident: Incident;
  removing: number;
  /** The bot may not remove people here. */
  cannotRemove: boolean;
}

/** Stops the incident; computes again whom to remove, since people came and went meanwhile. */
export function stopIncident(
  state: SpaceState,
  input: StopInput,
  at: Moment,
): Decision<Change, StopResult> {
  if (state.incident?.id !== input.incidentId)
    throw new UserError("already-stopped", "That incident is already over.");
  const plan = planStop(state, input.by);
  const mayRemove = !state.space.isModerated || state.botIsModerator;
  const removes = input.removes && !plan.incident.isDrill;
  const toRemove = removes && mayRemove ? plan.toRemove : [];
  const incident: Incident = {
    ...plan.incident,
    state: "stopped",
    stoppedAt: at.now,
    stoppedBy: input.by,
  };
  return {
    changes: [
      ...endIncident(state, incident, "command", at),
      ...(removes ? dropExternals(state) : []),
      ...toRemove.map((person) => removal(state, person, input.by, incident.id, at)),
    ],
    result: {
      incident,
      removing: toRemove.length,
      cannotRemove: removes && !mayRemove && plan.toRemove.length > 0,
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

function dropExternals(state: SpaceState): Change[] {
  return state.roster
    .filter((entry) => entry.responder.kind === "external")
    .map((entry) => ({
      kind: "roster.removed",
      spaceId: state.space.id,
      responderId: entry.responder.id,
    }));
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
