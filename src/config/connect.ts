import type { ConnectConfig } from "./model";
import type { EnvReader } from "./reader";

const TRIAL_HOST = "api-sandbox.imiconnect.io";

/** 24 characters of this alphabet are 144 random bits; it needs no escaping in a path. */
const callbackSecret = /^[\w-]{24,128}$/;

/** Webex Connect's trial host takes one message a second from each account. */
export function isTrialHost(apiUrl: string): boolean {
  return URL.canParse(apiUrl) && new URL(apiUrl).hostname === TRIAL_HOST;
}

export function readConnect(read: EnvReader, apiUrl: string): ConnectConfig | undefined {
  const settings = {
    smsOrigin: readSmsOrigin(read),
    voiceOrigin: readVoiceOrigin(read),
    signingSecret: read.optional("CONNECT_SIGNING_SECRET"),
    hasSmsReplies: read.choice("SMS_REPLIES", ["off", "on"]) === "on",
    voiceMode: read.choice("VOICE_MODE", ["message", "interactive"]),
  };
  const callbackSecrets = readCallbackSecrets(read);
  const serviceKey = read.matching(
    "IMI_SERVICE_KEY",
    /^[\x21-\x7e]+$/,
    "must consist of visible ASCII characters",
  );
  if (serviceKey === undefined) return undefined;
  const senderName = read.required("SENDER_NAME", "must be set, because IMI_SERVICE_KEY is");
  if (senderName.length > 60) read.refuse("SENDER_NAME", "must have at most 60 characters");
  return {
    ...settings,
    serviceKey,
    apiUrl,
    isTrial: isTrialHost(apiUrl),
    senderName,
    callbackSecrets,
  };
}

function readCallbackSecrets(read: EnvReader): [string, ...string[]] {
  if (read.isSet("IMI_SERVICE_KEY")) {
    read.required("CONNECT_CALLBACK_SECRET", "must be set, because IMI_SERVICE_KEY is");
  }
  const list = read.list("CONNECT_CALLBACK_SECRET");
  if (list.length > 2 || list.some((secret) => !callbackSecret.test(secret))) {
    read.refuse(
      "CONNECT_CALLBACK_SECRET",
      "must have 24 to 128 letters, digits, - or _; two at most, separated by a comma",
    );
  }
  const [first = "", ...others] = list;
  return [first, ...others];
}

function readSmsOrigin(read: EnvReader): string | undefined {
  return read.matching(
    "SMS_ORIGIN",
    /^(\+?\d{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
    "must be a number, a short code or a sender id of at most 11 letters and digits",
  );
}

function readVoiceOrigin(read: EnvReader): string | undefined {
  return read.matching("VOICE_ORIGIN", /^\+?\d{6,15}$/, "must be a phone number without spaces");
}
