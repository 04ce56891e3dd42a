import type { DirectoryStatus } from "../directory/directory";
import type { Grant } from "../grants/grant";
import type { OptOutSource, RecentPress } from "../notify/change";
import type { Channel } from "../notify/notification";
import type { Bridge, SpaceFacts } from "../roster/change";
import type { Member, Responder, RosterEntry } from "../roster/responder";
import type { Attendance } from "./attendance";
import type { Incident, ResponderProgress } from "./incident";
import type { StoredCard } from "./ports";

/** Everything that a decision about one space may look at, read in the decision's transaction. */
export interface SpaceState {
  space: SpaceFacts;
  botIsModerator: boolean;
  members: readonly Member[];
  roster: readonly RosterEntry[];
  bridge?: Bridge;
  /** The running incident, if there is one. */
  incident?: Incident;
  /** When `meetingInfo` was last refused for good in this space. */
  meetingInfoEndedAt?: number;
  /** Person ids and e-mails with an unfinished membership change; a re-read leaves them alone. */
  pendingMemberships: ReadonlySet<string>;
  /** Absent until one was posted. */
  statusCard?: StatusCard;
  isForeignTold: boolean;
  /** Repeatable presses of the last seconds, on whichever card of the space. */
  recentPresses: readonly RecentPress[];
  /** The card that was pressed, when a press is decided. */
  card?: StoredCard;
  /** The number that a text came from, where one is decided on. */
  number?: NumberState;
  /** People outside Webex who were asked for by id and exist, not deleted, by id. */
  externals?: ReadonlyMap<string, Responder>;
}

/** The newest status card of a space, queued or standing, and the line that speaks between two. */
export interface StatusCard {
  /** Of the one that stands; absent until Webex has taken the first. */
  messageId?: string;
  cardId?: string;
  /** What the newest one shows, as one text that is only compared. */
  picture: string;
  /** When the newest one was queued; 0 when nothing is to be waited for. */
  replacedAt: number;
  /** When somebody last pressed the one that stands. */
  pressedAt?: number;
  /** The line in the thread of the start's answer. */
  line?: {
    messageId?: string;
    text: string;
    edits: number;
    /** It was queued, and Webex has not said its id. */
    isUnderWay: boolean;
  };
}

/** What a start needs besides. */
export interface StartState extends SpaceState {
  /** The number that the next incident will get. */
  nextIncidentNumber: number;
  /**
   * The team of the newest stopped incident, where there was one; read where it was asked for, or
   * where at most one person is on the roster.
   */
  lastTeam?: LastTeam;
}

export interface LastTeam {
  incident: Pick<Incident, "id" | "number" | "name">;
  members: readonly TeamMember[];
}

/** A line of the roster as it was before the stop. */
export interface TeamMember extends Omit<RosterEntry, "isModerator"> {
  /** Kept for the record only. */
  isDeleted: boolean;
}

/** A space's state with what became of each notification of one incident. */
export interface ProgressState extends SpaceState {
  /** The newest incident, running or stopped; absent when the space never had one. */
  latest?: Incident;
  progress: readonly ResponderProgress[];
  /** Of the running incident's meeting; absent where the bot opened none. */
  attendance?: Attendance;
  /** Rounds of that incident in which something still waits or is being sent. */
  openRounds: ReadonlySet<string>;
}

/** What is known before a space's members are taken over from Webex. */
export interface ReadState {
  /** Absent the first time. */
  known?: SpaceState;
  /** The responders that these persons are already, by person id. */
  responders: ReadonlyMap<string, Responder>;
  /** People outside Webex, tied to no person yet, by their e-mail address in lower case. */
  externals?: ReadonlyMap<string, readonly Responder[]>;
}

/** What is known before an external is created. */
export interface ExternalState extends SpaceState {
  /** Somebody who has one of the numbers already. */
  existing?: Responder;
}

/** What is known of people outside Webex, apart from any space. */
export interface ExternalsState {
  /** Those asked for by id who exist, not deleted, by id. */
  externals: ReadonlyMap<string, KnownExternal>;
  /** Whose the numbers are that were asked for, by number. */
  owners: ReadonlyMap<string, Responder>;
  /** The card that was pressed, when a press is decided. */
  card?: StoredCard;
}

/** What people let the bot do, and what came of it. */
export interface GrantsState {
  /** The directory's one grant. */
  directory?: Grant;
  /** The person's own one for meetings. */
  meetings?: Grant;
  status: DirectoryStatus;
  /** The card that was pressed, when a press is decided. */
  card?: StoredCard;
}

/** What is known of a phone number, whoever has it. */
export interface NumberState {
  /** Why no texts go there. */
  optOut?: OptOutSource;
  optedOutAt?: number;
  /** When its owner's newest START was sent, by the provider's clock. */
  optedInAt?: number;
  /** Somebody here has it, or was texted or called on it. */
  isKnown: boolean;
  /** When it was last told that its text fits nothing. */
  lastHintAt?: number;
  /** When texts from it were taken, and when they were answered, in the last hour. */
  heard: readonly number[];
  answered: readonly number[];
}

/** That somebody is on a space's roster. */
export interface RosterOf {
  spaceId: string;
  incidentId?: string;
  channels: Readonly<Record<Channel, boolean>>;
  /** They are in the space as a Webex person. */
  isMember: boolean;
}

export interface KnownExternal {
  responder: Responder;
  /** On whose rosters they are, with the incident that runs there, if one does. */
  rosters: readonly RosterOf[];
}
