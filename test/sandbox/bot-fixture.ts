import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../../src/clock";
import { startSandbox } from "../../src/sandbox/start-sandbox";

/**
 * What the sandbox waits for, and nothing else: two webhooks and an answer to /readyz. It ends by
 * itself when somebody asks it to.
 */
export const READY_BOT = `
  const { WEBEX_API_URL, WEBEX_BOT_TOKEN, PUBLIC_URL, PORT, HOST } = process.env;
  const hook = (resource, event) => fetch(WEBEX_API_URL + "/webhooks", {
    method: "POST",
    headers: { authorization: "Bearer " + WEBEX_BOT_TOKEN, "content-type": "application/json" },
    body: JSON.stringify({ name: "x", targetUrl: PUBLIC_URL + "/w", resource, event }),
  });
  require("node:http").createServer((req, res) => {
    res.end();
    if (req.url === "/die") console.log("no more") || setImmediate(() => process.exit(7));
  }).listen(PORT, HOST, async () => {
    await hook("all", "all");
    await hook("attachmentActions", "created");
    const names = Object.keys(process.env).sort();
    console.log(JSON.stringify({ level: "info", msg: "ready", names, cwd: process.cwd() }));
  });
`;
export const BROKEN_BOT = `console.error("WEBEX_BOT_TOKEN: must be set"); process.exit(1);`;
export const IDLE_BOT = `console.log("thinking"); setInterval(() => undefined, 1000);`;

export type BotPlace = Awaited<ReturnType<typeof startBotPlace>>;

/** A sandbox that knows the bot, and a folder; `program` writes there what is run as the bot. */
export async function startBotPlace() {
  const folder = mkdtempSync(join(tmpdir(), "muster-test-"));
  const sandbox = await startSandbox({
    clock: new SystemClock(),
    clockFile: join(folder, "clock"),
  });
  sandbox.world.addPerson({ name: "Muster", type: "bot" });
  const program = (source: string): [string, string] => {
    const file = join(folder, "bot.cjs");
    writeFileSync(file, source);
    return [process.execPath, file];
  };
  const close = async (): Promise<void> => {
    await sandbox.close();
    expect(sandbox.work.takeFailures()).toEqual([]);
    rmSync(folder, { recursive: true });
  };
  return { folder, sandbox, program, close };
}
