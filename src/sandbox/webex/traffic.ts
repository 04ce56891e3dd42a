import type { RequestRecord } from "../model";
import type { WorldState } from "../world-state";

const KEPT = 20_000;
const CUT = 1_000;

/** Counts the call for ever and keeps it for a while. */
export function recordRequest(state: WorldState, pattern: string, record: RequestRecord): void {
  const key = `${record.method} ${pattern}`;
  state.requestCounts.set(key, (state.requestCounts.get(key) ?? 0) + 1);
  state.requests.push(record);
  // Cut in slices: taking one off the front of so long a list for each call would be slow.
  if (state.requests.length >= KEPT + CUT) state.requests.splice(0, CUT);
}
