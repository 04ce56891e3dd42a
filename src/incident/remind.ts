import type { Decision, Moment } from "../decision";
import type { Channel } from "../notify/notification";
import type { RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import { planLaterRound } from "./conference-needed";
import type { Incident, PersonRef } from "./incident";
import type { RoundCounts } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { SpaceState } from "./space-state";
import { runningIncident } from "./stop-incident";

export interface RemindInput {
  entries: readonly RosterEntry[];
  by: PersonRef;
  trigger: "command" | "press";
  only?: readonly Channel[];
  settings: IncidentSettings;
}

export interface RemindResult {
  incident: Incident;
  counts: RoundCounts;
}

/** Sends again, on the channels that each of them has. A moderator's word is sent whatever was answered. */
export function remind(
  state: SpaceState,
  input: RemindInput,
  at: Moment,
): Decision<Change, RemindResult> {
  const incident = runningIncident(state);
  const round = planLaterRound(
    incident,
    {
      spaceId: state.space.id,
      kind: "reminder",
      trigger: input.trigger,
      openedBy: input.by,
      entries: input.entries,
      ...(input.only ? { only: input.only } : {}),
    },
    input.settings,
    at,
  );
  const changes = round.counts.people === 0 ? [] : round.changes;
  return { changes, result: { incident, counts: round.counts } };
}
