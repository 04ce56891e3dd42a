import type { Decision, Moment } from "../decision";
import type { Change } from "./change";
import type { Incident, PersonRef, ResponderProgress } from "./incident";
import { countProgress, type ProgressCounts } from "./progress";
import type { ProgressState } from "./space-state";

export type CloseResult =
  | { kind: "still-open" }
  | { kind: "outdated" }
  | {
      kind: "closed";
      incident: Incident;
      /** Whose command or press it was; where a timer did it, who started the incident. */
      openedBy: PersonRef;
      counts: ProgressCounts;
      /** Of this round: whom nothing reached, each with why. */
      notReached: { responderId: string; name: string; reason: string }[];
    };

export interface RoundRef {
  id: string;
  incidentId: string;
  openedBy: PersonRef;
}

/** Closes a round once nothing of it waits or is being sent, and tells what was not well. */
export function closeRound(
  state: ProgressState,
  round: RoundRef,
  at: Moment,
): Decision<Change, CloseResult> {
  const closed: Change = { kind: "round.closed", roundId: round.id, at: at.now };
  // Another incident runs by now: there is nothing left to tell about this one.
  if (state.latest?.id !== round.incidentId)
    return { changes: [closed], result: { kind: "outdated" } };
  if (state.openRounds.has(round.id)) return { changes: [], result: { kind: "still-open" } };
  const counts = countProgress(state.progress);
  const { invited, notReached, total } = counts;
  return {
    changes: [
      closed,
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
      openedBy: round.openedBy,
      counts,
      notReached: state.progress.flatMap((one) => failedInRound(one, round.id)),
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
