import type { RecentPress } from "../notify/change";
import type { Bridge, SpaceFacts } from "../roster/change";
import type { Member, Responder, RosterEntry } from "../roster/responder";
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
  /** The status card that stands in the space now. */
  statusCard?: { messageId?: string; cardId?: string };
  isForeignTold: boolean;
  /** Repeatable presses of the last seconds, on whichever card of the space. */
  recentPresses: readonly RecentPress[];
  /** The card that was pressed, when a press is decided. */
  card?: StoredCard;
}

/** What a start needs besides. */
export interface StartState extends SpaceState {
  /** The number that the next incident will get. */
  nextIncidentNumber: number;
}

/** A space's state with what became of each notification of one incident. */
export interface ProgressState extends SpaceState {
  /** The newest incident, running or stopped; absent when the space never had one. */
  latest?: Incident;
  progress: readonly ResponderProgress[];
  /** Rounds of that incident in which something still waits or is being sent. */
  openRounds: ReadonlySet<string>;
}

/** What is known before a space's members are taken over from Webex. */
export interface ReadState {
  /** Absent the first time. */
  known?: SpaceState;
  /** The responders that these persons are already, by person id. */
  responders: ReadonlyMap<string, Responder>;
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

export interface KnownExternal {
  responder: Responder;
  /** On whose rosters they are, with the incident that runs there, if one does. */
  rosters: readonly { spaceId: string; incidentId?: string }[];
}
