import type { Clock } from "../clock";
import type { Logger } from "../log";
import { LaneRunner } from "../notify/lane-runner";

export const TIMER_SLOTS = 4;
const AFTER_ERROR_MS = 60_000;

export interface Timer<Due> {
  name: string;
  due: (now: number) => Promise<Due[]>;
  next: () => Promise<number | undefined>;
  run: (due: Due) => Promise<void>;
}

export interface TimerRules<Due> {
  idOf: (due: Due) => string;
  postpone: (due: Due, dueAt: number) => Promise<void>;
  /** How many are done at once. */
  slots?: number;
}

/** What cannot be done is tried again later, and keeps nothing else waiting. */
export function timerRunner<Due>(
  { parts: { clock, log } }: { parts: { clock: Clock; log: Pick<Logger, "error"> } },
  { due, name, next, run }: Timer<Due>,
  { idOf, postpone, slots = TIMER_SLOTS }: TimerRules<Due>,
): LaneRunner {
  const underWay = new Set<string>();
  const work = async (one: Due): Promise<void> => {
    const id = idOf(one);
    underWay.add(id);
    try {
      await run(one);
    } catch (err) {
      log.error({ err, timer: name, id }, "what was due could not be done");
      await postpone(one, clock.now() + AFTER_ERROR_MS);
    } finally {
      underWay.delete(id);
    }
  };
  return new LaneRunner(name, slots, clock, {
    claim: async (limit) => {
      // What ended while it was looked may have been seen as it was before.
      const known = new Set(underWay);
      const found = await due(clock.now());
      return found
        .filter((one) => !known.has(idOf(one)) && !underWay.has(idOf(one)))
        .slice(0, limit)
        .map(work);
    },
    nextLook: async () => {
      const dueAt = await next();
      return dueAt === undefined ? {} : { dueAt };
    },
    onError: (err) => log.error({ err, timer: name }, "what is due could not be looked at"),
  });
}
