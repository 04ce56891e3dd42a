import type { CountryCode, PhoneNumber, PhoneNumberType } from "libphonenumber-js/max";
import {
  isSupportedCountry,
  ParseError,
  parsePhoneNumberFromString,
  parsePhoneNumberWithError,
} from "libphonenumber-js/max";
import { UserError } from "../errors";

export interface DialRules {
  /** Two-letter code of the country of numbers written without "+". */
  defaultCountry: string;
  /** Two-letter codes of the countries that may be dialled; "*" stands for all. */
  dialCountries: readonly string[] | "*";
}

/**
 * Reads a number as people write it: with spaces, dots or brackets, with "+", "00" or the
 * country's own prefix, or as a `tel:` link. Throws a UserError, whose sentence holds no digit of
 * the number, if it cannot be dialled, is premium-rate or shared-cost, or lies outside
 * `dialCountries`.
 */
export function parsePhoneNumber(text: string, rules: DialRules): { e164: string } {
  const number = parse(text, rules.defaultCountry);
  if (number.ext !== undefined) throw new UserError("phone-extension", sentences.extension);
  // With the library's full metadata a number is valid just when it has a type.
  const type = number.getType();
  if (type === undefined) throw new UserError("phone-invalid", sentences.invalid);
  refuseCostly(type);
  refuseOutside(number, rules.dialCountries);
  return { e164: number.number };
}

/** The same for what nobody is told of: E.164, `undefined` where it is refused. */
export function dialable(text: string, rules: DialRules): string | undefined {
  try {
    return parsePhoneNumber(text, rules).e164;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The last two digits, "…34": all of a number that may be shown in a space. */
export function lastTwo(e164: string): string {
  return `…${e164.replace(/\D/g, "").slice(-2)}`;
}

/** A number by its country and last two digits, "PT …78": tells numbers apart without showing them. */
export function describe(e164: string): string {
  const country = parsePhoneNumberFromString(e164)?.country;
  return country === undefined ? lastTwo(e164) : `${country} ${lastTwo(e164)}`;
}

/** The whole number in groups, "+351 912 345 678", for a direct message. */
export function formatInternational(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
}

const sentences = {
  invalid:
    "This number cannot be dialled. Write it with its country code, such as +1 408 555 0100.",
  extension:
    "Muster cannot dial an extension. Give a number that reaches the person directly, without one.",
  costly: "Muster does not dial premium-rate or shared-cost numbers. Give a normal number.",
  outside: "Muster is set up not to dial numbers of this country (DIAL_COUNTRIES).",
};

function parse(text: string, defaultCountry: string): PhoneNumber {
  try {
    return parsePhoneNumberWithError(normalise(text), {
      extract: false,
      ...(isCountry(defaultCountry) && { defaultCountry }),
    });
  } catch (error) {
    if (error instanceof ParseError) throw new UserError("phone-invalid", sentences.invalid);
    throw error;
  }
}

/** The library takes "00" for an international call only from countries that dial so. */
function normalise(text: string): string {
  return text
    .replace(/[\p{Cf}\p{Cc}]/gu, "")
    .trim()
    .replace(/^tel:\s*/i, "")
    .replace(/^00(?=[\s().-]*[1-9])/, "+");
}

function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

function refuseCostly(type: PhoneNumberType): void {
  if (type === "PREMIUM_RATE" || type === "SHARED_COST") {
    throw new UserError("phone-costly", sentences.costly);
  }
}

/** Numbers of no country, such as satellite and +800, are dialled only where all countries are. */
function refuseOutside(number: PhoneNumber, dialCountries: readonly string[] | "*"): void {
  if (dialCountries === "*" || dialCountries.includes("*")) return;
  if (number.country !== undefined && dialCountries.includes(number.country)) return;
  throw new UserError("phone-country", sentences.outside);
}

/** Some countries have numbers of four digits; where people are looked for these are the last four. */
const FEWEST_DIGITS = 5;
const WRITTEN_NUMBER = /^\+?[\d\s().-]+$/u;

/** What somebody looks for: a number as it is kept, however it was written; else as it is. */
export function numberOr(term: string, rules: DialRules): string {
  if (!WRITTEN_NUMBER.test(term) || term.replace(/\D/gu, "").length < FEWEST_DIGITS) return term;
  // A number that cannot be dialled belongs to nobody: the search says so.
  return dialable(term, rules) ?? term;
}
