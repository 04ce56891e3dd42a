import type { Decision, Moment } from "../decision";
import type { Change } from "./change";
import type { ChannelOutcome, Incident, PersonRef, ResponderProgress } from "./incident";
import type { RoundPlan } from "./plan-round";
import { countProgress, type ProgressCounts } from "./progress";
import { isSilent, isToBeReminded } from "./renotify";
import type { IncidentSettings } from "./settings";
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
      /** Of this round, or after the last one of all: whom nothing reached, each with why. */
      notReached: { responderId: string; name: string; reason: string }[];
      /** Who was asked to come and has said nothing. */
      unanswered: { responderId: string; name: string }[];
      /** Muster reminds none of them any more by itself. */
      isLastAutomatic: boolean;
    };

export interface RoundRef {
  id: string;
  incidentId: string;
  trigger: RoundPlan["trigger"];
  openedBy: PersonRef;
}

/** Closes a round once nothing of it waits or is being sent, and tells what was not well. */
export function closeRound(
  state: ProgressState,
  round: RoundRef,
  settings: IncidentSettings,
  at: Moment,
): Decision<Change, CloseResult> {
  const closed: Change = { kind: "round.closed", roundId: round.id, at: at.now };
  // Another incident runs by now: there is nothing left to tell about this one.
  if (state.latest?.id !== round.incidentId)
    return { changes: [closed], result: { kind: "outdated" } };
  if (state.openRounds.has(round.id)) return { changes: [], result: { kind: "still-open" } };
  const isLastAutomatic =
    round.trigger === "timer" &&
    !state.progress.some((one) => isToBeReminded(state, one, settings));
  const silent = whoIsSilent(state);
  const { invited, notReached, total } = silent.counts;
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
      ...silent,
      ...(isLastAutomatic ? {} : { notReached: failedIn(state, round) }),
      isLastAutomatic,
    },
  };
}

function failedIn({ progress }: ProgressState, { id }: RoundRef) {
  return progress.flatMap((one) => failedInRound(one, id));
}

function failedInRound(one: ResponderProgress, roundId: string) {
  const ofRound = one.outcomes.filter((outcome) => outcome.roundId === roundId);
  const isTold = one.outcomes.some(
    (outcome) => outcome.state === "accepted" || outcome.state === "delivered",
  );
  // Whoever answered needs nobody to look after them.
  if (ofRound.length === 0 || isTold || one.answer) return [];
  return [withReason(one, ofRound)];
}

function named({ responder: { id, name } }: ResponderProgress) {
  return { responderId: id, name };
}

function withReason(one: ResponderProgress, outcomes: readonly ChannelOutcome[]) {
  const reasons = new Set(
    outcomes.map((outcome) => outcome.reason ?? "no answer from the provider"),
  );
  return { ...named(one), reason: [...reasons].join(", ") };
}

/** Of the whole incident: who was asked and has said nothing, and whom of them nothing reached. */
export function whoIsSilent(
  state: ProgressState,
): Pick<Closed, "counts" | "notReached" | "unanswered"> {
  const silent = state.progress.filter(isSilent);
  const unreached = silent.filter(({ group }) => group === "not-reached");
  return {
    counts: countProgress(state.progress),
    notReached: unreached.map((one) => withReason(one, one.outcomes)),
    unanswered: silent.map(named),
  };
}

type Closed = Extract<CloseResult, { kind: "closed" }>;
