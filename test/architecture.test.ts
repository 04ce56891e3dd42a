import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** Who may import whom, and where a package may be used. */

const SRC = path.join(__dirname, "..", "src");

/** What joins everything; any other file at the first level imports only its like. */
const joints = ["main.ts", "app.ts", "app"];

const features = ["incident", "roster", "notify", "directory", "grants"];

interface Arrows {
  /** Folders of which values may be imported. */
  values: readonly string[];
  /** Folders of which types may be imported besides. */
  types?: readonly string[];
}

/** By folder; its own files and the root's may always be imported. */
const arrows: Readonly<Record<string, Arrows>> = {
  root: { values: [] },
  // A decision's changes are one union, of the directory's too.
  incident: { values: ["roster", "notify", "grants"], types: ["directory"] },
  directory: { values: ["grants"], types: ["incident"] },
  // A roster says on which channels a responder is told; delivery hands a new member back.
  roster: { values: [], types: ["notify"] },
  notify: { values: [], types: ["roster"] },
  // What a grant changes and what people are told of it is one decision.
  grants: { values: [], types: ["incident"] },
  bot: { values: features },
  http: { values: features },
  cli: { values: [...features, "webex", "connect"] },
  store: { values: [], types: features },
  // What the bot takes in is the bot's to say.
  webex: { values: [], types: [...features, "bot"] },
  connect: { values: [], types: features },
  sandbox: { values: [] },
};

/**
 * What crosses all the same. From the store it is a pure function or table, kept beside the rule
 * that it belongs to, so that what is stored and what is decided cannot differ.
 */
const exceptions: readonly string[] = [
  // The command that migrates the database without starting the bot.
  "cli/migrate.ts → store",
  // Doctor looks whether the database can be opened, as the store would.
  "cli → store/check-database",
  // Names are found as they were stored.
  // The states' only moves are kept where the states are.
  "store → notify/notification",
  // A row that is not needed any more ends at its claim, in the same transaction.
  "store → notify/send-context",
  // What receipts say together is one rule, applied to many of them in one commit.
  "store → notify/receipt",
  // Which codes of the provider's say that something did not arrive is one table, with their words.
  "connect → notify/receipt",
  // A decision is given what became of everybody, counted by the rule that the card counts by.
  "store → incident/progress",
  // What a decision changes makes a status card out of date, whichever rule made it.
  "store → incident/status-card",
  // Thrown where a decision is asked for in a space that is not known.
  "store → incident/ports",
];

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
  .map((file) => file.split(path.sep).join("/"));

const sources = new Map(files.map((file) => [file, readFileSync(path.join(SRC, file), "utf8")]));

