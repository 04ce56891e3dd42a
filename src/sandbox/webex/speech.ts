import type { Content, SandboxPerson } from "../model";
import { escapeHtml, personMention } from "./markdown";

/**
 * What a person types in a Webex client: `@Name` of a member is a mention, the longest name that
 * fits first, so `@Ana Silva` is not taken for `@Ana`.
 */
export function spokenContent(typed: string, members: readonly SandboxPerson[]): Content {
  const names = [...members].sort((one, other) => nameLength(other) - nameLength(one));
  const mentionedPeople = new Set<string>();
  let html = "";
  let text = "";
  for (let at = 0; at < typed.length;) {
    const person = names.find((each) => isNamedAt(typed, at, each.displayName));
    const piece = person ? personMention(person, person.displayName) : plain(typed.charAt(at));
    if (person) mentionedPeople.add(person.id);
    html += piece.html;
    text += piece.text;
    at += person ? nameLength(person) + 1 : 1;
  }
  const mentions = { mentionedPeople: [...mentionedPeople], mentionedGroups: [] };
  return mentionedPeople.size > 0
    ? { text, html: `<p>${html}</p>`, ...mentions }
    : { text, ...mentions };
}

function nameLength({ displayName }: SandboxPerson): number {
  return displayName.length;
}

function isNamedAt(typed: string, at: number, name: string): boolean {
  if (!typed.startsWith(`@${name}`, at)) return false;
  return !/[\p{L}\p{N}]/u.test(typed.charAt(at + 1 + name.length));
}

function plain(character: string): { html: string; text: string } {
  return { html: escapeHtml(character), text: character };
}
