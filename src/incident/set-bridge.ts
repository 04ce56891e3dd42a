import type { Decision, Moment } from "../decision";
import type { Bridge } from "../roster/change";
import type { Change } from "./change";
import { lobbyClosed } from "./attendance";
import { conferenceOfBridge } from "./conference";
import type { PersonRef } from "./incident";
import type { IncidentSettings } from "./settings";
import type { SpaceState } from "./space-state";

export interface BridgeResult {
  isSet: boolean;
  /** An incident is running; later texts carry the new details. */
  isRunning: boolean;
}

/** Gives the space a fixed conference, or takes it away. A running incident takes it over. */
export function setBridge(
  state: SpaceState,
  input: { bridge: Bridge | undefined; by: PersonRef; settings: IncidentSettings },
  at: Moment,
): Decision<Change, BridgeResult> {
  const { bridge, settings } = input;
  const changes: Change[] = [{ kind: "bridge.set", spaceId: state.space.id, bridge }];
  const result = { isSet: bridge !== undefined, isRunning: state.incident !== undefined };
  if (!state.incident) return { changes, result };
  const meeting = state.incident.conference?.meeting;
  const wanted = bridge ? conferenceOfBridge(bridge) : settings.defaultConference;
  // A meeting that was opened goes on, and is still to be ended with the incident.
  const conference = wanted && meeting ? { ...wanted, meeting } : wanted;
  changes.push(
    { kind: "incident.conference", incidentId: state.incident.id, conference },
    ...lobbyClosed(state.incident),
    {
      kind: "timeline.added",
      incidentId: state.incident.id,
      entry: {
        kind: "conference",
        at: at.now,
        actor: input.by.personId,
        payload: { source: conference?.source ?? "none", by: input.by.name },
      },
    },
  );
  return { changes, result };
}
