import { randomUUID } from "node:crypto";
import type { Request, Response } from "express";
import type { Fault } from "../faults";
import type { SandboxPerson, SandboxToken, UploadedFile } from "../model";
import type { WorldState } from "../world-state";
import { ApiError } from "./api-error";
import { hasScope, type Answer, type Call, type OpenCall, type Route } from "./call";
import { pageOf } from "./paging";
import { parseMultipart } from "./multipart";
import { recordRequest } from "./traffic";
import { findRoute, type FoundRoute } from "./routes";

interface Exchange {
  state: WorldState;
  request: Request;
  trackingId: string;
  found: FoundRoute;
  identity: { caller: SandboxPerson; token: SandboxToken } | undefined;
}

/** Answers one call to `/v1`, or spoils it as the faults in force demand. */
export async function serve(
  state: WorldState,
  request: Request,
  response: Response,
): Promise<void> {
  const trackingId = newTrackingId();
  const found = findRoute(request.method, request.path);
  const exchange = { state, request, trackingId, found, identity: identify(state, request) };
  const struck = state.context.faults.strike("webex", `${request.method} ${request.url}`, {
    page: pageOf(addressOf({ state, request }).searchParams),
  });
  const slowness = struck.find(({ kind }) => kind === "slow")?.delayMs ?? 0;
  await pause(state.latencyMs + slowness);
  if (struck.some(({ kind }) => kind === "reset")) {
    record(exchange, { status: 0 });
    request.socket.destroy();
    return;
  }
  const answer = faultAnswer(struck, trackingId) ?? carryOut(exchange);
  record(exchange, answer);
  if (struck.some(({ kind }) => kind === "lost")) request.socket.destroy();
  else send(response, answer, trackingId);
}

/** For a body that could not even be read: too large, or broken off. */
export function answerUnreadable(
  error: { status?: number; message: string },
  response: Response,
): void {
  const trackingId = newTrackingId();
  const body = errorBody(error.message, trackingId);
  send(response, { status: error.status ?? 400, body }, trackingId);
}

export function newTrackingId(): string {
  return `ROUTER_${randomUUID().toUpperCase()}`;
}

function pause(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}

function identify(state: WorldState, request: Request): Exchange["identity"] {
  const [, value = ""] = /^Bearer (.+)$/i.exec(request.get("authorization") ?? "") ?? [];
  const token = state.tokens.get(value);
  if (!token || (token.expiresAt ?? Number.POSITIVE_INFINITY) <= state.now()) return undefined;
  const caller = state.people.get(token.personId);
  return caller && { caller, token };
}

function faultAnswer(struck: readonly Fault[], trackingId: string): Answer | undefined {
  const fault = struck.find(({ kind }) => kind === "status");
  if (!fault) return undefined;
  const status = fault.status ?? 500;
  const headers = {
    ...(fault.retryAfter !== undefined && { "Retry-After": fault.retryAfter }),
    ...(fault.contentType !== undefined && { "Content-Type": fault.contentType }),
  };
  const body = fault.body ?? errorBody(`Answered ${status} on purpose.`, trackingId);
  return { status, headers, body };
}

function carryOut(exchange: Exchange): Answer {
  try {
    const { route, isKnownPath } = exchange.found;
    if (route && "isOpen" in route) return route.answer(toOpenCall(exchange));
    const call = toCall(exchange);
    if (route) return answerTo(call, route);
    throw isKnownPath
      ? new ApiError(405, "The method is not allowed for this resource.")
      : new ApiError(404, "The requested resource could not be found.");
  } catch (error) {
    return refusal(error, exchange);
  }
}

function answerTo(call: Call, { answer, scopes = ["spark:all"] }: Route): Answer {
  if (scopes.some((scope) => hasScope(call, scope))) return answer(call);
  throw new ApiError(403, `The call requires one of the scopes ${scopes.join(", ")}.`);
}

function refusal(error: unknown, { state, trackingId }: Exchange): Answer {
  if (error instanceof ApiError) {
    const { status, headers, message } = error;
    return { status, headers, body: errorBody(message, trackingId) };
  }
  // A defect of the stand-in: the caller sees a 500, whoever runs the sandbox sees the error.
  const cause = error instanceof Error ? error : new Error(String(error));
  state.context.work.track(Promise.reject(cause));
  return { status: 500, body: errorBody("An unexpected error occurred.", trackingId) };
}

function toOpenCall(exchange: Exchange): OpenCall {
  const { state, request, found } = exchange;
  const url = addressOf(exchange);
  const form = (): URLSearchParams => readForm(request);
  return { state, params: found.params, url, query: url.searchParams, form };
}

function readForm(request: Request): URLSearchParams {
  const { body } = request as { body: unknown };
  if (typeof body === "string" && request.is("application/x-www-form-urlencoded"))
    return new URLSearchParams(body);
  throw new ApiError(415, "Expect application/x-www-form-urlencoded.");
}

function addressOf({ state, request }: Pick<Exchange, "state" | "request">): URL {
  return new URL(request.originalUrl, state.context.origin());
}

function toCall(exchange: Exchange): Call {
  const { state, request, found, identity } = exchange;
  if (!identity) {
    throw new ApiError(
      401,
      "The request requires a valid access token set in the Authorization request header.",
    );
  }
  const { params } = found;
  const url = addressOf(exchange);
  const { body, uploads = [] } = readBody(request);
  return { state, ...identity, params, url, query: url.searchParams, body, uploads };
}

interface ReadBody {
  body?: unknown;
  uploads?: readonly UploadedFile[];
}

function readBody(request: Request): ReadBody {
  const { body } = request as { body: unknown };
  if (!Buffer.isBuffer(body)) return { body: readJson(request, body) };
  const form = parseMultipart(body, request.get("content-type") ?? "");
  if (!form) throw new ApiError(400, "The form could not be read.");
  return { body: form.fields, uploads: form.files };
}

function readJson(request: Request, body: unknown): unknown {
  if (typeof body !== "string" || body === "") return body === "" ? undefined : body;
  if (!request.is("json")) throw new ApiError(415, "Expect application/json.");
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError(400, "The request body is not valid JSON.");
  }
}

function errorBody(message: string, trackingId: string): Record<string, unknown> {
  return { message, errors: [{ description: message }], trackingId };
}

function send(response: Response, answer: Answer, trackingId: string): void {
  const { status, body } = answer;
  const type = body === undefined ? {} : { "Content-Type": "application/json;charset=UTF-8" };
  response.writeHead(status, { trackingid: trackingId, ...type, ...answer.headers });
  const isRaw = typeof body === "string" || Buffer.isBuffer(body);
  response.end(isRaw ? body : JSON.stringify(body));
}

function record({ state, request, found, identity }: Exchange, answer: Answer): void {
  recordRequest(state, found.pattern, {
    method: request.method,
    path: request.url,
    at: state.now(),
    status: answer.status,
    authorPersonId: identity?.caller.id,
    ...(state.recordTraffic && { body: bodyToKeep(request), response: answerToKeep(answer) }),
  });
}

/** Of files only the names, as a list of addresses would name them. */
function bodyToKeep(request: Request): unknown {
  try {
    const { body, uploads = [] } = readBody(request);
    const files = uploads.map(({ name }) => name);
    return files.length > 0 ? { ...(body as object), files } : body;
  } catch {
    return String(request.body);
  }
}

function answerToKeep({ body }: Answer): unknown {
  return Buffer.isBuffer(body) ? `${body.byteLength} bytes` : body;
}
