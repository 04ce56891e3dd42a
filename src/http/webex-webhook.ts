import type { IncomingHttpHeaders } from "node:http";
import type { RequestHandler } from "express";
import { z } from "zod";
import type { Metrics } from "../metrics";
import { markUsual } from "./base-app";
import { rawBodyOf } from "./raw-body";

const receivedEvent = z.looseObject({
  resource: z.string().min(1),
  event: z.string().min(1),
  actorId: z.string().optional(),
  data: z.looseObject({ id: z.string().min(1) }),
});

/** What Webex posts about every event; `data` holds more, by resource. */
export type ReceivedEvent = z.infer<typeof receivedEvent>;

/** stored: it will be handled. duplicate: it is already. dropped: nobody handles such events. */
export type EventOutcome = "stored" | "duplicate" | "dropped";

export interface WebexWebhookOptions {
  /** Is this body signed with our secret? */
  verify(rawBody: Buffer, headers: IncomingHttpHeaders): boolean;
  /** Resolves once the event is on disk, or need not be. */
  acceptEvent(event: ReceivedEvent, rawBody: string): Promise<EventOutcome>;
  metrics: Pick<Metrics, "eventsReceived">;
}

/** Kept apart in the metrics; a resource that Webex invents later must not add a label. */
const knownResources = new Set(["messages", "attachmentActions", "memberships", "rooms"]);

/**
 * Answers 200 only when the event is stored; what could not be stored ends in the error handler,
 * with 500.
 */
export function receiveWebexEvents(options: WebexWebhookOptions): RequestHandler {
  const { eventsReceived } = options.metrics;
  return async (request, response) => {
    const rawBody = rawBodyOf(request);
    if (!options.verify(rawBody, request.headers)) {
      eventsReceived.inc({ resource: "unknown", outcome: "bad-signature" });
      response.status(401).type("text").send("Bad signature\n");
      return;
    }
    const text = rawBody.toString("utf8");
    const event = parseEvent(text);
    if (!event) {
      response.status(400).type("text").send("Not an event\n");
      return;
    }
    const outcome = await options.acceptEvent(event, text);
    // Of each message that the bot itself writes Webex tells it as well.
    if (outcome === "dropped") markUsual(response);
    const resource = knownResources.has(event.resource) ? event.resource : "other";
    eventsReceived.inc({ resource, outcome });
    response.status(200).end();
  };
}

function parseEvent(text: string): ReceivedEvent | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The one way in which JSON.parse says that this is no JSON.
    return undefined;
  }
  return receivedEvent.safeParse(body).data;
}
