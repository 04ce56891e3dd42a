import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { oneLine } from "./template";

/**
 * What a phone dials at a touch: the number, two pauses, the meeting number, and twice "#" to
 * confirm it and to pass over the question for an attendee number.
 */
export function dialString(phone: string, meetingNumber?: string): string {
  const dialled = isDigits(phone) ? phone.replace(/[^+\d]/g, "") : oneLine(phone);
  return meetingNumber === undefined ? dialled : `${dialled},,${meetingNumber}#,,#`;
}

/** A number to be heard: digit by digit, with a pause after each group, "plus" in words. */
export function spokenDigits(number: string, plus: string): string {
  if (!isDigits(number)) return oneLine(number);
  const groups = grouped(number).match(/\d{1,4}(?=\D|$)|\d{3}/g) ?? [];
  const spoken = groups.map((group) => group.split("").join(" ")).join(", ");
  return number.trim().startsWith("+") ? `${plus} ${spoken}` : spoken;
}

/** With the spaces that people of its country would make, unless its owner made some. */
function grouped(number: string): string {
  if (!/^\+\d+$/.test(number)) return number;
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

/** A web address for an SMS, such that Webex Connect finds no `$(…)` in it and it stays one word. */
export function plainLink(link: string): string {
  return oneLine(link)
    .replace(/ /g, "%20")
    .replace(/\$(?=\()/g, "%24");
}

/** A web address that Markdown takes as it is; an escaped one would no longer lead there. */
export function markdownLink(link: string): string {
  const special = /[<>()[\]*`~\\"']|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_/g;
  return plainLink(link).replace(special, percentEncode);
}

function isDigits(number: string): boolean {
  return /^[\s+\d().-]+$/.test(number);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
