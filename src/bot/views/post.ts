import type { Post } from "../../notify/notification";
import { expand, type CardJson } from "../../notify/template";

/** The first colour word is for calm, the last for what needs somebody now. */
export type Color = "default" | "accent" | "good" | "warning" | "attention";

// A line feed alone is no new line in Markdown.
const NEW_LINE = "  \n";

/** Joins what is there into Markdown lines; an absent or empty line is left out. */
export function lines(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(NEW_LINE);
}

export function bold(escaped: string): string {
  return `**${escaped}**`;
}

// Webex takes 7,439 bytes of Markdown, and of a card, once encrypted, about 22 KB.
const MOST_MARKDOWN_BYTES = 7000;
const MOST_CARD_BYTES = 20_000;

/** Whether Webex would take the post. */
export function fits({ markdown, card }: Post): boolean {
  const cardBytes = card === undefined ? 0 : Buffer.byteLength(JSON.stringify(card));
  return Buffer.byteLength(markdown) < MOST_MARKDOWN_BYTES && cardBytes < MOST_CARD_BYTES;
}

/** A card from its template, and the lines that say the same where cards are not shown. */
export function cardPost(
  template: CardJson,
  data: object,
  parts: readonly (string | undefined)[],
): Post {
  return { markdown: lines(parts), card: withBareAngles(expand(template, data)) };
}

/**
 * In a message "<" must be an entity, or it could mention people. In a TextBlock it does nothing,
 * and clients that read only part of Markdown would show the entity itself.
 */
function withBareAngles(card: Record<string, unknown>): Record<string, unknown> {
  const element = Object.fromEntries(
    Object.entries(card).map(([name, member]) => [name, withBareAnglesIn(member)]),
  );
  if (element.type !== "TextBlock" || typeof element.text !== "string") return element;
  return { ...element, text: element.text.replaceAll("&lt;", "<") };
}

function withBareAnglesIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBareAnglesIn);
  return isElement(value) ? withBareAngles(value) : value;
}

function isElement(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
