/** Counts what the stand-ins do in the background, so that a test can wait until they rest. */
export class Work {
  private readonly running = new Set<Promise<unknown>>();
  private readonly failures: unknown[] = [];

  /** Owns `promise`: a failure is kept for `takeFailures` instead of ending the process. */
  track(promise: Promise<unknown>): void {
    const owned = promise.catch((error: unknown) => {
      this.failures.push(error);
    });
    this.running.add(owned);
    void owned.finally(() => this.running.delete(owned));
  }

  /** Resolves when nothing runs any more, including what was started meanwhile. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  get isIdle(): boolean {
    return this.running.size === 0;
  }

  takeFailures(): unknown[] {
    return this.failures.splice(0);
  }
}
