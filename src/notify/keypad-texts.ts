import { fitText } from "./fit-text";
import { voiceMedium } from "./medium";
import type { Messages } from "./messages";
import type { NotificationKind } from "./notification";
import {
  cutName,
  cutText,
  languageChooser,
  toDraft,
  toWords,
  voiceLimit,
  writeText,
  type Draft,
  type TextFacts,
  type TextOptions,
  type VoiceText,
} from "./texts";
import { withoutSubstitution } from "./template";

/**
 * What a call that takes keys says. message: what the notification is about, and which keys there
 * are. menu: the keys alone. over, notNeeded: why no key is asked for.
 */
export type KeypadPart =
  | "message"
  | "menu"
  | "wrongKey"
  | "coming"
  | "declined"
  | "voicemail"
  | "over"
  | "notNeeded"
  | "goodbye";

/** Everything is said once: a key says it again. */
export type KeypadText = (part: KeypadPart, kind: NotificationKind, facts: TextFacts) => VoiceText;

type VoiceMessages = Messages["voice"];

/** Puts the same templates into words as `createTexts`, and fails as that does. */
export function createKeypadText(
  options: Pick<TextOptions, "messages" | "senderName" | "defaultLanguage">,
): KeypadText {
  const inLanguage = languageChooser(options);
  return (part, kind, facts) => {
    const { speech, voice } = inLanguage(facts.language);
    const write = (draft: Draft): string =>
      withoutSubstitution(writePart(voice, part, kind, draft));
    const draft = toDraft(facts, options.senderName);
    return { text: fitText(draft, write, voiceLimit, [cutText, cutName]), ...speech };
  };
}

function writePart(
  voice: VoiceMessages,
  part: KeypadPart,
  kind: NotificationKind,
  draft: Draft,
): string {
  const { keypad } = voice;
  const medium = voiceMedium(voice.plus);
  const told = (which: NotificationKind): string => writeText(voice, medium, which, draft);
  const own = (passage: VoiceMessages["message"]): string =>
    writeText({ ...voice, message: passage }, medium, "message", draft);
  const menu = (): string => toWords(keypad.menu, {}, medium.separator);
  switch (part) {
    case "message":
      return `${told(kind)} ${menu()}`;
    case "menu":
      return menu();
    case "wrongKey":
      return `${toWords(keypad.wrongKey, {}, medium.separator)} ${menu()}`;
    case "voicemail":
      return told(kind);
    case "over":
      return told("stop");
    case "coming":
    case "declined":
    case "notNeeded":
      return own(keypad[part]);
    case "goodbye":
      return toWords(keypad.goodbye, {}, medium.separator);
  }
}
