import { RemoteError } from "../errors";
import {
  isRetryableStatus,
  mayHaveArrived,
  networkCode,
  parseNamedPause,
  parseRetryAfter,
} from "../network-failure";

const DEFAULT_PAUSE_MS = 15_000;
const SHORTEST_PAUSE_MS = 1_000;

/** What was asked, in words that are safe in a log: no query, since it can hold an e-mail address. */
export interface Asked {
  method: string;
  path: string;
  trackingId: string;
}

export interface Refusal {
  status: number;
  retryAfter: string | null;
  trackingId: string | undefined;
  /** What the body says of the cause, in a word of ours. */
  code?: string | undefined;
  /** What the clock's `now()` reads, against which an HTTP date is taken. */
  now: number;
}

/** Webex answered and did not do as asked. */
export function refusedCall(asked: Asked, refusal: Refusal): RemoteError {
  const { code, status } = refusal;
  const retryAfterMs = pauseMs(refusal);
  const namedPauseMs = parseNamedPause(refusal.retryAfter, refusal.now);
  return new RemoteError(`Webex answered ${status} to ${asked.method} ${asked.path}`, {
    service: "webex",
    status,
    retryable: isRetryableStatus(status),
    unclear: status === 502 || status === 504,
    trackingId: refusal.trackingId ?? asked.trackingId,
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(namedPauseMs === undefined ? {} : { namedPauseMs }),
  });
}

/**
 * No whole answer came. The cause is kept by its code only: the text of some network errors quotes
 * the request's headers.
 */
export function lostCall(asked: Asked, cause: unknown, timedOut: boolean): RemoteError {
  const reason = timedOut ? "time-out" : (networkCode(cause) ?? "no connection");
  return new RemoteError(`No answer from Webex to ${asked.method} ${asked.path} (${reason})`, {
    service: "webex",
    retryable: true,
    unclear: mayHaveArrived(reason),
    trackingId: asked.trackingId,
  });
}

/** Webex answered something else than documented; `where` names the field. */
export function strangeAnswer(asked: Asked, status: number, where: string): RemoteError {
  return new RemoteError(
    `Webex answered ${asked.method} ${asked.path} in an unexpected shape (${where})`,
    {
      service: "webex",
      status,
      retryable: false,
      unclear: asked.method === "POST",
      trackingId: asked.trackingId,
    },
  );
}

export function hasStatus(error: unknown, statuses: readonly number[]): error is RemoteError {
  return error instanceof RemoteError && statuses.includes(error.failure.status ?? 0);
}

/** What `call` gives, or undefined where Webex refused with one of the statuses. */
export async function unless<T>(
  statuses: readonly number[],
  call: Promise<T>,
): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (hasStatus(error, statuses)) return undefined;
    throw error;
  }
}

function pauseMs({ status, retryAfter, now }: Refusal): number | undefined {
  const asked = parseRetryAfter(retryAfter, now);
  if (asked !== undefined) return Math.max(SHORTEST_PAUSE_MS, asked);
  return status === 429 ? DEFAULT_PAUSE_MS : undefined;
}
