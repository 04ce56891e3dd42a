import { once } from "node:events";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { SandboxContext } from "../../src/sandbox/context";
import { EventBus } from "../../src/sandbox/events";
import { Faults } from "../../src/sandbox/faults";
import { createWebexRouter } from "../../src/sandbox/webex/router";
import { Work } from "../../src/sandbox/work";
import { World, type SandboxPerson, type SandboxSpace } from "../../src/sandbox/world";
import { ManualClock } from "../support/manual-clock";

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface Delivery {
  headers: IncomingHttpHeaders;
  raw: string;
  body: { resource: string; event: string; data: Record<string, unknown> } & Record<
    string,
    unknown
  >;
}

export type Webex = Awaited<ReturnType<typeof startWebex>>;

/** The Webex stand-in on a port of its own: a moderated space with Ana, who moderates, Bo and Muster. */
export async function startWebex() {
  let origin = "";
  const clock = new ManualClock();
  const shared = { events: new EventBus(), faults: new Faults(), work: new Work() };
  const context: SandboxContext = { clock, ...shared, origin: () => origin };
  const world = new World(context);
  const server = await listen(express().use(createWebexRouter(context, world)));
  origin = server.url;
  const people = addPeople(world);
  const space = world.addSpace({ title: "Payments", isLocked: true });
  world.setMember({ space, person: people.ana, moderator: true });
  world.setMember({ space, person: people.bo });
  world.setMember({ space, person: people.bot });
  const call = (as: SandboxPerson, method: string, path: string, body?: unknown) =>
    request(`${origin}/v1${path}`, method, body, { authorization: `Bearer ${as.token}` });
  const close = async (): Promise<void> => {
    await server.close();
    expect(shared.work.takeFailures()).toEqual([]);
  };
  return { ...shared, ...people, clock, world, space, call, origin, close };
}

function addPeople(world: World) {
  return {
    ana: world.addPerson({
      name: "Ana Silva",
      isAdmin: true,
      phoneNumbers: [{ type: "mobile", value: "+1 408 526 7209" }],
    }),
    bo: world.addPerson({
      name: "Bo Lind",
      phoneNumbers: [{ type: "work", value: "+1 (202) 555-0143" }],
    }),
    cy: world.addPerson({ name: "Cy Ortega" }),
    bot: world.addPerson({ name: "Muster", type: "bot" }),
  };
}

export async function request(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isText = typeof body === "string";
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const json: unknown = isJson ? JSON.parse(text) : { text };
  return {
    status: response.status,
    headers: response.headers,
    body: json as Answer["body"],
  };
}

export function items(answer: Answer): Record<string, unknown>[] {
  return answer.body.items as Record<string, unknown>[];
}

/** Where webhooks go; answers with `status`. */
export async function startReceiver(status: () => number = () => 200) {
  const deliveries: Delivery[] = [];
  const app = express().use(express.text({ type: () => true }));
  app.post("/hook", (incoming, response) => {
    const raw = incoming.body as string;
    const body = JSON.parse(raw) as Delivery["body"];
    deliveries.push({ headers: incoming.headers, raw, body });
    response.status(status()).end();
  });
  const server = await listen(app);
  const names = (): string[] => deliveries.map(({ body }) => `${body.resource}.${body.event}`);
  return { deliveries, names, url: `${server.url}/hook`, close: server.close };
}

export async function hook(
  webex: Webex,
  owner: SandboxPerson,
  targetUrl: string,
  wish: Record<string, unknown> = {},
): Promise<string> {
  const body = { name: "muster", targetUrl, resource: "all", event: "all", ...wish };
  const answer = await webex.call(owner, "POST", "/webhooks", body);
  expect(answer.status).toBe(200);
  return answer.body.id as string;
}

export function aCard(fill = ""): Record<string, unknown> {
  return {
    contentType: "application/vnd.microsoft.card.adaptive",
    content: { type: "AdaptiveCard", version: "1.3", body: [{ type: "TextBlock", text: fill }] },
  };
}

/** A card that the bot has posted. */
export async function postCard(webex: Webex, space: SandboxSpace = webex.space): Promise<string> {
  const body = { roomId: space.id, markdown: "a card", attachments: [aCard()] };
  const answer = await webex.call(webex.bot, "POST", "/messages", body);
  expect(answer.status).toBe(200);
  return answer.body.id as string;
}

async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
