import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { escapeMarkdown, oneLine } from "../../src/notify/template";
import { hostileTexts } from "../support/card-builders";
import { cardSamples, postSamples, samplesWith } from "../support/card-samples";

type Node = Readonly<Record<string, unknown>>;

const safeTypes = new Set([
  "AdaptiveCard",
  "TextBlock",
  "ColumnSet",
  "Column",
  "Container",
  "FactSet",
  "ActionSet",
  "Input.Text",
  "Input.ChoiceSet",
  "Action.Submit",
  "Action.OpenUrl",
  "Action.ShowCard",
]);

/** Every object with a type in a card, whatever it is nested in; Submit data is not looked into. */
function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== "object" || value === null) return [];
  const node = value as Node;
  const inner = Object.entries(node).flatMap(([name, member]) =>
    name === "data" ? [] : nodesOf(member),
  );
  return typeof node.type === "string" ? [node, ...inner] : inner;
}

function textsOf(card: object): string[] {
  return nodesOf(card).flatMap((node) =>
    [node.text, node.title, node.value].filter((text) => typeof text === "string"),
  );
}

function submitsOf(card: object): Node[] {
  return nodesOf(card)
    .filter((node) => node.type === "Action.Submit")
    .map((node) => node.data as Node);
}

describe.each(cardSamples())("the card $name", ({ card }) => {
  const nodes = nodesOf(card);

  it("is version 1.3", () => {
    expect(card).toMatchObject({ type: "AdaptiveCard", version: "1.3" });
  });

  it("has only elements that Webex shows", () => {
    expect(nodes.filter((node) => !safeTypes.has(String(node.type)))).toEqual([]);
  });

  it("is smaller than 20 KB", () => {
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(20_000);
  });

  it("has five actions in a bar and two columns at most", () => {
    const bars = nodes.map((node) => (node.actions ?? []) as unknown[]);
    const columns = nodes.map((node) => (node.columns ?? []) as unknown[]);
    expect(Math.max(...bars.map((bar) => bar.length))).toBeLessThanOrEqual(5);
    expect(Math.max(...columns.map((set) => set.length))).toBeLessThanOrEqual(2);
  });

  it("wraps every text and shows no empty one", () => {
    const blocks = nodes.filter((node) => node.type === "TextBlock");
    for (const block of blocks) expect(block).toMatchObject({ wrap: true });
    expect(blocks.filter((block) => block.text === "")).toEqual([]);
  });

  it("submits an action, the version and its card id", () => {
    for (const data of submitsOf(card)) {
      expect(data).toMatchObject({
        action: expect.stringMatching(/^[a-z]+\.[a-z]+(-[a-z]+)*$/) as string,
        v: 1,
        card: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
      });
    }
  });

  it("opens only web addresses", () => {
    const urls = nodes.filter((node) => node.type === "Action.OpenUrl").map((node) => node.url);
    for (const url of urls) expect(url).toMatch(/^https?:\/\//);
  });

  it("leaves no placeholder of the template", () => {
    const isHostile = JSON.stringify(card).includes("${1+1}");
    if (!isHostile) expect(JSON.stringify(card)).not.toContain("${");
  });
});

describe.each(hostileTexts.map((text) => ({ text })))("what a person wrote: $text", ({ text }) => {
  const beginning = Array.from(oneLine(text)).slice(0, 20).join("");

  it.each(samplesWith(text))("shows as written on the card $name", ({ post }) => {
    // A TextBlock shows "<" as it is; two braces are kept apart from a date to be formatted.
    const escaped = escapeMarkdown(beginning)
      .replaceAll("&lt;", "<")
      .replace(/(?<=\{)\{/g, "\\{");
    const texts = textsOf(post.card!).join("\n");
    const holds = texts.includes(escaped) || texts.includes(beginning);
    expect(holds).toBe(true);
  });

  it.each(samplesWith(text))("does nothing in the message beside the card $name", ({ post }) => {
    expect(post.markdown).not.toMatch(/<@|\u202e|(?<!\\)\*\*x|(?<!\\)\]\(http:\/\/b/);
  });

  it.each(samplesWith(text))("is not read as Markdown on the card $name", ({ post }) => {
    const blocks = nodesOf(post.card).filter((node) => node.type === "TextBlock");
    for (const { text: shown } of blocks) {
      expect(shown).not.toMatch(/\u202e|(?<!\\)\*\*x|(?<!\\)\]\(http:\/\/b|\{\{/);
    }
  });
});

describe("the messages beside the cards", () => {
  it.each(postSamples())("$name says something and fits into a message", ({ post }) => {
    expect(post.markdown.trim()).not.toBe("");
    expect(Buffer.byteLength(post.markdown)).toBeLessThan(7439);
  });
});

it("has a sample of every template", () => {
  const names = cardSamples().map(({ name }) => name);
  const templates = readdirSync(path.join(__dirname, "../../cards"))
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.replace(".json", ""));
  const unsampled = templates.filter(
    (template) => !names.some((name) => name.startsWith(template)),
  );
  expect(unsampled).toEqual([]);
});

it("keeps every template readable by a person: each is JSON with a schema", () => {
  const folder = path.join(__dirname, "../../cards");
  expect(existsSync(folder)).toBe(true);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const template = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Node;
    expect(template).toMatchObject({ type: "AdaptiveCard", version: "1.3" });
  }
});
