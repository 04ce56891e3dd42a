import type { Receipt, ReceiptKind } from "../notify/receipt";
import { kindOfStatus } from "./status-kind";

/** The fields of both status answers, each of which may hold anything. */
export interface StatusBody {
  status?: unknown;
  statusTime?: unknown;
  error?: unknown;
  durationSeconds?: unknown;
  answeredTime?: unknown;
}

type Said = Pick<Receipt, "kind" | "at" | "code">;

/** While it is open, there is nothing to say. */
const OVER: ReadonlySet<ReceiptKind> = new Set(["delivered", "failed", "ended"]);

/**
 * What a status says of a text or call, as the receipts that should have come; none while it is
 * open. A call that is over and has a time at which it was answered was heard for its seconds.
 */
export function saidByStatus(body: StatusBody, now: number): Said[] {
  const kind = typeof body.status === "string" ? kindOfStatus(body.status) : undefined;
  if (!kind || !OVER.has(kind)) return [];
  const answeredAt = timeOf(body.answeredTime);
  if (kind === "ended" && answeredAt !== undefined)
    return [
      { kind: "answered", at: answeredAt },
      { kind: "ended", at: answeredAt + secondsOf(body.durationSeconds) * 1_000 },
    ];
  const code = codeOf(body.error);
  const at = timeOf(body.statusTime) ?? now;
  return [{ kind, at, ...(kind === "failed" && code !== undefined ? { code } : {}) }];
}

function timeOf(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}

const LONGEST_CALL_SECONDS = 24 * 60 * 60;

function secondsOf(value: unknown): number {
  const seconds = Number(value);
  return seconds >= 0 && seconds <= LONGEST_CALL_SECONDS ? seconds : 0;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  const text = typeof code === "number" ? String(code) : code;
  return typeof text === "string" && /^\d{1,6}$/.test(text) ? text : undefined;
}
