/** Lower case without accents, for comparing names: "José" and "jose" fold to the same. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}
