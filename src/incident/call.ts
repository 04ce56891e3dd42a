import type { SendContext } from "../notify/send-context";
import type { VoiceText } from "../notify/texts";
import type { ProgressState } from "./space-state";

/** A step of a call that asks what to do next. */
export interface CallEvent {
  /** The provider's id of the call. */
  sessionId: string;
  /** The notification's id. */
  notificationId?: string;
  step: "answered" | "digits" | "played" | "voicemail" | "dropped" | "other";
  isFailure: boolean;
  digits: string;
  code?: string;
  /** By the provider's clock. */
  at: number;
}

/** What a call is told to do next. none: it is over, or does what it does. */
export type CallAction =
  | {
      kind: "play";
      speech: VoiceText;
      /** Waits for a key while it speaks, and after. */
      takesKey: boolean;
    }
  | { kind: "hang-up" }
  | { kind: "none" };

/**
 * asking: a key is waited for. closing: the last words are spoken, and no key counts any more.
 * dropped: it ended while a key was waited for; one that was pressed before may still be told.
 * over: nothing follows.
 */
export type CallStep = "asking" | "closing" | "dropped" | "over";

/** How far a call is. */
export interface CallProgress {
  step: CallStep;
  /** Keys that mean nothing. */
  wrongKeys: number;
  /** Times in a row that no key came. */
  silences: number;
  /** Times that a key was asked for. */
  asked: number;
}

/** What the next step of a call depends on. */
export interface CallState {
  /** Absent at its first event. */
  call?: CallProgress;
  /** The notification that the call brings. */
  context: SendContext;
  /** Read for a key that answers; absent where the space is gone. */
  progress?: ProgressState;
}

/** What the store keeps of a call after an event. */
export interface CallTaken extends CallProgress {
  sessionId: string;
  notificationId: string;
  /** Of the event; one that came before gets the action that the call was told last. */
  eventHash: string;
  isFirst: boolean;
  action: CallAction;
}
