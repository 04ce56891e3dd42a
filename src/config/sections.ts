import { isSupportedCountry } from "libphonenumber-js/min";
import type {
  BridgeConfig,
  DatabaseConfig,
  DirectoryConfig,
  HttpConfig,
  IncidentConfig,
  LocaleConfig,
  NotifyConfig,
  ProxyConfig,
} from "./model";
import { isLoopback, type EnvReader } from "./reader";
import type { VariableName } from "./variables";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Providers remember an idempotency key for one hour; a repeat after it would be a second text. */
const MAX_EXPIRY_MINUTES = 50;
/** Webex Connect takes no longer text. */
const MAX_SMS_CHARACTERS = 4000;
const MAX_PORT = 65_535;
/** Zero would end what it limits before it began. */
const SHORTEST = 0.001;

export function readHttp(read: EnvReader): HttpConfig {
  const http = {
    publicUrl: read.baseUrl("PUBLIC_URL"),
    port: read.count("PORT", 0, MAX_PORT),
    host: readHost(read, "HOST"),
    metricsPort: read.count("METRICS_PORT", 0, MAX_PORT),
    metricsHost: readHost(read, "METRICS_HOST"),
  };
  // Port 0 lets the system choose, and it never chooses the same twice.
  if (http.port !== 0 && http.port === http.metricsPort) {
    read.refuse("METRICS_PORT", "must differ from PORT");
  }
  return http;
}

function readHost(read: EnvReader, name: "HOST" | "METRICS_HOST"): string {
  return read.matching(name, /^[\w.:-]+$/, "must be an address or a host name") ?? "";
}

export function readDatabase(read: EnvReader): DatabaseConfig {
  const url = read.required("DATABASE_URL");
  const kind = /^postgres(ql)?:/.test(url) ? "postgres" : "sqlite";
  if (!(kind === "postgres" ? isPostgresUrl(url) : /^sqlite:(?:\/\/)?(?!\/\/).+/.test(url))) {
    read.refuse("DATABASE_URL", "must be sqlite:<file> or postgres://user:password@host/database");
  }
  return { kind, url };
}

/** A server without a host name is reached through the socket that `?host=` names. */
function isPostgresUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, searchParams } = new URL(url);
  return hostname !== "" || searchParams.has("host");
}

export function readEncryptionKeys(read: EnvReader): [Buffer, ...Buffer[]] {
  read.required("ENCRYPTION_KEY");
  const list = read.list("ENCRYPTION_KEY");
  if (list.some((key) => !/^[A-Za-z0-9+/]{43}=$/.test(key))) {
    read.refuse("ENCRYPTION_KEY", "must be 32 bytes in base64, or several separated by commas");
  }
  const [first = Buffer.alloc(0), ...others] = list.map((key) => Buffer.from(key, "base64"));
  return [first, ...others];
}

export function readNotify(read: EnvReader, isTrialHost: boolean): NotifyConfig {
  const perSecond = (name: VariableName): number =>
    read.number(name, { min: 1, whole: true }, isTrialHost ? 1 : undefined);
  return {
    webex: { concurrency: read.count("WEBEX_CONCURRENCY", 1) },
    sms: {
      perSecond: perSecond("SMS_PER_SECOND"),
      concurrency: read.count("SMS_CONCURRENCY", 1),
      maxPerHour: read.count("MAX_TEXTS_PER_HOUR", 1),
      maxCharacters: read.count("SMS_MAX_CHARACTERS", 160, MAX_SMS_CHARACTERS),
    },
    voice: {
      perSecond: perSecond("VOICE_PER_SECOND"),
      concurrency: read.count("VOICE_CONCURRENCY", 1),
      maxPerHour: read.count("MAX_CALLS_PER_HOUR", 1),
    },
    voiceAfterSmsMs: readDuration(read, "VOICE_AFTER_SMS_SECONDS", SECOND, 0),
    expiryMs: readDuration(read, "NOTIFY_EXPIRY_MINUTES", MINUTE, SHORTEST, MAX_EXPIRY_MINUTES),
  };
}

