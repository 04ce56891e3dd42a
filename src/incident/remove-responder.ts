import type { Decision, Moment } from "../decision";
import type { RosterEntry } from "../roster/responder";
import { refuseWhereBotMayNot } from "./add-responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import type { SpaceState } from "./space-state";
import { removal } from "./stop-incident";

export type RemoveResult =
  | { kind: "removed"; name: string }
  | { kind: "removing"; name: string }
  | { kind: "is-moderator"; name: string };

/**
 * Takes a responder off the roster. A Webex person leaves the space with it, which Webex must
 * grant first; a moderator stays.
 */
export function removeResponder(
  state: SpaceState,
  entry: RosterEntry,
  by: PersonRef,
  at: Moment,
): Decision<Change, RemoveResult> {
  const { responder } = entry;
  const { personId, name } = responder;
  if (responder.kind === "external" || personId === undefined)
    return {
      changes: offRoster(state, entry, by, at),
      result: { kind: "removed", name },
    };
  if (entry.isModerator) return { changes: [], result: { kind: "is-moderator", name } };
  refuseWhereBotMayNot(state);
  return {
    changes: [removal(state, { personId }, by, undefined, at)],
    result: { kind: "removing", name },
  };
}

/** Off the roster, and nothing more is sent to them for this space. */
export function offRoster(
  state: SpaceState,
  { responder }: RosterEntry,
  by: PersonRef,
  at: Moment,
  incidentId = state.incident?.id,
): Change[] {
  const changes: Change[] = [
    { kind: "roster.removed", spaceId: state.space.id, responderId: responder.id },
    {
      kind: "notifications.cancelled",
      filter: {
        spaceId: state.space.id,
        responderId: responder.id,
        reason: "removed from the roster",
      },
    },
  ];
  if (incidentId !== undefined)
    changes.push({
      kind: "timeline.added",
      incidentId,
      entry: {
        kind: "removed",
        at: at.now,
        actor: by.personId,
        payload: { name: responder.name, by: by.name },
      },
    });
  return changes;
}

export interface RemovedInput {
  personId: string;
  by: PersonRef;
  /** The incident whose stop removed them. */
  stoppedIncidentId?: string;
  outcome: { kind: "removed" } | { kind: "refused"; reason: string };
}

/** What Webex said to a removal: granted, it is written; refused, only the reason is. */
export function membershipRemoved(
  state: SpaceState,
  input: RemovedInput,
  at: Moment,
): Decision<Change, { name: string; isRemoved: boolean }> {
  const entry = state.roster.find((one) => one.responder.personId === input.personId);
  const member = state.members.find((one) => one.personId === input.personId);
  const name = entry?.responder.name ?? member?.name ?? "this person";
  const { outcome } = input;
  if (outcome.kind === "refused")
    return {
      changes: refusedOnTimeline(state, name, input, at),
      result: { name, isRemoved: false },
    };
  const spaceId = state.space.id;
  return {
    changes: [
      { kind: "member.gone", spaceId, personId: input.personId },
      ...(entry ? offRoster(state, entry, input.by, at, input.stoppedIncidentId) : []),
    ],
    result: { name, isRemoved: true },
  };
}

function refusedOnTimeline(
  state: SpaceState,
  name: string,
  input: RemovedInput,
  at: Moment,
): Change[] {
  const incidentId = input.stoppedIncidentId ?? state.incident?.id;
  if (incidentId === undefined || input.outcome.kind !== "refused") return [];
  return [
    {
      kind: "timeline.added",
      incidentId,
      entry: {
        kind: "removal-refused",
        at: at.now,
        actor: input.by.personId,
        payload: { name, reason: input.outcome.reason },
      },
    },
  ];
}
