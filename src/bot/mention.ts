/** A person who was mentioned in a message. */
export interface Mention {
  personId: string;
  name: string;
}

// Neither part reaches over another mention's beginning, so that each character is looked at once.
const MENTION =
  /<spark-mention\b([^<>]*)>([^<]*(?:<(?!\/?spark-mention\b)[^<]*)*)<\/spark-mention>/giu;
const OBJECT_ID = /data-object-id\s*=\s*["']([^"']*)["']/iu;
const PERSON = /data-object-type\s*=\s*["']person["']/iu;

/** The people whom the HTML of a message mentions, in order. */
export function mentionsIn(html: string | undefined): Mention[] {
  return [...(html ?? "").matchAll(MENTION)]
    .filter(([, attributes = ""]) => PERSON.test(attributes))
    .map(([, attributes = "", inner = ""]) => ({
      personId: OBJECT_ID.exec(attributes)?.[1] ?? "",
      name: htmlText(inner),
    }));
}

/** Whether two ids name one person: Webex uses the plain UUID and its encoded form side by side. */
export function isSamePerson(one: string, other: string): boolean {
  return one === other || (one !== "" && uuidOf(one) === uuidOf(other));
}

function uuidOf(id: string): string {
  const decoded = Buffer.from(id, "base64").toString("utf8");
  return decoded.startsWith("ciscospark://") ? decoded.slice(decoded.lastIndexOf("/") + 1) : id;
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function htmlText(html: string): string {
  return html
    .replace(/<[^<>]*>/gu, "")
    .replace(/&(?:#(\d{1,7})|(\w+));/gu, (whole, code?: string, name?: string) =>
      code === undefined ? (entities[name ?? ""] ?? whole) : characterOf(Number(code), whole),
    );
}

function characterOf(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}

/**
 * `line` without `name` at its beginning or, with "any" and where it is not there, at its end.
 * Undefined where the name stands at neither.
 */
export function withoutName(
  line: string,
  name: string,
  place: "leading" | "any",
): string | undefined {
  if (name === "") return undefined;
  const rest = withoutLeading(line, name);
  return rest === undefined && place === "any" ? withoutTrailing(line, name) : rest;
}

// The name is compared, never made a pattern: it may hold any character.
function withoutLeading(line: string, name: string): string | undefined {
  const start = line.startsWith("@") ? 1 : 0;
  const end = start + name.length;
  if (!isSame(line.slice(start, end), name)) return undefined;
  const rest = line.slice(end);
  return rest === "" || /^[\s,:;.!?-]/u.test(rest) ? rest.replace(/^[\s,:;.!-]+/u, "") : undefined;
}

function withoutTrailing(line: string, name: string): string | undefined {
  if (!isSame(line.slice(-name.length), name)) return undefined;
  const rest = line.slice(0, -name.length);
  return rest === "" || /[\s@]$/u.test(rest) ? withoutEnd(rest, /[\s@,]/u) : undefined;
}

/** Without the characters of a kind that it ends with; a pattern for that takes long to fail. */
export function withoutEnd(text: string, kind: RegExp): string {
  let end = text.length;
  while (end > 0 && kind.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
