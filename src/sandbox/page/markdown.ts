import MarkdownIt, { type StateInline, type Token } from "markdown-it";
import { el } from "./dom";

/**
 * The Markdown of the bot as nodes of the page. No HTML, no pictures, no tables; a link leads only
 * to the web or a telephone. What is made here is elements by a fixed list and text, nothing else.
 */
export function renderMarkdown(markdown: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  append(fragment, parser.parse(markdown, {}));
  return fragment;
}

/** As `renderMarkdown`, as HTML, for the renderer of cards. */
export function markdownHtml(markdown: string): string {
  const box = el("div");
  box.append(renderMarkdown(markdown));
  return box.innerHTML;
}

export function isSafeLink(url: string): boolean {
  return /^(https?:\/\/|tel:)/i.test(url);
}

export function mentionOf(name: string): HTMLElement {
  return el("span", { class: "mention" }, `@${name}`);
}

const parser = new MarkdownIt({ html: false, linkify: false, breaks: true }).disable([
  "image",
  "table",
]);
parser.validateLink = isSafeLink;
parser.inline.ruler.before("autolink", "mention", readMention);

const MENTION =
  /<@(?:all(?:\|[^>]*)?|person(?:Id|Email):([^|>\s]+)\s*(?:\|([^>]*))?)>|<spark-mention[^>]*>(.*?)<\/spark-mention>/iy;

function readMention(state: StateInline, silent: boolean): boolean {
  MENTION.lastIndex = state.pos;
  const match = MENTION.exec(state.src);
  if (!match) return false;
  if (!silent) {
    const [, id, label, inner] = match;
    state.push("mention", "", 0).content = label ?? inner ?? id ?? "All";
  }
  state.pos += match[0].length;
  return true;
}

const ELEMENTS = ["p", "strong", "em", "s", "ul", "ol", "li", "blockquote", "a"] as const;

/** Openings go down into a new element, closings come up again. */
function append(root: Node, tokens: readonly Token[]): void {
  const path: Node[] = [root];
  for (const token of tokens) {
    const parent = path.at(-1) ?? root;
    if (token.nesting === 1) {
      // The lines of a tight list are paragraphs that are not to be seen.
      const child = token.hidden ? parent : elementOf(token);
      if (child !== parent) parent.appendChild(child);
      path.push(child);
    } else if (token.nesting === -1) path.pop();
    else appendLeaf(parent, token);
  }
}

function appendLeaf(parent: Node, token: Token): void {
  if (token.children !== null && token.type === "inline") append(parent, token.children);
  else if (token.type === "mention") parent.appendChild(mentionOf(token.content));
  else if (token.type === "softbreak" || token.type === "hardbreak") parent.appendChild(el("br"));
  else if (token.type === "code_inline") parent.appendChild(el("code", {}, token.content));
  else if (token.type === "fence" || token.type === "code_block") {
    parent.appendChild(el("pre", {}, el("code", {}, token.content)));
  } else if (token.type === "hr") parent.appendChild(el("hr"));
  else parent.appendChild(document.createTextNode(token.content));
}

function elementOf(token: Token): HTMLElement {
  // A heading of a message is none of the page.
  if (/^h[1-6]$/.test(token.tag)) return el("p", { class: "heading" });
  if (!isElementName(token.tag)) return el("span");
  const start = token.attrGet("start");
  if (token.tag === "ol" && start !== null) return el("ol", { start });
  if (token.tag !== "a") return el(token.tag);
  const href = String(token.attrGet("href") ?? "");
  // The parser has let no other link through; this is where it would do harm.
  if (!isSafeLink(href)) return el("span");
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" });
}

function isElementName(tag: string): tag is (typeof ELEMENTS)[number] {
  return (ELEMENTS as readonly string[]).includes(tag);
}
