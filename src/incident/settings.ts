import type { Conference } from "../notify/notification";

/** What the rules need to know of the configuration. Durations in milliseconds. */
export interface IncidentSettings {
  botId: string;
  /** A call follows a text after this time. */
  voiceAfterSmsMs: number;
  /** How long a notification is tried. */
  expiryMs: number;
  isSmsReady: boolean;
  isVoiceReady: boolean;
  /** A text can be answered by one. */
  canReplyBySms: boolean;
  /** A call takes a key as an answer. */
  canAnswerCalls: boolean;
  /** Who has not answered is reminded after so long, and so often at most. */
  renotifyMs: number;
  renotifyTimes: number;
  /** Those invited are told when it is over. */
  hasStopNotice: boolean;
  /** Somebody may have let the bot open meetings in their name; who did is looked up when needed. */
  canOpenMeetings: boolean;
  /** The conference of spaces without one of their own. */
  defaultConference?: Conference;
}
