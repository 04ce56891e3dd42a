import type { Announcer } from "../bot/announce";
import type { Clock } from "../clock";
import type { Config } from "../config";
import type { Logger } from "../log";
import type { Metrics } from "../metrics";
import type { Messages } from "../notify/texts";
import { countingFetch, proxied } from "../outgoing";
import type { Store } from "../store/store";
import { createBotConnection, type BotConnection } from "../webex/bot-connection";
import { WebexRest } from "../webex/rest";
import { WebexClient, type Identity } from "../webex/webex-client";
import type { Grants } from "./grants";
import { incidentSettings } from "./settings";

/** What is given to the app from outside besides its configuration. */
export interface AppParts {
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** The folder that holds `messages/<language>.json`. */
  cardsFolder: string;
  /** 0 up to but not including 1; spreads retries. */
  random?: () => number;
}

/** What the parts of the app share. */
export interface Wiring {
  config: Config;
  parts: Required<AppParts>;
  store: Store;
  /** The texts to responders, by language. */
  messages: Readonly<Record<string, Messages>>;
  client: WebexClient;
  connection: BotConnection;
  /** Who the bot is; `undefined` before Webex was reached. */
  identity: () => Identity | undefined;
  /** Absent without an integration at Webex. */
  grants: Grants | undefined;
}

/** The one connection to Webex: our REST client, and the framework on top of it. */
export function connectionTo(
  config: Config,
  parts: AppParts,
): { client: WebexClient; connection: BotConnection } {
  const { apiUrl, botToken } = config.webex;
  const { clock, log, metrics } = parts;
  const fetch = countingFetch("webex", proxied(config), metrics);
  const options = { baseUrl: apiUrl, token: botToken, clock, fetch };
  const rest = new WebexRest({ ...options, log });
  const quietly = (fields: object, msg: string): void => log.debug(fields, msg);
  // Of what the first question meets whoever connects tells in one line.
  const probe = new WebexRest({ ...options, log: { debug: quietly, warn: quietly } });
  const connection = createBotConnection({
    rest,
    probe,
    token: botToken,
    apiUrl,
    webhookUrl: webhookUrl(config),
    clock,
    ...(config.proxy ? { httpsProxy: config.proxy.httpsProxy } : {}),
  });
  return { client: new WebexClient(rest), connection };
}

export function webhookUrl({ http }: Config): string {
  return `${http.publicUrl}/webhooks/webex`;
}

/** What the bot's announcements are made with. */
export function announcerOf({ config, identity }: Wiring): Announcer {
  const me = identity();
  return { botName: me?.name ?? "Muster", settings: incidentSettings(config, me?.id ?? "") };
}
