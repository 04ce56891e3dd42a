import type { Decision, Moment } from "../decision";
import type { Change } from "./change";
import type { Incident, ResponderProgress } from "./incident";
import { countProgress, type ProgressCounts } from "./progress";
import type { ProgressState } from "./space-state";

export type CloseResult =
  | { kind: "still-open" }
  | {
      kind: "closed";
      incident: Incident;
      counts: ProgressCounts;
      /** Of this round: whom nothing reached, each with why. */
      notReached: { responderId: string; name: string; reason: string }[];
    };

/** Closes a round once nothing of it waits or is being sent, and tells what was not well. */
export function closeRound(
  state: ProgressState,
  roundId: string,
  at: Moment,
): Decision<Change, CloseResult> {
  if (!state.latest || state.openRounds.has(roundId))
    return { changes: [], result: { kind: "still-open" } };
  const counts = countProgress(state.progress);
  const { invited, notReached, total } = counts;
  return {
    changes: [
      { kind: "round.closed", roundId, at: at.now },
      {
        kind: "timeline.added",
        incidentId: state.latest.id,
        entry: {
          kind: "round-closed",
          at: at.now,
          actor: "muster",
          payload: { total, invited, notReached },
        },
      },
    ],
    result: {
      kind: "closed",
      incident: state.latest,
      counts,
      notReached: state.progress.flatMap((one) => failedInRound(one, roundId)),
    },
  };
}

function failedInRound(one: ResponderProgress, roundId: string) {
  const ofRound = one.outcomes.filter((outcome) => outcome.roundId === roundId);
  const isTold = one.outcomes.some(
    (outcome) => outcome.state === "accepted" || outcome.state === "delivered",
  );
  if (ofRound.length === 0 || isTold) return [];
  const reasons = new Set(
    ofRound.map((outcome) => outcome.reason ?? "no answer from the provider"),
  );
  return [
    {
      responderId: one.responder.id,
      name: one.responder.name,
      reason: [...reasons].join(", "),
    },
  ];
}
