import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createMetrics } from "../../src/metrics";
import type { BotStatus } from "../../src/sandbox/bot-control";
import type { NotificationCounts } from "../../src/sandbox/notification-counts";
import { readMetrics } from "../../src/sandbox/notification-counts";
import { NotificationWatch } from "../../src/sandbox/notification-watch";
import type { Sandbox } from "../../src/sandbox/start-sandbox";
import { startSandbox } from "../../src/sandbox/start-sandbox";
import { ManualClock } from "../support/manual-clock";

const NONE = { queued: 0, accepted: 0, delivered: 0, failed: 0, expired: 0, cancelled: 0 };
const PHONE = "+12025550143";

let sandbox: Sandbox;
let clock: ManualClock;
let server: Server;
let metrics: ReturnType<typeof createMetrics>;
let run: number;
let asked: number;
let onAsked: () => void;

beforeEach(async () => {
  clock = new ManualClock();
  sandbox = await startSandbox({ clock });
  metrics = createMetrics();
  [run, asked, onAsked] = [1, 0, () => undefined];
  server = createServer((_request, response) => {
    void metrics.registry.metrics().then((text) => {
      asked += 1;
      response.end(`${text}process_start_time_seconds ${run}\n`);
      onAsked();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  attachBot("running");
});
afterEach(async () => {
  await sandbox.idle();
  await sandbox.close();
  await stopServer();
  expect(sandbox.work.takeFailures()).toEqual([]);
});

function attachBot(state: BotStatus["state"]): void {
  const { port } = server.address() as AddressInfo;
  const act = (): void => undefined;
  const metricsUrl = `http://127.0.0.1:${port}`;
  sandbox.bot = { status: { state }, metricsUrl, start: act, stop: act, kill: act };
}

async function stopServer(): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

function count(channel: string, state: string, times = 1): void {
  metrics.notifications.inc({ channel, state }, times);
}

/** Looks once, as when the first listener comes, and tells what is shown then. */
async function look(watch: NotificationWatch): Promise<NotificationCounts | null> {
  const leave = watch.attend();
  await sandbox.idle();
  leave();
  return watch.counts;
}

/** Webex Connect takes a text, or a call, from the bot. */
async function send(kind: "sms" | "voice"): Promise<void> {
  const sms = { from: "14085550100", to: PHONE, content: "x", contentType: "TEXT" };
  const audio = { type: "TTS", text: "x" };
  const voice = { callerId: "+14085550100", dialedNumber: PHONE, audio };
  const response = await fetch(`${sandbox.connectUrl}/v1/${kind}/messages`, {
    method: "POST",
    headers: {
      authorization: sandbox.connect.settings.serviceKey,
      "content-type": "application/json",
    },
    body: JSON.stringify(kind === "sms" ? sms : voice),
  });
  expect(response.status).toBe(202);
}

it("counts what Webex took by the bot's metrics, and never its replies", async () => {
  count("webex", "accepted", 3);
  count("talk", "accepted", 9);
  count("sms", "failed");
  count("voice", "expired");
  count("sms", "cancelled", 2);
  const told = await look(new NotificationWatch(sandbox));
  expect(told).toEqual({ ...NONE, accepted: 3, failed: 1, expired: 1, cancelled: 2 });
});

it("counts texts and calls by what became of them on the phones", async () => {
  const watch = new NotificationWatch(sandbox);
  const phone = sandbox.phones.at(PHONE);
  phone.onCall = "rings";
  await send("sms");
  phone.smsCode = "7203";
  await send("sms");
  await send("voice");
  sandbox.phones.answer(PHONE);
  await send("voice");
  sandbox.phones.hangUp(PHONE);
  await send("voice");
  expect(watch.counts).toEqual({ ...NONE, accepted: 5, delivered: 2, failed: 2 });
});

it("adds up the runs of the bot, which count from zero each", async () => {
  const watch = new NotificationWatch(sandbox);
  count("webex", "accepted", 3);
  await look(watch);
  [metrics, run] = [createMetrics(), 2];
  count("webex", "accepted", 5);
  expect((await look(watch))?.accepted).toBe(8);
});

it("counts as queued what the bot has not ended with when it is asked", async () => {
  const watch = new NotificationWatch(sandbox);
  metrics.notificationsOpen.set(3);
  expect((await look(watch))?.queued).toBe(3);
  metrics.notificationsOpen.set(0);
  expect((await look(watch))?.queued).toBe(0);
});

it("tells of changes only, and asks only while somebody listens", async () => {
  const told: unknown[] = [];
  sandbox.events.listen(({ kind, payload }) => {
    if (kind === "notifications") told.push(payload);
  });
  const ticks: (() => void)[] = [];
  jest.spyOn(globalThis, "setInterval").mockImplementation((tick) => {
    ticks.push(tick);
    return setTimeout(() => undefined, 0);
  });
  const watch = new NotificationWatch(sandbox);
  expect(asked).toBe(0);
  const [leave, leaveToo] = [watch.attend(), watch.attend()];
  await sandbox.idle();
  expect([asked, ticks.length, told]).toEqual([1, 1, [NONE]]);
  ticks[0]!();
  await sandbox.idle();
  expect([asked, told.length]).toEqual([2, 1]);
  count("webex", "accepted");
  leave();
  ticks[0]!();
  await sandbox.idle();
  expect(told).toEqual([NONE, { ...NONE, accepted: 1 }]);
  const clear = jest.spyOn(globalThis, "clearInterval");
  leaveToo();
  expect(clear).toHaveBeenCalledTimes(1);
});

it("asks once at a time, however slow the bot is", async () => {
  const ticks: (() => void)[] = [];
  jest.spyOn(globalThis, "setInterval").mockImplementation((tick) => {
    ticks.push(tick);
    return setTimeout(() => undefined, 0);
  });
  const leave = new NotificationWatch(sandbox).attend();
  ticks[0]!();
  ticks[0]!();
  await sandbox.idle();
  expect(asked).toBe(1);
  leave();
});

it("keeps what it knows while the bot is down", async () => {
  const watch = new NotificationWatch(sandbox);
  count("webex", "accepted", 3);
  await look(watch);
  await stopServer();
  expect((await look(watch))?.accepted).toBe(3);
  const wrong = 'muster_notifications_total{channel="webex",state="accepted"} 9';
  server = createServer((_request, response) => response.writeHead(503).end(wrong));
  await once(server.listen(0, "127.0.0.1"), "listening");
  attachBot("running");
  expect((await look(watch))?.accepted).toBe(3);
});

it("is told to whoever listens to the control API, and shown in its state", async () => {
  count("webex", "accepted");
  const { body } = await fetch(`${sandbox.origin}/_sandbox/events`);
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes('"accepted":1')) text += (await reader.read()).value ?? "";
  expect(text).toMatch(/^event: notifications$/m);
  const state = await fetch(`${sandbox.origin}/_sandbox/state`);
  expect(await state.json()).toMatchObject({ notifications: { ...NONE, accepted: 1 } });
  await reader.cancel();
});

it("reads nothing into what is no metric", () => {
  const counts = readMetrics('<html>\nmuster_notifications_total{channel="webex"} 3\n');
  expect(counts).toEqual({ run: "", states: new Map(), open: 0 });
});
