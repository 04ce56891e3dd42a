/** What the HTTP statuses and network errors of any provider mean. */

/** Whatever is asked for: a wrong header must not silence a channel for a day. */
const LONGEST_PAUSE_MS = 10 * 60_000;

const retryableStatuses = new Set([408, 423, 425, 429]);

/** Errors that say that no connection came about, so that nothing can have been carried out. */
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

/** May the same call succeed later? */
export function isRetryableStatus(status: number): boolean {
  return retryableStatuses.has(status) || status >= 500;
}

/** May a call that ended with this network error have been carried out all the same? */
export function mayHaveArrived(code: string): boolean {
  return !neverSent.has(code);
}

/**
 * The code of the outermost error that has one, such as ECONNRESET; `fetch` wraps what the socket
 * said. Errors of Node's own code need not be of this realm's `Error`.
 */
export function networkCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return "cause" in error ? networkCode(error.cause) : undefined;
}

/**
 * A `Retry-After` header, seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from `now`:
 * 0 to ten minutes, `undefined` when it is neither.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const asked = parseNamedPause(header, now);
  return asked === undefined ? undefined : Math.min(LONGEST_PAUSE_MS, asked);
}

/** The same, however long the pause is. */
export function parseNamedPause(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  const date = /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) - now : NaN;
  const asked = /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1_000) : date;
  return Number.isNaN(asked) ? undefined : Math.max(0, asked);
}
