import { EnvHttpProxyAgent, fetch as fetchThrough } from "undici";
import { announceRoundClosed, type Announcer } from "./bot/announce";
import type { EventLookups } from "./bot/inbox-worker";
import { InboxWorker } from "./bot/inbox-worker";
import { decideMembership } from "./bot/membership-results";
import { OwnWork } from "./bot/own-work";
import { responderPostOf } from "./bot/responder-post";
import { Router } from "./bot/router";
import type { BotTools } from "./bot/turn";
import { every, type Clock } from "./clock";
import type { Config } from "./config";
import { ConnectClient } from "./connect/connect-client";
import { isDuplicate } from "./connect/connect-failure";
import { createMetricsApp } from "./http/metrics-app";
import { createPublicApp } from "./http/public-app";
import { listen, type ListeningServer } from "./http/server";
import { createRoundTimer } from "./incident/round-timer";
import type { IncidentSettings } from "./incident/settings";
import type { Logger } from "./log";
import type { Metrics } from "./metrics";
import { createSmsSender, createVoiceSender, createWebexSender } from "./notify/channel-senders";
import { Dispatcher } from "./notify/dispatcher";
import { LaneRunner } from "./notify/lane-runner";
import type { Senders } from "./notify/senders";
import { createTexts, loadMessages } from "./notify/texts";
import type { SpaceFacts } from "./roster/change";
import { openStore, type Store } from "./store/store";
import { createBotConnection, type BotConnection } from "./webex/bot-connection";
import type { WebhookEnvelope } from "./webex/envelope";
import { findMissed } from "./webex/gap";
import { Presence } from "./webex/presence";
import { addEnvelope, receiveEvent } from "./webex/receive-event";
import { createRegistrar } from "./webex/registrar";
import { WebexRest, type Fetch } from "./webex/rest";
import { createSignatureVerifier } from "./webex/signature";
import { createTalk } from "./webex/talk";
import { WebexClient, type Identity } from "./webex/webex-client";

export interface AppParts {
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** The folder that holds `messages/<language>.json`. */
  cardsFolder: string;
  random?: () => number;
}

/** The whole bot, ready to be started. */
export interface App {
  /** Opens the database and listens. Connecting to Webex goes on in the background until it works. */
  start(): Promise<void>;
  /** Takes nothing new, lets what is under way finish, and closes the database last. */
  stop(): Promise<void>;
  /** Resolves when nothing is due or under way; what waits for a later time is not counted. */
  idle(): Promise<void>;
  readonly isIdle: boolean;
  /** The ports that were taken. */
  readonly ports: { http: number; metrics: number };
  readonly store: Store;
}

const TALK_SLOTS = 40;
const ROUND_SLOTS = 4;
const CLEAN_UP_EVERY_MS = 60 * 60_000;
const CLEAN_UP_LEASE_MS = 10 * 60_000;
const SPACES_TO_CATCH_UP = 10;

/** Builds everything once and joins it; nothing runs before `start`. */
export function createApp(config: Config, parts: AppParts): App {
  return new JoinedApp(config, parts);
}

class JoinedApp implements App {
  private opened: Store | undefined;
  private servers: { http: ListeningServer; metrics: ListeningServer } | undefined;
  private dispatcher!: Dispatcher;
  private rounds!: LaneRunner;
  private presence!: Presence;
  private worker: InboxWorker | undefined;
  private identity: Identity | undefined;
  private isDraining = false;
  private readonly stopping = new AbortController();
  private readonly background: Promise<void>[] = [];
  private readonly client: WebexClient;
  private readonly rest: WebexRest;
  private readonly connection: BotConnection;
  private readonly random: () => number;

  constructor(
    private readonly config: Config,
    private readonly parts: AppParts,
  ) {
    const { clock, log } = parts;
    const { apiUrl, botToken } = config.webex;
    this.random = parts.random ?? Math.random;
    this.rest = new WebexRest({
      baseUrl: apiUrl,
      token: botToken,
      clock,
      log,
      fetch: countingFetch("webex", proxied(config), parts.metrics),
    });
    this.client = new WebexClient(this.rest);
    this.connection = createBotConnection({
      rest: this.rest,
      token: botToken,
      apiUrl,
      webhookUrl: this.webhookUrl,
      clock,
      ...(config.proxy ? { httpsProxy: config.proxy.httpsProxy } : {}),
    });
  }

  get store(): Store {
    if (!this.opened) throw new Error("The app is not started.");
    return this.opened;
  }

  get ports(): { http: number; metrics: number } {
    if (!this.servers) throw new Error("The app is not started.");
    return { http: this.servers.http.port, metrics: this.servers.metrics.port };
  }

