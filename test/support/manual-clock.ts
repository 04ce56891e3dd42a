import type { Clock } from "../../src/clock";

interface Sleeper {
  until: number;
  wake: () => void;
}

/**
 * A clock moved by hand. `advance` goes from due time to due time and waits at each until
 * everything that was registered with `settleWith` rests.
 */
export class ManualClock implements Clock {
  private time: number;
  private readonly sleepers = new Set<Sleeper>();
  private readonly listeners = new Set<() => void>();
  private settle: () => Promise<void> = () => Promise.resolve();

  constructor(start = Date.UTC(2026, 0, 5, 3, 0, 0)) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  real(): number {
    return Date.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        until: this.time + ms,
        wake: () => {
          this.sleepers.delete(sleeper);
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      signal?.addEventListener("abort", sleeper.wake, { once: true });
      this.sleepers.add(sleeper);
    });
  }

  onMoved(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  settleWith(settle: () => Promise<void>): void {
    this.settle = settle;
  }

  async advance(ms: number): Promise<void> {
    const target = this.time + ms;
    await this.settle();
    for (;;) {
      const next = Math.min(...[...this.sleepers].map((sleeper) => sleeper.until));
      if (next > target) break;
      this.moveTo(next);
      await this.settle();
    }
    this.moveTo(target);
    await this.settle();
  }

  /** As a computer that slept for so long: everything that was due meanwhile is due at once. */
  async leap(ms: number): Promise<void> {
    await this.settle();
    this.moveTo(this.time + ms);
    await this.settle();
  }

  private moveTo(time: number): void {
    this.time = Math.max(this.time, time);
    for (const sleeper of [...this.sleepers]) if (sleeper.until <= this.time) sleeper.wake();
    for (const listener of [...this.listeners]) listener();
  }
}
