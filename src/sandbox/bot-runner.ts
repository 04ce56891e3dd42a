import type { BotControl, BotStatus } from "./bot-control";
import { BotControlError } from "./bot-control";
import type { BotOptions, BotProcess } from "./bot-process";
import { BotStartError, prepareBot } from "./bot-process";
import { tellingLines } from "./log-line";

const LAST_LINES = 20;

export interface BotRunnerOptions extends Omit<BotOptions, "signal" | "folder" | "keepFolder"> {
  /** Where it works; left as it is when the bot has ended, so that it can be started again. */
  folder: string;
  /** Before each start, with what the bot is told. */
  onPrepared?: (env: Readonly<Record<string, string>>) => void;
}

/**
 * Runs the bot, and stays when it ends: it can be started again with the same database. Each change
 * is told by a `bot` event. Nothing here throws later than the call that asks for the impossible.
 */
export class BotRunner implements BotControl {
  private bot: BotProcess | undefined;
  private current: BotStatus = { state: "ended" };
  private run: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(private readonly options: BotRunnerOptions) {}

  get status(): BotStatus {
    return this.current;
  }

  get metricsUrl(): string | undefined {
    return this.current.state === "running" ? this.bot?.metricsUrl : undefined;
  }

  start(): void {
    if (this.current.state !== "ended") throw new BotControlError(REFUSALS[this.current.state]);
    if (this.isClosed) throw new BotControlError("The sandbox is being stopped.");
    this.change({ state: "starting" });
    this.run = this.runOnce();
  }

  stop(): void {
    if (this.current.state === "stopping") throw new BotControlError(REFUSALS.stopping);
    this.end((bot) => bot.stop());
  }

  kill(): void {
    this.end((bot) => bot.kill());
  }

  /** Resolves when no process is left. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.current.state === "starting" || this.current.state === "running") this.stop();
    await this.run;
  }

  private end(how: (bot: BotProcess) => Promise<void>): void {
    if (this.current.state === "ended") throw new BotControlError(REFUSALS.ended);
    this.change({ state: "stopping" });
    // What becomes of it is told by runOnce(), which waits for the same end.
    if (this.bot) this.options.sandbox.work.track(how(this.bot));
  }

  /** From one start to the end that follows it. */
  private async runOnce(): Promise<void> {
    try {
      const bot = await this.prepared();
      if (this.current.state === "starting") await bot.start();
      if (this.current.state === "starting") this.change({ state: "running" });
      this.ended(await bot.ended);
    } catch (error) {
      this.ended(error instanceof BotStartError ? error.ending : String(error));
    }
  }

  private async prepared(): Promise<BotProcess> {
    const { options } = this;
    this.bot ??= await prepareBot(options);
    options.onPrepared?.(this.bot.env);
    return this.bot;
  }

  private ended(ending: string): void {
    const isUnexpected = this.current.state !== "stopping";
    const lines = tellingLines(this.bot?.lines ?? [], LAST_LINES);
    this.change({ state: "ended", ending, lines, ...(isUnexpected ? { isUnexpected } : {}) });
  }

  private change(status: BotStatus): void {
    const { events, clock } = this.options.sandbox;
    const url = this.bot?.url;
    this.current = { ...status, ...(url === undefined ? {} : { url }) };
    events.emit({ kind: "bot", at: clock.now(), payload: { ...this.current } });
  }
}

const REFUSALS = {
  starting: "The bot is starting already.",
  running: "The bot is running already.",
  stopping: "The bot is stopping; it can be started again when it has ended.",
  ended: "The bot does not run; start it first.",
} as const;
