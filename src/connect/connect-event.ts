import { z } from "zod";
import type { CallEvent } from "../incident/call";
import type { InboundText } from "../notify/inbound-text";
import { isFailureCode, type Receipt, type ReceiptKind } from "../notify/receipt";
import { kindOfStatus, lettersOf } from "./status-kind";

/** What Webex Connect calls back about. */
export type ConnectEvent =
  | { kind: "receipt"; receipt: Receipt }
  | { kind: "text"; text: InboundText }
  | { kind: "call"; call: CallEvent }
  /** Well-formed, but about nothing that we follow. */
  | { kind: "other" };

const MOST_OF_TEXT = 4_000;
const MOST_OF_ID = 200;

/** Without control characters: PostgreSQL takes no NUL, and no id or code of theirs has any other. */
const printed = z.string().regex(/^\P{Cc}*$/u);
const line = printed.max(MOST_OF_ID).nullish();
/** Digits, which a flow may hold, and send, as a number. */
const number = z
  .union([printed.max(MOST_OF_ID), z.number()])
  .transform(String)
  .nullish();
const time = z.string().max(MOST_OF_ID).nullish();
const code = z
  .union([printed.max(20), z.number()])
  .transform(String)
  .nullish();

const nested = z.object({
  deliveryInfoNotification: z.object({
    deliveryInfo: z.object({
      timeStamp: time,
      code,
      deliveryChannel: line,
      deliveryStatus: line,
    }),
    transid: line,
    correlationid: line,
    correlationId: line,
  }),
});

const flat = z.object({
  messageId: line,
  sessionId: line,
  statusTime: time,
  status: z.string().max(MOST_OF_ID),
  correlationId: line,
  correlationid: line,
  channel: line,
  error: z.object({ code }).nullish(),
});

const inbound = z.object({
  message: z.string().transform((text) => text.slice(0, MOST_OF_TEXT)),
  oa: number,
  da: number,
  userId: number,
  /** So it is printed on the page that describes it. */
  userld: number,
  tid: line,
  datetime: time,
  ts: time,
});

const call = z.object({
  event: z.string().max(MOST_OF_ID),
  sessionId: printed.min(1).max(MOST_OF_ID),
  correlationId: line,
  eventTime: time,
  status: line,
  digitsReceived: number,
  error: z.object({ code }).nullish(),
});

/** What the numbers in an inbound text are compared with, and what an absent time becomes. */
export interface Reading {
  /** Our own numbers, however they are written. */
  ours: readonly string[];
  now: number;
}

/**
 * Reads a callback in whichever of the documented formats it came; `undefined` for what is none of
 * them. Nothing in it is believed but by who may know the address that it was posted to.
 */
export function readConnectEvent(body: unknown, reading: Reading): ConnectEvent | undefined {
  const asCall = call.safeParse(body);
  if (asCall.success) return { kind: "call", call: toCall(asCall.data, reading) };
  const asNested = nested.safeParse(body);
  if (asNested.success) return nestedReceipt(asNested.data.deliveryInfoNotification, reading);
  const asText = inbound.safeParse(body);
  if (asText.success) return inboundText(asText.data, reading);
  const asFlat = flat.safeParse(body);
  if (asFlat.success) return flatReceipt(asFlat.data, reading);
  return undefined;
}

type Nested = z.infer<typeof nested>["deliveryInfoNotification"];

/** The same codes whichever format carries them; see `Receipt`. */
const KIND_OF_CODE: ReadonlyMap<string, ReceiptKind> = new Map(
  Object.entries({
    "7501": "submitted",
    "7500": "delivered",
    "7407": "offered",
    "7408": "ringing",
    "7519": "answered",
    "7405": "ended",
    "7409": "ended",
    "7410": "ended",
  }),
);

/** A call that was passed on somewhere else, or no longer is; it says nothing of ours. */
const TROMBONES: ReadonlySet<string> = new Set(["7411", "7412"]);

function nestedReceipt(body: Nested, reading: Reading): ConnectEvent {
  const { deliveryInfo, transid } = body;
  const said = deliveryInfo.code === "" ? undefined : (deliveryInfo.code ?? undefined);
  const kind = KIND_OF_CODE.get(said ?? "") ?? kindOfOther(said, deliveryInfo.deliveryStatus);
  if (!kind) return { kind: "other" };
  const channel = deliveryInfo.deliveryChannel?.toLowerCase() === "voice" ? "voice" : "sms";
  return receipt(kind, channel, {
    code: said,
    at: timeOf(deliveryInfo.timeStamp, reading),
    notificationId: body.correlationid ?? body.correlationId,
    providerId: transid,
  });
}

