import { escapeMarkdown, oneLine } from "../../notify/template";

const ELLIPSIS = "…";

/** One line of what a person wrote, `max` characters at most, for where Markdown is not read. */
export function plain(text: string, max = 120): string {
  const line = oneLine(text);
  const characters = Array.from(line);
  if (characters.length <= max) return line;
  return characters.slice(0, max - 1).join("") + ELLIPSIS;
}

/** What a person wrote, as one line that reads as written in Markdown and in a TextBlock. */
export function shown(text: string, max = 120): string {
  // A TextBlock reads {{DATE(…)}} and {{TIME(…)}} as dates to be formatted.
  return escapeMarkdown(plain(text, max)).replace(/(?<=\{)\{/gu, "\\{");
}

/**
 * What a person wrote, beside a box to tick: the one kind of choice whose title is read as Markdown
 * (seen with adaptivecards 3.0). Nobody can be mentioned there, and "<" stays itself.
 */
export function besideBox(text: string, max = 120): string {
  return shown(text, max).replaceAll("&lt;", "<");
}

const MOST_PARAGRAPHS = 12;

/** As `shown`, for a longer text: its lines stay lines, as far as a card has room for them. */
export function shownParagraphs(text: string, max = 1200): string[] {
  const lines = plainLines(Array.from(text).slice(0, max).join(""));
  const last = lines.slice(MOST_PARAGRAPHS - 1).join(" ");
  return [...lines.slice(0, MOST_PARAGRAPHS - 1), last]
    .filter((line) => line !== "")
    .map((line) => shown(line, max));
}

function plainLines(text: string): string[] {
  return text.split(/\r?\n/u).filter((line) => oneLine(line) !== "");
}

/** "1 person", "18 people". */
export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function people(count: number): string {
  return countOf(count, "person", "people");
}

/** Names as "Bo, Carol and 3 more", escaped; `total` is how many there are when not all are given. */
export function nameList(names: readonly string[], max = 10, total = names.length): string {
  const listed = names.slice(0, max).map((name) => shown(name, 60));
  const left = Math.max(total, names.length) - listed.length;
  return listed.join(", ") + (left > 0 ? ` and ${left} more` : "");
}

/** The verb for so many people. */
export function isOrAre(names: readonly string[]): string {
  return names.length === 1 ? "is" : "are";
}

/** Hides what a space must not see: of a phone number all but two digits, of an e-mail all. */
export function withoutContacts(text: string): string {
  return text
    .replace(/[^\s@<>]{1,64}@[^\s@<>.]+(?:\.[^\s@<>.]+)+/gu, "(e-mail)")
    .replace(/\+?\d[\d ().-]{4,}\d/gu, (number) => ELLIPSIS + number.slice(-2));
}

const MAYBE_NUMBER = /^(?=(?:\D*\d){4})[\d\s().+-]+$/u;

/** Hides a term that is nothing but digits, from four on: by so many somebody's number is found. */
export function withoutLastDigits(term: string): string {
  return MAYBE_NUMBER.test(term) ? ELLIPSIS + term.replace(/\D/gu, "").slice(-2) : term;
}

/** "payments down", with the word that marks a rehearsal in front of it where it is one. */
export function incidentName(incident: { name: string; isDrill: boolean }): string {
  return (incident.isDrill ? "DRILL " : "") + shown(incident.name);
}

/** "Incident 42 · Payments team". */
export function eyebrow(number: number, spaceTitle: string): string {
  return `Incident ${number} · ${shown(spaceTitle)}`;
}

/** As `countOf`, for what may be many: "12,034 people". */
export function thousands(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}
