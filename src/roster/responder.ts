import type { Channel } from "../notify/notification";

export interface Responder {
  id: string;
  kind: "internal" | "external";
  name: string;
  /** The Webex person, for an internal responder. */
  personId?: string;
  email?: string;
  /** E.164 */
  mobile?: string;
  /** E.164 */
  voice?: string;
  /** Why no texts go to `mobile`: its owner replied STOP, or the provider takes none. */
  optOut?: "stop" | "blocked";
  language?: string;
  /** Counts the edits, so that two people who edit at once do not overwrite each other. */
  version: number;
}

/** One line of a space's roster: a responder and which channels are switched on there. */
export interface RosterEntry {
  responder: Responder;
  channels: Readonly<Record<Channel, boolean>>;
  isModerator: boolean;
  /** Channels that the provider refused for good in the running incident, each with why. */
  refused?: Partial<Readonly<Record<Channel, string>>>;
}

/** A person's membership in a space, as Webex tells it. */
export interface Member {
  personId: string;
  email: string;
  name: string;
  orgId: string;
  isModerator: boolean;
  isBot: boolean;
}

export interface Page {
  limit: number;
  offset: number;
}

/** A page of what was looked for, and how many there are in all. */
export interface Found<T> {
  found: T[];
  total: number;
}
