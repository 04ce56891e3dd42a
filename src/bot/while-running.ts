import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { ProgressState } from "../incident/space-state";
import { runningIncident } from "../incident/stop-incident";
import { aboutOf, type Turn } from "./turn";

/** A decision on the incident that runs; throws a `UserError` where none does. */
export async function whileRunning(
  turn: Turn,
  rule: (state: ProgressState, at: Moment) => Change[],
): Promise<void> {
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    runningIncident(state);
    return { changes: rule(state, at), result: undefined };
  });
}
