import { GlobalSettings, Template } from "adaptivecards-templating";
import { oneLine } from "../one-line";

export { oneLine } from "../one-line";

/**
 * What the library is told to write for a field that the data lacks; it would write the
 * placeholder itself otherwise. A noncharacter, taken out of data and of every result.
 */
const MISSING = "\uFDD0";
const MAX_DEPTH = 20;

const compiledTexts = new Map<string, Template>();
const compiledCards = new WeakMap<object, Template>();

export type CardJson = Readonly<Record<string, unknown>>;

/**
 * Expands a template of ours with data from anywhere. The data is never read as a template: what
 * looks like `${…}` in it stays as it is. A field that is missing or null becomes an empty text;
 * a `$when` that asks for it should use `exists(…)`. Odd data (cycles, functions, half a surrogate
 * pair) is left out or repaired. Throws only if the template itself cannot be parsed or calls a
 * function on a value of the wrong type. Templates are kept compiled, so they must be few and fixed.
 */
export function expand(template: string, data: object): string;
export function expand(template: CardJson, data: object): Record<string, unknown>;
export function expand(
  template: string | CardJson,
  data: object,
): string | Record<string, unknown> {
  const compiled = typeof template === "string" ? compileText(template) : compileCard(template);
  const result = withoutMissing(compiled.expand({ $root: toPlain(data, []) ?? {} }));
  if (typeof template === "string") return asText(result);
  return isRecord(result) ? result : {};
}

/**
 * Text for a place where Markdown is read, on one line: it shows as written, mentions nobody and
 * makes no link with a false label. A bare web address stays, since it shows where it leads.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[\]]|(?<!\/)~|~(?!\w)|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_/gu, "\\$&")
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/^([#>=]|[-+](?=[\s-]|$))/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

/** Text for an SMS or a call, on one line, in which Webex Connect finds no `$(…)` to fill in. */
export function plainText(text: string): string {
  return withoutSubstitution(oneLine(text));
}

/** Webex Connect fills in `$(…)` wherever it finds it; a space keeps the two characters apart. */
export function withoutSubstitution(text: string): string {
  return text.replace(/\$(?=\()/g, "$ ");
}

function compileText(template: string): Template {
  const known = compiledTexts.get(template) ?? compile(template);
  compiledTexts.set(template, known);
  return known;
}

function compileCard(template: CardJson): Template {
  const known = compiledCards.get(template) ?? compile(template);
  compiledCards.set(template, known);
  return known;
}

function compile(template: string | CardJson): Template {
  GlobalSettings.getUndefinedFieldValueSubstitutionString = () => MISSING;
  return new Template(template);
}

/** A copy that the library cannot stumble over: it calls `toString` on whatever it finds. */
function toPlain(value: unknown, path: readonly object[]): unknown {
  if (typeof value === "string") {
    return value.replace(/\p{Cs}/gu, "\uFFFD").replaceAll(MISSING, "");
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return undefined;
  if (path.includes(value) || path.length >= MAX_DEPTH) return undefined;
  return toPlainObject(value, [...path, value]);
}

function toPlainObject(value: object, path: readonly object[]): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (Array.isArray(value)) {
    return value.map((item) => toPlain(item, path)).filter((item) => item !== undefined);
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "toString" && name !== "__proto__")
      .map(([name, member]): [string, unknown] => [name, toPlain(member, path)])
      .filter(([, member]) => member !== undefined),
  );
}

function withoutMissing(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(MISSING, "");
  if (Array.isArray(value)) return value.map(withoutMissing);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutMissing(member)]),
  );
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
