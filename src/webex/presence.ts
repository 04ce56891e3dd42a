import { every, type Clock } from "../clock";
import { RemoteError } from "../errors";
import type { Logger } from "../log";
import type { CatchUp } from "./catch-up";
import type { Registrar } from "./registrar";
import type { Identity } from "./webex-client";

const CHECK_EVERY_MS = 60_000;
const CHECK_LEASE_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface PresenceOptions {
  connect: () => Promise<Identity>;
  registrar: Registrar;
  underLease: <T>(name: string, ms: number, work: () => Promise<T>) => Promise<T | undefined>;
  /** Reads what was written while nobody listened. */
  catchUp: Pick<CatchUp, "note" | "run">;
  onConnected: (identity: Identity) => Promise<void>;
  onWebhooks: (report: { created: number; reactivated: number; deleted: number }) => void;
  clock: Clock;
  log: Logger;
}

/** The bot's life at Webex: connecting until it works, keeping its webhooks, reading gaps. */
export class Presence {
  private identity: Identity | undefined;
  private trouble: string | undefined = "not connected yet";
  private areWebhooksHealthy: boolean | undefined;
  private heardAt: number | undefined;
  private busy = 0;
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly options: PresenceOptions) {}

  start(): void {
    this.running ??= this.live();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** For the administrator of the server: how it stands, in words. */
  get state(): { isConnected: boolean; webex: string; webhooks: string } {
    const healthy = this.areWebhooksHealthy;
    return {
      isConnected: this.identity !== undefined,
      webex: this.trouble ?? "connected",
      webhooks: healthy === undefined ? "not checked yet" : healthy ? "active" : "not healthy",
    };
  }

  get me(): Identity | undefined {
    return this.identity;
  }

  /** Nothing under way that would end without the clock being moved. */
  get isIdle(): boolean {
    return this.busy === 0;
  }

  private async live(): Promise<void> {
    const { clock, log, onConnected } = this.options;
    const { signal } = this.stopping;
    const identity = await this.connectUntilItWorks();
    if (!identity) return;
    await this.busily(async () => {
      await onConnected(identity);
      await this.checkWebhooks();
    });
    await every(
      clock,
      CHECK_EVERY_MS,
      signal,
      () => this.busily(() => this.checkWebhooks()),
      (err) => log.error({ err }, "the webhooks could not be checked"),
    );
  }

  private async connectUntilItWorks(): Promise<Identity | undefined> {
    const { clock, connect, log } = this.options;
    const { signal } = this.stopping;
    for (
      let pause = FIRST_PAUSE_MS;
      !signal.aborted;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
    ) {
      try {
        this.identity = await this.busily(connect);
        this.trouble = undefined;
        return this.identity;
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        this.trouble = whatToDo(error);
        log.warn({ status: error.failure.status, retryInMs: pause }, this.trouble);
        await clock.sleep(pause, signal);
      }
    }
    return undefined;
  }

  /** Whenever Webex had stopped delivering, events may be missing since the last good check. */
  private async checkWebhooks(): Promise<void> {
    const { catchUp, clock, onWebhooks, registrar, underLease } = this.options;
    const report = await underLease("webhooks", CHECK_LEASE_MS, () => registrar.check());
    if (report) {
      this.areWebhooksHealthy = report.healthy;
      onWebhooks(report);
      if (report.wasInactive || report.created > 0) await catchUp.note(this.heardAt);
      if (report.healthy) this.heardAt = clock.now();
    }
    await catchUp.run();
  }

  private async busily<T>(work: () => Promise<T>): Promise<T> {
    this.busy += 1;
    try {
      return await work();
    } finally {
      this.busy -= 1;
    }
  }
}

function whatToDo({ failure }: RemoteError): string {
  if (failure.status === 401)
    return "Webex does not accept WEBEX_BOT_TOKEN: it is wrong, or was regenerated. Put the current one in place and restart.";
  if (failure.status === undefined) return "Webex cannot be reached; trying again.";
  return `Webex answered with status ${failure.status}; trying again.`;
}
