import { readFileSync } from "node:fs";

/**
 * Two readings of time. `now()` is what a person or a provider would date and can be moved by tests
 * and by the sandbox; `real()` is never moved and serves leases, rates and time-outs. Both are
 * milliseconds since 1970, UTC.
 */
export interface Clock {
  now(): number;
  real(): number;
  /** Resolves when `now()` has advanced by `ms`, or at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `listener` each time `now()` was moved by hand. Returns the way to stop listening. */
  onMoved(listener: () => void): () => void;
}

const CLOCK_FILE_POLL_MS = 50;
/** Node.js fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The computer's clock, with an offset that `setOffset` moves. */
export class SystemClock implements Clock {
  private offsetMs = 0;
  private readonly listeners = new Set<() => void>();

  now(): number {
    return Date.now() + this.offsetMs;
  }

  real(): number {
    return Date.now();
  }

  setOffset(offsetMs: number): void {
    if (offsetMs === this.offsetMs) return;
    this.offsetMs = offsetMs;
    for (const listener of [...this.listeners]) listener();
  }

  onMoved(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.now() + ms;
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      let timer: NodeJS.Timeout | undefined;
      const finish = (): void => {
        clearTimeout(timer);
        stopListening();
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const arm = (): void => {
        clearTimeout(timer);
        const left = until - this.now();
        if (left > LONGEST_TIMER_MS) timer = setTimeout(arm, LONGEST_TIMER_MS);
        else timer = setTimeout(finish, Math.max(0, left));
      };
      const stopListening = this.onMoved(arm);
      signal?.addEventListener("abort", finish, { once: true });
      arm();
    });
  }
}

/**
 * A system clock whose offset is read from `file` every 50 ms, so that a bot and its sandbox in
 * two processes share one moved clock. An unreadable or empty file counts as no change.
 */
export function followClockFile(clock: SystemClock, file: string): () => void {
  const read = (): void => {
    const offsetMs = Number(readOffset(file));
    if (Number.isFinite(offsetMs)) clock.setOffset(offsetMs);
  };
  read();
  const timer = setInterval(read, CLOCK_FILE_POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function readOffset(file: string): string {
  try {
    const text = readFileSync(file, "utf8").trim();
    return text === "" ? "NaN" : text;
  } catch {
    // The sandbox writes the file anew at each move; between the two there may be none to read.
    return "NaN";
  }
}

/**
 * Runs `work` every `ms` of the clock, counted from the end of one run to the start of the next, so
 * that runs never overlap, until the signal is aborted. A run that fails is given to `onError`.
 */
export async function every(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  for (;;) {
    await clock.sleep(ms, signal);
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      onError(error);
    }
  }
}
