import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../src/bot/table";
import { variables } from "../src/config";

const root = join(__dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** The cells of every row of a document's tables, without the marks around code. */
function rows(document: string): string[][] {
  return document
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(1, line.lastIndexOf("|")).split(/(?<!\\)\|/))
    .map((cells) => cells.map((cell) => cell.trim().replace(/^`(.*)`$/, "$1")));
}

it("documents every variable with its default and its meaning, and no other", () => {
  const documented = rows(read("docs/configuration.md")).filter(([name]) =>
    /^[A-Z_]+$/.test(name!),
  );
  const real = variables.map((one) => [
    one.name,
    one.isRequired ? "required" : (one.default ?? "none"),
    one.description,
  ]);
  expect(documented).toEqual(real);
});

it("shows every command that can be written, and none that cannot", () => {
  const written = [...read("README.md").matchAll(/^\| (`.*?`) +\|/gm)].map(([, cell = ""]) => cell);
  const documented = written.flatMap((cell) => cell.split(" · ")).map((one) => one.slice(1, -1));
  expect(documented).not.toEqual([]);
  const verbs = commands.flatMap(({ words }) => words.map((one) => one.join(" ")));
  // What else a command may be called is for those who do not look it up.
  const first = commands.map(({ words: [shown = []] }) => shown.join(" "));
  for (const verb of first) expect(documented.some((one) => one.startsWith(verb))).toBe(true);
  for (const line of documented) expect(verbs.some((verb) => line.startsWith(verb))).toBe(true);
});

it("names only scripts that there are", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const documents = ["README.md", "CHANGELOG.md", ...inFolder("docs"), ...inFolder("docs/adr")];
  for (const document of documents)
    for (const [, name = ""] of read(document).matchAll(/npm run (?:-s |--silent )?([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(name);
});

it("leads only to files that there are", () => {
  for (const document of ["README.md", ...inFolder("docs"), ...inFolder("docs/adr")])
    for (const [, target = ""] of read(document).matchAll(/\]\((?!https?:|#)([^)#]+)\)/g))
      expect([target, existsSync(join(root, document, "..", target))]).toEqual([target, true]);
});

it("keeps decisions short and in one form", () => {
  for (const document of inFolder("docs/adr")) {
    const text = read(document);
    expect(text.split("\n").length).toBeLessThanOrEqual(60);
    for (const part of ["Status:", "Date:", "## Question", "## Options", "## Decision"])
      expect(text).toContain(part);
    expect(text).toContain("## Consequences");
  }
});

function inFolder(folder: string): string[] {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith(".md"));
  return files.map((name) => `${folder}/${name}`);
}
