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

export const internalChannels: Readonly<Record<Channel, boolean>> = {
  webex: true,
  sms: false,
  voice: false,
};

/** For somebody from outside a channel starts on where there is an address or a number for it. */
export function externalChannels(responder: Responder): Record<Channel, boolean> {
  return {
    webex: responder.email !== undefined,
    sms: responder.mobile !== undefined,
    voice: responder.voice !== undefined,
  };
}
