import type { AppParts, Wiring } from "./wiring";
import { responderPosts } from "../bot/responder-post";
import type { Config, ConnectConfig } from "../config";
import { RemoteError } from "../errors";
import { ConnectClient } from "../connect/connect-client";
import { isDuplicate } from "../connect/connect-failure";
import {
  createKeypadSender,
  createSmsSender,
  createVoiceSender,
  createWebexSender,
  type CallStarter,
  type PhoneMessages,
} from "../notify/channel-senders";
import { idempotencyKey } from "../notify/retry-policy";
import type { SilentSend } from "../notify/missing-receipts";
import type { Receipt } from "../notify/receipt";
import type { Talk } from "../notify/run-effect";
import type { Sender, Senders } from "../notify/senders";
import { needsUnicode } from "../notify/sms-length";
import { createTexts } from "../notify/texts";
import { countingFetch, proxied } from "../outgoing";
import { keypadTextOf } from "./keypad";

/** One sender for each channel that is set up. */
export function createSenders({ client, config, messages, parts }: Wiring): Senders {
  const webex = createWebexSender(
    {
      post: (to, post) => client.post({ ...to, post }),
      find: (to, cardId) => client.findDirectMessage(to, cardId),
    },
    responderPosts(),
  );
  const { connect, http, locale, notify } = config;
  if (!connect) return { webex, sms: undefined, voice: undefined };
  const texts = createTexts({
    messages,
    senderName: connect.senderName,
    smsMaxCharacters: notify.sms.maxCharacters,
    defaultLanguage: locale.language,
    asksForReply: connect.hasSmsReplies,
  });
  const phone = phoneMessages(config, connect, parts);
  const callbackUrl = `${http.publicUrl}/webhooks/connect/${connect.callbackSecrets[0]}`;
  const voice = (): Sender =>
    connect.voiceMode === "interactive"
      ? createKeypadSender(phone, keypadTextOf(config, connect, messages), callbackUrl)
      : createVoiceSender(phone, texts, callbackUrl);
  return {
    webex,
    sms: connect.smsOrigin ? createSmsSender(phone, texts, callbackUrl) : undefined,
    voice: connect.voiceOrigin ? voice() : undefined,
  };
}

function phoneMessages(
  config: Config,
  connect: ConnectConfig,
  parts: AppParts,
): PhoneMessages & CallStarter {
  const client = connectClient(config, connect, parts);
  return {
    sendSms: (sms) => client.sendSms(sms),
    sendVoice: (call) => client.sendVoice(call),
    startCall: (call) => client.startCall(call),
    isDuplicate,
  };
}

function connectClient(config: Config, connect: ConnectConfig, parts: AppParts): ConnectClient {
  return new ConnectClient({
    baseUrl: connect.apiUrl,
    serviceKey: connect.serviceKey,
    clock: parts.clock,
    fetch: countingFetch("connect", proxied(config), parts.metrics),
    ...(connect.smsOrigin === undefined ? {} : { smsOrigin: connect.smsOrigin }),
    ...(connect.voiceOrigin === undefined ? {} : { voiceOrigin: connect.voiceOrigin }),
  });
}

/** Answers to phones, past the notifications of any incident. */
export function createTextSender({ config, parts }: Wiring): Talk["sendText"] {
  const { connect, http } = config;
  if (connect?.smsOrigin === undefined) return () => Promise.reject(new Error("SMS is not set up"));
  const phone = phoneMessages(config, connect, parts);
  const callbackUrl = `${http.publicUrl}/webhooks/connect/${connect.callbackSecrets[0]}`;
  return async (row, { text, to }) => {
    const sms = {
      to,
      text,
      isUnicode: needsUnicode(text),
      expiresAt: row.expiresAt,
      correlationId: row.id,
      idempotencyKey: idempotencyKey(row.id, row.keyNumber),
      callbackUrl,
    };
    try {
      return await phone.sendSms(sms);
    } catch (error) {
      if (error instanceof RemoteError && isDuplicate(error.failure)) return "duplicate";
      throw error;
    }
  };
}

/** Asks the provider what became of a text or call; nothing where there is no provider. */
export function createSendStatus(wiring: Wiring): (send: SilentSend) => Promise<Receipt[]> {
  const { config, parts } = wiring;
  const { connect } = config;
  if (!connect) return () => Promise.resolve([]);
  const client = connectClient(config, connect, parts);
  return ({ channel, providerId }) => client.statusOf(channel, providerId);
}
