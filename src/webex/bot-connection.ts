import { setTimeout as wait } from "node:timers/promises";
import type Framework from "webex-node-bot-framework";
import type { Incoming } from "../bot/incoming";
import type { Clock } from "../clock";
import type { Post } from "../notify/notification";
import { keepingBuiltIns } from "./built-ins";
import type { WebhookEnvelope } from "./envelope";
import { Feed, Feeds } from "./feed";
import { startFailure, unreported } from "./framework-failure";
import { replaceLookups } from "./lookups";
import type { WebexRest } from "./rest";
import { messageFields } from "./translate";
import { type Identity, type Posted, WebexClient } from "./webex-client";

const DEFAULT_API_URL = "https://webexapis.com/v1";
const START_MS = 20_000;
const FEED_MS = 10_000;
const PAUSES_MS = [200, 400, 800];

export { isFrameworkError } from "./framework-failure";

export interface BotConnectionOptions {
  rest: WebexRest;
  /** Asks who the bot is, before anything else; `rest` when absent. */
  probe?: WebexRest;
  /** Has the three-part form; the SDK fails on others. */
  token: string;
  /** `WEBEX_API_URL`: where the SDK is pointed, once per process. */
  apiUrl: string;
  /** Where Webex posts events; only names the framework's webhook, see the registrar. */
  webhookUrl: string;
  httpsProxy?: string;
  clock: Clock;
  /** For feeding one event: how long all tries may take, and the pauses between them. */
  feedMs?: number;
  pausesMs?: readonly number[];
}

export interface BotConnection {
  /**
   * Loads and starts the framework. A wrong token and an unreachable Webex reject with a
   * `RemoteError` before the SDK is loaded; may be called again after a failure.
   */
  connect(): Promise<Identity>;
  /** Who the bot is; only after `connect`. */
  identity(): Identity;
  /**
   * What an event is about, once the framework has reported it; ends within 10 s. Rejects with a
   * `RemoteError`: a definite one when Webex refuses to show it, else one worth a later try. The
   * same event again, even at the same time, is harmless.
   */
  feed(envelope: WebhookEnvelope): Promise<Incoming>;
  /** Not repeatable: after an unclear failure the message may be there. */
  post(message: { spaceId: string; parentId?: string; post: Post }): Promise<Posted>;
}

/** The framework's place in the bot. Nothing is loaded and nothing called before `connect`. */
export function createBotConnection(options: BotConnectionOptions): BotConnection {
  return new FrameworkConnection(options);
}

class FrameworkConnection implements BotConnection {
  private readonly feeds = new Feeds();
  private readonly results = new Map<string, Promise<Incoming>>();
  private running: { framework: Framework; give: Give; me: Identity } | undefined;

  constructor(private readonly options: BotConnectionOptions) {}

  async connect(): Promise<Identity> {
    if (this.running) return this.running.me;
    const { apiUrl, rest, probe = rest } = this.options;
    const me = await new WebexClient(probe).me();
    pointSdkAt(apiUrl);
    const framework = await this.startFramework();
    const { default: webhook } = await import("webex-node-bot-framework/webhook.js");
    this.running = { framework, give: webhook(framework), me };
    return me;
  }

  identity(): Identity {
    return this.connected().me;
  }

  feed(envelope: WebhookEnvelope): Promise<Incoming> {
    const { id } = envelope.data;
    const underWay = this.results.get(id);
    if (underWay) return underWay;
    const feed = new Feed(envelope);
    this.feeds.add(feed);
    const result = this.untilHeard(feed).finally(() => {
      this.feeds.remove(feed);
      this.results.delete(id);
    });
    this.results.set(id, result);
    return result;
  }

  async post(message: { spaceId: string; parentId?: string; post: Post }): Promise<Posted> {
    const { framework } = this.connected();
    const fields = messageFields(message);
    const bot = framework.getBotByRoomId(message.spaceId);
    const { id, roomId } = bot
      ? await bot.say(fields)
      : await framework.webex.messages.create({ ...fields, roomId: message.spaceId });
    return { messageId: id, spaceId: roomId };
  }

  private connected(): NonNullable<typeof this.running> {
    if (!this.running) throw new Error("the bot is not connected yet");
    return this.running;
  }

  private async startFramework(): Promise<Framework> {
    const { token, webhookUrl, httpsProxy } = this.options;
    const { default: Loaded } = await keepingBuiltIns(() => import("webex-node-bot-framework"));
    const framework = new Loaded({
      token,
      webhookUrl,
      removeWebhooksOnStart: false,
      maxStartupSpaces: 0,
      ...(httpsProxy === undefined ? {} : { httpsProxy }),
    });
    framework.on("message", (_bot, trigger) => this.feeds.get(trigger.id)?.hear());
    framework.on("attachmentAction", (_bot, trigger) => this.feeds.get(trigger.id)?.hear());
    const started = withoutConsoleLog(() => framework.start());
    // At once, before the SDK's first answer makes the framework look up and delete webhooks.
    replaceLookups(framework.webex, this.options.rest, this.feeds);
    const isInTime = await withinTime(started, START_MS).catch((error: unknown) => {
      throw startFailure(error);
    });
    if (!isInTime) throw startFailure(undefined);
    return framework;
  }

  private async untilHeard(feed: Feed): Promise<Incoming> {
    const { clock, feedMs = FEED_MS, pausesMs = PAUSES_MS } = this.options;
    const deadline = clock.real() + feedMs;
    for (const pause of [...pausesMs, Infinity]) {
      await this.give(feed, deadline);
      const incoming = this.result(feed);
      if (incoming) return incoming;
      if (feed.isHopeless || clock.real() + pause >= deadline) break;
      await wait(pause);
    }
    throw feed.failure ?? unreported();
  }

  private result(feed: Feed): Incoming | undefined {
    const isDone = feed.isHeard || feed.isUnreported(this.connected().me.id);
    return isDone ? feed.fetched?.incoming : undefined;
  }

  private async give(feed: Feed, deadline: number): Promise<void> {
    const { framework, give } = this.connected();
    const body = { ...feed.envelope, name: framework.webhook.name };
    feed.failure = undefined;
    const given = Promise.resolve(give({ headers: {}, body }));
    const timeLeft = Math.max(0, deadline - this.options.clock.real());
    // What counts is whether our listener was called; why not is in `feed.failure`.
    await withinTime(Promise.race([given, feed.heard]), timeLeft).catch(() => false);
  }
}

type Give = (request: { headers: object; body: object }) => PromiseLike<unknown> | undefined;

/** The SDK reads these when it is loaded. Silent, since its lines would mix with ours on stdout. */
function pointSdkAt(apiUrl: string): void {
  process.env.HYDRA_SERVICE_URL = apiUrl;
  process.env.WEBEX_LOG_LEVEL ??= "silent";
  if (apiUrl !== DEFAULT_API_URL)
    process.env.U2C_SERVICE_URL = `${new URL(apiUrl).origin}/u2c/api/v1`;
}

/** The framework prints the proxy's address, its password included. */
function withoutConsoleLog<T>(run: () => T): T {
  const { log } = console;
  console.log = () => undefined;
  try {
    return run();
  } finally {
    console.log = log;
  }
}

/** False when the time is up; what was waited for goes on and its outcome is dropped. */
async function withinTime(work: PromiseLike<unknown>, ms: number): Promise<boolean> {
  const stop = new AbortController();
  const timeUp = wait(ms, false, { signal: stop.signal });
  try {
    return await Promise.race([work.then(() => true), timeUp]);
  } finally {
    timeUp.catch(() => false);
    stop.abort();
  }
}
