import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../clock";
import type { BotStatus } from "./bot-control";
import { pointInboundTexts } from "./bot-environment";
import { BotRunner } from "./bot-runner";
import { defaultWorld, fillWorld } from "./default-world";
import { botEnded, details, introduction } from "./introduction";
import type { LineLog } from "./log-file";
import { openLog } from "./log-file";
import type { MainOptions } from "./main-options";
import { HELP, readArguments, UsageError } from "./main-options";
import { openBrowser } from "./open-browser";
import { preparePage } from "./page-bundle";
import type { Sandbox } from "./start-sandbox";
import { startSandbox } from "./start-sandbox";

const PORTS_TRIED = 20;
const LAST_PORT = 65_535;

/** What the sandbox shows of the bot, beyond what it does by default. */
const BOT_ENVIRONMENT = {
  SMS_REPLIES: "on",
  VOICE_MODE: "interactive",
  BRIDGE_LINK: "https://example.webex.com/meet/incidents",
  BRIDGE_PHONE: "+14085550199",
  BRIDGE_CODE: "123456",
};

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  try {
    const options = readArguments(args);
    if (options === "help") console.log(HELP);
    else await runInFolder(options, stopSignal());
  } catch (error) {
    const isUsage = error instanceof UsageError;
    console.error(error instanceof Error ? error.message : error);
    if (isUsage) console.error(`\n${HELP}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

async function runInFolder(options: MainOptions, stop: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "muster-sandbox-"));
  try {
    await run(options, folder, stop);
  } finally {
    if (options.keep) console.log(`Kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function run(options: MainOptions, folder: string, stop: AbortSignal): Promise<void> {
  const sandbox = await startOnFreePort(join(folder, "clock"), options.port);
  const logFile = options.log ? undefined : join(folder, "bot.log");
  const log = logFile === undefined ? here() : openLog(logFile, tellNoLog);
  try {
    preparePage();
    fillWorld(sandbox);
    console.log(introduction(sandbox, defaultWorld));
    if (options.keep) console.log(`Kept after the end: ${folder}`);
    const bot = await prepareRunner(sandbox, folder, log);
    try {
      tellOfBot(sandbox, logFile, stop);
      bot.start();
      if (options.open) openBrowser(`${sandbox.origin}/`, tellNoBrowser);
      if (!stop.aborted) await once(stop, "abort");
    } finally {
      await bot.close();
    }
  } finally {
    await sandbox.close();
    await log.close();
  }
}

async function prepareRunner(sandbox: Sandbox, folder: string, log: LineLog): Promise<BotRunner> {
  const ownFolder = join(folder, "bot");
  await mkdir(ownFolder);
  const bot = new BotRunner({
    sandbox,
    folder: ownFolder,
    env: BOT_ENVIRONMENT,
    onLine: (line) => log.write(line),
    onPrepared: (env) => pointInboundTexts(sandbox, env),
  });
  sandbox.bot = bot;
  return bot;
}

/** The terminal says what the page says, until everything is being stopped. */
function tellOfBot(sandbox: Sandbox, log: string | undefined, stop: AbortSignal): void {
  let isFirst = true;
  sandbox.events.listen(({ kind, payload }) => {
    if (kind !== "bot" || stop.aborted) return;
    const { state, url = "" } = payload as unknown as BotStatus;
    if (state === "starting") console.log("Starting the bot …");
    else if (state === "ended") console.log(botEnded(sandbox, payload as unknown as BotStatus));
    else if (state === "running") {
      console.log(isFirst ? details(sandbox, defaultWorld, { url, log }) : "The bot runs again.");
      isFirst = false;
    }
  });
}

async function startOnFreePort(clockFile: string, first: number, tried = 0): Promise<Sandbox> {
  const port = first + tried;
  try {
    return await startSandbox({ clock: new SystemClock(), port, clockFile });
  } catch (error) {
    if (!isTaken(error)) throw error;
    if (tried === PORTS_TRIED || port === LAST_PORT)
      throw new Error(
        `All ports from ${first} to ${port} are taken: name a free one with --port.`,
        {
          cause: error,
        },
      );
    console.log(`Port ${port} is taken, trying ${port + 1}.`);
    return startOnFreePort(clockFile, first, tried + 1);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stop.abort());
  }
  // Nobody reads any more: the terminal is gone, or the program that this was piped into.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => stop.abort());
  return stop.signal;
}

function here(): LineLog {
  return { write: (line) => console.log(line), close: () => Promise.resolve() };
}

function tellNoLog(error: Error): void {
  console.error(`The bot's log is not written any more: ${error.message}`);
}

function tellNoBrowser(): void {
  console.log("No browser could be opened from here: open the address yourself.");
}
