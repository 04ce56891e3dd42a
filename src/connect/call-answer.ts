import type { CallAction } from "../incident/call";
import { toSpeech } from "./speech";

const DIGIT_TIMEOUT_S = 8;

/** The one key that is waited for. */
const oneKey = { maxDigits: 1, digitTimeout: DIGIT_TIMEOUT_S };

/** What a call event is answered with. */
export function toCallAnswer(action: CallAction): Readonly<Record<string, unknown>> {
  switch (action.kind) {
    case "play":
      return {
        action: "PLAY",
        audio: [toSpeech(action.speech)],
        // Older pages have these fields here, newer ones in `collectInput`.
        ...(action.takesKey ? { ...oneKey, collectInput: oneKey } : {}),
      };
    case "hang-up":
      return { action: "HANGUP", reason: "done" };
    case "none":
      return {};
  }
}
