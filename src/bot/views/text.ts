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

/** Hides what a space must not see: of a phone number all but two digits, of an e-mail all. */
export function withoutContacts(text: string): string {
  return text
    .replace(/[^\s@<>]{1,64}@[^\s@<>.]+(?:\.[^\s@<>.]+)+/gu, "(e-mail)")
    .replace(/\+?\d[\d ().-]{4,}\d/gu, (number) => ELLIPSIS + number.slice(-2));
}

/** "payments down", with the word that marks a rehearsal in front of it where it is one. */
export function incidentName(incident: { name: string; isDrill: boolean }): string {
  return (incident.isDrill ? "DRILL " : "") + shown(incident.name);
}

/** "Incident 42 · Payments team". */
export function eyebrow(number: number, spaceTitle: string): string {
  return `Incident ${number} · ${shown(spaceTitle)}`;
}
