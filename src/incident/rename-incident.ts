import type { Decision, Moment } from "../decision";
import type { Change } from "./change";
import type { Incident, PersonRef } from "./incident";
import type { SpaceState } from "./space-state";
import { checkedName } from "./start-incident";
import { runningIncident } from "./stop-incident";

/** Gives the running incident a new name, for all texts from now on. */
export function renameIncident(
  state: SpaceState,
  input: { name: string; by: PersonRef },
  at: Moment,
): Decision<Change, { before: Incident; name: string }> {
  const incident = runningIncident(state);
  const name = checkedName(input.name);
  return {
    changes: [
      { kind: "incident.renamed", incidentId: incident.id, name },
      {
        kind: "timeline.added",
        incidentId: incident.id,
        entry: {
          kind: "renamed",
          at: at.now,
          actor: input.by.personId,
          payload: { from: incident.name, to: name, by: input.by.name },
        },
      },
    ],
    result: { before: incident, name },
  };
}
