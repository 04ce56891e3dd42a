import type { SandboxMessage } from "./model";

export interface Button {
  title: string;
  data: Record<string, unknown>;
}

/** The buttons of a message's card, wherever they are in it. */
export function buttonsOf({ attachments }: Pick<SandboxMessage, "attachments">): Button[] {
  return submitsIn(attachments.map(({ content }) => content));
}

function submitsIn(value: unknown): Button[] {
  if (Array.isArray(value)) return value.flatMap(submitsIn);
  if (typeof value !== "object" || value === null) return [];
  if ("type" in value && value.type === "Action.Submit") return [value as unknown as Button];
  return Object.values(value).flatMap(submitsIn);
}
