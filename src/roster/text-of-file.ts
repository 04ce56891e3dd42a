import { isUtf8 } from "node:buffer";
import { UserError } from "../errors";

export type Encoding = "UTF-8" | "UTF-16" | "Windows-1252";

export interface TextOfFile {
  text: string;
  encoding: Encoding;
}

/** How files that are no text begin, and what they are. */
const beginnings: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x89, 0x50, 0x4e, 0x47], "a picture (PNG)"],
  [[0xff, 0xd8, 0xff], "a picture (JPEG)"],
  [ascii("GIF8"), "a picture (GIF)"],
  [ascii("RIFF"), "a picture, a sound or a film"],
  [ascii("%PDF"), "a PDF"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an Excel or Word file of the old kind"],
  [[0x1f, 0x8b], "a packed file (gzip)"],
  [ascii("{\\rtf"), "a formatted document (RTF)"],
];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const MOST_SEARCHED = 64 * 1024;

/**
 * The text in a file, without its byte order mark, and how it was written. UTF-8 if it is that, or
 * UTF-16 with its mark; whatever else is text is taken for Windows-1252, of which Latin-1 is a part.
 * Throws a `UserError` that says what it seems to be where it is no text.
 */
export function textOfFile(content: Uint8Array): TextOfFile {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const what = seemsToBe(bytes);
  if (what !== undefined) throw noList(what);
  if (startsWith(bytes, [0xff, 0xfe])) return decoded("utf-16le", "UTF-16", bytes);
  if (startsWith(bytes, [0xfe, 0xff])) return decoded("utf-16be", "UTF-16", bytes);
  if (bytes.includes(0)) throw noList("no text");
  if (isUtf8(bytes)) return decoded("utf-8", "UTF-8", bytes);
  return { text: windows1252(bytes), encoding: "Windows-1252" };
}

function decoded(label: string, encoding: Encoding, bytes: Buffer): TextOfFile {
  return { text: new TextDecoder(label).decode(bytes), encoding };
}

/** What Windows-1252 has from 0x80 on, where Latin-1 has nothing to see; 0x81 and others are free. */
const BEYOND_LATIN_1 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** By hand, since Node 20 decodes "windows-1252" as Latin-1. */
function windows1252(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(/[\x80-\x9f]/g, (one) => BEYOND_LATIN_1.charAt(one.charCodeAt(0) - 0x80));
}

function seemsToBe(bytes: Buffer): string | undefined {
  if (startsWith(bytes, ZIP)) return kindOfZip(bytes);
  return beginnings.find(([beginning]) => startsWith(bytes, beginning))?.[1];
}

/** The names of a workbook's parts stand unpacked in the archive. */
function kindOfZip(bytes: Buffer): string {
  const names = bytes.subarray(0, MOST_SEARCHED).toString("latin1");
  if (names.includes("xl/") || bytes.subarray(-MOST_SEARCHED).includes("xl/"))
    return "an Excel workbook";
  if (names.includes("opendocument.spreadsheet")) return "a LibreOffice spreadsheet";
  return "a packed file (ZIP)";
}

function startsWith(bytes: Buffer, beginning: readonly number[]): boolean {
  return beginning.every((byte, index) => bytes[index] === byte);
}

function ascii(text: string): number[] {
  return [...Buffer.from(text, "latin1")];
}

function noList(what: string): UserError {
  return new UserError(
    "list-no-text",
    `That file seems to be ${what}. Open the list in your spreadsheet program, choose Save as, ` +
      "then **CSV UTF-8**, and send me that file.",
  );
}
