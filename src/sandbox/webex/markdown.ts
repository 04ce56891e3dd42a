import type { Content, SandboxPerson } from "../model";

/** Looks a person up for a mention; nobody who is not in the space can be mentioned. */
export type FindMember = (by: "id" | "email", value: string) => SandboxPerson | undefined;

interface Piece {
  html: string;
  text: string;
}

interface Rendering {
  findMember: FindMember;
  people: Set<string>;
  groups: Set<string>;
}

/**
 * The part of Webex's Markdown that a bot uses: mentions, bold, italics, links, code, lists,
 * headings, quotes and backslash escapes.
 */
export function renderMarkdown(markdown: string, findMember: FindMember): Content {
  const rendering: Rendering = { findMember, people: new Set(), groups: new Set() };
  const blocks = markdown
    .replace(/\r\n?/g, "\n")
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== "")
    .map((block) => renderBlock(block, rendering));
  return {
    markdown,
    html: blocks.map(({ html }) => html).join(""),
    text: blocks.map(({ text }) => text).join("\n\n"),
    mentionedPeople: [...rendering.people],
    mentionedGroups: [...rendering.groups],
  };
}

/** Text without Markdown mentions nobody, whatever it looks like. */
export function plainContent(text: string): Content {
  return { text, mentionedPeople: [], mentionedGroups: [] };
}

interface Line extends Piece {
  kind: "ul" | "ol" | "h3" | "blockquote" | "p";
}

const MARKS: readonly { kind: Line["kind"]; mark: RegExp }[] = [
  { kind: "ul", mark: /^\s*[-*+]\s+/ },
  { kind: "ol", mark: /^\s*\d+[.)]\s+/ },
  { kind: "h3", mark: /^\s*#{1,6}\s+/ },
  { kind: "blockquote", mark: /^\s*>\s?/ },
];

function renderBlock(block: string, rendering: Rendering): Piece {
  const lines = block.split("\n").map((line) => renderLine(line, rendering));
  const runs: Line[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.[0]?.kind === line.kind) run.push(line);
    else runs.push([line]);
  }
  return {
    html: runs.map(renderRun).join(""),
    text: lines.map(({ text }) => text).join("\n"),
  };
}

function renderRun(run: readonly Line[]): string {
  const kind = run[0]?.kind ?? "p";
  const lines = run.map(({ html }) => html);
  if (kind === "p") return `<p>${lines.join("<br/>")}</p>`;
  if (kind === "h3" || kind === "blockquote") return `<${kind}>${lines.join("<br/>")}</${kind}>`;
  return `<${kind}>${lines.map((line) => `<li>${line}</li>`).join("")}</${kind}>`;
}

function renderLine(line: string, rendering: Rendering): Line {
  const { kind, mark } = MARKS.find((each) => each.mark.test(line)) ?? { kind: "p", mark: /^/ };
  const prefix = mark.exec(line)?.[0] ?? "";
  const { html, text } = renderInline(line.slice(prefix.length), rendering);
  // Only lists keep their marks in plain text, where they still help to read.
  const isList = kind === "ul" || kind === "ol";
  return { kind, html, text: isList ? `${prefix.trim()} ${text}` : text };
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" };

type Inline = (match: RegExpExecArray, rendering: Rendering) => Piece;

/** Tried in this order at every place of a line; the first that fits wins. */
const INLINE: readonly { pattern: RegExp; render: Inline }[] = [
  { pattern: /\\([!-/:-@[-`{-~])/y, render: ([, character = ""]) => literal(character) },
  {
    pattern: /&(lt|gt|amp|quot|#39);/y,
    render: ([, name = ""]) => literal(ENTITIES[name] ?? ""),
  },
  { pattern: /<@person(Id|Email):([^|>\s]+)\s*(?:\|([^>]*))?>/iy, render: renderPerson },
  // Webex keeps this tag when it stands in Markdown, so it is a way to mention someone too.
  {
    pattern: /<spark-mention[^>]*data-object-id="([^"]+)"[^>]*>(.*?)<\/spark-mention>/iy,
    render: ([, id = "", label], rendering) => mention("id", id, label, rendering),
  },
  { pattern: /<@all(?:\|[^>]*)?>/iy, render: (_match, rendering) => mentionAll(rendering) },
  { pattern: /(`+)(.+?)\1(?!`)/y, render: wrap("code") },
  { pattern: /(\*\*|__)(?=\S)((?:\\.|.)+?)\1/y, render: wrap("strong") },
  { pattern: /(\*|_)(?=\S)((?:\\.|(?!\1).)+)\1/y, render: wrap("em") },
  { pattern: /\[((?:\\.|[^\]\\])*)\]\(([^)\s]+)\)/y, render: renderLink },
];

function renderInline(line: string, rendering: Rendering): Piece {
  const pieces: Piece[] = [];
  for (let at = 0; at < line.length;) {
    const found = matchAt(line, at);
    pieces.push(found ? found.render(found.match, rendering) : literal(line.charAt(at)));
    at += found ? found.match[0].length : 1;
  }
  return joined(pieces);
}

function matchAt(line: string, at: number): { match: RegExpExecArray; render: Inline } | undefined {
  // Most characters begin nothing.
  if (!/[\\&<`*_[]/.test(line.charAt(at))) return undefined;
  for (const { pattern, render } of INLINE) {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match && !isInsideWord(line, at, match[0])) return { match, render };
  }
  return undefined;
}

/** `snake_case_name` has no italics. */
function isInsideWord(line: string, at: number, matched: string): boolean {
  if (!matched.startsWith("_")) return false;
  const word = /[\p{L}\p{N}]/u;
  return word.test(line.charAt(at - 1)) || word.test(line.charAt(at + matched.length));
}

function wrap(tag: string): Inline {
  return ([, , inner = ""], rendering) => {
    const { html, text } = renderInline(inner, rendering);
    return { html: `<${tag}>${html}</${tag}>`, text };
  };
}

function renderPerson(match: RegExpExecArray, rendering: Rendering): Piece {
  const [, kind = "", value = "", label] = match;
  return mention(kind.toLowerCase() === "id" ? "id" : "email", value, label, rendering);
}

function renderLink([, label = "", url = ""]: RegExpExecArray, rendering: Rendering): Piece {
  const { html, text } = renderInline(label, rendering);
  return { html: `<a href="${escapeHtml(url)}" target="_blank">${html}</a>`, text };
}

function mention(
  by: "id" | "email",
  value: string,
  label: string | undefined,
  rendering: Rendering,
): Piece {
  const person = rendering.findMember(by, value);
  if (!person) return literal(label ?? value);
  rendering.people.add(person.id);
  return personMention(person, label ?? person.displayName);
}

export function personMention(person: SandboxPerson, label: string): Piece {
  const tag = `<spark-mention data-object-type="person" data-object-id="${person.id}">`;
  return { html: `${tag}${escapeHtml(label)}</spark-mention>`, text: label };
}

function mentionAll(rendering: Rendering): Piece {
  rendering.groups.add("all");
  const tag = '<spark-mention data-object-type="groupMention" data-group-type="all">';
  return { html: `${tag}All</spark-mention>`, text: "All" };
}

function joined(pieces: readonly Piece[]): Piece {
  return {
    html: pieces.map(({ html }) => html).join(""),
    text: pieces.map(({ text }) => text).join(""),
  };
}

function literal(text: string): Piece {
  return { html: escapeHtml(text), text };
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
