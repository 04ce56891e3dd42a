import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { oneLine } from "../one-line";

export interface Sender {
  /** As texts and calls name themselves. */
  name: string;
  /** Where texts come from: a number, a short code, or a name. */
  sms?: string;
  voice?: string;
}

const MOST_BYTES_OF_LINE = 75;

/**
 * The sender as a contact for phones (vCard 3.0, RFC 2426, which every phone reads). Without it
 * where there is no number to keep: a sender that is a name is no number.
 */
export function vCardOf(sender: Sender): string | undefined {
  const numbers = [...new Set([numberOf(sender.sms), numberOf(sender.voice)])];
  const phones = numbers.filter((number) => number !== undefined);
  if (phones.length === 0) return undefined;
  const name = escaped(sender.name);
  const fields = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    `N:${name};;;;`,
    `FN:${name}`,
    `ORG:${name}`,
    ...phones.map((number) => `TEL;TYPE=WORK,VOICE:${number}`),
    "NOTE:Texts and calls about incidents come from here.",
    "END:VCARD",
  ];
  return fields.map((field) => `${folded(field)}\r\n`).join("");
}

/** As a phone shows the caller: with "+" and the country, unless it is a short code. */
function numberOf(origin: string | undefined): string | undefined {
  if (origin === undefined || !/^\+?\d+$/.test(origin)) return undefined;
  const international = origin.startsWith("+") ? origin : `+${origin}`;
  return parsePhoneNumberFromString(international)?.isValid() ? international : origin;
}

function escaped(text: string): string {
  return oneLine(text).replace(/[\\;,]/g, "\\$&");
}

/** Long lines go on in the next one, after a space; no character is taken apart. */
function folded(field: string): string {
  let line = "";
  const done: string[] = [];
  for (const character of field) {
    if (Buffer.byteLength(line + character) > MOST_BYTES_OF_LINE) {
      done.push(line);
      line = " ";
    }
    line += character;
  }
  return [...done, line].join("\r\n");
}
