import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePort } from "./free-port";
import type { Sandbox } from "./start-sandbox";

export const SMS_NUMBER = "14085550100";

export interface BotEnvironmentOptions {
  sandbox: Sandbox;
  folder: string;
  /** Added last: wins over everything that is chosen here. */
  env?: Readonly<Record<string, string>>;
  databaseUrl?: string;
  publicPort?: number;
  /** Id, e-mail or name of the bot in the sandbox; its only bot when absent. */
  bot?: string;
}

/** Everything that the bot is told; nothing of the caller's own configuration gets through. */
export async function botEnvironment(
  options: BotEnvironmentOptions,
): Promise<Record<string, string>> {
  const { sandbox, folder, databaseUrl } = options;
  const port = options.publicPort ?? (await freePort());
  return {
    ...systemEnvironment(),
    WEBEX_BOT_TOKEN: botToken(sandbox, options.bot),
    WEBEX_API_URL: sandbox.webexUrl,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    HOST: "127.0.0.1",
    PORT: String(port),
    METRICS_PORT: String(await freePort()),
    DATABASE_URL: databaseUrl ?? `sqlite:${join(folder, "muster.sqlite3")}`,
    ...secrets(),
    ...connectVariables(sandbox),
    ...integrationVariables(sandbox),
    ...(sandbox.clockFile === undefined ? {} : { MUSTER_CLOCK_FILE: sandbox.clockFile }),
    ...options.env,
  };
}

/**
 * Lets what phones write reach the bot that was started with `env`, as an administrator sets it up
 * at Webex Connect for the number that texts come from.
 */
export function pointInboundTexts(
  { phones }: Pick<Sandbox, "phones">,
  env: Readonly<Record<string, string>>,
): void {
  const { CONNECT_CALLBACK_SECRET: secret, PUBLIC_URL: url, SMS_ORIGIN: number } = env;
  if (!secret || !url || !number)
    throw new Error(
      "A bot without PUBLIC_URL, CONNECT_CALLBACK_SECRET and SMS_ORIGIN gets no texts.",
    );
  // Several may be accepted while one takes the place of another; the first is the one in use.
  phones.inboundUrl = `${url}/webhooks/connect/${secret.split(",")[0]?.trim() ?? ""}`;
  phones.inboundNumber = number;
}

function connectVariables(sandbox: Sandbox): Record<string, string> {
  return {
    IMI_API_URL: sandbox.connectUrl,
    IMI_SERVICE_KEY: sandbox.connect.settings.serviceKey,
    SENDER_NAME: "Muster",
    SMS_ORIGIN: SMS_NUMBER,
    VOICE_ORIGIN: `+${SMS_NUMBER}`,
  };
}

/** Webex takes `/callback` of this computer on any port, so the port may be chosen late. */
function integrationVariables({ world }: Sandbox): Record<string, string> {
  const { clientId, clientSecret } = world.oauth.integration;
  return { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
}

function secrets(): Record<string, string> {
  return {
    WEBHOOK_SECRET: randomBytes(32).toString("hex"),
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    CONNECT_CALLBACK_SECRET: randomBytes(24).toString("base64url"),
  };
}

function systemEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME };
}

function botToken({ world }: Sandbox, bot: string | undefined): string {
  return (bot === undefined ? world.bot() : world.person(bot)).token;
}
