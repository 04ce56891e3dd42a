import { Remembered } from "./remembered";
import type { Phone, Space } from "./store";

/** By space and number: when the last was written that somebody has looked at. */
type Marks = Readonly<Record<string, number>>;

const remembered = new Remembered<Marks>("read");

/** How many of these moments are later than what was read before the page was loaded anew. */
export function unreadAfterReload(key: string, moments: readonly number[]): number {
  const marks = remembered.get();
  if (marks === undefined) return 0;
  const mark = marks[key] ?? 0;
  return moments.filter((at) => at > mark).length;
}

/** Remembers how far everything was read. */
export function keepRead(spaces: Iterable<Space>, phones: Iterable<Phone>): void {
  const before = remembered.get() ?? {};
  const marks: Record<string, number> = {};
  const mark = (key: string, unread: number, moments: readonly number[]): void => {
    marks[key] = unread === 0 ? Math.max(0, ...moments) : (before[key] ?? 0);
  };
  for (const { id, unread, messages } of spaces) {
    mark(
      id,
      unread,
      messages.slice(-1).map(({ created }) => created),
    );
  }
  for (const { number, unread, texts, calls } of phones) {
    const last = [[...texts.values()].at(-1), [...calls.values()].at(-1)];
    mark(
      number,
      unread,
      last.map((one) => one?.at ?? 0),
    );
  }
  remembered.set(marks);
}
