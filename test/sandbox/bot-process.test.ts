import { existsSync } from "node:fs";
import type { BotProcess } from "../../src/sandbox/bot-process";
import { startBot } from "../../src/sandbox/bot-process";
import { BROKEN_BOT, IDLE_BOT, READY_BOT, startBotPlace, type BotPlace } from "./bot-fixture";

const STUBBORN_BOT = `${READY_BOT} process.on("SIGTERM", () => console.log("no"));`;

let place: BotPlace;

beforeEach(async () => {
  place = await startBotPlace();
});
afterEach(() => place.close());

const start = (source: string, env: Record<string, string> = {}): Promise<BotProcess> => {
  const { program, sandbox } = place;
  return startBot({ sandbox, command: program(source), env, readyWithinMs: 10_000 });
};

it("runs the bot with its public configuration only, in an empty folder", async () => {
  process.env.MUSTER_TEST_LEAK = "1";
  const bot = await start(READY_BOT, { LOG_LEVEL: "debug" });
  delete process.env.MUSTER_TEST_LEAK;
  const { names, cwd } = JSON.parse(bot.lines[0]!) as { names: string[]; cwd: string };
  expect(names).not.toContain("MUSTER_TEST_LEAK");
  expect(names).toEqual(
    expect.arrayContaining(["LOG_LEVEL", "MUSTER_CLOCK_FILE", "ENCRYPTION_KEY", "IMI_API_URL"]),
  );
  expect(cwd).toBe(bot.folder);
  expect(bot.env.WEBEX_BOT_TOKEN).toMatch(/^[^_]+_[^_]+_[0-9a-f-]{36}$/);
  await bot.stop();
  expect(existsSync(bot.folder)).toBe(false);
});

it("kills it and starts it again with the same folder and keys", async () => {
  const bot = await start(READY_BOT);
  const { pid } = bot;
  await bot.kill();
  expect(await bot.ended).toBe("SIGKILL");
  expect(existsSync(bot.folder)).toBe(true);
  await bot.start();
  expect(bot.pid).not.toBe(pid);
  await bot.restart();
  expect((await fetch(bot.url)).status).toBe(200);
  await bot.stop();
});

it("tells why it did not start and leaves nothing behind", async () => {
  const hint = /ended \(code 1\)\. Its last lines:\n {2}WEBEX_BOT_TOKEN: must be set/;
  await expect(start(BROKEN_BOT)).rejects.toThrow(hint);
});

it("gives up when it is not ready in time, or when told to", async () => {
  const { program, sandbox } = place;
  const command = program(IDLE_BOT);
  const late = startBot({ sandbox, command, readyWithinMs: 300 });
  await expect(late).rejects.toThrow("was not ready within 300 ms");
  const stopped = startBot({ sandbox, command, signal: AbortSignal.timeout(100) });
  await expect(stopped).rejects.toThrow("timeout");
});

it("kills it when it does not stop in time", async () => {
  const { program, sandbox } = place;
  const bot = await startBot({ sandbox, command: program(STUBBORN_BOT), stopWithinMs: 200 });
  await bot.stop();
  expect(await bot.ended).toBe("SIGKILL");
});
