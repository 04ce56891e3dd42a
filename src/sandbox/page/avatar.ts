import { el } from "./dom";

const HUES = 8;

/** Initials in a colour that is always the same for one name; for the eye only. */
export function avatar(name: string, kind: "person" | "bot" | "space" = "person"): HTMLElement {
  const classes = `avatar avatar-${kind} hue-${hueOf(name)}`;
  return el("span", { class: classes, "aria-hidden": "true" }, initials(name));
}

function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => Array.from(word ?? "")[0] ?? "?")
    .join("")
    .toUpperCase();
}

function hueOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}
