/** Lower case without accents, for comparing names: "José" and "jose" fold to the same. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/** Letters that no decomposition takes apart, as people type them who lack them. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ŧ: "t",
  ı: "i",
  ĸ: "k",
  ŋ: "n",
};

const BEYOND_ASCII = /\P{ASCII}/u;

/** The letters and digits of a text, word by word, for finding: "Anne-Marie Strauß" has three. */
export function foldedWords(text: string): string[] {
  // Most names are plain, and there are hundreds of thousands of them.
  const folded = BEYOND_ASCII.test(text) ? foldLetters(text) : text.toLowerCase();
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** For finding: folded, and "Łukasz Strauß" as "lukasz strauss". */
export function foldLetters(text: string): string {
  return fold(text).replace(/[ßæœøđðþłħŧıĸŋ]/g, (letter) => plainLetters[letter] ?? letter);
}
