import type { Decision, Moment } from "../decision";
import type { RosterEntry } from "../roster/responder";
import { refuseWhereBotMayNot } from "./add-responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import { isMember } from "./join-external";
import { leaveRoster } from "./leave-roster";
import type { SpaceState } from "./space-state";
import { removal } from "./stop-incident";

/** What became of each of them. */
export interface RemoveResult {
  /** Off the roster now. */
  removed: RosterEntry[];
  /** Webex is asked to let them out of the space. */
  removing: RosterEntry[];
  /** Moderators of the space, who stay. */
  moderators: RosterEntry[];
  /** Whom the bot may not remove, since it is not a moderator of a moderated space. */
  notAllowed: RosterEntry[];
}

/**
 * Takes responders off the roster. A Webex person leaves the space with it, which Webex must grant
 * first; moderators stay. Throws a `UserError` where the bot may remove none of them.
 */
export function removeResponders(
  state: SpaceState,
  entries: readonly RosterEntry[],
  by: PersonRef,
  at: Moment,
): Decision<Change, RemoveResult> {
  const removed = entries.filter((entry) => webexPerson(state, entry) === undefined);
  const people = entries.filter((entry) => webexPerson(state, entry) !== undefined);
  const moderators = people.filter((entry) => entry.isModerator);
  const others = people.filter((entry) => !entry.isModerator);
  if (removed.length + moderators.length === 0) refuseWhereBotMayNot(state);
  const mayRemove = !state.space.isModerated || state.botIsModerator;
  const removing = mayRemove ? others : [];
  const changes = [
    ...removed.flatMap((entry) => takeOff(state, entry, by, at)),
    ...removing.flatMap((entry) => {
      const personId = webexPerson(state, entry);
      return personId === undefined ? [] : [removal(state, { personId }, by, undefined, at)];
    }),
  ];
  const notAllowed = mayRemove ? [] : others;
  return { changes, result: { removed, removing, moderators, notAllowed } };
}

/** Whom Webex must let out of the space; an external may have turned out to be a member of it. */
function webexPerson({ members }: SpaceState, { responder }: RosterEntry): string | undefined {
  const isOutside = responder.kind === "external" && !isMember(members, responder);
  return isOutside ? undefined : responder.personId;
}

/** Off the roster, and on the incident's record. */
function takeOff(
  state: SpaceState,
  { responder }: RosterEntry,
  by: PersonRef,
  at: Moment,
  incidentId = state.incident?.id,
): Change[] {
  const place = { spaceId: state.space.id, responderId: responder.id };
  const changes = leaveRoster(place, "removed from the roster");
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
      ...(entry ? takeOff(state, entry, input.by, at, input.stoppedIncidentId) : []),
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
