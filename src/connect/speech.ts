import type { VoiceText } from "../notify/texts";

/** How Webex Connect is told to speak a text. */
export function toSpeech({ gender, language, text, voice }: VoiceText): Record<string, string> {
  return {
    type: "TTS",
    text,
    textFormat: "TEXT",
    style: "NEURAL",
    engine: "AZURE",
    voice,
    language,
    gender,
  };
}
