/** A language that texts are written in. */
export interface Language {
  /** Its own name: "Deutsch". */
  title: string;
  /** Its code, as in the name of its file: "de". */
  value: string;
}

/** The one of these that serves somebody who wants `wanted`: itself, or "pt" for "pt-BR". */
export function servingLanguage(codes: readonly string[], wanted: string): string | undefined {
  const [general = ""] = wanted.split("-");
  return [wanted, general].find((code) => codes.includes(code));
}

/** For a choice: the one that speaks where none was chosen first, the others by their codes. */
export function languageChoices(codes: readonly string[], defaultLanguage: string): Language[] {
  const first = servingLanguage(codes, defaultLanguage) ?? servingLanguage(codes, "en");
  const others = codes.filter((code) => code !== first).sort();
  return [...(first === undefined ? [] : [first]), ...others].map((code) => ({
    title: ownName(code),
    value: code,
  }));
}

function ownName(code: string): string {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  const [initial = "", ...rest] = name;
  return [initial.toLocaleUpperCase(code), ...rest].join("");
}
