import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import type { SandboxContext } from "../context";
import type { Fault } from "../faults";
import type { Connect } from "./connect";
import { Refusal, refusalWithStatus } from "./refusal";

/** Answers that get lost after the request was carried out. */
const losing = new WeakSet<Response>();

export const identify: RequestHandler = (_request, response, next) => {
  response.set("Request-Id", randomUUID());
  next();
};

/** Counts the request, takes the time an answer takes, and does what the faults ask for. */
export function meetFaults(context: SandboxContext, connect: Connect): RequestHandler {
  return async (request, response, next) => {
    const route = `${request.method} ${request.path}`;
    connect.countRequest(route);
    const faults = context.faults.strike("connect", route);
    report(context, route, faults);
    await takeTime(connect, faults);
    if (faults.some(({ kind }) => kind === "lost")) losing.add(response);
    const status = faults.find(({ kind }) => kind === "status");
    if (faults.some(({ kind }) => kind === "reset")) request.socket.destroy();
    else if (status === undefined) next();
    else answerFault(response, status);
  };
}

export function requireKey(connect: Connect): RequestHandler {
  return (request, _response, next) => {
    if (request.get("authorization") === connect.settings.serviceKey) next();
    else throw new Refusal(403, "7001", "Authentication failed");
  };
}

export function answer(response: Response, status: number, body?: Record<string, unknown>): void {
  if (losing.has(response)) response.socket?.destroy();
  else if (body === undefined) response.status(status).end();
  else response.status(status).json(body);
}

/** Express knows an error handler by its four parameters. */
export const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) next(error);
  else if (error instanceof Refusal) refuse(response, error);
  else if (isBodyProblem(error)) refuse(response, new Refusal(400, "7000", "Invalid JSON"));
  else refuse(response, new Refusal(500, "7006", `Internal error: ${String(error)}`));
};

function refuse(response: Response, { status, code, message }: Refusal): void {
  answer(response, status, { code, message });
}

function isBodyProblem(error: unknown): boolean {
  return error instanceof Error && "type" in error && "status" in error;
}

function report(context: SandboxContext, route: string, faults: readonly Fault[]): void {
  for (const { kind, status } of faults) {
    const payload = { service: "connect", route, kind, status };
    context.events.emit({ kind: "fault", at: context.clock.now(), payload });
  }
}

async function takeTime(connect: Connect, faults: readonly Fault[]): Promise<void> {
  const slow = faults.reduce(
    (sum, { kind, delayMs }) => sum + (kind === "slow" ? (delayMs ?? 0) : 0),
    0,
  );
  const ms = connect.settings.latencyMs + slow;
  if (ms > 0) await wait(ms, undefined, { signal: connect.closed }).catch(() => undefined);
}

function answerFault(response: Response, fault: Fault): void {
  const { status, code, message } = refusalWithStatus(fault.status ?? 500);
  if (fault.retryAfter !== undefined) response.set("Retry-After", fault.retryAfter);
  response.status(status).type(fault.contentType ?? "application/json");
  response.send(fault.body ?? JSON.stringify({ code, message }));
}
