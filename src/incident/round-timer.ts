import type { Change } from "./change";
import type { PersonRef } from "./incident";
import { closeRound, type CloseResult } from "./close-round";
import { UnknownSpaceError, type Decisions } from "./ports";
import type { RoundPlan } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { ProgressState } from "./space-state";
import type { Moment } from "../decision";

export interface DueRound {
  id: string;
  spaceId: string;
  incidentId: string;
  trigger: RoundPlan["trigger"];
  openedBy: PersonRef;
  dueAt: number;
}

export interface RoundTimerOptions {
  decisions: Decisions;
  settings: () => IncidentSettings;
  dueRounds: (now: number) => Promise<DueRound[]>;
  nextRoundDueAt: () => Promise<number | undefined>;
  /** What to say in the space when a round has closed. */
  announce: (state: ProgressState, result: CloseResult, at: Moment) => Change[];
}

/** Looks at rounds that may be over, and closes those that are. */
export function createRoundTimer({
  announce,
  decisions,
  dueRounds,
  nextRoundDueAt,
  settings,
}: RoundTimerOptions) {
  const run = async (round: DueRound): Promise<void> => {
    const { id, spaceId, dueAt } = round;
    const trigger = { kind: "due" as const, table: "rounds" as const, id, dueAt };
    try {
      await decisions.withProgress(trigger, { spaceId }, (state, at) => {
        const { changes, result } = closeRound(state, round, settings(), at);
        return { changes: [...changes, ...announce(state, result, at)], result: undefined };
      });
    } catch (error) {
      if (!(error instanceof UnknownSpaceError)) throw error;
      // The space is gone: there is nobody to tell, the round just ends.
      await decisions.anywhere(trigger, (_state, at) => ({
        changes: [{ kind: "round.closed", roundId: id, at: at.now }],
        result: undefined,
      }));
    }
  };
  return { name: "rounds", due: dueRounds, next: nextRoundDueAt, run };
}
