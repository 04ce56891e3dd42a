import type { Clock } from "../clock";

export interface LaneWork {
  /** Starts up to `limit` due pieces of work; each promise is owned here until it settles. */
  claim(limit: number): Promise<Promise<void>[]>;
  /** When to look again: on the moved clock, on the real one, or not before woken. */
  nextLook(): Promise<{ dueAt?: number; realAt?: number }>;
  /** Claiming failed, or a piece of work broke in a way that nobody expected. */
  onError(error: unknown): void;
}

/** Other processes may have queued something that this one was not woken for. */
const LOOK_AT_LEAST_EVERY_MS = 1_000;
const AFTER_ERROR_MS = 1_000;

/** Keeps one lane's slots full for as long as there is something due. Never claims without a slot. */
export class LaneRunner {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private isWoken = false;
  private isResting = false;
  private wakeUp: () => void = () => undefined;
  private readonly restListeners = new Set<() => void>();

  constructor(
    readonly name: string,
    private readonly slots: number,
    private readonly clock: Clock,
    private readonly work: LaneWork,
  ) {}

  start(): void {
    this.loop ??= this.run();
  }

  /** Something may be due now. */
  wake(): void {
    this.isWoken = true;
    this.isResting = false;
    this.wakeUp();
  }

  /** Claims nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await Promise.all(this.running);
  }

  /** Resolves when nothing is due, under way, or due by the passing of real time. */
  async idle(): Promise<void> {
    while (!this.isIdle) {
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.restListeners.delete(listener);
          resolve();
        };
        this.restListeners.add(listener);
      });
    }
  }

  get isIdle(): boolean {
    return this.isResting && !this.isWoken && this.running.size === 0;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.isWoken = false;
      const found = await this.fillSlots();
      if (found === 0 || this.running.size >= this.slots) await this.rest(found);
    }
  }

  private async fillSlots(): Promise<number> {
    const free = this.slots - this.running.size;
    if (free <= 0) return 0;
    try {
      const started = await this.work.claim(free);
      for (const piece of started) this.own(piece);
      return started.length;
    } catch (error) {
      this.work.onError(error);
      await this.waitReal(AFTER_ERROR_MS);
      return 0;
    }
  }

  private own(piece: Promise<void>): void {
    const owned = piece
      .catch((error: unknown) => this.work.onError(error))
      .finally(() => {
        this.running.delete(owned);
        this.wakeUp();
        if (this.isIdle) this.tellRest();
      });
    this.running.add(owned);
  }

  private async rest(found: number): Promise<void> {
    if (this.isWoken && this.running.size < this.slots) return;
    const wake = new Promise<void>((resolve) => (this.wakeUp = resolve));
    const next = found === 0 ? await this.look() : {};
    const stopWaiting = new AbortController();
    const waits: Promise<void>[] = [wake];
    const isDueByItself = next.realAt !== undefined;
    const untilReal = Math.min(
      LOOK_AT_LEAST_EVERY_MS,
      next.realAt === undefined ? Infinity : Math.max(0, next.realAt - this.clock.real()),
    );
    waits.push(this.waitReal(untilReal, stopWaiting.signal));
    if (next.dueAt !== undefined)
      waits.push(this.clock.sleep(next.dueAt - this.clock.now(), stopWaiting.signal));
    if (!this.isWoken || this.running.size >= this.slots) {
      this.isResting = found === 0 && !isDueByItself;
      if (this.isIdle) this.tellRest();
      await Promise.race(waits);
    }
    stopWaiting.abort();
    this.isResting = false;
  }

  private async look(): Promise<{ dueAt?: number; realAt?: number }> {
    try {
      return await this.work.nextLook();
    } catch (error) {
      this.work.onError(error);
      return {};
    }
  }

  private waitReal(ms: number, signal: AbortSignal = this.stopping.signal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || this.stopping.signal.aborted) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      signal.addEventListener("abort", finish, { once: true });
    });
  }

  private tellRest(): void {
    for (const listener of [...this.restListeners]) listener();
  }
}
