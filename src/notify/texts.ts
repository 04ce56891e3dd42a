import { ConfigError } from "../errors";
import type { Cut, Limit } from "./fit-text";
import { fitText, shorten } from "./fit-text";
import { servingLanguage } from "./languages";
import type { Medium } from "./medium";
import { smsMedium, toData, voiceMedium, webexMedium } from "./medium";
import type { AnswerKind, ChannelMessages, Messages, Sentence, SmsMessages } from "./messages";
import { asksForAnswer, type Conference, type NotificationKind } from "./notification";
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

/** What an answer to a phone is about. */
export interface AnswerFacts {
  language?: string;
  incident?: { name: string; number: number; isDrill: boolean };
  conference?: Conference;
  /** The incidents to choose from. */
  choices?: readonly { name: string; number: number }[];
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
   * the incident's name, then the end of what a moderator wrote. Link, numbers and sender always
   * stay, even if they alone are longer.
   */
  smsText(kind: NotificationKind, facts: TextFacts): string;
  /** What a call says, everything twice, with the voice to say it. */
  voiceText(kind: NotificationKind, facts: TextFacts): VoiceText;
  /**
   * An answer to somebody who has texted, as long as `smsText`: over that it loses the ends of the
   * incidents' names.
   */
  answerText(kind: AnswerKind, facts: AnswerFacts): string;
  /** Markdown for a direct message, for clients that show no cards. */
  webexText(kind: NotificationKind, facts: TextFacts): string;
}

export interface TextOptions {
  messages: Readonly<Record<string, Messages>>;
  senderName: string;
  smsMaxCharacters: number;
  defaultLanguage: string;
  /** Invites and reminders by SMS say how to answer. */
  asksForReply?: boolean;
}

/** The facts while they are cut down to a length; without a title the space is not named. */
export interface Draft extends Omit<TextFacts, "space"> {
  space: { title?: string };
  sender: string;
}

interface AnswerDraft extends Draft {
  choices: NonNullable<AnswerFacts["choices"]>;
}

/** An incident's name is not shortened below this; what a moderator wrote gives way instead. */
const NAME_KEPT = 16;
/** What is left of a name that is cut further tells nobody anything. */
const SHORTEST_NAME = 6;
/** Webex's limit for a message. */
const webexLimit: Limit = { measure: (text) => Buffer.byteLength(text), max: 7_439 };
/** Enough for the incidents that are told of at the same time, in some languages. */
const TEXTS_KEPT = 50;
/** Webex Connect speaks 2,000 characters in its newer API, 3,000 in its older one. */
export const voiceLimit: Limit = { measure: countCharacters, max: 2_000 };

/**
 * Puts the templates of `cards/messages` into words. In them may stand: `sender`, `join`, `text`,
 * `incident.name`, `incident.number`, `space.title`, and `conference` with `link`, `dial` (phone
 * and meeting number for a phone to dial at once), `phone`, `number`, `password`. What is not known
 * does not exist there. Everybody whom one round tells in one language is told the same words: they
 * are found once. Throws a ConfigError if there are no texts in the default language nor in English.
 */
export function createTexts(options: TextOptions): Texts {
  const inLanguage = languageChooser(options);
  const draft = (facts: TextFacts): Draft => toDraft(facts, options.senderName);
  const smsLimit: Limit = { measure: countCharacters, max: options.smsMaxCharacters };
  const withReplyLine = (
    words: string,
    sms: SmsMessages,
    kind: NotificationKind,
    from: Draft,
  ): string =>
    options.asksForReply === true && asksForAnswer(kind)
      ? `${words}\n${toWords(sms.reply, toData(smsMedium, from), smsMedium.separator)}`
      : words;
  return {
    smsText: remembering(TEXTS_KEPT, (kind: NotificationKind, facts: TextFacts) => {
      const { sms } = inLanguage(facts.language);
      const write = (from: Draft): string =>
        withoutSubstitution(withReplyLine(writeText(sms, smsMedium, kind, from), sms, kind, from));
      return fitText(draft(facts), write, smsLimit, [cutTitle, cutName, cutText]);
    }),
    answerText: (kind, { choices = [], incident = NO_INCIDENT, ...facts }) => {
      const { sms } = inLanguage(facts.language);
      const write = ({ choices: offered, ...from }: AnswerDraft): string => {
        const data = { ...toData(smsMedium, from), choices: smsMedium.clean(inOneLine(offered)) };
        const join = toWords(sms.join, { ...data, space: {} }, smsMedium.separator);
        return withoutSubstitution(
          toWords(sms.answers[kind], { ...data, join }, smsMedium.separator),
        );
      };
      const about = { ...facts, incident, space: { title: "" } };
      return fitText({ ...draft(about), choices }, write, smsLimit, [cutNameAnswered, cutChoices]);
    },
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

/** Some answers are about none. */
const NO_INCIDENT = { name: "", number: 0, isDrill: false };

const cutTitle: Cut<Draft> = {
  length: () => 1,
  least: 0,
  cutTo: (draft, length) => (length === 0 ? { ...draft, space: {} } : draft),
};

export const cutName: Cut<Draft> = {
  length: ({ incident }) => incident.name.length,
  least: NAME_KEPT,
  cutTo: ({ incident, ...rest }, length) => ({
    ...rest,
    incident: { ...incident, name: shorten(incident.name, length) },
  }),
};

export const cutText: Cut<Draft> = {
  length: ({ text = "" }) => text.length,
  least: 0,
  cutTo: ({ text, ...rest }, length) =>
    text === undefined ? rest : { ...rest, text: shorten(text, length) },
};

const cutNameAnswered: Cut<AnswerDraft> = {
  ...cutName,
  cutTo: (draft, length) => ({ ...draft, ...cutName.cutTo(draft, length) }),
};

/** Their numbers alone say which is which. */
const cutChoices: Cut<AnswerDraft> = {
  length: ({ choices }) => Math.max(0, ...choices.map(({ name }) => name.length)),
  least: 0,
  cutTo: ({ choices, ...rest }, length) => ({
    ...rest,
    choices: choices.map(({ name, number }) => ({
      number,
      name: length < SHORTEST_NAME ? "" : shorten(name, length),
    })),
  }),
};

/** "Y42 / N42: payments down, Y43 / N43: mail down"; the letters are words of every language. */
function inOneLine(choices: AnswerDraft["choices"]): string {
  return choices
    .map(({ name, number }) => `Y${number} / N${number}${name === "" ? "" : `: ${name}`}`)
    .join(", ");
}

function countCharacters(text: string): number {
  return text.length;
}

export function languageChooser(
  options: Pick<TextOptions, "messages" | "defaultLanguage">,
): (language?: string) => Messages {
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

export function toDraft({ incident, space, text, ...rest }: TextFacts, sender: string): Draft {
  const title = oneLine(space.title);
  return {
    ...rest,
    sender,
    incident: { ...incident, name: oneLine(incident.name) },
    space: title === "" ? {} : { title },
    ...(text !== undefined && { text: oneLine(text) }),
  };
}

export function writeText(
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

export function toWords(passage: readonly Sentence[], data: object, separator: string): string {
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
