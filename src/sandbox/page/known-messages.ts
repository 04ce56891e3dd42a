import type { Message } from "./sandbox-state";

/** `fresh`, with each message that says the same as a known one replaced by that one. */
export function keepKnown(known: readonly Message[], fresh: readonly Message[]): Message[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  return fresh.map((message) => {
    const before = byId.get(message.id);
    return before !== undefined && saysTheSame(before, message) ? before : message;
  });
}

export function newMessages(known: readonly Message[], fresh: readonly Message[]): number {
  const ids = new Set(known.map(({ id }) => id));
  return fresh.filter(({ id }) => !ids.has(id)).length;
}

export function saysTheSame(one: Message, other: Message): boolean {
  return (
    one.text === other.text &&
    one.markdown === other.markdown &&
    one.files.length === other.files.length &&
    JSON.stringify(one.attachments) === JSON.stringify(other.attachments)
  );
}
