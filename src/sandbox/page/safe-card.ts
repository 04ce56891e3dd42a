import { isSafeLink } from "./markdown";

/**
 * A card without anything that would load a picture from elsewhere or open what is no web page or
 * telephone: such elements, backgrounds and buttons are left out.
 */
export function safeCard(card: Record<string, unknown>): Record<string, unknown> {
  return cleaned(card) as Record<string, unknown>;
}

const PICTURES = ["backgroundImage", "iconUrl"];

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(isAllowed).map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name, inner]) => isAllowed(inner) && !(PICTURES.includes(name) && !isDrawn(inner)),
  );
  return Object.fromEntries(entries.map(([name, inner]) => [name, cleaned(inner)]));
}

function isAllowed(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("type" in value)) return true;
  const url = "url" in value ? value.url : undefined;
  if (value.type === "Image") return isDrawn(url);
  if (value.type === "Media") return false;
  return value.type !== "Action.OpenUrl" || (typeof url === "string" && isSafeLink(url));
}

function isDrawn(picture: unknown): boolean {
  return typeof picture === "string" && picture.startsWith("data:image/");
}