/** The codes of failures; one that no page names means what the state beside it says. */
function kindOfOther(
  said: string | undefined,
  status: string | null | undefined,
): ReceiptKind | undefined {
  if (said === undefined) return kindOfStatus(status);
  if (TROMBONES.has(said)) return undefined;
  return isFailureCode(said) ? "failed" : (kindOfStatus(status) ?? "failed");
}

function flatReceipt(body: z.infer<typeof flat>, reading: Reading): ConnectEvent {
  const kind = kindOfStatus(body.status);
  const providerId = body.messageId ?? body.sessionId;
  if (!kind || providerId == null) return { kind: "other" };
  return receipt(kind, channelOf(body, kind), {
    code: body.error?.code ?? undefined,
    at: timeOf(body.statusTime, reading),
    notificationId: body.correlationId ?? body.correlationid,
    providerId,
  });
}

/** A guess where neither the channel nor the id's name tells: only calls are in these states. */
function channelOf(body: z.infer<typeof flat>, kind: ReceiptKind): Receipt["channel"] {
  if (body.channel?.toLowerCase() === "voice" || body.sessionId != null) return "voice";
  const ofCalls: readonly ReceiptKind[] = ["offered", "ringing", "answered", "ended"];
  const isCallCode = /^74\d\d$/.test(body.error?.code ?? "");
  return ofCalls.includes(kind) || isCallCode ? "voice" : "sms";
}

interface ReceiptFields {
  code: string | undefined;
  at: number;
  notificationId: string | null | undefined;
  providerId: string | null | undefined;
}

function receipt(
  kind: ReceiptKind,
  channel: Receipt["channel"],
  { at, code: said, notificationId, providerId }: ReceiptFields,
): ConnectEvent {
  return {
    kind: "receipt",
    receipt: {
      kind,
      channel,
      at,
      ...(said ? { code: said } : {}),
      ...(notificationId ? { notificationId } : {}),
      ...(providerId ? { providerId } : {}),
    },
  };
}

function inboundText(body: z.infer<typeof inbound>, reading: Reading): ConnectEvent {
  const from = senderOf(body, reading.ours);
  if (from === undefined) return { kind: "other" };
  const at = timeOf(body.datetime ?? body.ts, reading);
  const text = { from, text: body.message, at };
  return { kind: "text", text: body.tid ? { id: body.tid, ...text } : text };
}

/**
 * The description and its sample disagree which of `oa` and `da` is the sender: the one that is not
 * ours.
 */
function senderOf(body: z.infer<typeof inbound>, ours: readonly string[]): string | undefined {
  const own = new Set(ours.map(digitsOf));
  const others = [body.oa, body.da]
    .map((number) => digitsOf(number ?? ""))
    .filter((digits) => digits !== "" && !own.has(digits));
  const user = digitsOf(body.userId ?? body.userld ?? "");
  const sender = others.length === 1 ? others[0] : user === "" ? others[0] : user;
  return sender !== undefined && /^\d{5,15}$/.test(sender) ? `+${sender}` : undefined;
}

const STEPS: ReadonlyMap<string, CallEvent["step"]> = new Map(
  Object.entries({
    ANSWERED: "answered",
    COLLECTED_DIGITS: "digits",
    PLAYED: "played",
    VMDETECTED: "voicemail",
    DROPPED: "dropped",
  }),
);

function toCall(body: z.infer<typeof call>, reading: Reading): CallEvent {
  return {
    sessionId: body.sessionId,
    step: STEPS.get(body.event.toUpperCase()) ?? "other",
    isFailure: lettersOf(body.status) === "FAILURE",
    digits: body.digitsReceived ?? "",
    at: timeOf(body.eventTime, reading),
    ...(body.correlationId ? { notificationId: body.correlationId } : {}),
    ...(body.error?.code ? { code: body.error.code } : {}),
  };
}

function timeOf(text: string | null | undefined, { now }: Reading): number {
  const at = Date.parse(inZone(text ?? ""));
  // A provider's clock may be a little ahead of ours, never by years.
  return Number.isFinite(at) && at > 0 ? Math.min(at, now + MOST_AHEAD_MS) : now;
}

/** Webex Connect's times are UTC, also where they do not say so; else they would be taken for ours. */
function inZone(text: string): string {
  return /[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text) ? `${text}Z` : text;
}

const MOST_AHEAD_MS = 24 * 60 * 60_000;

function digitsOf(number: string): string {
  return number.replace(/\D/g, "");
}
