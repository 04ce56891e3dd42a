import Papa from "papaparse";
import { externalFields } from "./external-fields";
import type { Responder } from "./responder";

const BYTE_ORDER_MARK = "\uFEFF";
const LINE_END = "\r\n";

/**
 * A cell that begins so is calculated by spreadsheet programs, or would be taken for a guarded one
 * when it is read again.
 */
const CALCULATED = /^'*[=+\-@\t\r\n]/;
const GUARDED = /^'+[=+\-@\t\r\n]/;

/**
 * What would begin a calculated cell in a program that takes another separator than ours: to it our
 * quotes stand in the middle of a cell, and so hold nothing together. Blanks and quotes between the
 * two are left out by some programs.
 */
const CALCULATED_WITHIN = /([,;\t\r\n][\p{Zs}\v\f"]*'*)(?=[=+\-@])/gu;
const GUARDED_WITHIN = /([,;\t\r\n][\p{Zs}\v\f"]*'*)'(?=[=+\-@])/gu;

/**
 * These people as a list that `readTable` reads back as it was. It has a byte order mark, without
 * which Excel takes UTF-8 for Windows-1252. As every number begins with "+", cells that would be
 * calculated are not changed beyond recognition but get an apostrophe in front, which keeps them
 * text and is taken off by `unguarded`. So does each place within a cell at which another separator
 * would begin such a cell: one apostrophe more than were there, which is one to take off again,
 * while leaving a character out or putting another in its place would not come back.
 */
export function listOf(people: readonly Responder[]): string {
  const rows = people.map((one) => externalFields.map((field) => guarded(one[field] ?? "")));
  const options = { quotes: needsQuotes, newline: LINE_END };
  return BYTE_ORDER_MARK + Papa.unparse([[...externalFields], ...rows], options) + LINE_END;
}

function guarded(cell: string): string {
  const within = cell.replace(CALCULATED_WITHIN, "$1'");
  return CALCULATED.test(within) ? `'${within}` : within;
}

/** A cell as it was before it was guarded in a list. */
export function unguarded(cell: string): string {
  const within = GUARDED.test(cell) ? cell.slice(1) : cell;
  return within.replace(GUARDED_WITHIN, "$1");
}

/** Whatever the separator of the program that opens it, such a cell is not taken apart. */
function needsQuotes(cell: unknown): boolean {
  return typeof cell === "string" && /[^\p{L}\p{M}\p{N} .@+'_-]|^\s|\s$/u.test(cell);
}
