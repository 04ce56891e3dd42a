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
  /** The conference of spaces without one of their own. */
  defaultConference?: Conference;
}
