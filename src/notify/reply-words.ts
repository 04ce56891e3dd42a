import { fold } from "../fold";

/** The words of one language by which a text is understood, in lower case. */
export interface ReplyWords {
  coming: readonly string[];
  declined: readonly string[];
  stop: readonly string[];
  start: readonly string[];
}

/** What a text from a phone means. */
export type Reply =
  | { kind: "coming" | "declined"; incidentNumber?: number }
  /** No more texts to this number. */
  | { kind: "stop" }
  | { kind: "start" }
  /** Something said to the people of the incident. */
  | { kind: "words" };

/** Carriers of the United States and Canada prescribe the first of these; all count everywhere. */
const STOP = ["stop", "stopall", "unsubscribe", "cancel", "end", "quit"];
const START = ["start", "unstop"];
const COMING = ["y", "1"];
const DECLINED = ["n", "2"];
const MOST_DIGITS = 9;

/**
 * Reads a text: STOP and START are meant only as the whole of it; of anything else the first word
 * decides, with the number of an incident right behind it or as the second word. `languages` are
 * all that may be heard, since nobody asks the provider's phones which one they write.
 */
export function readReply(text: string, languages: readonly ReplyWords[]): Reply {
  const line = words(text);
  const whole = line.join(" ");
  if (isOneOf(whole, STOP, languages, "stop")) return { kind: "stop" };
  if (isOneOf(whole, START, languages, "start")) return { kind: "start" };
  const [first = "", second] = line;
  const [, word = "", glued] = /^(\D*|[12])(?:#?(\d+))?$/u.exec(first) ?? [];
  const kind =
    kindOf(first, languages) ?? (glued === undefined ? undefined : kindOf(word, languages));
  if (kind === undefined) return { kind: "words" };
  const isFirstWhole = kindOf(first, languages) !== undefined;
  const number = isFirstWhole ? numberIn(second) : numberIn(glued);
  return number === undefined ? { kind } : { kind, incidentNumber: number };
}

function kindOf(word: string, languages: readonly ReplyWords[]): "coming" | "declined" | undefined {
  if (isOneOf(word, COMING, languages, "coming")) return "coming";
  if (isOneOf(word, DECLINED, languages, "declined")) return "declined";
  return undefined;
}

function isOneOf(
  word: string,
  always: readonly string[],
  languages: readonly ReplyWords[],
  kind: keyof ReplyWords,
): boolean {
  if (word === "") return false;
  return always.includes(word) || languages.some((one) => one[kind].map(fold).includes(word));
}

function numberIn(word: string | undefined): number | undefined {
  const digits = word?.replace(/^#/, "") ?? "";
  return /^\d+$/.test(digits) && digits.length <= MOST_DIGITS ? Number(digits) : undefined;
}

/** Folded, without what people put around words; an apostrophe inside one stays: "can't". */
function words(text: string): string[] {
  return fold(text.replace(/[’‘`]/gu, "'"))
    .split(" ")
    .map((word) => word.replace(/^[^\p{L}\p{N}#]+|[^\p{L}\p{N}]+$/gu, ""))
    .filter((word) => word !== "");
}
