import { distance } from "fastest-levenshtein";

/** A way to write a command, and the way that is shown to people. */
export interface Phrase {
  written: readonly string[];
  shown: readonly string[];
}

// With two of three letters wrong every short word looks like every other.
const SHORT_WORD = 3;
const LONGEST_WORD = 40;

/**
 * The whole command line as it was probably meant, where its beginning is one or two letters off
 * a known phrase; the words after it are kept.
 */
export function suggest(words: readonly string[], phrases: readonly Phrase[]): string | undefined {
  let best: { phrase: Phrase; off: number } | undefined;
  for (const phrase of phrases) {
    const off = lettersOff(words, phrase.written);
    if (off === undefined) continue;
    const isLonger = off === best?.off && phrase.written.length > best.phrase.written.length;
    if (best === undefined || off < best.off || isLonger) best = { phrase, off };
  }
  if (best === undefined) return undefined;
  return [...best.phrase.shown, ...words.slice(best.phrase.written.length)].join(" ");
}

/** Letters that must change over all words, or undefined where a word is too far off. */
function lettersOff(words: readonly string[], phrase: readonly string[]): number | undefined {
  let sum = 0;
  for (const [index, known] of phrase.entries()) {
    const word = (words[index] ?? "").slice(0, LONGEST_WORD).toLowerCase();
    const off = distance(word, known);
    if (off > mostLettersOff(known)) return undefined;
    sum += off;
  }
  return sum;
}

function mostLettersOff(known: string): number {
  if (known.length < SHORT_WORD) return 0;
  return known.length === SHORT_WORD ? 1 : 2;
}
