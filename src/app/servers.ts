import { createMetricsApp } from "../http/metrics-app";
import { createPublicApp } from "../http/public-app";
import { listen, type ListeningServer } from "../http/server";
import type { ReadinessDetails } from "../http/readiness";
import type { Presence } from "../webex/presence";
import { receiveEvent } from "../webex/receive-event";
import { createSignatureVerifier } from "../webex/signature";
import type { Wiring } from "./wiring";

export interface Servers {
  http: ListeningServer;
  metrics: ListeningServer;
}

/** What the servers tell about. */
export interface Health {
  presence: Presence;
  isDraining: () => boolean;
}

/** Listens for the world and, on a port of its own, for the administrator of the server. */
export async function openServers(wiring: Wiring, health: Health): Promise<Servers> {
  const { host, metricsHost, metricsPort, port } = wiring.config.http;
  const { log, metrics } = wiring.parts;
  const metricsApp = createMetricsApp({
    log,
    registry: metrics.registry,
    beforeScrape: () => measureAges(wiring),
    details: () => details(wiring, health),
  });
  const http = await listen(publicApp(wiring, health), { port, host });
  try {
    return { http, metrics: await listen(metricsApp, { port: metricsPort, host: metricsHost }) };
  } catch (error) {
    await http.close();
    throw error;
  }
}

function publicApp(wiring: Wiring, health: Health) {
  const { config, identity, parts, store } = wiring;
  const { clock, log, metrics } = parts;
  const verify = createSignatureVerifier(config.webex.webhookSecret);
  return createPublicApp({
    log,
    webex: {
      verify: (rawBody, headers) => verify({ rawBody, headers }),
      acceptEvent: (event) =>
        receiveEvent(event, store.inbox, { botId: identity()?.id, now: clock.now() }),
      metrics,
    },
    connect: config.connect && {
      callbackSecrets: config.connect.callbackSecrets,
      // Receipts are not read yet; Connect is told that they came, so that it does not repeat them.
      acceptCallback: () => Promise.resolve(),
    },
    canStore: () => canStore(wiring, health),
  });
}

async function canStore({ store }: Wiring, { isDraining }: Health): Promise<boolean> {
  if (isDraining()) return false;
  await store.db.write.raw("SELECT 1");
  return true;
}

async function details(wiring: Wiring, health: Health): Promise<ReadinessDetails> {
  const { config, parts, store } = wiring;
  const oldest = await store.queries.oldestWaiting(parts.clock.now());
  const { isConnected, webex, webhooks } = health.presence.state;
  return {
    isReady: isConnected && (await canStore(wiring, health)),
    database: "ok",
    webex,
    webhooks,
    connect: config.connect ? "configured" : "not set up",
    oldestWaitingNotificationSeconds: oldest.outboxMs / 1_000,
    inboxAgeSeconds: oldest.inboxMs / 1_000,
  };
}

async function measureAges({ parts: { clock, metrics }, store }: Wiring): Promise<void> {
  const oldest = await store.queries.oldestWaiting(clock.now());
  metrics.inboxAge.set(oldest.inboxMs / 1_000);
  metrics.notificationAge.set(oldest.outboxMs / 1_000);
}
