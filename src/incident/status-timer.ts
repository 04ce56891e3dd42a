import type { Moment } from "../decision";
import type { Change } from "./change";
import { UnknownSpaceError, type Decisions } from "./ports";
import type { ProgressState } from "./space-state";

export interface DueStatusCard {
  spaceId: string;
  dueAt: number;
}

export interface StatusTimerOptions {
  decisions: Decisions;
  dueStatusCards: (now: number) => Promise<DueStatusCard[]>;
  nextStatusCardDueAt: () => Promise<number | undefined>;
  /** The card anew, the line in the thread, or nothing; see `statusWork`. */
  refresh: (state: ProgressState, at: Moment) => Change[];
}

/** Looks at status cards that may be out of date. */
export function createStatusTimer({
  decisions,
  dueStatusCards,
  nextStatusCardDueAt,
  refresh,
}: StatusTimerOptions) {
  const run = async ({ spaceId, dueAt }: DueStatusCard): Promise<void> => {
    const trigger = { kind: "due" as const, table: "status_cards" as const, id: spaceId, dueAt };
    try {
      await decisions.withProgress(trigger, { spaceId }, (state, at) => ({
        changes: refresh(state, at),
        result: undefined,
      }));
    } catch (error) {
      if (!(error instanceof UnknownSpaceError)) throw error;
      // The space is gone, and its card with it.
      await decisions.anywhere(trigger, () => ({ changes: [], result: undefined }));
    }
  };
  return { name: "status cards", due: dueStatusCards, next: nextStatusCardDueAt, run };
}
