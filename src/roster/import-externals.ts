import Papa from "papaparse";
import { UserError } from "../errors";
import { fold } from "../fold";
import { oneLine } from "../one-line";
import { unguarded } from "./export-externals";
import {
  checkExternal,
  externalFields,
  numbersOf,
  type ExternalFacts,
  type ExternalField,
  type ExternalValues,
  type FieldRules,
} from "./external-fields";
import type { Responder } from "./responder";
import { textOfFile, type Encoding } from "./text-of-file";

export const MOST_PEOPLE = 5_000;
/** With the empty ones; more are not even looked at. */
const MOST_LINES = 4 * MOST_PEOPLE;
const MOST_COLUMNS = 100;
const DELIMITERS = [",", ";", "\t"] as const;
const NUMBER_FIELDS = ["mobile", "voice"] as const;

/** A line of a list, by its number in a spreadsheet: the header is line 1 where nothing precedes it. */
export interface Row {
  line: number;
  values: ExternalValues;
  hasMoreCells: boolean;
}

export interface Table {
  rows: Row[];
  encoding: Encoding;
  /** Columns whose names are not known, as they are written. */
  ignored: string[];
}

/**
 * Reads a list of people: a header that names the columns in any order, then a line for each of
 * them. Separated by commas, semicolons or tabs, as the header shows. Columns that are not known
 * are ignored. Throws a `UserError` where it is no such list, or one of more than 5,000 people.
 */
export function readTable(content: Uint8Array): Table {
  const { text, encoding } = textOfFile(content);
  const { delimiter, records, skipped } = parse(text);
  const start = records.findIndex((record) => !isEmpty(record));
  const names = records[start] ?? [];
  if (names.length > MOST_COLUMNS) throw tooManyColumns(names.length);
  const columns = names.map((name) => fieldCalled(name));
  checkColumns(columns, delimiter);
  const rows = records.flatMap((record, index) => {
    const isPerson = index > start && !isEmpty(record);
    return isPerson ? [rowOf(record, columns, index + 1 + skipped)] : [];
  });
  if (records.length > MOST_LINES || rows.length > MOST_PEOPLE) throw tooManyPeople();
  if (rows.length === 0)
    throw new UserError("list-empty", "That list has a header and nobody in it.");
  const ignored = names.filter((name, index) => columns[index] === undefined && name.trim() !== "");
  return { rows, encoding, ignored };
}

interface Parsed {
  records: string[][];
  delimiter: string;
  /** How many lines stand before those of `records`. */
  skipped: number;
}

function parse(text: string): Parsed {
  const lines = text.replace(/\r\n?/g, "\n");
  // Excel's own way to say how a list is separated.
  const told = /^sep=([,;\t])\n/i.exec(lines);
  const body = told ? lines.slice(told[0].length) : lines;
  const delimiter = told?.[1] ?? delimiterOf(body);
  const { data, errors } = Papa.parse<string[]>(body, {
    delimiter,
    newline: "\n",
    preview: MOST_LINES + 1,
  });
  const skipped = told ? 1 : 0;
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken) throw brokenQuotes((broken.row ?? 0) + 1 + skipped);
  return { records: data, delimiter, skipped };
}

/** The one with which the first line names the most columns that are known. */
function delimiterOf(text: string): string {
  const [first = ""] = /^.*\S.*$/m.exec(text.slice(0, 100_000)) ?? [];
  const known = (delimiter: string): number =>
    first.split(delimiter, MOST_COLUMNS).filter((name) => fieldCalled(name)).length;
  return DELIMITERS.reduce((best, other) => (known(other) > known(best) ? other : best));
}

/** "E-Mail", " Name " and `"mobile"` are known by their letters. */
function fieldCalled(name: string): ExternalField | undefined {
  const letters = fold(name.slice(0, 40)).replace(/[^\p{L}]/gu, "");
  return externalFields.find((field) => field === letters);
}

function isEmpty(record: readonly string[]): boolean {
  return record.every((cell) => cell.trim() === "");
}

function rowOf(
  record: readonly string[],
  columns: readonly (ExternalField | undefined)[],
  line: number,
): Row {
  const values: ExternalValues = {};
  for (const [index, field] of columns.entries())
    if (field) values[field] = unguarded((record[index] ?? "").trim());
  const hasMoreCells = record.slice(columns.length).some((cell) => cell.trim() !== "");
  return { line, values, hasMoreCells };
}

export interface Person {
  line: number;
  external: ExternalFacts;
}

/** Why a line cannot be taken over. */
export interface Problem {
  line: number;
  /** As written, on one line; may be empty or long. */
  name: string;
  /** Sentences of ours; what somebody wrote is only in `name` and `owner`. */
  reasons: string[];
  /** Who has the number already. */
  owner?: string;
}