  async start(): Promise<void> {
    const { config, parts } = this;
    this.opened = await openStore({
      databaseUrl: config.database.url,
      encryptionKeys: config.secrets.encryptionKeys,
      clock: parts.clock,
      limits: {
        textsPerHour: config.notify.sms.maxPerHour,
        callsPerHour: config.notify.voice.maxPerHour,
      },
      rates: {
        sms: { perSecond: config.notify.sms.perSecond },
        voice: { perSecond: config.notify.voice.perSecond },
      },
    });
    this.dispatcher = this.createDispatcher();
    this.rounds = this.createRounds();
    this.presence = this.createPresence();
    this.store.onCommit(() => this.wake());
    await this.listen();
    this.dispatcher.start();
    this.rounds.start();
    this.presence.start();
    this.background.push(this.cleanUpHourly());
  }

  async stop(): Promise<void> {
    this.isDraining = true;
    this.stopping.abort();
    await this.servers?.http.close();
    await this.presence.stop();
    await this.worker?.runner.stop();
    await Promise.all([this.dispatcher.stop(), this.rounds.stop(), ...this.background]);
    await this.servers?.metrics.close();
    await this.opened?.close();
  }

  async idle(): Promise<void> {
    while (!this.isIdle) {
      await this.worker?.runner.idle();
      await this.rounds.idle();
      await this.dispatcher.idle();
      // What one of them finished may have woken another in the same moment.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get isIdle(): boolean {
    return (
      this.presence.isIdle &&
      this.dispatcher.isIdle &&
      this.rounds.isIdle &&
      (this.worker?.runner.isIdle ?? true)
    );
  }

  private get webhookUrl(): string {
    return `${this.config.http.publicUrl}/webhooks/webex`;
  }

  private wake(): void {
    this.dispatcher.wake();
    this.rounds.wake();
    this.worker?.runner.wake();
  }

  private announcer(): Announcer {
    return { botName: this.identity?.name ?? "Muster", settings: this.settings() };
  }

  private settings(): IncidentSettings {
    const { connect, incident, notify } = this.config;
    const { bridge } = incident;
    return {
      botId: this.identity?.id ?? "",
      voiceAfterSmsMs: notify.voiceAfterSmsMs,
      expiryMs: notify.expiryMs,
      isSmsReady: connect?.smsOrigin !== undefined,
      isVoiceReady: connect?.voiceOrigin !== undefined,
      ...(bridge
        ? {
            defaultConference: {
              source: "configuration" as const,
              ...(bridge.link === undefined ? {} : { link: bridge.link }),
              ...(bridge.phone === undefined ? {} : { phone: bridge.phone }),
              ...(bridge.code === undefined ? {} : { number: bridge.code }),
            },
          }
        : {}),
    };
  }

  private createDispatcher(): Dispatcher {
    const { config, parts, random, store } = this;
    const { notify } = config;
    const { metrics, log } = parts;
    return new Dispatcher({
      clock: parts.clock,
      random,
      outbox: store.outbox,
      senders: this.createSenders(),
      talk: createTalk(this.client, this.connection, () => this.identity !== undefined),
      slots: {
        talk: TALK_SLOTS,
        webex: notify.webex.concurrency,
        sms: notify.sms.concurrency,
        voice: notify.voice.concurrency,
      },
      onMembership: (row, result, record) =>
        decideMembership(store, this.announcer(), row, result, record),
      report: {
        finished: (lane, state) => metrics.notifications.inc({ channel: lane, state }),
        strangeDuplicate: (id) =>
          log.error({ notification: id }, "Webex Connect called a new message a duplicate"),
        lostLease: (lane, id) => log.warn({ lane, id }, "a lease ran out during a send"),
        failed: (lane, err) => log.error({ lane, err }, "the dispatcher ran into a bug"),
      },
    });
  }

  private createSenders(): Senders {
    const { client, config, parts } = this;
    const webex = createWebexSender(
      {
        post: (to, post) => client.post({ ...to, post }),
        find: (to, cardId) => client.findDirectMessage(to, cardId),
      },
      responderPostOf,
    );
    const { connect, http, locale, notify } = config;
    if (!connect) return { webex, sms: undefined, voice: undefined };
    const texts = createTexts({
      messages: loadMessages(`${parts.cardsFolder}/messages`),
      senderName: connect.senderName,
      smsMaxCharacters: notify.sms.maxCharacters,
      defaultLanguage: locale.language,
    });
    const phone = new ConnectClient({
      baseUrl: connect.apiUrl,
      serviceKey: connect.serviceKey,
      clock: parts.clock,
      fetch: countingFetch("connect", proxied(config), parts.metrics) as typeof fetch,
      ...(connect.smsOrigin === undefined ? {} : { smsOrigin: connect.smsOrigin }),
      ...(connect.voiceOrigin === undefined ? {} : { voiceOrigin: connect.voiceOrigin }),
    });
    const messages = {
      sendSms: phone.sendSms.bind(phone),
      sendVoice: phone.sendVoice.bind(phone),
      isDuplicate,
    };
    const callbackUrl = `${http.publicUrl}/webhooks/connect/${connect.callbackSecrets[0]}`;
    return {
      webex,
      sms: connect.smsOrigin ? createSmsSender(messages, texts, callbackUrl) : undefined,
      voice: connect.voiceOrigin ? createVoiceSender(messages, texts, callbackUrl) : undefined,
    };
  }

  private createRounds(): LaneRunner {
    const { parts, store } = this;
    const timer = createRoundTimer({
      decisions: store,
      dueRounds: (now) => store.queries.dueRounds(now),
      nextRoundDueAt: () => store.queries.nextRoundDueAt(),
      announce: (state, result, at) => announceRoundClosed(state, result, this.announcer(), at),
    });
    return new LaneRunner(timer.name, ROUND_SLOTS, parts.clock, {
      claim: async (limit) => {
        const due = await timer.due(parts.clock.now());
        return due.slice(0, limit).map((round) => timer.run(round));
      },
      nextLook: async () => {
        const dueAt = await timer.next();
        return dueAt === undefined || dueAt <= parts.clock.now() ? {} : { dueAt };
      },
      onError: (err) => parts.log.error({ err }, "a round could not be closed"),
    });
  }

  private createPresence(): Presence {
    const { client, config, connection, parts, store } = this;
    const { clock, log, metrics } = parts;
    return new Presence({
      connect: async () => {
        await client.me();
        return connection.connect();
      },
      registrar: createRegistrar({
        client,
        targetUrl: this.webhookUrl,
        secret: config.webex.webhookSecret,
        log,
      }),
      underLease: (name, ms, work) => store.underLease(name, ms, work),
      catchUp: () => this.catchUp(),
      onConnected: (identity) => this.takeUpWork(identity),
      onWebhooks: (report) => {
        for (const action of ["created", "reactivated", "deleted"] as const)
          metrics.webhookActions.inc({ action }, report[action]);
      },
      clock,
      log,
    });
  }

  private async takeUpWork(identity: Identity): Promise<void> {
    const { clock, log, metrics } = this.parts;
    const { store } = this;
    this.identity = identity;
    const homeOrgId = this.homeOrgId;
    log.info({ bot: identity.name, homeOrgId }, "connected to Webex");
    const ownWork = new OwnWork({
      reader: this.client,
      decisions: store,
      announcer: () => this.announcer(),
      mayActIn: (space) => this.mayActIn(space),
      log,
    });
    this.worker = new InboxWorker({
      clock,
      random: this.random,
      inbox: store.inbox,
      lookups: this.createLookups(ownWork),
      router: this.createRouter(identity),
      ownWork,
      decisions: store,
      log,
      report: (outcome) => metrics.inboxHandled.inc({ outcome }),
    });
    this.worker.runner.start();
    for (const spaceId of await store.queries.spacesWithRunningIncident())
      await store.inbox.addOwn({ kind: "reread-space", spaceId });
  }

  private get homeOrgId(): string {
    return this.config.webex.homeOrgId ?? this.identity?.orgId ?? "";
  }

  private mayActIn(space: SpaceFacts): boolean {
    const prefix = this.config.webex.spaceTitlePrefix ?? "";
    const isHome = space.ownerOrgId === undefined || space.ownerOrgId === this.homeOrgId;
    return isHome && space.title.startsWith(prefix);
  }

  private createRouter(identity: Identity): Router {
    const { config } = this;
    const { connect, locale } = config;
    const tools: BotTools = {
      decisions: this.store,
      settings: this.settings(),
      botName: identity.name,
      dial: { defaultCountry: locale.country, dialCountries: locale.dialCountries },
      numbers: {
        ...(connect?.smsOrigin === undefined ? {} : { sms: connect.smsOrigin }),
        ...(connect?.voiceOrigin === undefined ? {} : { voice: connect.voiceOrigin }),
      },
      findExternal: (id) => this.store.findExternal(id),
    };
    const { spaceTitlePrefix } = config.webex;
    return new Router({
      tools,
      botId: identity.id,
      homeOrgId: this.homeOrgId,
      commandMaxAgeMs: config.incident.commandMaxAgeMs,
      ...(spaceTitlePrefix === undefined ? {} : { spaceTitlePrefix }),
    });
  }

  private createLookups(ownWork: OwnWork): EventLookups {
    const { client, connection, store } = this;
    return {
      receive: (body) => connection.feed(body as WebhookEnvelope),
      membership: (spaceId, personId) => client.getMembership(spaceId, personId),
      isOperator: (personId) => this.isOperator(personId),
      knownSpace: (spaceId) => store.queries.findSpace(spaceId),
      findCard: (cardId) => store.findCard(cardId),
      space: async (spaceId) => {
        const known = await store.queries.findSpace(spaceId);
        if (known) return { facts: known, isFreshlyRead: false };
        await ownWork.reread(spaceId, { kind: "reading" });
        const read = await store.queries.findSpace(spaceId);
        return read && { facts: read, isFreshlyRead: true };
      },
    };
  }

  /** If the operators' space cannot be read, nobody is an operator. */
  private async isOperator(personId: string): Promise<boolean> {
    const { operatorsSpace } = this.config.webex;
    if (operatorsSpace === undefined) return false;
    try {
      return (await this.client.getMembership(operatorsSpace, personId)) !== undefined;
    } catch (err) {
      this.parts.log.warn({ err }, "the operators' space could not be read");
      return false;
    }
  }

  /** Reads what was written while nobody listened; what was heard already is a duplicate. */
  private async catchUp(): Promise<void> {
    const { client, parts, store } = this;
    const { clock, log } = parts;
    const spaces = await store.queries.spacesToCatchUp(SPACES_TO_CATCH_UP);
    const gap = await findMissed({
      client,
      botId: this.identity?.id ?? "",
      spaces,
      directPersons: await store.queries.invitedPersons(),
    });
    for (const envelope of gap.missed) await addEnvelope(envelope, store.inbox, clock.now());
    if (gap.failures.length > 0)
      log.warn({ spaces: gap.failures.length }, "some spaces could not be read after a pause");
  }

  private async listen(): Promise<void> {
    const { config, parts } = this;
    const { clock, log, metrics } = parts;
    const verify = createSignatureVerifier(config.webex.webhookSecret);
    const publicApp = createPublicApp({
      log,
      webex: {
        verify: (rawBody, headers) => verify({ rawBody, headers }),
        acceptEvent: (event) =>
          receiveEvent(event, this.store.inbox, { botId: this.identity?.id, now: clock.now() }),
        metrics,
      },
      connect: config.connect && {
        callbackSecrets: config.connect.callbackSecrets,
        acceptCallback: () => Promise.resolve(),
      },
      canStore: () => this.canStore(),
    });
    const metricsApp = createMetricsApp({
      log,
      registry: metrics.registry,
      details: () => this.details(),
    });
    const { host, metricsHost, metricsPort, port } = config.http;
    const http = await listen(publicApp, { port, host });
    const metricsServer = await listen(metricsApp, { port: metricsPort, host: metricsHost });
    this.servers = { http, metrics: metricsServer };
  }

  private async canStore(): Promise<boolean> {
    if (this.isDraining) return false;
    await this.store.db.write.raw("SELECT 1");
    return true;
  }

  private async details() {
    const { clock, metrics } = this.parts;
    const oldest = await this.store.queries.oldestWaiting(clock.now());
    metrics.inboxAge.set(oldest.inboxMs / 1_000);
    metrics.notificationAge.set(oldest.outboxMs / 1_000);
    const { isConnected, webex, webhooks } = this.presence.state;
    return {
      isReady: isConnected && (await this.canStore()),
      database: "ok",
      webex,
      webhooks,
      connect: this.config.connect ? "configured" : "not set up",
      oldestWaitingNotificationSeconds: oldest.outboxMs / 1_000,
      inboxAgeSeconds: oldest.inboxMs / 1_000,
    };
  }

  private cleanUpHourly(): Promise<void> {
    const { clock, log } = this.parts;
    const { store } = this;
    return every(
      clock,
      CLEAN_UP_EVERY_MS,
      this.stopping.signal,
      async () => {
        await store.underLease("clean-up", CLEAN_UP_LEASE_MS, () => store.cleanUp());
      },
      (err) => log.error({ err }, "old rows could not be deleted"),
    );
  }
}

/** `fetch`, through the configured proxy where there is one. */
function proxied({ proxy }: Config): Fetch {
  if (!proxy) return (url, init) => globalThis.fetch(url, init);
  const { httpsProxy, noProxy = "" } = proxy;
  const dispatcher = new EnvHttpProxyAgent({ httpsProxy, noProxy });
  return (url, init) => fetchThrough(url, { ...init, dispatcher });
}

/** Counts calls and how long they took, by service; nothing of what was in them. */
function countingFetch(service: "webex" | "connect", fetch: Fetch, metrics: Metrics): Fetch {
  return async (url, init) => {
    const stop = metrics.remoteCallSeconds.startTimer({ service });
    try {
      const response = await fetch(url, init);
      const outcome = response.status < 400 ? "ok" : response.status < 500 ? "refused" : "failed";
      metrics.remoteCalls.inc({ service, outcome });
      return response;
    } catch (error) {
      metrics.remoteCalls.inc({ service, outcome: "unclear" });
      throw error;
    } finally {
      stop();
    }
  };
}
