const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
  "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED = "^{}[]~\\|€\f";

/** The text as a phone shows it when it was sent as plain `TEXT`: what GSM-7 lacks is lost. */
export function asGsm(text: string): string {
  return Array.from(text)
    .map((c) => (BASIC.includes(c) || EXTENDED.includes(c) ? c : "?"))
    .join("");
}

/** How many parts the network charges for. Characters of the extension table count double. */
export function countParts(text: string, unicode: boolean): number {
  const units = unicode ? text.length : gsmUnits(text);
  const [single, joined] = unicode ? [70, 67] : [160, 153];
  return units <= single ? 1 : Math.ceil(units / joined);
}

function gsmUnits(text: string): number {
  return Array.from(text).reduce((sum, c) => sum + (EXTENDED.includes(c) ? 2 : 1), 0);
}
