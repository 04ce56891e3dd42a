import type { Moment } from "../decision";
import type { Change } from "./change";
import { UnknownSpaceError, type Decisions } from "./ports";
import { renotify, type RenotifyResult } from "./renotify";
import type { IncidentSettings } from "./settings";
import type { ProgressState } from "./space-state";

/** An incident in which somebody may have to be reminded. */
export interface DueReminder {
  /** The incident's. */
  id: string;
  spaceId: string;
  dueAt: number;
}

export interface ReminderTimerOptions {
  decisions: Decisions;
  settings: () => IncidentSettings;
  dueReminders: (now: number) => Promise<DueReminder[]>;
  nextReminderDueAt: () => Promise<number | undefined>;
  /** What to say of it in the space, or to who started the incident. */
  announce: (state: ProgressState, result: RenotifyResult, at: Moment) => Change[];
}

/** Reminds who has not answered, when it is time; see `renotify`. */
export function createReminderTimer({
  announce,
  decisions,
  dueReminders,
  nextReminderDueAt,
  settings,
}: ReminderTimerOptions) {
  const run = async ({ dueAt, id, spaceId }: DueReminder): Promise<void> => {
    const trigger = { kind: "due" as const, table: "incidents" as const, id, dueAt };
    try {
      await decisions.withProgress(trigger, { spaceId }, (state, at) => {
        const { changes, result } = renotify(state, settings(), at);
        return { changes: [...changes, ...announce(state, result, at)], result: undefined };
      });
    } catch (error) {
      if (!(error instanceof UnknownSpaceError)) throw error;
      // The space is gone, and nobody is reminded of what goes on there.
      await decisions.anywhere(trigger, () => ({ changes: [], result: undefined }));
    }
  };
  return { name: "reminders", due: dueReminders, next: nextReminderDueAt, run };
}
