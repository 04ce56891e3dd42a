/** The characters of GSM 03.38 that take one place; an SMS of these holds 160. */
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Its extension: each takes two places, which may not be torn apart by the end of a part. */
const EXTENDED = new Set("^{}\\[~]|€\f");

export interface SmsLength {
  isUnicode: boolean;
  /** Places used: septets, or UTF-16 units for unicode. */
  units: number;
  /** How many messages the operator sends and bills. */
  parts: number;
}

/** Whether the text holds a character that only a unicode SMS can carry. */
export function needsUnicode(text: string): boolean {
  return Array.from(text).some((character) => widthInGsm(character) === undefined);
}

/**
 * How an SMS of this text is split up: 160 places, or 153 in each of several parts (70 and 67 for
 * unicode), as 3GPP TS 23.040 leaves room for the header that joins them.
 */
export function smsLength(text: string): SmsLength {
  const isUnicode = needsUnicode(text);
  const widths = Array.from(text).map((character) =>
    isUnicode ? character.length : (widthInGsm(character) ?? 0),
  );
  const units = widths.reduce((sum, width) => sum + width, 0);
  const [single, joined] = isUnicode ? [70, 67] : [160, 153];
  return { isUnicode, units, parts: units <= single ? 1 : countParts(widths, joined) };
}

function widthInGsm(character: string): number | undefined {
  if (BASIC.has(character)) return 1;
  return EXTENDED.has(character) ? 2 : undefined;
}

function countParts(widths: readonly number[], room: number): number {
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > room) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}
