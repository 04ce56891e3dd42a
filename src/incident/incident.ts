import type { Channel, Conference, NotificationKind, SendState } from "../notify/notification";
import type { Answer } from "./answer";
import type { Asked } from "./asked";
import type { Responder } from "../roster/responder";

export interface Incident {
  id: string;
  /** Counts up over the whole deployment. */
  number: number;
  spaceId: string;
  name: string;
  state: "running" | "stopped";
  isDrill: boolean;
  startedAt: number;
  startedBy: PersonRef;
  stoppedAt?: number;
  stoppedBy?: PersonRef;
  conference?: Conference;
  /** The message that answered the start; later lines go into its thread. */
  threadMessageId?: string;
}

export interface PersonRef {
  personId: string;
  name: string;
}

/** What became of the newest notification to one responder on one channel. */
export interface ChannelOutcome {
  channel: Channel;
  kind: NotificationKind;
  state: SendState;
  /** True when the provider may have carried out a send that ended without its answer. */
  maybeSent: boolean;
  /** How long a call was heard. */
  seconds?: number;
  /** Why it failed or was not sent, in words for a moderator. */
  reason?: string;
  at: number;
  roundId: string;
}

/** One responder of an incident with what is known of them; the rows of the status card. */
export interface ResponderProgress {
  responder: Responder;
  /** Channels that are switched on in the space, reachable or not. */
  channels: readonly Channel[];
  outcomes: readonly ChannelOutcome[];
  group: "not-reached" | "waiting" | "declined" | "coming";
  /** What they last said. */
  answer?: Answer;
  /** Started the incident, and so is in the space. */
  isStarter: boolean;
  /** They were in its meeting when that was last read. */
  isInMeeting?: boolean;
  isInvited: boolean;
  isReached: boolean;
  /** Channels on which something for them arrived, or may have. */
  toldOn: readonly Channel[];
  /** Absent for who was never asked to come. */
  asked?: Asked;
}
