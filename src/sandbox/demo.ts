import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../clock";
import { pointInboundTexts } from "./bot-environment";
import type { BotProcess } from "./bot-process";
import { startBot } from "./bot-process";
import { gather, ownerOf } from "./demo-cast";
import { Printer, terminal } from "./demo-print";
import { checkEnd, play } from "./demo-script";
import { DemoError, Stage } from "./demo-stage";
import { tellingLines } from "./log-line";
import type { Sandbox } from "./start-sandbox";
import { startSandbox } from "./start-sandbox";

const LAST_LINES = 20;

/** Texts and calls ask for an answer. */
const BOT_ENVIRONMENT = { SMS_REPLIES: "on", VOICE_MODE: "interactive" };

void main(new Printer(terminal(), ownerOf));

/** Exits 0 only if everyone was told as the script expects, ended so, and nobody was told twice. */
async function main(printer: Printer): Promise<void> {
  const startedAt = Date.now();
  const stop = stopSignal();
  const folder = await mkdtemp(join(tmpdir(), "muster-demo-"));
  try {
    await run(printer, folder, stop);
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
    printer.heading(`All as expected, in ${seconds} seconds. To try it by hand: npm run sandbox`);
  } catch (error) {
    printer.heading("The demo failed");
    printer.bad(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(printer: Printer, folder: string, stop: AbortSignal): Promise<void> {
  const clockFile = join(folder, "clock");
  const sandbox = await startSandbox({ clock: new SystemClock(), clockFile });
  try {
    gather(sandbox);
    printer.heading("Muster: one incident, played on this computer alone");
    printer.line("Starting the bot against a local Webex and a local Webex Connect …");
    sandbox.connect.settings.receiptsMode = "auto";
    const bot = await startBot({ sandbox, signal: stop, env: BOT_ENVIRONMENT });
    pointInboundTexts(sandbox, bot.env);
    await perform(printer, sandbox, bot, stop);
  } finally {
    await sandbox.close();
  }
}

async function perform(
  printer: Printer,
  sandbox: Sandbox,
  bot: BotProcess,
  stop: AbortSignal,
): Promise<void> {
  const scene = { sandbox, stage: new Stage(sandbox, { bot, printer, stopped: stop }), printer };
  const silence = sandbox.events.listen((event) => printer.event(event));
  try {
    await play(scene);
    // A bot that is asked to end finishes what is under way; then nothing more can come.
    silence();
    await bot.stop();
    checkEnd(scene);
  } catch (error) {
    printer.heading("The bot's last log lines, without requests");
    for (const line of tellingLines(bot.lines, LAST_LINES)) printer.line(line);
    throw error;
  } finally {
    silence();
    await bot.stop();
  }
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => stop.abort(new DemoError("Stopped by hand.")));
  return stop.signal;
}
