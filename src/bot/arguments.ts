import { withoutEnd } from "./mention";

/** Takes a pair of quotes off, straight or typographic, that stands around the whole text. */
export function withoutQuotes(text: string): string {
  const trimmed = text.trim();
  const inner = /^["'“”„‟«»‘’‚‹›]([^"“”„‟«»]*)["'“”‟«»‘’‹›]$/su.exec(trimmed)?.[1];
  return inner === undefined ? trimmed : inner.trim();
}

export interface SwitchArguments {
  who: string;
  on: boolean;
}

export type BridgeArguments = { off: true } | { link?: string; phone?: string; number?: string };

/** As long as a link may be: it goes into a text message. */
export const MOST_OF_LINK = 500;

/** Reads "<who> on", "<who> off" and, as people write it, "on <who>". */
export function parseSwitch(rest: string): SwitchArguments | undefined {
  const words = rest.split(/\s+/u).filter((word) => word !== "");
  const on = onOrOff(words.at(-1)) ?? onOrOff(words[0]);
  if (on === undefined) return undefined;
  const names = onOrOff(words.at(-1)) === undefined ? words.slice(1) : words.slice(0, -1);
  const who = withoutQuotes(names.join(" "));
  return who === "" ? undefined : { who, on };
}

function onOrOff(word: string | undefined): boolean | undefined {
  const lower = withoutEnd(word?.toLowerCase() ?? "", /[.!]/u);
  return lower === "on" ? true : lower === "off" ? false : undefined;
}

/**
 * Reads "off", or a link (https only), a number to dial and a code. The phone comes back as digits
 * with its leading plus, the code as digits. Undefined if anything in it is none of these.
 */
export function parseBridge(rest: string): BridgeArguments | undefined {
  if (/^\s*off[.!]*\s*$/iu.test(rest)) return { off: true };
  const words = rest.split(/\s+/u).map((word) => word.replace(/[,;]$/u, ""));
  const dialled = words.filter(isNumberWord);
  const [linkWord, ...unknown] = words.filter((word) => word !== "" && !isNumberWord(word));
  const phone = phoneAndCode(dialled);
  if (unknown.length > 0 || phone === undefined) return undefined;
  if (linkWord === undefined) return dialled.length === 0 ? undefined : phone;
  const link = webLink(linkWord);
  return link === undefined ? undefined : { link, ...phone };
}

function isNumberWord(word: string): boolean {
  return /\d/u.test(word) && /^\+?[\d().-]+#?$/u.test(word);
}

function webLink(word: string): string | undefined {
  const hasScheme = /^[a-z][a-z0-9+.-]*:/iu.test(word);
  const text = hasScheme ? word : `https://${word}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.protocol === "https:" && url.username === "" && url.password === "";
  return isPlain && url.hostname.includes(".") ? url.href : undefined;
}

const FEWEST_PHONE_DIGITS = 5;
const MOST_PHONE_DIGITS = 15;
const MOST_CODE_DIGITS = 20;

/** Where the phone ends is a guess when it is written in groups: see `codeStart`. */
function phoneAndCode(words: readonly string[]): { phone?: string; number?: string } | undefined {
  if (words.length === 0) return {};
  const start = codeStart(words);
  const phone = (words[0]?.startsWith("+") ? "+" : "") + digits(words.slice(0, start));
  const number = digits(words.slice(start));
  const length = phone.replace("+", "").length;
  const isPhone = length >= FEWEST_PHONE_DIGITS && length <= MOST_PHONE_DIGITS;
  if (!isPhone || number.length > MOST_CODE_DIGITS) return undefined;
  return number === "" ? { phone } : { phone, number };
}

/**
 * The index of the code's first word: after a phone written in one piece everything is the code;
 * after one in groups the last word is, if it ends with "#" or if ten digits, as many as a phone
 * with its country has, stand before it.
 */
function codeStart(words: readonly string[]): number {
  if (digits(words.slice(0, 1)).length >= 8) return 1;
  const last = words.length - 1;
  const isCode = digits(words.slice(0, last)).length >= 10 && digits(words.slice(last)).length >= 4;
  return last > 0 && (isCode || words[last]?.endsWith("#")) ? last : words.length;
}

function digits(words: readonly string[]): string {
  return words.join("").replace(/\D/gu, "");
}
