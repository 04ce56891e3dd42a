/** What the Webex stand-in knows. Times are milliseconds since 1970, ids are Webex's public ids. */

export interface PhoneNumber {
  type: string;
  value: string;
  primary?: boolean | undefined;
}

export interface SandboxPerson {
  id: string;
  displayName: string;
  /** Empty for somebody who has none. */
  email: string;
  orgId: string;
  /** appuser: a guest of an application. */
  type: "person" | "bot" | "appuser";
  token: string;
  isAdmin: boolean;
  phoneNumbers: PhoneNumber[];
  /** Known by address only: invited, has never signed in. */
  isPending: boolean;
  isLoginEnabled: boolean;
  created: number;
}

export interface SandboxToken {
  personId: string;
  /** Absent: everything this kind of account may do. */
  scopes?: string[] | undefined;
  expiresAt?: number | undefined;
  /** Handed to an integration; it ends when the person withdraws their agreement. */
  isGranted?: boolean | undefined;
}

export interface MeetingInfo {
  meetingLink: string;
  sipAddress?: string;
  meetingNumber?: string;
  meetingId?: string;
  callInTollFreeNumber?: string;
  callInTollNumber?: string;
}

export interface SandboxSpace {
  id: string;
  title: string;
  type: "group" | "direct";
  isLocked: boolean;
  isAnnouncementOnly: boolean;
  isPublic: boolean;
  description?: string | undefined;
  orgId: string;
  creatorId?: string | undefined;
  created: number;
  lastActivity: number;
  /** Set it to bring back the retired answer of `GET /rooms/{id}/meetingInfo`. */
  meetingInfo?: MeetingInfo | undefined;
}

export interface SandboxMembership {
  id: string;
  spaceId: string;
  personId: string;
  isModerator: boolean;
  isRoomHidden: boolean;
  created: number;
}

export interface Attachment {
  contentType: string;
  content: Record<string, unknown>;
}

/** A file as somebody sends it. */
export interface UploadedFile {
  name: string;
  type: string;
  content: Buffer;
}

/** A file that lies in a space, to be fetched from `/contents/{id}`. */
export interface StoredFile extends UploadedFile {
  id: string;
  spaceId: string;
}

/** What a message says, once its mentions have been looked up. */
export interface Content {
  text: string;
  markdown?: string | undefined;
  html?: string | undefined;
  mentionedPeople: string[];
  mentionedGroups: string[];
}

export interface SandboxMessage extends Content {
  id: string;
  spaceId: string;
  personId: string;
  attachments: Attachment[];
  /** Where they can be fetched. */
  files: string[];
  parentId?: string | undefined;
  created: number;
  updated?: number | undefined;
  edits: number;
}

export interface SandboxAction {
  id: string;
  messageId: string;
  spaceId: string;
  personId: string;
  inputs: Record<string, unknown>;
  created: number;
}

export interface SandboxWebhook {
  id: string;
  ownerId: string;
  orgId: string;
  name: string;
  targetUrl: string;
  resource: string;
  event: string;
  filter?: string | undefined;
  secret?: string | undefined;
  status: "active" | "inactive";
  created: number;
  failedAt: number[];
}

/** How the bytes of a webhook look; the signature always covers these bytes unless it is wrong. */
export interface WebhookStyle {
  spacing: "none" | "wide";
  escapeNonAscii: boolean;
  signature: "right" | "wrong" | "absent";
}

export interface RequestRecord {
  method: string;
  /** With the query, after `/v1`. */
  path: string;
  at: number;
  /** What was decided, even where the answer was lost on purpose; 0 for a call that was reset. */
  status: number;
  authorPersonId?: string | undefined;
  body?: unknown;
  response?: unknown;
}
