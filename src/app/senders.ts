import type { AppParts, Wiring } from "./wiring";
import { responderPosts } from "../bot/responder-post";
import type { Config, ConnectConfig } from "../config";
import { ConnectClient } from "../connect/connect-client";
import { isDuplicate } from "../connect/connect-failure";
import {
  createSmsSender,
  createVoiceSender,
  createWebexSender,
  type PhoneMessages,
} from "../notify/channel-senders";
import type { Senders } from "../notify/senders";
import { createTexts } from "../notify/texts";
import { countingFetch, proxied } from "../outgoing";

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
  });
  const phone = phoneMessages(config, connect, parts);
  const callbackUrl = `${http.publicUrl}/webhooks/connect/${connect.callbackSecrets[0]}`;
  return {
    webex,
    sms: connect.smsOrigin ? createSmsSender(phone, texts, callbackUrl) : undefined,
    voice: connect.voiceOrigin ? createVoiceSender(phone, texts, callbackUrl) : undefined,
  };
}

function phoneMessages(config: Config, connect: ConnectConfig, parts: AppParts): PhoneMessages {
  const client = new ConnectClient({
    baseUrl: connect.apiUrl,
    serviceKey: connect.serviceKey,
    clock: parts.clock,
    fetch: countingFetch("connect", proxied(config), parts.metrics),
    ...(connect.smsOrigin === undefined ? {} : { smsOrigin: connect.smsOrigin }),
    ...(connect.voiceOrigin === undefined ? {} : { voiceOrigin: connect.voiceOrigin }),
  });
  return {
    sendSms: (sms) => client.sendSms(sms),
    sendVoice: (call) => client.sendVoice(call),
    isDuplicate,
  };
}