/** Checks each line by itself. */
export function checkRows(
  rows: readonly Row[],
  rules: FieldRules,
): { people: Person[]; problems: Problem[] } {
  const people: Person[] = [];
  const problems: Problem[] = [];
  for (const { line, values, hasMoreCells } of rows) {
    const checked = checkExternal(values, rules);
    const reasons = "errors" in checked ? reasonsOf(checked.errors) : [];
    if (hasMoreCells) reasons.unshift("It has more cells than the header has names.");
    if ("external" in checked && reasons.length === 0)
      people.push({ line, external: checked.external });
    else problems.push({ line, name: oneLine((values.name ?? "").slice(0, 200)), reasons });
  }
  return { people, problems };
}

function reasonsOf(errors: ExternalValues): string[] {
  return externalFields.flatMap((field) =>
    errors[field] === undefined ? [] : [`${field}: ${errors[field]}`],
  );
}

export interface Comparison {
  /** Who is not known yet. */
  fresh: Person[];
  /** Who is known by the same name and numbers. */
  unchanged: Person[];
  /** Those of `unchanged` whose e-mail address or language is another one than what is kept. */
  different: Person[];
  problems: Problem[];
}

/**
 * Compares a list with itself and with who has its numbers already. A number that somebody else
 * has, in the list or outside it, is a problem of its line.
 */
export function compare(
  people: readonly Person[],
  owners: ReadonlyMap<string, Responder>,
): Comparison {
  const result: Comparison = { fresh: [], unchanged: [], different: [], problems: [] };
  const firstLines = new Map<string, number>();
  for (const person of people) {
    const problem = problemOf(person, owners, firstLines);
    for (const number of numbersOf(person.external))
      if (!firstLines.has(number)) firstLines.set(number, person.line);
    if (problem) result.problems.push(problem);
    else sortIn(person, owners, result);
  }
  return result;
}

function problemOf(
  { line, external }: Person,
  owners: ReadonlyMap<string, Responder>,
  firstLines: ReadonlyMap<string, number>,
): Problem | undefined {
  const { name } = external;
  const numbers = numbersOf(external);
  const earlier = numbers.map((number) => firstLines.get(number)).find((one) => one !== undefined);
  if (earlier !== undefined)
    return { line, name, reasons: [`Line ${earlier} has the same number.`] };
  const owner = numbers.map((number) => owners.get(number)).find((one) => one !== undefined);
  if (!owner || isSame(external, owner)) return undefined;
  const reason = hasSameName(external, owner)
    ? "They are known already, with other numbers: edit them by **externals** instead."
    : "The number belongs to somebody else already:";
  return {
    line,
    name,
    reasons: [reason],
    ...(hasSameName(external, owner) ? {} : { owner: owner.name }),
  };
}

function sortIn(person: Person, owners: ReadonlyMap<string, Responder>, result: Comparison): void {
  const { external } = person;
  const owner = numbersOf(external)
    .map((number) => owners.get(number))
    .find((one) => one !== undefined);
  if (!owner) {
    result.fresh.push(person);
    return;
  }
  result.unchanged.push(person);
  if (external.email !== owner.email || external.language !== owner.language)
    result.different.push(person);
}

function isSame(external: ExternalFacts, owner: Responder): boolean {
  return (
    hasSameName(external, owner) && NUMBER_FIELDS.every((field) => external[field] === owner[field])
  );
}

function hasSameName({ name }: ExternalFacts, owner: Responder): boolean {
  return fold(name) === fold(owner.name);
}

function checkColumns(columns: readonly (ExternalField | undefined)[], delimiter: string): void {
  const known = columns.filter((field) => field !== undefined);
  const missing = known.includes("name")
    ? NUMBER_FIELDS.some((field) => known.includes(field))
      ? undefined
      : "**mobile** or **voice**"
    : "**name**";
  if (missing !== undefined)
    throw new UserError(
      "list-column-missing",
      `The first line of a list names its columns, and I find no column ${missing} there. ` +
        `It should read **${externalFields.join(delimiter === "\t" ? "," : delimiter)}**, in any order.`,
    );
  const twice = externalFields.find((field) => known.filter((one) => one === field).length > 1);
  if (twice !== undefined)
    throw new UserError("list-column-twice", `The column **${twice}** is there twice. Keep one.`);
}

function brokenQuotes(line: number): UserError {
  return new UserError(
    "list-quotes",
    `In line ${line} a cell begins with a quotation mark and has none at its end. Correct it ` +
      "and send the list again.",
  );
}

function tooManyColumns(count: number): UserError {
  return new UserError(
    "list-columns",
    `That list has ${count} columns; ${MOST_COLUMNS} is the most that I read. Keep ` +
      `**${externalFields.join(",")}**.`,
  );
}

function tooManyPeople(): UserError {
  return new UserError(
    "list-too-long",
    `That list has more than ${MOST_PEOPLE.toLocaleString("en")} lines, which is the most that I ` +
      "import at once. Divide it into several.",
  );
}
