import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import { answerNotFound } from "./base-app";
import { rawBodyOf } from "./raw-body";

export interface ConnectCallbackOptions {
  /** The unguessable last part of the path; two while it is being changed. */
  callbackSecrets: readonly string[];
  acceptCallback(rawBody: string): Promise<void>;
}

/** Answers like any unknown route unless the path ends in one of our secrets. */
export function requireCallbackSecret(callbackSecrets: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const { secret } = request.params;
    if (typeof secret === "string" && isOneOf(secret, callbackSecrets)) next();
    else void answerNotFound(request, response, next);
  };
}

/** 200 exactly: Webex Connect takes other codes below 500 for a refusal and never sends again. */
export function receiveCallback(options: ConnectCallbackOptions): RequestHandler {
  return async (request, response) => {
    await options.acceptCallback(rawBodyOf(request).toString("utf8"));
    response.status(200).end();
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
