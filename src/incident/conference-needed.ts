import type { Moment } from "../decision";
import type { Change } from "./change";
import type { PlannedRound } from "./plan-round";

/** Asks for the conference's details once the start is written; the round waits a little for it. */
export function conferenceNeeded(
  spaceId: string,
  incidentId: string,
  { roundId }: Pick<PlannedRound, "roundId">,
  at: Moment,
): Change {
  return {
    kind: "own-event.queued",
    event: { kind: "find-conference", spaceId, incidentId, roundId },
    at: at.now,
  };
}
