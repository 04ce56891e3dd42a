import { createHmac } from "node:crypto";
import type { RequestListener } from "node:http";
import { createPublicApp, type PublicAppOptions } from "../../src/http/public-app";
import { listen, type ListeningServer } from "../../src/http/server";
import { createLogger } from "../../src/log";
import { createMetrics, type Metrics } from "../../src/metrics";

export const callbackSecrets = ["first-callback-secret-0123", "other-callback-secret-0123"];

export interface Served {
  url: string;
  logged: Record<string, unknown>[];
  metrics: Metrics;
}

const open: ListeningServer[] = [];

/** Closes what a test opened; for `afterEach`. */
export async function closeServers(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()));
}

export async function serve(app: RequestListener): Promise<string> {
  const server = await listen(app, { port: 0, host: "127.0.0.1" });
  open.push(server);
  return `http://127.0.0.1:${server.port}`;
}

/** A public app that accepts everything, except as `parts` says. */
export async function servePublic(
  parts: { webex?: Partial<PublicAppOptions["webex"]> } & Partial<
    Pick<PublicAppOptions, "connect" | "callback" | "canStore">
  > = {},
): Promise<Served> {
  const metrics = createMetrics();
  const { log, logged } = recordingLog();
  const app = createPublicApp({
    log,
    webex: {
      verify: (body, headers) => headers["x-spark-signature"] === sign(body),
      acceptEvent: () => Promise.resolve("stored"),
      metrics,
      ...parts.webex,
    },
    connect: "connect" in parts ? parts.connect : { callbackSecrets, acceptCallback, metrics },
    callback: parts.callback ?? { botName: () => "Muster" },
    canStore: parts.canStore ?? (() => Promise.resolve(true)),
  });
  return { url: await serve(app), logged, metrics };
}

export function recordingLog() {
  const logged: Record<string, unknown>[] = [];
  const write = (line: string) => logged.push(JSON.parse(line) as Record<string, unknown>);
  return { log: createLogger({ level: "debug", destination: { write } }), logged };
}

/** Posts as Webex does: signed over the bytes that are sent. */
export function postSigned(url: string, body: string, signature = sign(body)): Promise<Response> {
  return fetch(`${url}/webhooks/webex`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-spark-signature": signature },
    body,
  });
}

function sign(body: string | Buffer): string {
  return createHmac("sha1", "secret").update(body).digest("hex");
}

function acceptCallback(): Promise<"stored"> {
  return Promise.resolve("stored");
}
