import { RemoteError } from "../errors";

const DEFAULT_PAUSE_MS = 15_000;
const SHORTEST_PAUSE_MS = 1_000;
/** Whatever is asked for: a wrong header must not silence the bot for a day. */
const LONGEST_PAUSE_MS = 10 * 60_000;
const retryableStatuses = new Set([408, 423, 425, 429]);

/** Errors that say that no connection came about, so that Webex cannot have carried the call out. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

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
  /** What the clock's `now()` reads, against which an HTTP date is taken. */
  now: number;
}

/** Webex answered and did not do as asked. */
export function refusedCall(asked: Asked, refusal: Refusal): RemoteError {
  const { status } = refusal;
  const retryAfterMs = pauseMs(refusal);
  return new RemoteError(`Webex answered ${status} to ${asked.method} ${asked.path}`, {
    service: "webex",
    status,
    retryable: retryableStatuses.has(status) || status >= 500,
    unclear: status === 502 || status === 504,
    trackingId: refusal.trackingId ?? asked.trackingId,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/**
 * No whole answer came. The cause is kept by its code only: the text of some network errors quotes
 * the request's headers.
 */
export function lostCall(asked: Asked, cause: unknown, timedOut: boolean): RemoteError {
  const reason = timedOut ? "time-out" : (errorCode(cause) ?? "no connection");
  return new RemoteError(`No answer from Webex to ${asked.method} ${asked.path} (${reason})`, {
    service: "webex",
    retryable: true,
    unclear: !neverSent.has(reason),
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

/** The code of the outermost error that has one, such as ECONNRESET; `fetch` wraps what the socket said. */
function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return "cause" in error ? errorCode(error.cause) : undefined;
}

function pauseMs({ status, retryAfter, now }: Refusal): number | undefined {
  const asked = retryAfter === null ? undefined : parseRetryAfter(retryAfter.trim(), now);
  if (asked !== undefined) return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, asked));
  return status === 429 ? DEFAULT_PAUSE_MS : undefined;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from `now`. */
function parseRetryAfter(text: string, now: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const date = /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : date - now;
}
