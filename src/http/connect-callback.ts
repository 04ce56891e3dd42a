import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import type { Logger } from "../log";
import type { Metrics } from "../metrics";
import { answerNotFound, markUsual } from "./base-app";
import { rawBodyOf } from "./raw-body";

export interface ConnectCallbackOptions {
  /** The unguessable last part of the path; two while it is being changed. */
  callbackSecrets: readonly string[];
  /** Resolves when what is kept of it is on disk. */
  acceptCallback(rawBody: Buffer, signature: unknown): Promise<CallbackOutcome | CallbackReply>;
  metrics: Pick<Metrics, "eventsReceived">;
}

/** failed: a call was told to hang up, because what it should do could not be decided. */
export type CallbackOutcome =
  "stored" | "duplicate" | "dropped" | "failed" | "malformed" | "bad-signature";

/** For a call, which waits for what it is to do next. */
export interface CallbackReply {
  outcome: CallbackOutcome;
  body: object;
}

/**
 * 200 exactly for what was understood: Webex Connect takes other codes below 500 for a refusal, and
 * after 400 it never sends again. 401 it repeats, should the secret be corrected meanwhile.
 */
const STATUS: Readonly<Record<CallbackOutcome, number>> = {
  stored: 200,
  duplicate: 200,
  dropped: 200,
  failed: 200,
  malformed: 400,
  "bad-signature": 401,
};

/** Whoever knows the address is the provider: what it sends in vain somebody must look at. */
const REFUSALS: Readonly<Partial<Record<CallbackOutcome, string>>> = {
  malformed: "a callback was in none of the formats that Webex Connect describes",
  "bad-signature": "a callback was not signed with CONNECT_SIGNING_SECRET",
};

/** Answers like any unknown route unless the path ends in one of our secrets. */
export function requireCallbackSecret(callbackSecrets: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const { secret } = request.params;
    if (typeof secret === "string" && isOneOf(secret, callbackSecrets)) next();
    else void answerNotFound(request, response, next);
  };
}

/** Answers once what the callback tells is kept; an error, answered with 500, asks for it again. */
export function receiveCallback(
  options: ConnectCallbackOptions,
  log: Pick<Logger, "warn">,
): RequestHandler {
  return async (request, response) => {
    const rawBody = rawBodyOf(request);
    const accepted = await options.acceptCallback(rawBody, request.headers["x-hub-signature"]);
    const { body, outcome } =
      typeof accepted === "string" ? { outcome: accepted, body: undefined } : accepted;
    options.metrics.eventsReceived.inc({ resource: "connect", outcome });
    const refusal = REFUSALS[outcome];
    if (refusal) log.warn({ bytes: rawBody.length }, refusal);
    markUsual(response);
    response.status(STATUS[outcome]);
    if (body) response.json(body);
    else response.end();
  };
}

/** Webex Connect asks with HEAD when somebody saves the address in its pages. */
export const answerProbe: RequestHandler = (_request, response) => {
  response.status(200).end();
};

/** Compares with every secret, and in a time that does not depend on how much of one was right. */
function isOneOf(given: string, secrets: readonly string[]): boolean {
  return secrets.map((secret) => isSame(given, secret)).includes(true);
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

/** Makes lengths equal, without which timingSafeEqual throws. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
