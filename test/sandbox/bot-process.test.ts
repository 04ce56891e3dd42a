import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../../src/clock";
import type { BotProcess } from "../../src/sandbox/bot-process";
import { startBot } from "../../src/sandbox/bot-process";
import type { Sandbox } from "../../src/sandbox/start-sandbox";
import { startSandbox } from "../../src/sandbox/start-sandbox";

/** What the sandbox waits for, and nothing else: two webhooks and an answer to /readyz. */
const READY_BOT = `
  const { WEBEX_API_URL, WEBEX_BOT_TOKEN, PUBLIC_URL, PORT, HOST } = process.env;
  const hook = (resource, event) => fetch(WEBEX_API_URL + "/webhooks", {
    method: "POST",
    headers: { authorization: "Bearer " + WEBEX_BOT_TOKEN, "content-type": "application/json" },
    body: JSON.stringify({ name: "x", targetUrl: PUBLIC_URL + "/w", resource, event }),
  });
  require("node:http").createServer((_, res) => res.end()).listen(PORT, HOST, async () => {
    await hook("all", "all");
    await hook("attachmentActions", "created");
    console.log(JSON.stringify({ names: Object.keys(process.env).sort(), cwd: process.cwd() }));
  });
`;
const STUBBORN_BOT = `${READY_BOT} process.on("SIGTERM", () => console.log("no"));`;
const BROKEN_BOT = `console.error("WEBEX_BOT_TOKEN: must be set"); process.exit(1);`;
const IDLE_BOT = `console.log("thinking"); setInterval(() => undefined, 1000);`;

let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "muster-test-"));
  sandbox = await startSandbox({ clock: new SystemClock(), clockFile: join(folder, "clock") });
  sandbox.world.addPerson({ name: "Muster", type: "bot" });
});
afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

function program(source: string): [string, string] {
  const file = join(folder, "bot.cjs");
  writeFileSync(file, source);
  return [process.execPath, file];
}

const start = (source: string, env: Record<string, string> = {}): Promise<BotProcess> =>
  startBot({ sandbox, command: program(source), env, readyWithinMs: 10_000 });

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
  const command = program(IDLE_BOT);
  const late = startBot({ sandbox, command, readyWithinMs: 300 });
  await expect(late).rejects.toThrow("was not ready within 300 ms");
  const stopped = startBot({ sandbox, command, signal: AbortSignal.timeout(100) });
  await expect(stopped).rejects.toThrow("timeout");
});

it("kills it when it does not stop in time", async () => {
  const bot = await startBot({ sandbox, command: program(STUBBORN_BOT), stopWithinMs: 200 });
  await bot.stop();
  expect(await bot.ended).toBe("SIGKILL");
});
