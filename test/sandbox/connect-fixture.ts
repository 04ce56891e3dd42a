import { once } from "node:events";
import type { IncomingHttpHeaders, RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { Connect } from "../../src/sandbox/connect/connect";
import { createConnectRouter } from "../../src/sandbox/connect/router";
import type { ConnectSettings } from "../../src/sandbox/connect/settings";
import type { SandboxContext } from "../../src/sandbox/context";
import { EventBus } from "../../src/sandbox/events";
import { Faults } from "../../src/sandbox/faults";
import { rest } from "../../src/sandbox/rest";
import { Work } from "../../src/sandbox/work";
import { ManualClock } from "../support/manual-clock";

export const ANA = "+12025550143";
export const KEY = "test-service-key";

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface Received {
  headers: IncomingHttpHeaders;
  raw: string;
  body: Record<string, unknown>;
}

/** Webex Connect's stand-in alone, on a port of its own, with a clock moved by hand. */
export async function startConnect(settings: Partial<ConnectSettings> = {}) {
  const clock = new ManualClock();
  const shared = { events: new EventBus(), faults: new Faults(), work: new Work() };
  const context: SandboxContext = { clock, ...shared, origin: () => "" };
  const connect = new Connect(context, { serviceKey: KEY, ...settings });
  clock.settleWith(() => rest(shared.work));
  const server = await listen(express().use(createConnectRouter(context, connect)));
  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    request(`${server.url}${path}`, method, body, headers);
  return {
    ...{ clock, ...shared, connect, phones: connect.phones, call, url: server.url },
    sendSms: (body: object = {}, headers: Record<string, string> = {}) =>
      call("POST", "/v1/sms/messages", anSms(body), headers),
    sendVoice: (body: object = {}) => call("POST", "/v1/voice/messages", aVoice(body)),
    startCall: (body: object) => call("POST", "/v1/voice/calls", aCall(body)),
    rest: () => rest(shared.work),
    close: async () => {
      await connect.close();
      await server.close();
      expect(shared.work.takeFailures()).toEqual([]);
    },
  };
}

/** What the bot would be: hears callbacks and answers them with `reply`. */
export async function startReceiver(
  reply: (body: Received["body"]) => number | object = () => 200,
) {
  const received: Received[] = [];
  const app = express().use(express.text({ type: () => true }));
  app.post("/callbacks", (req, res) => {
    const raw = req.body as string;
    const body = JSON.parse(raw) as Received["body"];
    received.push({ headers: req.headers, raw, body });
    const answer = reply(body);
    if (typeof answer === "number") res.status(answer).end();
    else res.json(answer);
  });
  const server = await listen(app);
  const url = `${server.url}/callbacks`;
  return { received, bodies: () => received.map(({ body }) => body), url, close: server.close };
}

export async function listen(listener: RequestListener) {
  const server: Server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

export function anSms(fields: object = {}): object {
  return { from: "14085550100", to: ANA, content: "DB down: join https://x.example/1", ...fields };
}

export function aVoice(fields: object = {}): object {
  const audio = { type: "TTS", text: "Incident DB down", gender: "female" };
  return { callerId: "+14085550100", dialedNumber: ANA, audio, ...fields };
}

function aCall(fields: object): object {
  return { callerId: "+14085550100", dialedNumber: ANA, ...fields };
}

async function request(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const sent = { authorization: KEY, "content-type": "application/json", ...headers };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = { method, headers: sent, ...(body === undefined ? {} : { body: text }) };
  const response = await fetch(url, init);
  const answer = await response.text();
  const parsed = answer === "" ? {} : (JSON.parse(answer) as Answer["body"]);
  return { status: response.status, headers: response.headers, body: parsed };
}
