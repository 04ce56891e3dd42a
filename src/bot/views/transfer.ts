import type { Encoding } from "../../roster/text-of-file";
import type { Problem } from "../../roster/import-externals";
import type { AttachedFile } from "../incoming";
import { fits, lines } from "./post";
import { countOf, nameList, people, shown } from "./text";

const HEADER = "name,email,mobile,voice,language";
const MOST_REASONS = 20;
const MOST_COLUMNS_NAMED = 5;

export function howToImport(): string {
  return lines([
    "Attach a CSV file and write **import** with it. Its first line names the columns, in any " +
      "order; then comes a line for each person, 5,000 at most, with a name and at least one number:",
    HEADER,
    "Eve Adams,eve@example.com,+14085550100,+14085550100,en",
    "I check it first, and save nobody before you say so. **export** gives you everyone who is " +
      "known, in the same form.",
  ]);
}

export function oneListAtATime(count: number): string {
  return `That message has ${count} files. Send **import** with one of them, then the next.`;
}

export function fileRefused(reason: Extract<AttachedFile, { kind: "refused" }>["reason"]): string {
  switch (reason) {
    case "elsewhere":
      return "That file does not lie on Webex, so I do not open it. Attach it to the message.";
    case "gone":
      return "Webex does not show me that file any more. Attach it once more.";
    case "infected":
      return "Webex has found malware in that file, so I do not open it. Save the list anew, as CSV.";
    case "unscannable":
      return (
        "Webex cannot check that file for malware, so I do not open it. Send the list itself, as " +
        "CSV, without encryption and not packed."
      );
    case "too-large":
      return (
        "That file is larger than 2 MB, far more than 5,000 people need, so I do not read it. Save " +
        "the list as CSV, or divide it into several."
      );
  }
}

/** What the check of a list has found. */
export interface CheckedList {
  /** The file's name. */
  list: string;
  total: number;
  /** How many would be saved. */
  fresh: number;
  unchanged: number;
  /** Who of those is in the list with another e-mail address or language. */
  different: readonly string[];
  problems: readonly Problem[];
  ignored: readonly string[];
  encoding: Encoding;
  /** A name by which one sees whether the encoding was guessed rightly. */
  accented: string | undefined;
}

/** Nothing can be imported: why, line by line, as far as a message has room. */
export function importProblems(found: CheckedList): string {
  const { problems } = found;
  const bad = countOf(problems.length, "line", "lines");
  const post = (count: number): string =>
    lines([
      ...introduction(found),
      `${bad} cannot be imported, so nothing is. Correct ` +
        `${problems.length === 1 ? "it" : "them"} and send the list again.`,
      ...problems.slice(0, count).map(problemLine),
      count < problems.length ? `and ${problems.length - count} more` : "",
    ]);
  let count = Math.min(MOST_REASONS, problems.length);
  while (count > 1 && !fits({ markdown: post(count) })) count -= 1;
  return post(count);
}

function problemLine({ line, name, owner, reasons }: Problem): string {
  const who = name === "" ? "" : ` (${shown(name, 40)})`;
  const whose = owner === undefined ? "" : ` ${shown(owner, 60)}.`;
  return `Line ${line}${who}: ${reasons.join(" ")}${whose}`;
}

export function everybodyKnown(found: CheckedList): string {
  return [...introduction(found), "There is nobody to import."].join(" ");
}

/** For a card: one paragraph. */
export function importQuestion(found: CheckedList): string {
  const them = found.fresh === 1 ? "One person is" : `${found.fresh} people are`;
  return [
    ...introduction(found),
    `${them} new. Nobody is told of it, and nobody is put on a roster. Import them?`,
  ].join(" ");
}

function introduction(found: CheckedList): string[] {
  const name = found.list === "" ? "The list" : `**${shown(found.list, 60)}**`;
  return [
    `${name} has ${people(found.total)}.`,
    ...encodingSentence(found),
    ...knownSentences(found),
    ...ignoredSentence(found),
  ];
}

function encodingSentence({ accented, encoding }: CheckedList): string[] {
  if (encoding !== "Windows-1252") return [];
  const look = accented === undefined ? "" : `: look whether “${shown(accented, 60)}” is right`;
  return [`It is no UTF-8, so I took it for Latin-1 (Windows-1252)${look}.`];
}

function knownSentences({ different, unchanged }: CheckedList): string[] {
  if (unchanged === 0) return [];
  const known =
    unchanged === 1 ? "One is known already and stays" : `${unchanged} are known already and stay`;
  const kept = `${known} as they are.`;
  if (different.length === 0) return [kept];
  return [
    kept,
    `The list has another e-mail address or language for ${nameList(different, 3)}: change that ` +
      "by **externals** if it is right.",
  ];
}

function ignoredSentence({ ignored }: CheckedList): string[] {
  if (ignored.length === 0) return [];
  return [`I leave out columns that I do not know: ${nameList(ignored, MOST_COLUMNS_NAMED)}.`];
}

export function imported(count: number): string {
  return (
    `${people(count)} ${count === 1 ? "is" : "are"} saved. To put them on a roster, go to the space where they are needed: ` +
    "mention me and write **add** and the name."
  );
}

export function numbersTaken(names: readonly string[]): string {
  return (
    `Nothing was imported: a number of ${nameList(names)} was given to somebody else meanwhile. Send the ` +
    "list again, then I check it anew."
  );
}

export function nothingImported(): string {
  return "Nothing was imported.";
}

export function nobodyToExport(): string {
  return "There is nobody to export: nobody with only a phone is known yet.";
}

export function listSent(count: number, mostAtOnce: number): string {
  const divide =
    count > mostAtOnce ? " It is longer than what **import** takes at once: divide it first." : "";
  return (
    `Here ${count === 1 ? "is" : "are"} ${people(count)}, as **import** takes them back.${divide} An ` +
    "apostrophe in front of a number keeps spreadsheets from calculating with it; leave it there. " +
    "The file holds phone numbers: keep it safe."
  );
}

interface SenderNumbers {
  sms?: string;
  voice?: string;
}

export function contactSent(senderName: string, { sms }: SenderNumbers): string {
  return (
    `Open this on your phone and save **${shown(senderName)}** as a contact; then let it through Do ` +
    "Not Disturb. iPhone: edit the contact, choose Ringtone, then Text Tone, and switch on " +
    "Emergency Bypass. Android: mark it as a favourite, and allow favourites in Do Not Disturb." +
    (isName(sms) ? ` Texts come from “${shown(sms ?? "")}”, which no contact can hold.` : "")
  );
}

/** There is no number that a phone could keep. */
export function noSenderNumbers({ sms }: SenderNumbers): string {
  if (isName(sms))
    return (
      `Texts come from “${shown(sms ?? "")}”, which no contact can hold, and calls are not set up: ` +
      "there is no number to save."
    );
  return "Texts and calls are not set up, so there is no number to save yet.";
}

function isName(origin: string | undefined): boolean {
  return origin !== undefined && !/^\+?\d+$/.test(origin);
}
