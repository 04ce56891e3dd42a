import { UserError } from "../errors";
import { oneLine } from "../one-line";
import { parsePhoneNumber, type DialRules } from "./phone-number";

/** What is kept of somebody outside Webex, in the order in which lists name it. */
export const externalFields = ["name", "email", "mobile", "voice", "language"] as const;
export type ExternalField = (typeof externalFields)[number];
export type ExternalValues = Partial<Record<ExternalField, string>>;

/** Somebody outside Webex; the numbers are E.164, the address is in lower case. */
export interface ExternalFacts {
  name: string;
  email?: string;
  mobile?: string;
  voice?: string;
  language?: string;
}

export interface FieldRules {
  dial: DialRules;
  /** In which texts can be sent; `title` in English. */
  languages: readonly { value: string; title: string }[];
}

const MOST_OF_NAME = 100;
const MOST_OF_NUMBER = 60;
const MOST_OF_EMAIL = 254;
// Without what separates or calculates in a spreadsheet, and what ends an address among others.
const PART = String.raw`[^\s\p{Cc}@<>|"(),:;\[\]\\=]+`;
const EMAIL = new RegExp(`^${PART}@${PART}\\.${PART}$`, "u");
const orList = new Intl.ListFormat("en", { type: "disjunction" });

/** Whether it looks like an e-mail address; whether it is one, only Webex can say. */
export function isEmail(text: string): boolean {
  return text.length <= MOST_OF_EMAIL && EMAIL.test(text);
}

/**
 * Checks what somebody wrote about a person outside Webex (rule 5 of the design): either all is
 * well, or each mistake is told at its field, in a sentence that repeats nothing of what was written.
 */
export function checkExternal(
  values: ExternalValues,
  rules: FieldRules,
): { external: ExternalFacts } | { errors: ExternalValues } {
  const given = withoutEmpty(values);
  const { name = "", email, language } = given;
  const mobile = readNumber(given.mobile, rules.dial);
  const voice = readNumber(given.voice, rules.dial);
  const errors = withoutEmpty({
    name: nameError(name),
    email: email === undefined || isEmail(email) ? "" : "This is not an e-mail address.",
    mobile: mobile.error ?? numberMissing(given),
    voice: voice.error,
    language: languageError(language, rules),
  });
  if (Object.keys(errors).length > 0) return { errors };
  const facts = withoutEmpty({
    email: email?.toLowerCase(),
    mobile: mobile.e164,
    voice: voice.e164,
    language: language?.toLowerCase(),
  });
  return { external: { name, ...facts } };
}

function withoutEmpty(values: Readonly<Record<string, string | undefined>>): ExternalValues {
  const lines = Object.entries(values).map(([field, value]) => [field, oneLine(value ?? "")]);
  return Object.fromEntries(lines.filter(([, value]) => value !== "")) as ExternalValues;
}

function nameError(name: string): string {
  if (name === "") return "Give a name.";
  return name.length > MOST_OF_NAME ? `Use ${MOST_OF_NAME} characters at most.` : "";
}

function numberMissing({ mobile, voice }: ExternalValues): string {
  return mobile === undefined && voice === undefined ? "Give at least one number." : "";
}

function languageError(code: string | undefined, { languages }: FieldRules): string {
  if (code === undefined || languages.some(({ value }) => value === code.toLowerCase())) return "";
  const names = languages.map(({ title, value }) => `${value} (${title})`);
  return `There are no texts in that language. Choose ${orList.format(names)}.`;
}

function readNumber(text: string | undefined, rules: DialRules): { e164?: string; error?: string } {
  if (text === undefined) return {};
  if (text.length > MOST_OF_NUMBER) return { error: "This is not a phone number." };
  try {
    return parsePhoneNumber(text, rules);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error: error.message };
  }
}

/** The numbers of somebody, each once. */
export function numbersOf({ mobile, voice }: Pick<ExternalFacts, "mobile" | "voice">): string[] {
  return [...new Set([mobile, voice].filter((number) => number !== undefined))];
}
