import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../clock";
import type { BotProcess } from "./bot-process";
import { startBot } from "./bot-process";
import { defaultWorld, fillWorld } from "./default-world";
import type { Sandbox } from "./start-sandbox";
import { startSandbox } from "./start-sandbox";
import { introduction } from "./introduction";

const FIRST_PORT = 5600;
const PORTS_TRIED = 20;
const LAST_LINES = 20;

void main(process.argv.includes("--log"));

async function main(logsHere: boolean): Promise<void> {
  const stop = stopSignal();
  const folder = await mkdtemp(join(tmpdir(), "muster-sandbox-"));
  try {
    await run(folder, logsHere, stop);
  } catch (error) {
    if (!stop.aborted) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(folder: string, logsHere: boolean, stop: AbortSignal): Promise<void> {
  const sandbox = await startOnFreePort(join(folder, "clock"), FIRST_PORT);
  const logFile = logsHere ? undefined : join(folder, "bot.log");
  const log = openLog(logFile);
  try {
    fillWorld(sandbox);
    console.log("Starting the bot …");
    const bot = await startBot({ sandbox, signal: stop, onLine: log.write });
    console.log(introduction(sandbox, defaultWorld, bot, logFile));
    await runUntilStopped(bot, stop);
  } finally {
    log.close();
    await sandbox.close();
  }
}

async function runUntilStopped(bot: BotProcess, stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await Promise.race([once(stop, "abort"), bot.ended]);
  const lines = bot.lines.slice(-LAST_LINES);
  const ending = stop.aborted ? undefined : await bot.ended;
  await bot.stop();
  if (ending === undefined) return;
  throw new Error([`The bot ended by itself (${ending}). Its last lines:`, ...lines].join("\n"));
}

async function startOnFreePort(clockFile: string, port: number): Promise<Sandbox> {
  try {
    return await startSandbox({ clock: new SystemClock(), port, clockFile });
  } catch (error) {
    if (!isTaken(error) || port >= FIRST_PORT + PORTS_TRIED) throw error;
    console.log(`Port ${port} is taken, trying ${port + 1}.`);
    return startOnFreePort(clockFile, port + 1);
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
  return stop.signal;
}

function openLog(file: string | undefined): { write: (line: string) => void; close: () => void } {
  if (file === undefined) return { write: (line) => console.log(line), close: () => undefined };
  const stream = createWriteStream(file);
  return { write: (line) => void stream.write(`${line}\n`), close: () => void stream.end() };
}
