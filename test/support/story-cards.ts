import { renderMarkdown } from "../../src/sandbox/webex/markdown";

/** A card's button as whoever sees it would press it. */
export interface CardButton {
  title: string;
  /** What the button carries. */
  data: Readonly<Record<string, unknown>>;
  /** What the fields of its card hold when nothing was typed. */
  fields: Readonly<Record<string, unknown>>;
  choices: readonly { title: string; value: string; field: string }[];
}

type Element = Readonly<Record<string, unknown>>;

/** What a person reads on a card, line by line; its buttons in brackets. */
export function cardText(card: object): string {
  return elements(card)
    .flatMap((element) => {
      if (element.type === "TextBlock") return [rendered(element.text)];
      return isButton(element) ? [`[${written(element.title)}]`] : fieldText(element);
    })
    .join("\n");
}

/** Every button, those of cards that a card only opens among them. */
export function buttonsOf(card: object): CardButton[] {
  const all = elements(card);
  const inputs = all.filter(({ type }) => written(type).startsWith("Input."));
  const fields = Object.fromEntries(inputs.map(({ id, value }) => [written(id), value ?? ""]));
  const choices = inputs.flatMap((input) =>
    list(input.choices).map(({ title, value }) => ({
      title: written(title),
      value: written(value),
      field: written(input.id),
    })),
  );
  return all
    .filter(({ type }) => type === "Action.Submit")
    .map(({ title, data }) => ({
      title: written(title),
      data: isElement(data) ? data : {},
      fields,
      choices,
    }));
}

/** What opens in a browser. */
export function linksOf(card: object): { title: string; url: string }[] {
  return elements(card)
    .filter(({ type }) => type === "Action.OpenUrl")
    .map(({ title, url }) => ({ title: written(title), url: written(url) }));
}

function fieldText({ type, label, value }: Element): string[] {
  if (!written(type).startsWith("Input.")) return [];
  return [`${written(label)}: ${written(value)}`];
}

function isButton({ type }: Element): boolean {
  return written(type).startsWith("Action.");
}

/** Everything in a card that has a type, in the order in which it is shown. */
function elements(value: unknown): Element[] {
  if (Array.isArray(value)) return value.flatMap(elements);
  if (!isElement(value)) return [];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    name === "data" ? [] : elements(member),
  );
  return typeof value.type === "string" ? [value, ...inner] : inner;
}

/** A TextBlock shows Markdown; nobody can be mentioned in it. */
function rendered(markdown: unknown): string {
  return renderMarkdown(written(markdown), () => undefined).text;
}

function list(value: unknown): Element[] {
  return Array.isArray(value) ? value.filter(isElement) : [];
}

function isElement(value: unknown): value is Element {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function written(value: unknown): string {
  return typeof value === "string" ? value : "";
}
