import { ConfigError } from "./errors";
import { logLevels } from "./log";
import { isTrialHost, readConnect } from "./config/connect";
import type { Config } from "./config/model";
import { EnvReader } from "./config/reader";
import {
  readClockFile,
  readDatabase,
  readDirectory,
  readEncryptionKeys,
  readHttp,
  readIncident,
  readLocale,
  readNotify,
  readProxy,
} from "./config/sections";
import { readWebex } from "./config/webex";
import { variables, type Env } from "./config/variables";

export type * from "./config/model";
export type { Env, NamedVariable, VariableName } from "./config/variables";
export { variables } from "./config/variables";
export { isLoopback } from "./config/reader";
export { isBotToken } from "./config/webex";

/** The only reader of environment variables. An empty value counts as not set. */
export function readEnv(env: NodeJS.ProcessEnv): Env {
  const set = variables.flatMap(({ name }) => {
    const value = env[name]?.trim() ?? "";
    return value === "" ? [] : [[name, value]];
  });
  return Object.fromEntries(set) as Env;
}

/**
 * The whole configuration, frozen.
 * @throws ConfigError that holds every problem at once, and no value.
 */
export function parseConfig(env: Env): Config {
  const read = new EnvReader(env);
  const config = readAll(read);
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return freeze(config);
}

function readAll(read: EnvReader): Config {
  const http = readHttp(read);
  const connectUrl = read.baseUrl("IMI_API_URL");
  return {
    http,
    webex: readWebex(read),
    connect: readConnect(read, connectUrl),
    database: readDatabase(read),
    secrets: { encryptionKeys: readEncryptionKeys(read) },
    notify: readNotify(read, isTrialHost(connectUrl)),
    incident: readIncident(read),
    directory: readDirectory(read),
    locale: readLocale(read),
    proxy: readProxy(read),
    log: { level: read.choice("LOG_LEVEL", logLevels) },
    clockFile: readClockFile(read, http.publicUrl),
  };
}

/** The values that must not be in a log, whatever they look like. */
export function secretValues({ webex, connect, secrets }: Config): string[] {
  return [
    webex.botToken,
    webex.webhookSecret,
    webex.integration?.clientSecret,
    connect?.serviceKey,
    connect?.signingSecret,
    ...(connect?.callbackSecrets ?? []),
    ...secrets.encryptionKeys.map((key) => key.toString("base64")),
  ].filter((value) => value !== undefined);
}

/** What the person who starts the process should know about settings that are easily overlooked. */
export function startNotices(config: Config): string[] {
  const { connect, notify, locale } = config;
  return [
    ...(connect ? [] : ["SMS and voice are off: IMI_SERVICE_KEY is not set."]),
    ...(connect && !connect.smsOrigin ? ["SMS is off: SMS_ORIGIN is not set."] : []),
    ...(connect && !connect.voiceOrigin ? ["Voice is off: VOICE_ORIGIN is not set."] : []),
    ...(connect?.isTrial ? [trialNotice(notify.sms.perSecond, notify.voice.perSecond)] : []),
    ...(config.webex.integration ? [] : ["No directory: CLIENT_ID is not set."]),
    ...(locale.dialCountries === "*" ? ["Every country may be dialled: DIAL_COUNTRIES is *."] : []),
    ...(config.clockFile === undefined
      ? []
      : ["The clock can be moved: MUSTER_CLOCK_FILE is set."]),
  ];
}

function trialNotice(sms: number, voice: number): string {
  return `Webex Connect's trial host: ${sms} texts and ${voice} calls a second.`;
}

function freeze<T extends object>(value: T): T {
  for (const member of Object.values(value) as unknown[]) {
    if (typeof member === "object" && member !== null && !Buffer.isBuffer(member)) freeze(member);
  }
  return Object.freeze(value);
}