/** Every import, re-export, `require` and `import()` of a file. */
function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean): void => {
    if (specifier && ts.isStringLiteral(specifier))
      found.push({ from: file, to: specifier.text, isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node.importClause));
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, isTypeExport(node));
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    if (ts.isCallExpression(node) && loads(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { namedBindings: named } = clause;
  const hasOnlyNames = clause.name === undefined && named !== undefined && ts.isNamedImports(named);
  return hasOnlyNames && named.elements.every((element) => element.isTypeOnly);
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true;
  if (!exportClause || !ts.isNamedExports(exportClause)) return false;
  return exportClause.elements.every((element) => element.isTypeOnly);
}

function loads(callee: ts.Expression): boolean {
  const isRequire = ts.isIdentifier(callee) && callee.text === "require";
  return isRequire || callee.kind === ts.SyntaxKind.ImportKeyword;
}

/** "incident" for `incident/change.ts`; the root's files, and `config/`, are "root". */
function folderOf(file: string): string {
  const [first = "", ...rest] = file.split("/");
  if (joints.includes(first)) return "joint";
  return rest.length === 0 || first === "config" ? "root" : first;
}

/** The path within `src` without its ending; `undefined` for a package, or for what is no code. */
function targetOf({ from, to }: Import): string | undefined {
  if (!to.startsWith(".") || to.endsWith(".json")) return undefined;
  const target = path.posix.join(path.posix.dirname(from), to);
  return target.startsWith("..") ? undefined : target;
}

function isAllowed(one: Import): boolean {
  const target = targetOf(one);
  if (target === undefined) return true;
  const from = folderOf(one.from);
  const to = folderOf(`${target}.ts`);
  if (from === "joint") return to !== "sandbox";
  if (from === to || to === "root") return true;
  const { values, types = [] } = arrows[from] ?? { values: [] };
  if (values.includes(to) || (one.isType && types.includes(to))) return true;
  return namesOf(one).some((name) => exceptions.includes(name));
}

/** The ways in which an exception may name an import. */
function namesOf(one: Import): string[] {
  const target = targetOf(one) ?? one.to;
  return [`${folderOf(one.from)} → ${target}`, `${one.from} → ${folderOf(target)}`];
}

const all = [...sources].flatMap(([file, text]) => importsOf(file, text));

function shown({ from, to, isType }: Import): string {
  return `${from} imports ${isType ? "types of " : ""}${to}`;
}

test("every folder is one that the layout knows", () => {
  const known = [...Object.keys(arrows), "joint"];
  expect(files.filter((file) => !known.includes(folderOf(file)))).toEqual([]);
});

test("no import goes where the layout has no arrow", () => {
  expect(all.filter((one) => !isAllowed(one)).map(shown)).toEqual([]);
});

test("no exception is kept that nobody needs any more", () => {
  const used = new Set(all.flatMap(namesOf));
  expect(exceptions.filter((exception) => !used.has(exception))).toEqual([]);
});

test.each([
  ["knex", /^store\//],
  ["webex-node-bot-framework", /^webex\/bot-connection\.ts$/],
])("%s is used only in %s", (name, where) => {
  const users = all.filter(({ to }) => to === name || to.startsWith(`${name}/`));
  expect(users.filter(({ from }) => !where.test(from)).map(shown)).toEqual([]);
  expect(users).not.toEqual([]);
});

test("only secrets.ts has ciphers", () => {
  const users = files.filter((file) => /\bcreate(De)?[cC]ipheriv\b/.test(sources.get(file) ?? ""));
  expect(users).toEqual(["secrets.ts"]);
});

describe("the reading of imports sees", () => {
  test.each([
    ['import { a } from "./x";', false],
    ['import a from "./x";', false],
    ['import "./x";', false],
    ['import { a, type B } from "./x";', false],
    ['import type { B } from "./x";', true],
    ['import { type B } from "./x";', true],
    ['export { a } from "./x";', false],
    ['export * from "./x";', false],
    ['export type { B } from "./x";', true],
    ['const a = require("./x");', false],
    ['async function f() { await import("./x"); }', false],
    ['type A = import("./x").B;', true],
  ])("%s", (line, isType) => {
    expect(importsOf("a.ts", line)).toEqual([{ from: "a.ts", to: "./x", isType }]);
  });
});

describe("of the arrows", () => {
  test.each([
    ["incident/a.ts", "../roster/b", false, true],
    ["incident/a.ts", "../bot/b", true, false],
    ["notify/a.ts", "../roster/b", true, true],
    ["notify/a.ts", "../roster/b", false, false],
    ["notify/a.ts", "../incident/b", true, false],
    ["roster/a.ts", "../incident/b", true, false],
    ["store/a.ts", "../incident/change", true, true],
    ["store/a.ts", "../incident/change", false, false],
    ["store/a.ts", "../fold", false, true],
    ["store/a.ts", "../webex/b", true, false],
    ["webex/a.ts", "../bot/incoming", true, true],
    ["webex/a.ts", "../bot/incoming", false, false],
    ["sandbox/a.ts", "../webex/b", true, false],
    ["sandbox/webex/a.ts", "../../clock", false, true],
    ["sandbox/webex/a.ts", "../../webex/rest", false, false],
    ["bot/views/a.ts", "../../store/b", true, false],
    ["http/a.ts", "../store/b", true, false],
    ["cli/a.ts", "../store/check-database", false, true],
    ["cli/a.ts", "../store/store", false, false],
    ["cli/migrate.ts", "../store/migrate", false, true],
    ["clock.ts", "./incident/change", true, false],
    ["config/a.ts", "../errors", false, true],
    ["config/a.ts", "../notify/b", true, false],
    ["clock.ts", "./app", true, false],
    ["bot/a.ts", "../app", true, false],
    ["bot/a.ts", "../app/wiring", true, false],
    ["app/wiring.ts", "../store/store", false, true],
    ["app.ts", "./store/store", false, true],
    ["main.ts", "./sandbox/main", false, false],
  ])("%s to %s (types only: %s) is allowed: %s", (from, to, isType, allowed) => {
    expect(isAllowed({ from, to, isType })).toBe(allowed);
  });
});
