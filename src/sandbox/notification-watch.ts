import type { MetricCounts, NotificationCounts } from "./notification-counts";
import { countNotifications, readMetrics } from "./notification-counts";
import type { Sandbox } from "./start-sandbox";

const LOOK_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 900;

/** Asks the bot for its counts while somebody listens, and tells when they have changed. */
export class NotificationWatch {
  private listeners = 0;
  private stopped = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private told = "";
  /** Keyed by run. */
  private readonly runs = new Map<string, MetricCounts>();
  private open = 0;

  constructor(private readonly sandbox: Sandbox) {}

  /** As it was when the bot was last asked; null for a sandbox without a bot of its own. */
  get counts(): NotificationCounts | null {
    if (this.sandbox.bot === undefined) return null;
    return countNotifications(this.sandbox, [...this.runs.values()], this.open);
  }

  /** Call what it returns, once, when this listener goes away. */
  attend(): () => void {
    this.listeners += 1;
    if (this.listeners === 1) this.begin();
    return () => {
      this.listeners -= 1;
      if (this.listeners === 0) this.end();
    };
  }

  private begin(): void {
    this.stopped = new AbortController();
    const look = (): void => this.sandbox.work.track(this.look(this.stopped.signal));
    this.timer = setInterval(look, LOOK_EVERY_MS).unref();
    look();
  }

  private end(): void {
    clearInterval(this.timer);
    this.stopped.abort();
  }

  private async look(stopped: AbortSignal): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const said = await this.ask(stopped);
    this.isLooking = false;
    if (said) this.note(said);
    if (!stopped.aborted) this.tell();
  }

  private async ask(stopped: AbortSignal): Promise<MetricCounts | undefined> {
    const url = this.sandbox.bot?.metricsUrl;
    if (url === undefined) return undefined;
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    try {
      const response = await fetch(`${url}/metrics`, { signal });
      return response.ok ? readMetrics(await response.text()) : undefined;
    } catch {
      // It is down, or too busy: what it said last stays, and it is asked again.
      return undefined;
    }
  }

  private note(said: MetricCounts): void {
    this.open = said.open;
    this.runs.set(said.run, said);
  }

  private tell(): void {
    const { counts } = this;
    const now = JSON.stringify(counts);
    if (counts === null || now === this.told) return;
    this.told = now;
    const { events, clock } = this.sandbox;
    events.emit({ kind: "notifications", at: clock.now(), payload: { ...counts } });
  }
}
