import type { RemoteFailure } from "../errors";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/**
 * Webex Connect rejects an Idempotency-Key that was used in the previous hour; ten minutes are left
 * for clocks that differ and for a send that waits.
 */
const KEY_REMEMBERED_MS = 50 * 60_000;
/** Webex Connect's limit and pattern for the Idempotency-Key header. */
const KEY_PATTERN = /^[\w=-]{1,64}$/;

/** What one attempt to send came to. */
export type AttemptOutcome =
  | { kind: "accepted"; providerId: string }
  /** The provider says that it has seen this key before. */
  | { kind: "duplicate" }
  /** It did not and will not do it. */
  | { kind: "refused"; failure: RemoteFailure }
  /** It did not do it now. */
  | { kind: "later"; failure: RemoteFailure }
  /** It may have done it; without a failure if the process died before it could record one. */
  | { kind: "unclear"; failure?: RemoteFailure };

export interface AttemptedRow {
  /** Attempts made, the one just made included. */
  attempts: number;
  keyNumber: number;
  /** When the first unclear attempt with the present key ended. */
  unclearSince?: number;
  /** An attempt with an earlier key may have been carried out. */
  maybeSent?: boolean;
  cancelRequested: boolean;
  expiresAt: number;
}

export interface AfterAttempt {
  state: "accepted" | "failed" | "queued" | "cancelled" | "expired";
  keyNumber: number;
  unclearSince: number | undefined;
  /** Set only when queued. */
  dueAt?: number;
  /** The provider may have carried out an attempt whose answer did not come. */
  maybeSent: boolean;
  providerId?: string;
  error?: RemoteFailure;
}

interface Attempt {
  row: AttemptedRow;
  outcome: AttemptOutcome;
  now: number;
  /** 0 up to but not including 1. */
  random: number;
}

/**
 * When to try again after `attempts` attempts: the provider's `Retry-After` if it gave one, else an
 * exponential backoff with full jitter, 1 s doubling to 60 s. Undefined when nothing could be
 * sent before `expiresAt`. Times are milliseconds.
 */
export function nextAttempt(state: {
  attempts: number;
  now: number;
  random: number;
  retryAfterMs?: number | undefined;
  expiresAt: number;
}): number | undefined {
  const { attempts, now, random, retryAfterMs = 0, expiresAt } = state;
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, attempts - 1));
  // "Retry-After: 0" says nothing about when; obeyed, it would make a loop without a pause.
  const dueAt = now + (retryAfterMs > 0 ? retryAfterMs : Math.round(random * longest));
  return dueAt < expiresAt ? dueAt : undefined;
}

/** How a failed call counts; a duplicate is told apart before, by the client that read the answer. */
export function outcomeOf(failure: RemoteFailure): AttemptOutcome {
  if (failure.unclear) return { kind: "unclear", failure };
  return { kind: failure.retryable ? "later" : "refused", failure };
}

/** Whether a claimed row may still be sent: not expired, and its key still remembered if it matters. */
export function mayAttempt(
  row: { expiresAt: number; unclearSince?: number | undefined },
  now: number,
): boolean {
  return now < lastMoment(row);
}

/** The key of a notification's n-th series of attempts. Throws if Webex Connect would refuse it. */
export function idempotencyKey(notificationId: string, keyNumber: number): string {
  const key = `${notificationId}-${keyNumber}`;
  if (!KEY_PATTERN.test(key)) throw new RangeError(`Not an idempotency key: ${key}`);
  return key;
}

/**
 * The row after one attempt, so that everything is sent at least once, and once only wherever the
 * provider makes it possible: the key stays while the outcome is unclear and changes after a
 * definite refusal. A duplicate answer that ends otherwise than accepted is the provider's fault
 * and worth a line in the log.
 */
export function afterAttempt(attempt: Attempt): AfterAttempt {
  const { row, outcome } = attempt;
  switch (outcome.kind) {
    case "accepted":
      return accepted(row, outcome.providerId);
    case "duplicate":
      return row.unclearSince === undefined ? afterRefusal(attempt) : accepted(row);
    case "refused":
      return row.cancelRequested ? cancelled(row, outcome.failure) : failed(row, outcome.failure);
    case "later":
      return afterRefusal(attempt, outcome.failure);
    case "unclear":
      return afterUnclear(attempt, outcome.failure);
  }
}

function accepted(row: AttemptedRow, providerId?: string): AfterAttempt {
  return {
    state: "accepted",
    keyNumber: row.keyNumber,
    unclearSince: undefined,
    maybeSent: false,
    ...(providerId !== undefined && { providerId }),
  };
}

function failed(row: AttemptedRow, error: RemoteFailure): AfterAttempt {
  return { ...settled(row, error), state: "failed" };
}

/** "cancelled" promises that nothing was sent. */
function cancelled(row: AttemptedRow, error: RemoteFailure | undefined): AfterAttempt {
  return { ...settled(row, error), state: maybeSent(row) ? "expired" : "cancelled" };
}

function settled(row: AttemptedRow, error: RemoteFailure | undefined): Omit<AfterAttempt, "state"> {
  return {
    keyNumber: row.keyNumber,
    unclearSince: row.unclearSince,
    maybeSent: maybeSent(row),
    ...(error !== undefined && { error }),
  };
}

/**
 * The next attempt has a new key even after an unclear one: should the refused request have used
 * the old key up, the next answer would be "duplicate" and a lost message would count as sent.
 */
function afterRefusal({ row, now, random }: Attempt, error?: RemoteFailure): AfterAttempt {
  if (row.cancelRequested) return cancelled(row, error);
  const dueAt = nextAttempt({ ...row, now, random, retryAfterMs: error?.retryAfterMs });
  if (dueAt === undefined) return { ...settled(row, error), state: "expired" };
  return {
    ...settled(row, error),
    state: "queued",
    keyNumber: row.keyNumber + 1,
    unclearSince: undefined,
    dueAt,
  };
}

function afterUnclear({ row, now, random }: Attempt, error?: RemoteFailure): AfterAttempt {
  const unclear = { ...row, unclearSince: row.unclearSince ?? now };
  const dueAt = nextAttempt({
    ...row,
    now,
    random,
    retryAfterMs: error?.retryAfterMs,
    expiresAt: lastMoment(unclear),
  });
  if (row.cancelRequested || dueAt === undefined) {
    return { ...settled(unclear, error), state: "expired" };
  }
  return { ...settled(unclear, error), state: "queued", dueAt };
}

function maybeSent(row: AttemptedRow): boolean {
  return row.maybeSent === true || row.unclearSince !== undefined;
}

function lastMoment(row: { expiresAt: number; unclearSince?: number | undefined }): number {
  if (row.unclearSince === undefined) return row.expiresAt;
  return Math.min(row.expiresAt, row.unclearSince + KEY_REMEMBERED_MS);
}
