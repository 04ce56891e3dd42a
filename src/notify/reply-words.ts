import { fold } from "../fold";

/** The words of one language by which a text is understood, in lower case. */
export interface ReplyWords {
  coming: readonly string[];
  declined: readonly string[];
  stop: readonly string[];
  start: readonly string[];
}

/** What a text means to somebody who was called for some incidents. */
export type TextAnswer =
  | { kind: "coming" | "declined"; incidentNumber?: number }
  /** An answer to an incident of a number that none of theirs has. */
  | { kind: "unclear" }
  /** Something said to the people of the incident. */
  | { kind: "words" };

/** Carriers of the United States and Canada prescribe the first of these; all count everywhere. */
const STOP = ["stop", "stopall", "unsubscribe", "cancel", "end", "quit"];
const START = ["start", "unstop"];
const COMING = ["y", "1"];
const DECLINED = ["n", "2"];
/** Digits that are words of an answer; in a sentence they are numbers like any other. */
const BARE = new Set(["1", "2"]);

/**
 * Whether a text ends all texts to its number, or lets them come again: only as the whole of it.
 * `languages` are all that may be heard, since nobody asks the provider's phones which one they
 * write.
 */
export function readKeyword(
  text: string,
  languages: readonly ReplyWords[],
): "stop" | "start" | undefined {
  const whole = words(text).join(" ");
  if (isOneOf(whole, STOP, languages, "stop")) return "stop";
  return isOneOf(whole, START, languages, "start") ? "start" : undefined;
}

/**
 * Reads a text of somebody who was called for the incidents with the numbers `theirs`. The first
 * word decides; 1 and 2 do so only alone or before an incident's number. That is one right behind
 * the word or after #, and a second word that is the last where it is one of theirs: in "yes 10
 * minutes" and "ok 5 min" the number is none.
 */
export function readAnswer(
  text: string,
  languages: readonly ReplyWords[],
  theirs: readonly number[],
): TextAnswer {
  const [first = "", second, ...more] = words(text);
  const kind = kindOf(first, languages);
  if (kind === undefined) return readGlued(first, languages, theirs);
  const marked = /^#(\d+)$/.exec(second ?? "")?.[1];
  if (marked !== undefined) return numbered(kind, marked, theirs);
  const isNumber = more.length === 0 && /^\d+$/.test(second ?? "");
  if (isNumber && theirs.includes(Number(second))) return { kind, incidentNumber: Number(second) };
  return BARE.has(first) && second !== undefined ? { kind: "words" } : { kind };
}

/** "Y42", "yes#42", "1#42". */
function readGlued(
  first: string,
  languages: readonly ReplyWords[],
  theirs: readonly number[],
): TextAnswer {
  const [, word = "", digits = ""] = /^(\D*?|[12])#?(\d+)$/u.exec(first) ?? [];
  const kind = kindOf(word, languages);
  return kind === undefined ? { kind: "words" } : numbered(kind, digits, theirs);
}

function numbered(
  kind: "coming" | "declined",
  digits: string,
  theirs: readonly number[],
): TextAnswer {
  const incidentNumber = Number(digits);
  return theirs.includes(incidentNumber) ? { kind, incidentNumber } : { kind: "unclear" };
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

/** Folded, without what people put around words; an apostrophe inside one stays: "can't". */
function words(text: string): string[] {
  return fold(text.replace(/[’‘`]/gu, "'"))
    .split(" ")
    .map((word) => word.replace(/^[^\p{L}\p{N}#]+|[^\p{L}\p{N}]+$/gu, ""))
    .filter((word) => word !== "");
}
