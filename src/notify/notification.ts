export const channels = ["webex", "sms", "voice"] as const;
export type Channel = (typeof channels)[number];

export const notificationKinds = ["invite", "reminder", "update", "stop", "message"] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** By these an incident calls somebody, who says whether they come. */
export function asksForAnswer(kind: NotificationKind): boolean {
  return kind === "invite" || kind === "reminder";
}

/**
 * queued: waits for its due time. sending: a process holds it under a lease. accepted: the provider
 * took it. delivered: the provider says it arrived. failed: refused for good, with the reason.
 * cancelled: no longer needed, never sent. expired: given up; it may have been sent if an attempt
 * was unclear.
 */
export const sendStates = [
  "queued",
  "sending",
  "accepted",
  "delivered",
  "failed",
  "cancelled",
  "expired",
] as const;
export type SendState = (typeof sendStates)[number];

/** The only moves there are; anything else is ignored and counted. */
export const sendMoves: Readonly<Record<SendState, readonly SendState[]>> = {
  queued: ["sending", "cancelled", "expired"],
  sending: ["accepted", "delivered", "failed", "queued", "cancelled", "expired"],
  accepted: ["delivered", "failed"],
  delivered: [],
  failed: ["delivered"],
  cancelled: [],
  expired: ["delivered"],
};

/** It waits, or is being sent. */
export function isOpen({ state }: { state: SendState }): boolean {
  return state === "queued" || state === "sending";
}

export function canMove(from: SendState, to: SendState): boolean {
  return sendMoves[from].includes(to);
}

/** How to join the conference. Any part may be missing; `link` or `phone` is enough to join. */
export interface Conference {
  link?: string;
  /** The meeting number or access code, digits only. */
  number?: string;
  /** The number to dial, E.164 or as its owner wrote it. */
  phone?: string;
  /** What the phone asks for after the number, digits only. */
  password?: string;
  source: "bridge" | "meeting" | "meeting-info" | "configuration";
  /** Of a meeting that the bot opened in somebody's name: what it takes to end it. */
  meeting?: OpenMeeting;
}

export interface OpenMeeting {
  id: string;
  grantId: string;
  /** In whose name it was opened. */
  hostName: string;
  /** When Webex last said that this is the one. */
  heardAt: number;
}

/** A chat message: what clients without cards read, and the card. */
export interface Post {
  markdown: string;
  card?: Readonly<Record<string, unknown>>;
  /** Never with a card: Webex takes one or the other. */
  file?: PostedFile;
}

/** A file that goes with a message. */
export interface PostedFile {
  name: string;
  /** Such as `text/csv; charset=utf-8`. */
  type: string;
  /** Text, sent as UTF-8. */
  content: string;
}
