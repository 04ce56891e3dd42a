/** One way to make a text's facts shorter. */
export interface Cut<Facts> {
  /** How long the part is that can be cut. */
  length: (facts: Facts) => number;
  /** How much of it is left in any case. */
  least: number;
  cutTo: (facts: Facts, length: number) => Facts;
}

export interface Limit {
  measure: (text: string) => number;
  max: number;
}

/**
 * Writes the text and, while it is longer than the limit, cuts its facts, one cut after the other
 * and each no further than needed. What no cut shortens stays, even if that is too long.
 */
export function fitText<Facts>(
  facts: Facts,
  write: (facts: Facts) => string,
  { measure, max }: Limit,
  cuts: readonly Cut<Facts>[],
): string {
  const fits = (candidate: Facts): boolean => measure(write(candidate)) <= max;
  let present = facts;
  let text = write(present);
  for (const { length, least, cutTo } of cuts) {
    if (measure(text) <= max) break;
    const whole = present;
    const kept = longestThatFits(least, length(whole), (size) => fits(cutTo(whole, size)));
    present = cutTo(whole, kept);
    text = write(present);
  }
  return text;
}

function longestThatFits(least: number, most: number, fits: (size: number) => boolean): number {
  let low = least;
  let high = Math.max(least, most);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The beginning of the text, `max` UTF-16 units long at most (never under three), with "..." where
 * it ends, since "…" would make an SMS unicode. No character is cut in half.
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = "";
  for (const { segment } of characters.segment(text)) {
    if (kept.length + segment.length > max - 3) break;
    kept += segment;
  }
  return `${kept.trimEnd()}...`;
}
