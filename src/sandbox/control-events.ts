import type { Response } from "express";
import type { EventBus } from "./events";

/** Server-sent events, each named by its kind, until the listener goes away. */
export function streamEvents(events: EventBus, response: Response): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
  });
  // Sent at once, so that a listener knows that from now on it misses nothing.
  response.write(": listening\n\n");
  const stop = events.listen(({ kind, at, payload }) => {
    response.write(`event: ${kind}\ndata: ${JSON.stringify({ at, ...payload })}\n\n`);
  });
  response.on("close", stop);
}
