import { foldedWords } from "../fold";

/** Far beyond what names hold; what is longer is found by its beginning. */
const MOST_OF_NAME = 300;
const MOST_OF_WORD = 64;
const MOST_WORDS = 40;

/** What a text is found by, and what is looked for: see `foldedWords`. */
export function wordsOf(text: string): string[] {
  return foldedWords(text.slice(0, MOST_OF_NAME)).slice(0, MOST_WORDS).map(cut);
}

/** What somebody's whole name is ordered and found by: "Anne-Marie O’Brien" is "anne marie o brien". */
export function nameKey(name: string): string {
  return wordsOf(name).join(" ");
}

/**
 * By the beginning of which words somebody is found: those of the name and of the address before
 * the "@", and what stands together there as one, so that "obrien" finds O'Brien.
 */
export function indexWords(name: string, email: string | undefined): string[] {
  const local = email?.split("@")[0] ?? "";
  const chunks = [...name.slice(0, MOST_OF_NAME).split(/\s+/u), local];
  const words = chunks.flatMap((chunk) => {
    const parts = wordsOf(chunk);
    return parts.length > 1 ? [...parts, cut(parts.join(""))] : parts;
  });
  return [...new Set(words)].slice(0, 2 * MOST_WORDS);
}

/** By characters, so that no half of one is left that a database would refuse. */
function cut(word: string): string {
  return word.length <= MOST_OF_WORD ? word : Array.from(word).slice(0, MOST_OF_WORD).join("");
}
