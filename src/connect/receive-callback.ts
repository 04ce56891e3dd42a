import { createHash } from "node:crypto";
import type { CallAction, CallEvent } from "../incident/call";
import type { InboundText } from "../notify/inbound-text";
import type { Receipt } from "../notify/receipt";
import { toCallAnswer } from "./call-answer";
import { readConnectEvent } from "./connect-event";
import { isSignedByConnect } from "./signature";

/** Where receipts and texts are kept until they are handled. */
export interface CallbackInbox {
  add(row: {
    kind: "receipt" | "text";
    key: string;
    occurredAt: number;
    body: Receipt | InboundText;
  }): Promise<"stored" | "duplicate">;
}

export interface ReceiveOptions {
  inbox: CallbackInbox;
  /** Our own numbers. */
  ours: readonly string[];
  /** Where set, a text must be signed with it, and a signature on anything else must be right. */
  signingSecret: string | undefined;
  now: number;
  /** Decides what a call does next. `eventHash` is the same for the same event. */
  takeCall(
    event: CallEvent,
    eventHash: string,
  ): Promise<{ outcome: "stored" | "duplicate" | "dropped" | "failed"; action: CallAction }>;
}

export type Received = "stored" | "duplicate" | "dropped" | "malformed" | "bad-signature";

/** What happened in a call, with the answer that it waits for. */
export interface ReceivedCall {
  outcome: Received | "failed";
  body: Readonly<Record<string, unknown>>;
}

/**
 * Keeps what Webex Connect calls back about; resolves when it is on disk. The same bytes are the
 * same receipt or the same event of a call, and a text is told by the provider's id of it. What
 * concerns nothing of ours is dropped. Webex Connect signs what goes to the webhooks of its pages,
 * as texts do, but not what goes to the address that came with a send, as receipts and calls do.
 */
export async function receiveCallback(
  rawBody: Buffer,
  signature: unknown,
  options: ReceiveOptions,
): Promise<Received | ReceivedCall> {
  const { inbox, now, ours } = options;
  const seal = sealOf(rawBody, signature, options);
  if (seal === "wrong") return "bad-signature";
  const event = readConnectEvent(parsed(rawBody), { ours, now });
  switch (event?.kind) {
    case undefined:
      return "malformed";
    case "receipt": {
      const { receipt } = event;
      const key = `receipt:${digestOf(rawBody)}`;
      return inbox.add({ kind: "receipt", key, occurredAt: receipt.at, body: receipt });
    }
    case "call": {
      const { action, outcome } = await options.takeCall(event.call, digestOf(rawBody));
      return { outcome, body: toCallAnswer(action) };
    }
    case "text": {
      if (seal === "missing") return "bad-signature";
      const { text } = event;
      const key = `text:${text.id ?? digestOf(rawBody)}`;
      return inbox.add({ kind: "text", key, occurredAt: text.at, body: text });
    }
    case "other":
      return "dropped";
  }
}

function sealOf(
  rawBody: Buffer,
  signature: unknown,
  { signingSecret }: Pick<ReceiveOptions, "signingSecret">,
): "good" | "missing" | "wrong" {
  if (signingSecret === undefined) return "good";
  if (signature === undefined) return "missing";
  return isSignedByConnect(rawBody, signature, signingSecret) ? "good" : "wrong";
}

function parsed(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString("utf8"));
  } catch {
    // Not JSON at all: as malformed as JSON of another shape.
    return undefined;
  }
}

/** The same bytes are the same callback. */
function digestOf(rawBody: Buffer): string {
  return createHash("sha256").update(rawBody).digest("base64url");
}
