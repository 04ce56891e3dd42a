import type { Response } from "express";
import type { EventBus } from "./events";

/** A computer that slept notices by its silence that it must ask again. */
const HEARTBEAT_MS = 15_000;

/**
 * Server-sent events, each named by its kind and numbered, until the listener goes away. Whoever
 * comes back asks for the state: what was missed is not sent again.
 */
export function streamEvents(
  events: EventBus,
  response: Response,
  heartbeatMs = HEARTBEAT_MS,
): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  // Sent at once, so that a listener knows that from now on it misses nothing.
  response.write(": listening\n\n");
  const stop = events.listen(({ kind, at, payload }, number) => {
    const data = JSON.stringify({ at, ...payload });
    response.write(`id: ${number}\nevent: ${kind}\ndata: ${data}\n\n`);
  });
  const heartbeat = setInterval(() => response.write(": still here\n\n"), heartbeatMs).unref();
  response.on("close", () => {
    clearInterval(heartbeat);
    stop();
  });
}
