import type { ConnectConfig } from "../config";
import { receiveCallback } from "../connect/receive-callback";
import { createMetricsApp } from "../http/metrics-app";
import { createPublicApp } from "../http/public-app";
import { listen, type ListeningServer } from "../http/server";
import type { ReadinessDetails } from "../http/readiness";
import type { Presence } from "../webex/presence";
import { receiveEvent } from "../webex/receive-event";
import { createSignatureVerifier } from "../webex/signature";
import { measureDirectory } from "./directory";
import { createKeypadCalls } from "./keypad";
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
      acceptCallback: acceptCallback(wiring, config.connect),
      metrics,
    },
    callback: {
      botName: () => identity()?.name ?? "Muster",
      ...(wiring.grants ? { accept: wiring.grants.accept } : {}),
    },
    canStore: () => canStore(wiring, health),
  });
}

function acceptCallback(wiring: Wiring, connect: ConnectConfig) {
  const { parts, store } = wiring;
  const { signingSecret, smsOrigin, voiceOrigin } = connect;
  const calls = createKeypadCalls(wiring, connect);
  const ours = [smsOrigin, voiceOrigin].filter((origin) => origin !== undefined);
  return (rawBody: Buffer, signature: unknown) =>
    receiveCallback(rawBody, signature, {
      inbox: store.inbox,
      ours,
      signingSecret,
      now: parts.clock.now(),
      takeCall: (event, eventHash) => calls.take(event, eventHash),
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

async function measureAges(wiring: Wiring): Promise<void> {
  const { clock, metrics } = wiring.parts;
  const oldest = await wiring.store.queries.oldestWaiting(clock.now());
  metrics.inboxAge.set(oldest.inboxMs / 1_000);
  metrics.notificationAge.set(oldest.outboxMs / 1_000);
  metrics.notificationsOpen.set(await wiring.store.queries.openNotifications());
  await measureDirectory(wiring);
}
