import { checkOperatorsSpace, createConversation, createInboxWorker } from "./app/conversation";
import {
  createAttendance,
  createDispatcher,
  createReceiptQuestions,
  createReminders,
  createRounds,
  createStatusCards,
} from "./app/delivery";
import { createDirectorySync, directoryOptions } from "./app/directory";
import { createGrants } from "./app/grants";
import { createCatchUp, createPresence } from "./app/presence";
import { openServers, type Servers } from "./app/servers";
import { connectionTo, type AppParts, type Wiring } from "./app/wiring";
import type { InboxWorker } from "./bot/inbox-worker";
import { every } from "./clock";
import type { Config } from "./config";
import type { Dispatcher } from "./notify/dispatcher";
import type { LaneRunner } from "./notify/lane-runner";
import type { Lane } from "./notify/outbox-row";
import { loadMessages } from "./notify/texts";
import { openStore } from "./store/open-store";
import type { Queued, Store } from "./store/store";
import type { Presence } from "./webex/presence";
import type { Identity } from "./webex/webex-client";

export type { AppParts } from "./app/wiring";

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

/** In which answers go out. */
const REPLY_LANES: readonly Lane[] = ["talk", "sms"];
const CLEAN_UP_EVERY_MS = 60 * 60_000;
const CLEAN_UP_LEASE_MS = 10 * 60_000;

/** Builds everything once and joins it; nothing runs before `start`. */
export function createApp(config: Config, parts: AppParts): App {
  return new JoinedApp(config, { random: Math.random, ...parts });
}

/** Everything that exists between start and stop. */
interface Running {
  wiring: Wiring;
  /** Handles what comes in: what phones tell at once, the rest once the bot knows who it is. */
  worker: InboxWorker;
  dispatcher: Dispatcher;
  /** What is done when its time has come. */
  timers: readonly LaneRunner[];
  presence: Presence;
  servers: Servers;
  cleanUp: Promise<void>;
}

class JoinedApp implements App {
  private running: Running | undefined;
  private identity: Identity | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly config: Config,
    private readonly parts: Required<AppParts>,
  ) {}

  get store(): Store {
    return this.started.wiring.store;
  }

  get ports(): { http: number; metrics: number } {
    const { http, metrics } = this.started.servers;
    return { http: http.port, metrics: metrics.port };
  }

  async start(): Promise<void> {
    const { config, parts } = this;
    const messages = loadMessages(`${parts.cardsFolder}/messages`);
    const store = await openStore(storeOptions(config, parts));
    try {
      const identity = (): Identity | undefined => this.identity;
      const joined = { config, parts, store, messages, ...connectionTo(config, parts), identity };
      this.running = await this.join({ ...joined, grants: createGrants(joined) });
    } catch (error) {
      await store.close();
      throw error;
    }
    store.onCommit((queued) => this.wake(queued));
    store.outbox.onRoundDue(() => this.wakeTimers());
    this.running.worker.runner.start();
    this.running.dispatcher.start();
    for (const timer of this.running.timers) timer.start();
    this.running.presence.start();
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    const { cleanUp, dispatcher, presence, servers, timers, wiring, worker } = this.running;
    this.stopping.abort();
    await servers.http.close();
    await presence.stop();
    await worker.runner.stop();
    await Promise.all([dispatcher.stop(), ...timers.map((timer) => timer.stop()), cleanUp]);
    await servers.metrics.close();
    await wiring.store.close();
  }

  async idle(): Promise<void> {
    while (!this.isIdle) {
      await this.started.worker.runner.idle();
      for (const timer of this.started.timers) await timer.idle();
      await this.started.dispatcher.idle();
      // What one of them finished may have woken another in the same moment.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get isIdle(): boolean {
    const { dispatcher, presence, timers, worker } = this.started;
    const areTimersIdle = timers.every((timer) => timer.isIdle);
    return presence.isIdle && dispatcher.isIdle && areTimersIdle && worker.runner.isIdle;
  }

  private get started(): Running {
    if (!this.running) throw new Error("The app is not started.");
    return this.running;
  }

  private async join(wiring: Wiring): Promise<Running> {
    const catchUp = createCatchUp(wiring);
    // Before the servers listen: what they hear would hide what nobody heard.
    await catchUp.note();
    const worker = createInboxWorker(wiring);
    const presence = createPresence(wiring, catchUp, (me) => this.takeUpWork(wiring, worker, me));
    const health = { presence, isDraining: () => this.stopping.signal.aborted };
    return {
      wiring,
      presence,
      worker,
      dispatcher: createDispatcher(wiring),
      timers: [
        createRounds(wiring),
        createReminders(wiring),
        createStatusCards(wiring),
        createReceiptQuestions(wiring),
        ...(wiring.grants ? [wiring.grants.timer, createAttendance(wiring)] : []),
        ...createDirectorySync(wiring),
      ],
      servers: await openServers(wiring, health),
      cleanUp: this.cleanUpHourly(wiring),
    };
  }

  private async takeUpWork(wiring: Wiring, worker: InboxWorker, me: Identity): Promise<void> {
    this.identity = me;
    const { conversation, homeOrgId } = createConversation(wiring, me);
    wiring.parts.log.info({ bot: me.name, homeOrgId }, "connected to Webex");
    worker.converse(conversation);
    await checkOperatorsSpace(wiring);
    const { inbox, queries } = wiring.store;
    for (const spaceId of await queries.spacesWithRunningIncident())
      await inbox.addOwn({ kind: "reread-space", spaceId });
  }

  private wake(queued: Queued): void {
    if (queued === "reply") {
      this.started.dispatcher.wake(REPLY_LANES);
      return;
    }
    this.started.worker.runner.wake();
    if (queued === "event") return;
    this.started.dispatcher.wake();
    this.wakeTimers();
  }

  private wakeTimers(): void {
    for (const timer of this.started.timers) timer.wake();
  }

  private cleanUpHourly({ parts, store }: Wiring): Promise<void> {
    const { clock, log } = parts;
    const work = async (): Promise<void> => {
      await store.underLease("clean-up", CLEAN_UP_LEASE_MS, () => store.cleanUp());
    };
    const onError = (err: unknown): void => log.error({ err }, "old rows could not be deleted");
    return every(clock, CLEAN_UP_EVERY_MS, this.stopping.signal, work, onError);
  }
}

function storeOptions(config: Config, parts: AppParts) {
  const { database, notify, secrets } = config;
  const { clock, log, metrics } = parts;
  return {
    ...directoryOptions(config, parts),
    onUnreadable: (table: string, id: string) =>
      log.error({ table, id }, "a row cannot be read: was it changed, or restored in part?"),
    onDecision: (outcome: string) => metrics.decisions.inc({ outcome }),
    databaseUrl: database.url,
    encryptionKeys: secrets.encryptionKeys,
    clock,
    limits: { textsPerHour: notify.sms.maxPerHour, callsPerHour: notify.voice.maxPerHour },
    rates: {
      sms: { perSecond: notify.sms.perSecond },
      voice: { perSecond: notify.voice.perSecond },
    },
  };
}
