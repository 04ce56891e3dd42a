import type { RequestHandler } from "express";
import type { Logger } from "../log";

/** Whoever asks gives up soon, and a database that takes longer cannot store an event in time. */
const PATIENCE_MS = 2000;

/**
 * 200 as long as `isReady` says so within two seconds, else 503. A failure is logged, and told to
 * nobody outside.
 */
export function answerReadiness(log: Logger, isReady: () => Promise<boolean>): RequestHandler {
  return async (_request, response) => {
    const ready = await within(PATIENCE_MS, isReady()).catch((err: unknown) => {
      log.warn({ err }, "readiness check failed");
      return false;
    });
    response
      .status(ready ? 200 : 503)
      .type("text")
      .send(ready ? "ok\n" : "not ready\n");
  };
}

/** What every part of the process says of itself; other members are shown as they are. */
export interface ReadinessDetails {
  isReady: boolean;
  [part: string]: unknown;
}

/** The same with details, for the metrics port only. */
export function answerDetails(
  log: Logger,
  details: () => Promise<ReadinessDetails>,
): RequestHandler {
  return async (_request, response) => {
    const found = await within(PATIENCE_MS, details()).catch((err: unknown) => {
      log.warn({ err }, "readiness check failed");
      return { isReady: false };
    });
    response.status(found.isReady ? 200 : 503).json(found);
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