export function readIncident(read: EnvReader): IncidentConfig {
  return {
    renotifyMs: readDuration(read, "RENOTIFY_MINUTES", MINUTE, SHORTEST),
    renotifyTimes: read.count("RENOTIFY_TIMES", 0),
    commandMaxAgeMs: readDuration(read, "COMMAND_MAX_AGE_MINUTES", MINUTE, SHORTEST),
    statusCardMs: readDuration(read, "STATUS_CARD_SECONDS", SECOND, 0),
    retentionMs: read.count("RETENTION_DAYS", 1) * DAY,
    hasStopNotice: read.choice("STOP_NOTICE", ["on", "off"]) === "on",
    bridge: readBridge(read),
  };
}

function readBridge(read: EnvReader): BridgeConfig | undefined {
  const link = read.optional("BRIDGE_LINK");
  const phone = read.matching("BRIDGE_PHONE", /^\+?\d[\d ().-]{4,24}$/, "must be a phone number");
  const code = read.matching("BRIDGE_CODE", /^\d[\d ]*$/, "must consist of digits");
  if (link !== undefined && !(URL.canParse(link) && new URL(link).protocol === "https:")) {
    read.refuse("BRIDGE_LINK", "must be an address that begins with https://");
  }
  if (link === undefined && phone === undefined) {
    if (code !== undefined) read.refuse("BRIDGE_CODE", "needs BRIDGE_LINK or BRIDGE_PHONE");
    return undefined;
  }
  return {
    ...(link !== undefined && { link }),
    ...(phone !== undefined && { phone }),
    ...(code !== undefined && { code: code.replaceAll(" ", "") }),
  };
}

export function readDirectory(read: EnvReader): DirectoryConfig {
  return {
    maxAgeMs: readDuration(read, "DIRECTORY_MAX_AGE_HOURS", HOUR, SHORTEST),
    smsPhoneType: read.required("INT_PHONE_TYPE_SMS"),
    voicePhoneType: read.required("INT_PHONE_TYPE_VOICE"),
  };
}

export function readLocale(read: EnvReader): LocaleConfig {
  const country = read.required("DEFAULT_COUNTRY");
  if (!isSupportedCountry(country)) {
    read.refuse("DEFAULT_COUNTRY", "must be the two-letter ISO code of a country, in capitals");
  }
  const language = read.matching(
    "DEFAULT_LANGUAGE",
    /^[a-z]{2,3}(-[A-Z]{2})?$/,
    "must be a language code",
  );
  return { country, language: language ?? "", dialCountries: readDialCountries(read) };
}

function readDialCountries(read: EnvReader): LocaleConfig["dialCountries"] {
  const list = read.list("DIAL_COUNTRIES");
  if (list.length === 1 && list[0] === "*") return "*";
  if (!list.every((country) => isSupportedCountry(country))) {
    read.refuse("DIAL_COUNTRIES", "must be * or two-letter ISO codes of countries, in capitals");
  }
  return list;
}

export function readProxy(read: EnvReader): ProxyConfig | undefined {
  const httpsProxy = read.optional("HTTPS_PROXY");
  if (httpsProxy === undefined) return undefined;
  if (!(URL.canParse(httpsProxy) && /^https?:$/.test(new URL(httpsProxy).protocol))) {
    read.refuse("HTTPS_PROXY", "must be an address that begins with http:// or https://");
  }
  return { httpsProxy, noProxy: read.optional("NO_PROXY") };
}

export function readClockFile(read: EnvReader, publicUrl: string): string | undefined {
  const file = read.optional("MUSTER_CLOCK_FILE");
  if (file !== undefined && !(URL.canParse(publicUrl) && isLoopback(publicUrl))) {
    read.refuse("MUSTER_CLOCK_FILE", "is only for the sandbox: PUBLIC_URL must be this computer");
  }
  return file;
}

function readDuration(
  read: EnvReader,
  name: VariableName,
  unitMs: number,
  min: number,
  max?: number,
): number {
  const value = read.number(name, { min, whole: false, ...(max !== undefined && { max }) });
  return Math.round(value * unitMs);
}
