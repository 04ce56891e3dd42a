import type { Responder } from "../roster/responder";
import type { Channel, Conference, NotificationKind } from "./notification";
import type { ClaimedRow } from "./outbox-row";

/** All that one notification's text and the question "is it still needed?" depend on, read at its claim. */
export interface SendContext {
  row: ClaimedRow & { kind: NotificationKind; channel: Channel };
  incident: {
    id: string;
    number: number;
    name: string;
    isDrill: boolean;
    isRunning: boolean;
    conference?: Conference;
  };
  space: { id: string; title: string; isGone: boolean };
  responder: Omit<Responder, "version">;
  /** Absent when the responder left the roster. */
  channelsOn?: Readonly<Record<Channel, boolean>>;
  openedBy: { personId: string; name: string };
  /** Words that a person gave with the round. */
  text?: string;
}

/**
 * Why a notification must not be sent any more, or `undefined` when it must. Checked again right
 * before each send, since much can have happened while it waited.
 */
export function reasonNotToSend(context: SendContext): string | undefined {
  const { row, incident, space, channelsOn } = context;
  if (space.isGone) return "the space is gone";
  if (row.kind === "stop") return undefined;
  if (!incident.isRunning) return "the incident is over";
  if (!channelsOn) return "no longer on the roster";
  if (!channelsOn[row.channel]) return "channel switched off";
  return undefined;
}

/** Why nobody can text or call somebody, in a few words for a moderator. */
export function noNumberOf({ kind }: Pick<Responder, "kind">): string {
  return kind === "internal" ? "no number in the directory" : "no number";
}

/** Where a notification goes: a number, a person id or an e-mail; `undefined` when there is none. */
export function destinationOf(context: SendContext): string | undefined {
  const { responder, row } = context;
  if (row.channel === "sms") return responder.mobile;
  if (row.channel === "voice") return responder.voice;
  return responder.personId ?? responder.email;
}
