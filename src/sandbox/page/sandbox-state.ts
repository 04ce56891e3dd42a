/** What the control API answers and tells, as far as the page reads it. */

export interface Person {
  id: string;
  displayName: string;
  email: string;
  type: "person" | "bot" | "appuser";
  isAdmin: boolean;
  isPending: boolean;
  phoneNumbers: { type: string; value: string }[];
}

export interface Message {
  id: string;
  spaceId: string;
  personId: string;
  text: string;
  markdown?: string | undefined;
  html?: string | undefined;
  attachments: { contentType: string; content: Record<string, unknown> }[];
  files: string[];
  parentId?: string | undefined;
  created: number;
  updated?: number | undefined;
}

export interface Member {
  personId: string;
  isModerator: boolean;
}

export interface SpaceState {
  id: string;
  title: string;
  type: "group" | "direct";
  isLocked: boolean;
  isAnnouncementOnly: boolean;
  members: Member[];
  messages: Message[];
}

export interface PhoneText {
  id: string;
  to: string;
  from: string;
  text: string;
  at: number;
}

export interface PhoneCall {
  id: string;
  to: string;
  from: string;
  state: "ringing" | "answered" | "ended";
  words: string;
  digits: string;
  isVoicemail: boolean;
  at: number;
  answeredAt?: number | undefined;
  endedAt?: number | undefined;
  endedBy?: "caller" | "callee" | "network" | undefined;
}

export interface PhoneState {
  number: string;
  /** Whose it is, where the sandbox knows. */
  owner?: string | undefined;
  texts: PhoneText[];
  sent: PhoneText[];
  calls: PhoneCall[];
}

export interface Fault {
  service: "webex" | "connect" | "webhooks" | "callbacks";
  kind: string;
  route?: string;
  status?: number;
  retryAfter?: string;
  delayMs?: number;
  times?: number;
}

export interface ActiveFault {
  id: number;
  fault: Fault;
  /** JSON has no infinity: null means for ever. */
  left: number | null;
}

export interface BotState {
  state: "starting" | "running" | "stopping" | "ended";
  ending?: string | undefined;
  lines?: string[] | undefined;
}

export type Notifications = Partial<
  Record<
    "queued" | "sending" | "accepted" | "delivered" | "failed" | "expired" | "cancelled",
    number
  >
>;

export interface SandboxState {
  now: number;
  webex: { people: Person[]; spaces: SpaceState[] };
  phones: PhoneState[];
  faults: ActiveFault[];
  /** Null: it is run by somebody else. */
  bot?: BotState | null;
  notifications?: Notifications | null;
}
