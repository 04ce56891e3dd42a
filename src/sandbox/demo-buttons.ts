import type { SandboxMessage } from "./model";

export interface Button {
  title: string;
  data: Record<string, unknown>;
}

type Cards = Pick<SandboxMessage, "attachments">;

/** The buttons of a message's card, wherever they are in it. */
export function buttonsOf(message: Cards): Button[] {
  return elementsOf(message)
    .filter(({ type }) => type === "Action.Submit")
    .map((element) => element as unknown as Button);
}

/** What the fields of a message's card hold while nobody has typed or chosen anything. */
export function fieldsOf(message: Cards): Record<string, unknown> {
  const inputs = elementsOf(message).filter(({ type }) => String(type).startsWith("Input."));
  return Object.fromEntries(inputs.map(({ id, value }) => [String(id), value ?? ""]));
}

function elementsOf({ attachments }: Cards): Element[] {
  return elementsIn(attachments.map(({ content }) => content));
}

type Element = Readonly<Record<string, unknown>>;

function elementsIn(value: unknown): Element[] {
  if (Array.isArray(value)) return value.flatMap(elementsIn);
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    name === "data" ? [] : elementsIn(member),
  );
  return "type" in value ? [value, ...inner] : inner;
}
