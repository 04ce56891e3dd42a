import type { RemoteFailure } from "../errors";
import type { KeypadText } from "./keypad-texts";
import type { Post } from "./notification";
import { idempotencyKey } from "./retry-policy";
import type { SendContext } from "./send-context";
import type { Sender } from "./senders";
import { needsUnicode } from "./sms-length";
import type { TextFacts, Texts } from "./texts";

/** What the `webex` channel needs of Webex. */
export interface DirectMessages {
  post(to: { personId: string } | { email: string }, post: Post): Promise<{ messageId: string }>;
  find(to: { personId: string } | { email: string }, cardId: string): Promise<string | undefined>;
}

/** What the phone channels need of Webex Connect. */
export interface PhoneMessages {
  sendSms(sms: {
    to: string;
    text: string;
    isUnicode: boolean;
    expiresAt: number;
    correlationId: string;
    idempotencyKey: string;
    callbackUrl: string;
  }): Promise<{ providerId: string }>;
  sendVoice(call: {
    to: string;
    text: string;
    language: string;
    voice: string;
    gender: "MALE" | "FEMALE";
    correlationId: string;
    idempotencyKey: string;
    callbackUrl: string;
  }): Promise<{ providerId: string }>;
  isDuplicate(failure: RemoteFailure): boolean;
}

/** What a call that takes keys needs of Webex Connect; what it says is asked for later. */
export interface CallStarter {
  startCall(call: {
    to: string;
    correlationId: string;
    idempotencyKey: string;
    callbackUrl: string;
  }): Promise<{ providerId: string }>;
  isDuplicate(failure: RemoteFailure): boolean;
}

/** Direct messages, each with its card; `render` makes the card from what the notification is about. */
export function createWebexSender(
  messages: DirectMessages,
  render: (context: SendContext, cardId: string) => Post,
): Sender {
  return {
    async send(context, to) {
      const post = render(context, context.row.cardId ?? "");
      const { messageId } = await messages.post(addressee(context, to), post);
      return { providerId: messageId, text: post.markdown };
    },
    find: (context, to) => messages.find(addressee(context, to), context.row.cardId ?? ""),
  };
}

function addressee(context: SendContext, to: string): { personId: string } | { email: string } {
  return context.responder.personId === undefined ? { email: to } : { personId: to };
}

export function createSmsSender(phone: PhoneMessages, texts: Texts, callbackUrl: string): Sender {
  return {
    async send(context, to) {
      const text = texts.smsText(context.row.kind, factsOf(context));
      const { providerId } = await phone.sendSms({
        to,
        text,
        isUnicode: needsUnicode(text),
        expiresAt: context.row.expiresAt,
        ...idsOf(context),
        callbackUrl,
      });
      return { providerId, text };
    },
    isDuplicate: (failure) => phone.isDuplicate(failure),
  };
}

export function createVoiceSender(phone: PhoneMessages, texts: Texts, callbackUrl: string): Sender {
  return {
    async send(context, to) {
      const spoken = texts.voiceText(context.row.kind, factsOf(context));
      const { providerId } = await phone.sendVoice({
        to,
        ...spoken,
        ...idsOf(context),
        callbackUrl,
      });
      return { providerId, text: spoken.text };
    },
    isDuplicate: (failure) => phone.isDuplicate(failure),
  };
}

/** Calls that take keys. Of their words the record holds those that it begins with. */
export function createKeypadSender(
  phone: CallStarter,
  text: KeypadText,
  callbackUrl: string,
): Sender {
  return {
    async send(context, to) {
      const { providerId } = await phone.startCall({ to, ...idsOf(context), callbackUrl });
      return { providerId, text: text("message", context.row.kind, factsOf(context)).text };
    },
    isDuplicate: (failure) => phone.isDuplicate(failure),
  };
}

function idsOf({ row }: SendContext): { correlationId: string; idempotencyKey: string } {
  return { correlationId: row.id, idempotencyKey: idempotencyKey(row.id, row.keyNumber) };
}

/** What a notification's text is about. */
export function factsOf(context: SendContext): TextFacts {
  const { incident, responder, space, text } = context;
  return {
    incident,
    space,
    ...(responder.language === undefined ? {} : { language: responder.language }),
    ...(incident.conference ? { conference: incident.conference } : {}),
    ...(text === undefined ? {} : { text }),
  };
}
