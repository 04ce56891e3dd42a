import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { Clock } from "../clock";
import { SystemClock } from "../clock";
import type { BotControl } from "./bot-control";
import { ClockFile } from "./clock-file";
import { Connect } from "./connect/connect";
import { createConnectRouter } from "./connect/router";
import type { SandboxContext } from "./context";
import { createControlRouter } from "./control";
import { EventBus } from "./events";
import { Faults } from "./faults";
import { createPageRouter } from "./page-routes";
import type { Phones } from "./phones";
import { rest } from "./rest";
import { createWebexRouter } from "./webex/router";
import { Work } from "./work";
import { World } from "./world";

export interface SandboxOptions {
  clock: Clock;
  /** The system chooses a free one when absent. */
  port?: number;
  /** Where the offset of a moved `SystemClock` is written for the bot to read. */
  clockFile?: string;
  /** Moves another kind of clock; without it and without a `SystemClock` the control API cannot. */
  moveClock?: (ms: number) => void | Promise<void>;
}

/** A local Webex and a local Webex Connect on one port of 127.0.0.1. */
export interface Sandbox {
  origin: string;
  /** For `WEBEX_API_URL`. */
  webexUrl: string;
  /** For `IMI_API_URL`. */
  connectUrl: string;
  world: World;
  connect: Connect;
  phones: Phones;
  faults: Faults;
  events: EventBus;
  work: Work;
  clock: Clock;
  /** Set when the clock is moved through a file that the bot reads too. */
  clockFile: string | undefined;
  /** The bot that runs beside it and can be started and stopped through the control API. */
  bot: BotControl | undefined;
  /** Resolves when nothing runs in the background but what waits for the clock. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection, so that none is closed under its hands. */
const KEEP_ALIVE_MS = 120_000;

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const server = createServer();
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const origin = await listen(server, options.port ?? 0);
  const context = createContext(options.clock, origin);
  const sandbox = createSandbox(context, server, options.clockFile);
  const app = express().disable("x-powered-by");
  app.use("/_sandbox", createControlRouter(sandbox, clockMover(options)));
  app.use("/connect", createConnectRouter(context, sandbox.connect));
  app.use(createPageRouter());
  app.use(createWebexRouter(context, sandbox.world));
  server.on("request", app);
  return sandbox;
}

function createContext(clock: Clock, origin: string): SandboxContext {
  const events = new EventBus();
  const faults = new Faults((change) =>
    events.emit({ kind: "fault", at: clock.now(), payload: { ...change } }),
  );
  return { clock, events, faults, work: new Work(), origin: () => origin };
}

function createSandbox(context: SandboxContext, server: Server, clockFile?: string): Sandbox {
  const { clock, events, faults, work } = context;
  const origin = context.origin();
  const connect = new Connect(context);
  return {
    origin,
    webexUrl: `${origin}/v1`,
    connectUrl: `${origin}/connect`,
    world: new World(context),
    connect,
    phones: connect.phones,
    ...{ clock, events, faults, work, clockFile },
    bot: undefined,
    idle: () => rest(work),
    close: () => close(server, connect),
  };
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server, connect: Connect): Promise<void> {
  await connect.close();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

function clockMover(options: SandboxOptions): SandboxOptions["moveClock"] {
  if (options.moveClock !== undefined) return options.moveClock;
  if (!(options.clock instanceof SystemClock)) return undefined;
  const file = new ClockFile(options.clock, options.clockFile);
  return (ms) => file.advance(ms);
}
