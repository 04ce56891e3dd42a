import type { Decision, Moment } from "../decision";
import type { Change } from "./change";
import type { Incident } from "./incident";
import { countProgress, type ProgressCounts } from "./progress";
import type { ProgressState } from "./space-state";
import { endIncident } from "./stop-incident";

export type LostResult =
  { kind: "quiet" } | { kind: "incident-lost"; incident: Incident; counts: ProgressCounts };

/** The bot was thrown out, or the space is gone: nothing more is sent, a running incident ends. */
export function loseSpace(state: ProgressState, at: Moment): Decision<Change, LostResult> {
  const gone: Change = { kind: "space.gone", spaceId: state.space.id, at: at.now };
  const { incident } = state;
  if (!incident) return { changes: [gone], result: { kind: "quiet" } };
  const stopped: Incident = { ...incident, state: "stopped", stoppedAt: at.now };
  return {
    changes: [...endIncident(state, stopped, "space lost", at), gone],
    result: { kind: "incident-lost", incident: stopped, counts: countProgress(state.progress) },
  };
}
