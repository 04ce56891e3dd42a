import { existsSync } from "node:fs";
import type { BotStatus } from "../../src/sandbox/bot-control";
import { BotRunner } from "../../src/sandbox/bot-runner";
import { tellingLines } from "../../src/sandbox/log-line";
import { BROKEN_BOT, IDLE_BOT, READY_BOT, startBotPlace, type BotPlace } from "./bot-fixture";

let place: BotPlace;
let bot: BotRunner;
let prepared: Readonly<Record<string, string>>[];

beforeEach(async () => {
  place = await startBotPlace();
});
afterEach(async () => {
  await bot.close();
  await place.close();
});

function attach(source: string, readyWithinMs = 10_000): void {
  const { folder, program, sandbox } = place;
  prepared = [];
  bot = new BotRunner({
    ...{ sandbox, folder, readyWithinMs, command: program(source) },
    onPrepared: (env) => prepared.push(env),
  });
  sandbox.bot = bot;
}

/** The next time that the bot comes to that state. */
function told(state: BotStatus["state"]): Promise<BotStatus> {
  return new Promise((resolve) => {
    const silence = place.sandbox.events.listen(({ kind, payload }) => {
      if (kind !== "bot" || payload.state !== state) return;
      silence();
      resolve(payload as unknown as BotStatus);
    });
  });
}

async function ask(action: string): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(`${place.sandbox.origin}/_sandbox/bot`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ action }),
  });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

async function shown(): Promise<unknown> {
  const response = await fetch(`${place.sandbox.origin}/_sandbox/state`);
  return ((await response.json()) as { bot: unknown }).bot;
}

/** Starts it as the page does, and waits until it is ready. */
async function startUntilReady(): Promise<BotStatus> {
  const running = told("running");
  expect(await ask("start")).toMatchObject([200, { state: "starting" }]);
  return running;
}

it("is started and stopped from the page, which hears of each step", async () => {
  attach(READY_BOT);
  expect(await shown()).toEqual({ state: "ended" });
  const { url } = await startUntilReady();
  expect((await fetch(url!)).status).toBe(200);
  expect(await shown()).toEqual({ state: "running", url });
  expect(bot.metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const ended = told("ended");
  expect(await ask("stop")).toEqual([200, { state: "stopping", url }]);
  expect(bot.metricsUrl).toBeUndefined();
  const { isUnexpected, ending, lines } = await ended;
  expect([isUnexpected, ending, lines]).toEqual([undefined, "SIGTERM", ["info: ready"]]);
  await expect(fetch(url!)).rejects.toThrow();
});

it("that ends by itself leaves the sandbox running, and is started again in its place", async () => {
  attach(READY_BOT);
  const { url } = await startUntilReady();
  const ended = told("ended");
  await fetch(`${url!}/die`);
  const status = { state: "ended", url, ending: "code 7", isUnexpected: true };
  expect(await ended).toMatchObject({ ...status, lines: ["info: ready", "no more"] });
  expect(await shown()).toMatchObject(status);
  expect((await startUntilReady()).url).toBe(url);
  expect(prepared).toHaveLength(2);
  expect(prepared[1]).toBe(prepared[0]);
  expect(existsSync(place.folder)).toBe(true);
});

it("can be killed, which nobody takes for its own end", async () => {
  attach(READY_BOT);
  await startUntilReady();
  const ended = told("ended");
  expect((await ask("kill"))[0]).toBe(200);
  const { ending, isUnexpected } = await ended;
  expect([ending, isUnexpected]).toEqual(["SIGKILL", undefined]);
});

it("that cannot be started says why, and can be tried again", async () => {
  attach(BROKEN_BOT);
  const ended = told("ended");
  await ask("start");
  const why = { ending: "code 1", isUnexpected: true, lines: ["WEBEX_BOT_TOKEN: must be set"] };
  expect(await ended).toMatchObject(why);
  const again = told("ended");
  await ask("start");
  expect(await again).toMatchObject(why);
});

it("that is not ready in time is ended", async () => {
  attach(IDLE_BOT, 200);
  const ended = told("ended");
  await ask("start");
  expect(await ended).toMatchObject({ ending: "not ready within 200 ms", isUnexpected: true });
});

it("is stopped while it starts, before and after there is a process", async () => {
  attach(IDLE_BOT);
  const early = told("ended");
  bot.start();
  bot.stop();
  expect((await early).isUnexpected).toBeUndefined();
  const late = told("ended");
  bot.start();
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect((await ask("stop"))[0]).toBe(200);
  expect((await late).isUnexpected).toBeUndefined();
});

it("refuses what makes no sense in its state, with a sentence", async () => {
  attach(IDLE_BOT);
  const refused = async (action: string): Promise<unknown> => {
    const [status, { error }] = await ask(action);
    return [status, error];
  };
  const isAway = [409, "The bot does not run; start it first."];
  expect([await refused("stop"), await refused("kill")]).toEqual([isAway, isAway]);
  bot.start();
  expect(await refused("start")).toEqual([409, "The bot is starting already."]);
  bot.stop();
  const isStopping = "The bot is stopping; it can be started again when it has ended.";
  expect(await refused("stop")).toEqual([409, isStopping]);
  await bot.close();
  expect(await refused("start")).toEqual([409, "The sandbox is being stopped."]);
});

it("shows of the log what tells a person something", () => {
  const lines = [
    `{"level":"info","msg":"request","status":200}`,
    `{"level":"error","msg":"It failed","err":{"message":"no route","stack":"at x"}}`,
    `WEBEX_BOT_TOKEN: must be set`,
    `{"half":`,
  ];
  const told = ["error: It failed (no route)", "WEBEX_BOT_TOKEN: must be set", `{"half":`];
  expect(tellingLines(lines, 20)).toEqual(told);
  expect(tellingLines(lines, 1)).toEqual([`{"half":`]);
});
