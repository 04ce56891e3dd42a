import type { Channel } from "../notify/notification";
import type { Member, Responder } from "./responder";

/** A responder for a Webex person; the channels of their phones start switched off. */
export function internalResponder(member: Member, id: string): Responder {
  return {
    id,
    kind: "internal",
    name: member.name,
    personId: member.personId,
    email: member.email,
    version: 1,
  };
}

/** For somebody from inside, and for whoever comes into a space as a member. */
export const internalChannels: Readonly<Record<Channel, boolean>> = {
  webex: true,
  sms: false,
  voice: false,
};

/** For somebody from outside a channel starts on where there is an address or a number for it. */
export function externalChannels(responder: Responder): Record<Channel, boolean> {
  return keptChannels(responder, { webex: true, sms: true, voice: true });
}

/** Channels as they were switched; off where the number or address of then is gone. */
export function keptChannels(
  { email, mobile, personId, voice }: Responder,
  channels: Readonly<Record<Channel, boolean>>,
): Record<Channel, boolean> {
  return {
    webex: channels.webex && (email !== undefined || personId !== undefined),
    sms: channels.sms && mobile !== undefined,
    voice: channels.voice && voice !== undefined,
  };
}
