import type { Listing } from "../people-table";
import type { WorldState } from "../world-state";
import { ApiError } from "./api-error";
import { ok, queried, type Answer, type Call } from "./call";

export interface PageRule<Item> {
  size: number;
  largest: number;
  idOf: (item: Item) => string;
  show: (item: Item) => unknown;
  /** Other members of the answer, beside `items`. */
  extra?: Record<string, unknown>;
}

/** One page of `items`, with the address of the next one where there is one. */
export function answerPage<Item>(call: Call, items: Listing<Item>, rule: PageRule<Item>): Answer {
  const start = startOf(items, rule, queried(call, "cursor"));
  const end = start + pageSize(call.state, queried(call, "max"), rule);
  const shown = items.slice(start, end);
  const answer = ok({ ...rule.extra, items: shown.map((item) => rule.show(item)) });
  const last = shown.at(-1);
  if (last === undefined || end >= items.length) return answer;
  const next = new URL(call.url);
  const page = pageOf(call.query) + 1;
  next.searchParams.set("cursor", encodeCursor({ offset: end, after: rule.idOf(last), page }));
  return { ...answer, headers: { Link: `<${next.href}>; rel="next"` } };
}

/** Asking for more than the endpoint gives yields what it gives. */
function pageSize(
  state: WorldState,
  max: string | undefined,
  { size, largest }: { size: number; largest: number },
): number {
  const wanted = max === undefined ? size : Number(max);
  if (!Number.isInteger(wanted) || wanted < 1) throw new ApiError(400, "max must be positive.");
  return Math.min(wanted, largest, state.forcedPageSize ?? largest);
}

interface Cursor {
  offset: number;
  after: string;
  page: number;
}

function encodeCursor({ offset, after, page }: Cursor): string {
  return Buffer.from(`${offset} ${after} ${page}`).toString("base64url");
}

function decodeCursor(cursor: string): Cursor | undefined {
  const [offset = "", after = "", page] = Buffer.from(cursor, "base64url").toString().split(" ");
  const isWhole = Number.isInteger(Number(offset)) && after !== "";
  return isWhole ? { offset: Number(offset), after, page: Number(page) } : undefined;
}

/** Which page of a list is asked for; the first is 1. */
export function pageOf(query: URLSearchParams): number {
  const cursor = query.get("cursor");
  return (cursor ? decodeCursor(cursor)?.page : undefined) ?? 1;
}

/** Goes on behind the last item shown, wherever it has moved since; the offset is for lost ones. */
function startOf<Item>(
  items: Listing<Item>,
  { idOf }: PageRule<Item>,
  cursor: string | undefined,
): number {
  if (cursor === undefined) return 0;
  const found = decodeCursor(cursor);
  if (!found) throw new ApiError(400, "Invalid cursor.");
  const { offset, after } = found;
  const [before] = items.slice(offset - 1, offset);
  if (before !== undefined && idOf(before) === after) return offset;
  const index = items.findIndex((item) => idOf(item) === after);
  return index >= 0 ? index + 1 : offset;
}
