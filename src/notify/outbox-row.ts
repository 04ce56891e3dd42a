import type { Channel, NotificationKind, Post, SendState } from "./notification";

/**
 * talk: answers and membership changes at Webex. webex: direct messages with cards. sms, voice:
 * Webex Connect. Each lane has its own slots, so that an answer never waits behind notifications.
 */
export const lanes = ["talk", "webex", "sms", "voice"] as const;
export type Lane = (typeof lanes)[number];

export type EffectKind =
  | "reply"
  | "message-edit"
  | "message-delete"
  | "membership-add"
  | "membership-remove"
  | "meeting-end"
  | "lobby-admit"
  | "text";

/** Where a message goes: a space, or a person directly. */
export type Recipient =
  | {
      kind: "space";
      spaceId: string;
      parentId?: string;
      /** Who gets it directly where the bot may not post into the space. */
      fallbackPersonId?: string;
    }
  | { kind: "person"; personId: string };

/** Something that must happen at Webex besides notifications. */
export type Effect =
  | { kind: "reply"; to: Recipient; post: Post; note?: ReplyNote }
  /** Only of a message without a card, and ten times at most. */
  | { kind: "message-edit"; spaceId: string; messageId: string; markdown: string }
  | { kind: "message-delete"; messageId: string }
  | {
      kind: "membership-add";
      spaceId: string;
      invitee: Invitee;
      asker: Asker;
      isModerator?: boolean;
      /** How their channels shall be switched, if not as for anybody who comes. */
      channels?: Readonly<Record<Channel, boolean>>;
    }
  | { kind: "membership-remove"; spaceId: string; personId: string; asker: Asker }
  /** An answer to a phone; `to` is E.164. Goes with the lane's rate; who decides it keeps its own limits. */
  | { kind: "text"; to: string; text: string }
  /** Of a meeting that the bot opened with this grant. */
  | {
      kind: "meeting-end";
      spaceId: string;
      meetingId: string;
      grantId: string;
      hostName: string;
      asker: Asker;
    }
  /** Lets everybody in who waits when it is done; with whichever grant the host gives. */
  | {
      kind: "lobby-admit";
      spaceId: string;
      meetingId: string;
      hostPersonId: string;
      hostName: string;
      asker: Asker;
    };

/** What to remember about a reply once Webex has given it an id. */
export interface ReplyNote {
  cardId?: string;
  /** The reply that opened this incident's thread. */
  threadOfIncident?: string;
  /** It is the space's status card now; the one before is deleted. */
  isStatusCardOf?: string;
  /** What that card shows, to be compared with what the next one would. */
  picture?: string;
  /** Which of the space's status cards it is; a post answered late must not replace a newer one. */
  version?: number;
  /** It is the line that speaks between two status cards; the one before is deleted. */
  isLineOf?: string;
  /** It tells how many wait in the lobby of that incident's meeting; the one before is deleted. */
  isLobbyCardOf?: { incidentId: string; spaceId: string; waiting: number };
}

export type Invitee =
  { by: "person"; personId: string; name: string } | { by: "email"; email: string };

/** Who asked for a membership change, and for which incident, if any. */
export interface Asker {
  personId: string;
  name: string;
  incidentId?: string;
  /** The change belongs to a stop; its result is told once for all of them. */
  isStop?: boolean;
  /** One of a team that was told of as a whole: only what went wrong is told. */
  isTeam?: boolean;
  /** Asked in a direct message, and is told there. */
  isDirect?: boolean;
}

export interface NewNotification {
  id: string;
  incidentId: string;
  roundId: string;
  responderId: string;
  channel: Channel;
  kind: NotificationKind;
  /** For a direct message with a card. */
  cardId?: string;
  dueAt: number;
  /** It waits for the conference's details, three seconds at most. */
  waitsForConference: boolean;
  expiresAt: number;
  position: number;
}

export interface NewEffect {
  id: string;
  effect: Effect;
  spaceId?: string;
  incidentId?: string;
  dueAt: number;
  expiresAt: number;
  priority: number;
  uniqueKey?: string;
}

/** A row that this process holds under a lease, decrypted. */
export interface ClaimedRow {
  id: string;
  leaseToken: string;
  lane: Lane;
  kind: NotificationKind | EffectKind;
  attempts: number;
  keyNumber: number;
  unclearSince?: number;
  /** An attempt with an earlier key may have been carried out. */
  maybeSent: boolean;
  dueAt: number;
  expiresAt: number;
  cardId?: string;
  spaceId?: string;
  incidentId?: string;
  roundId?: string;
  /** For effects only. */
  effect?: Effect;
}

/** What is written back about one attempt. */
export interface AttemptRecord {
  id: string;
  leaseToken: string;
  state: SendState;
  keyNumber: number;
  /** `null` clears it. */
  unclearSince: number | null;
  maybeSent: boolean;
  dueAt?: number;
  /** Real clock: not to be claimed before. */
  holdUntil?: number;
  providerId?: string;
  error?: string;
  /** Text and destination as they were sent; kept encrypted. */
  sent?: { to: string; text: string };
  /** The provider's code for its refusal of this number, E.164. */
  refused?: { code: string; to: string };
}
