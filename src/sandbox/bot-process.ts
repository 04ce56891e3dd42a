import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { BotEnvironmentOptions } from "./bot-environment";
import { botEnvironment } from "./bot-environment";
import type { ChildOptions } from "./child-process";
import { Child } from "./child-process";
import type { Sandbox } from "./start-sandbox";

export interface BotOptions extends Omit<BotEnvironmentOptions, "folder"> {
  /** Program and arguments, with absolute paths; the sources through tsx when absent. */
  command?: readonly [string, ...string[]];
  /** Where the database lies, kept when the bot is stopped; a temporary folder when absent. */
  folder?: string;
  /** Leaves the temporary folder, with the database in it, when the bot is stopped. */
  keepFolder?: boolean;
  /** Hears every line that the bot logs. */
  onLine?: (line: string) => void;
  readyWithinMs?: number;
  /** How long it may take to stop before it is killed; ten seconds when absent. */
  stopWithinMs?: number;
  /** Gives up waiting until it is ready, and ends it. */
  signal?: AbortSignal;
}

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;
const POLL_MS = 50;
const WEBHOOKS = 2;
const SHOWN_LINES = 20;

/**
 * Runs the bot as a process of its own against a sandbox, through its public configuration only,
 * and resolves when it is ready. Throws with the bot's last log lines when it is not in time.
 */
export async function startBot(options: BotOptions): Promise<BotProcess> {
  const bot = await prepareBot(options);
  try {
    await bot.start();
    return bot;
  } catch (error) {
    await bot.stop();
    throw error;
  }
}

/** The same, not started yet: its ports, keys and folder are chosen. */
export async function prepareBot(options: BotOptions): Promise<BotProcess> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "muster-bot-")));
  const keepFolder = options.keepFolder ?? options.folder !== undefined;
  try {
    const env = await botEnvironment({ ...options, folder });
    return new BotProcess({ ...options, keepFolder }, env, folder);
  } catch (error) {
    if (!keepFolder) await remove(folder);
    throw error;
  }
}

/** It ended before it was ready, or was not in time. The message holds its last log lines. */
export class BotStartError extends Error {
  override name = "BotStartError";
  constructor(
    /** Such as "code 1" or "not ready within 30000 ms". */
    readonly ending: string,
    message: string,
  ) {
    super(message);
  }
}

export class BotProcess {
  readonly url: string;
  readonly metricsUrl: string;
  private child: Child | undefined;

  constructor(
    private readonly options: BotOptions,
    readonly env: Readonly<Record<string, string>>,
    readonly folder: string,
  ) {
    this.url = env.PUBLIC_URL ?? "";
    this.metricsUrl = `http://127.0.0.1:${env.METRICS_PORT ?? ""}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** The last thousand log lines of the present run. */
  get lines(): readonly string[] {
    return this.child?.lines ?? [];
  }

  /** Resolves with how the present run ended, such as "code 0" or "SIGKILL". */
  get ended(): Promise<string> {
    return this.child?.ended ?? Promise.resolve("not started");
  }

  /** Starts it again with the same environment and database, and resolves when it is ready. */
  async start(): Promise<void> {
    if (this.child !== undefined && this.child.ending === undefined) return;
    const child = new Child(this.childOptions());
    this.child = child;
    try {
      await this.waitUntilReady(child);
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  /** Ends it as an operator would and removes its folder. */
  async stop(): Promise<void> {
    await this.child?.stop(this.options.stopWithinMs ?? STOP_WITHIN_MS);
    if (!this.options.keepFolder) await remove(this.folder);
  }

  /** Ends it as a power cut would; `start` brings it back with the same database. */
  async kill(): Promise<void> {
    await this.child?.kill();
  }

  async restart(): Promise<void> {
    await this.child?.stop(this.options.stopWithinMs ?? STOP_WITHIN_MS);
    await this.start();
  }

  private childOptions(): ChildOptions {
    const { command = fromSources(), onLine } = this.options;
    // An empty folder of its own, so that no .env of the caller is found.
    return { command, env: this.env, cwd: this.folder, onLine };
  }

  private async waitUntilReady(child: Child): Promise<void> {
    const { readyWithinMs: within = READY_WITHIN_MS, signal } = this.options;
    const giveUpAt = Date.now() + within;
    while (child.ending === undefined && Date.now() < giveUpAt) {
      signal?.throwIfAborted();
      if (hasWebhooks(this.options.sandbox, this.url) && (await isReady(this.ownUrl()))) return;
      await wait(POLL_MS);
    }
    throw startError(child, within);
  }

  /** Its own port: behind PUBLIC_URL there may be several processes. */
  private ownUrl(): string {
    return `http://127.0.0.1:${this.env.PORT ?? ""}`;
  }
}

function fromSources(): readonly [string, ...string[]] {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  return [process.execPath, "--import", loader, resolve(__dirname, "../main.ts")];
}

function hasWebhooks({ world }: Sandbox, url: string): boolean {
  const active = [...world.webhooks.values()].filter(({ status }) => status === "active");
  return active.filter(({ targetUrl }) => targetUrl.startsWith(`${url}/`)).length >= WEBHOOKS;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
    return status === 200;
  } catch {
    // Not listening yet.
    return false;
  }
}

function startError({ ending, lines }: Child, withinMs: number): BotStartError {
  const late = `not ready within ${withinMs} ms`;
  const what = ending === undefined ? `was ${late}` : `ended (${ending})`;
  const last = lines.slice(-SHOWN_LINES).map((line) => `  ${line}`);
  const message = [`The bot ${what}. Its last lines:`, ...last].join("\n");
  return new BotStartError(ending ?? late, message);
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
