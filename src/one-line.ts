const PLAIN_LINE = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;

/**
 * The text on one line without what cannot be seen: control characters, zero-width ones, and the
 * bidirectional overrides with which a name could turn round the words after it. The joiners that
 * emoji and Persian need stay.
 */
export function oneLine(text: string): string {
  // Most texts are plain, and a directory has hundreds of thousands of them.
  if (PLAIN_LINE.test(text)) return text;
  return text
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(/[\u00AD\u200B\u2060\uFEFF\uFDD0\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/[\s\u0085]+/g, " ")
    .replace(/\p{Cc}/gu, "")
    .trim();
}
