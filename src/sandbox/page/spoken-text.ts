import { mentionOf } from "./markdown";
import type { Message } from "./sandbox-state";

const MENTION = /<spark-mention[^>]*>(.*?)<\/spark-mention>/s;
const ESCAPES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
};

/**
 * What a person typed, as text: only whom they mentioned is marked, which the sandbox tells by
 * tags in an HTML in which everything else is escaped.
 */
export function spokenText({ text, html }: Message): (Node | string)[] {
  if (html === undefined) return [text];
  const body = html.replace(/^<p>/, "").replace(/<\/p>$/, "");
  // A split by a pattern with a group gives text and names by turns.
  return body.split(MENTION).map((part, index) => {
    const plain = part.replace(/&(?:amp|lt|gt|quot);/g, (escape) => ESCAPES[escape] ?? escape);
    return index % 2 === 1 ? mentionOf(plain) : plain;
  });
}
