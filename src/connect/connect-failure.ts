import type { RemoteFailure } from "../errors";
import { RemoteError } from "../errors";
import {
  isRetryableStatus,
  mayHaveArrived,
  networkCode,
  parseRetryAfter,
} from "../network-failure";
import type { ConnectAnswer } from "./connect-answer";
import { errorCode } from "./connect-answer";

/** Too many requests a second: of the tenant (7020), of the sender's number (7302). */
const throttleCodes = new Set(["7020", "7302"]);

interface ConnectFailure extends RemoteFailure {
  saysDuplicate: boolean;
}

/**
 * Whether Webex Connect refused a send because it has seen its Idempotency-Key before. The API
 * description names 409 for calls only and leaves the status for SMS open, so any 4xx whose own
 * message says "duplicate" counts as well: the one place where an answer's words decide.
 */
export function isDuplicate(failure: RemoteFailure): boolean {
  if (failure.service !== "connect") return false;
  return failure.status === 409 || ("saysDuplicate" in failure && failure.saysDuplicate === true);
}

/** Webex Connect answered and did not do as asked. `now` is what an HTTP date is taken against. */
export function refusedSend(answer: ConnectAnswer, now: number): RemoteError {
  const { status } = answer;
  const code = errorCode(answer);
  const retryAfterMs = parseRetryAfter(answer.retryAfter, now);
  const failure: ConnectFailure = {
    service: "connect",
    status,
    retryable: isRetryable(status, code),
    unclear: isUnclear(status, code),
    saysDuplicate: saysDuplicate(answer),
    ...(code !== undefined && { code }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  const detail = code === undefined ? "" : ` (code ${code})`;
  return new RemoteError(`Webex Connect answered ${status}${detail}`, failure);
}

/** It answered 2xx without the id that proves a send; the same key asks again without harm. */
export function unproven(status: number): RemoteError {
  return new RemoteError(`Webex Connect answered ${status} without an id`, {
    service: "connect",
    status,
    retryable: true,
    unclear: true,
  });
}

/**
 * No whole answer came. The cause is kept by its code only: the text of some network errors quotes
 * the request's headers.
 */
export function lostSend(cause: unknown): RemoteError {
  const reason = isTimeout(cause) ? "time-out" : (networkCode(cause) ?? "connection lost");
  return new RemoteError(`No answer from Webex Connect (${reason})`, {
    service: "connect",
    retryable: true,
    unclear: mayHaveArrived(reason),
  });
}

function isRetryable(status: number, code: string | undefined): boolean {
  if (code !== undefined && throttleCodes.has(code)) return true;
  return isRetryableStatus(status);
}

/** A 5xx without Connect's own error body comes from something before it, which cannot know. */
function isUnclear(status: number, code: string | undefined): boolean {
  if (code !== undefined && throttleCodes.has(code)) return false;
  return status === 502 || status === 504 || (status >= 500 && code === undefined);
}

function saysDuplicate({ status, body }: ConnectAnswer): boolean {
  if (status < 400 || isRetryableStatus(status)) return false;
  return typeof body?.message === "string" && /\bduplicate\b/i.test(body.message);
}

function isTimeout(error: unknown): boolean {
  return field(error, "name") === "TimeoutError";
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
