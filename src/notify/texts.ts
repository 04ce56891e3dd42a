import { ConfigError } from "../errors";
import type { Cut, Limit } from "./fit-text";
import { fitText, shorten } from "./fit-text";
import { servingLanguage } from "./languages";
import type { Medium } from "./medium";
import { smsMedium, toData, voiceMedium, webexMedium } from "./medium";
import type { ChannelMessages, Messages, Sentence } from "./messages";
import type { Conference, NotificationKind } from "./notification";
import { remembering } from "../remembering";
import { expand, oneLine, withoutSubstitution } from "./template";

export { loadMessages, type Messages } from "./messages";

/** What a text is about. */
export interface TextFacts {
  /** The responder's; the default language speaks where there are no texts in it. */
  language?: string;
  incident: { name: string; number: number; isDrill: boolean };
  space: { title: string };
  conference?: Conference;
  /** What a moderator wrote. */
  text?: string;
}

export interface VoiceText {
  text: string;
  language: string;
  voice: string;
  gender: "MALE" | "FEMALE";
}

export interface Texts {
  /**
   * An SMS of at most `smsMaxCharacters`: over that it loses the space's title, then the end of
   * the incident's name, then the end of what a moderator wrote. Link, number and sender always
   * stay, even if they alone are longer.
   */
  smsText(kind: NotificationKind, facts: TextFacts): string;
  /** What a call says, everything twice, with the voice to say it. */
  voiceText(kind: NotificationKind, facts: TextFacts): VoiceText;
  /** Markdown for a direct message, for clients that show no cards. */
  webexText(kind: NotificationKind, facts: TextFacts): string;
}

export interface TextOptions {
  messages: Readonly<Record<string, Messages>>;
  senderName: string;
  smsMaxCharacters: number;
  defaultLanguage: string;
}

/** The facts while they are cut down to a length; without a title the space is not named. */
interface Draft extends Omit<TextFacts, "space"> {
  space: { title?: string };
  sender: string;
}

/** An incident's name is not shortened below this; what a moderator wrote gives way instead. */
const NAME_KEPT = 16;
/** Webex's limit for a message. */
const webexLimit: Limit = { measure: (text) => Buffer.byteLength(text), max: 7_439 };
/** Enough for the incidents that are told of at the same time, in some languages. */
const TEXTS_KEPT = 50;
/** Webex Connect speaks 2,000 characters in its newer API, 3,000 in its older one. */
const voiceLimit: Limit = { measure: countCharacters, max: 2_000 };

/**
 * Puts the templates of `cards/messages` into words. In them may stand: `sender`, `join`, `text`,
 * `incident.name`, `incident.number`, `space.title`, and `conference` with `link`, `dial` (phone
 * and meeting number for a phone to dial at once), `phone`, `number`. What is not known does not
 * exist there. Everybody whom one round tells in one language is told the same words: they are found
 * once. Throws a ConfigError if there are no texts in the default language nor in English.
 */
export function createTexts(options: TextOptions): Texts {
  const inLanguage = languageChooser(options);
  const draft = (facts: TextFacts): Draft => toDraft(facts, options.senderName);
  const smsLimit: Limit = { measure: countCharacters, max: options.smsMaxCharacters };
  return {
    smsText: remembering(TEXTS_KEPT, (kind: NotificationKind, facts: TextFacts) => {
      const { sms } = inLanguage(facts.language);
      const write = (from: Draft): string =>
        withoutSubstitution(writeText(sms, smsMedium, kind, from));
      return fitText(draft(facts), write, smsLimit, [cutTitle, cutName, cutText]);
    }),
    voiceText: remembering(TEXTS_KEPT, (kind: NotificationKind, facts: TextFacts) => {
      const { voice, speech } = inLanguage(facts.language);
      const write = (from: Draft): string => {
        const once = writeText(voice, voiceMedium(voice.plus), kind, from);
        return withoutSubstitution(`${once} ${voice.again} ${once}`);
      };
      return { text: fitText(draft(facts), write, voiceLimit, [cutText, cutName]), ...speech };
    }),
    webexText: remembering(TEXTS_KEPT, (kind: NotificationKind, facts: TextFacts) => {
      const { webex } = inLanguage(facts.language);
      const write = (from: Draft): string => writeText(webex, webexMedium, kind, from);
      return fitText(draft(facts), write, webexLimit, [cutText, cutName]);
    }),
  };
}

const cutTitle: Cut<Draft> = {
  length: () => 1,
  least: 0,
  cutTo: (draft, length) => (length === 0 ? { ...draft, space: {} } : draft),
};

const cutName: Cut<Draft> = {
  length: ({ incident }) => incident.name.length,
  least: NAME_KEPT,
  cutTo: ({ incident, ...rest }, length) => ({
    ...rest,
    incident: { ...incident, name: shorten(incident.name, length) },
  }),
};

const cutText: Cut<Draft> = {
  length: ({ text = "" }) => text.length,
  least: 0,
  cutTo: ({ text, ...rest }, length) =>
    text === undefined ? rest : { ...rest, text: shorten(text, length) },
};

function countCharacters(text: string): number {
  return text.length;
}

function languageChooser(options: TextOptions): (language?: string) => Messages {
  const known = new Map(Object.entries(options.messages));
  const codes = [...known.keys()];
  const find = (wanted: string): Messages | undefined =>
    known.get(servingLanguage(codes, wanted) ?? "");
  const fallback = find(options.defaultLanguage) ?? find("en");
  if (fallback === undefined) {
    const rule = "names a language without a file in cards/messages, and en.json is missing";
    throw new ConfigError([{ variable: "DEFAULT_LANGUAGE", rule, example: "en" }]);
  }
  return (language = "") => find(language) ?? fallback;
}

function toDraft({ incident, space, text, ...rest }: TextFacts, sender: string): Draft {
  const title = oneLine(space.title);
  return {
    ...rest,
    sender,
    incident: { ...incident, name: oneLine(incident.name) },
    space: title === "" ? {} : { title },
    ...(text !== undefined && { text: oneLine(text) }),
  };
}

function writeText(
  channel: ChannelMessages,
  medium: Medium,
  kind: NotificationKind,
  draft: Draft,
): string {
  const data = toData(medium, draft);
  const join = toWords(channel.join, data, medium.separator);
  const words = toWords(channel[kind], { ...data, join }, medium.separator);
  return draft.incident.isDrill ? `${channel.drill} ${words}` : words;
}

function toWords(passage: readonly Sentence[], data: object, separator: string): string {
  return passage
    .map((sentence) => expandSentence(sentence, data).trim())
    .filter((words) => words !== "")
    .join(separator);
}

function expandSentence(sentence: Sentence, data: object): string {
  if (typeof sentence === "string") return expand(sentence, data);
  const { text } = expand(sentence, data);
  return typeof text === "string" ? text : "";
}
