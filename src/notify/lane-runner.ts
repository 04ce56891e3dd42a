import type { Clock } from "../clock";

export interface LaneWork {
  /** Starts up to `limit` due pieces of work; each promise is owned here until it settles. */
  claim(limit: number): Promise<Promise<void>[]>;
  /**
   * When to look again: on the moved clock, on the real one, or not before woken. What was due when
   * it was last claimed is under way already, here or elsewhere, and is not waited for.
   */
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
  private isLooping = false;
  private isWoken = false;
  private isResting = false;
  /** When it last claimed, on the moved clock. */
  private claimedAt = -Infinity;
  private wakeUp: () => void = () => undefined;
  private readonly restListeners = new Set<() => void>();

  constructor(
    readonly name: string,
    private readonly slots: number,
    private readonly clock: Clock,
    private readonly work: LaneWork,
  ) {}

  start(): void {
    if (this.loop) return;
    this.isLooping = true;
    const stopListening = this.clock.onMoved(() => this.wake());
    this.loop = this.run().finally(stopListening);
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
    const isQuiet = !this.isLooping || (this.isResting && !this.isWoken);
    return isQuiet && this.running.size === 0;
  }

  private get isFull(): boolean {
    return this.running.size >= this.slots;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.isWoken = false;
      const found = await this.fillSlots();
      if (found === "failed") await this.waitReal(AFTER_ERROR_MS);
      else if (this.isFull) await this.slotFreed();
      else if (found === 0) await this.rest();
    }
    this.isLooping = false;
    if (this.isIdle) this.tellRest();
  }

  private async fillSlots(): Promise<number | "failed"> {
    this.claimedAt = this.clock.now();
    try {
      const started = await this.work.claim(this.slots - this.running.size);
      for (const piece of started) this.own(piece);
      return started.length;
    } catch (error) {
      this.work.onError(error);
      return "failed";
    }
  }

  private own(piece: Promise<void>): void {
    const owned = piece
      .catch((error: unknown) => this.work.onError(error))
      .finally(() => {
        this.running.delete(owned);
        // What it did may have made something due, and a slot is free for it.
        this.wake();
        if (this.isIdle) this.tellRest();
      });
    this.running.add(owned);
  }

  /** With every slot taken there is nothing to look for, however much may be due. */
  private async slotFreed(): Promise<void> {
    while (this.isFull && !this.stopping.signal.aborted)
      await new Promise<void>((resolve) => (this.wakeUp = resolve));
  }

  private async rest(): Promise<void> {
    const wake = new Promise<void>((resolve) => (this.wakeUp = resolve));
    if (this.isWoken) return;
    const { dueAt = -Infinity, realAt } = await this.look();
    const untilDue = dueAt <= this.claimedAt ? Infinity : dueAt - this.clock.now();
    // Its time came after the claim.
    if (untilDue <= 0) return;
    const untilReal = realAt === undefined ? Infinity : Math.max(0, realAt - this.clock.real());
    const stopWaiting = new AbortController();
    const { signal } = stopWaiting;
    const waits = [wake, this.waitReal(Math.min(LOOK_AT_LEAST_EVERY_MS, untilReal), signal)];
    if (untilDue < Infinity) waits.push(this.clock.sleep(untilDue, signal));
    this.isResting = untilReal === Infinity;
    if (this.isIdle) this.tellRest();
    await Promise.race(waits);
    stopWaiting.abort();
    this.isResting = false;
  }

  private async look(): Promise<{ dueAt?: number; realAt?: number }> {
    try {
      return await this.work.nextLook();
    } catch (error) {
      this.work.onError(error);
      return { realAt: this.clock.real() + AFTER_ERROR_MS };
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
