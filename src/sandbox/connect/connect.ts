import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { SandboxContext } from "../context";
import type { CallBehaviour } from "../phones";
import { Phones } from "../phones";
import type { AcceptedSend } from "./accepted-send";
import { isE164 } from "./accepted-send";
import { Callbacks } from "./callbacks";
import { asGsm, countParts } from "./gsm";
import { IdempotencyKeys } from "./idempotency-keys";
import { InteractiveCall } from "./interactive-call";
import { later } from "./later";
import { Limiter } from "./limiter";
import type { Outcome } from "./outcomes";
import { DELIVERED, smsOutcome, SUBMITTED } from "./outcomes";
import { PlayAndDropCall } from "./play-and-drop";
import { receiptBody } from "./receipt-body";
import type { CallRequest, SmsRequest, VoiceRequest } from "./requests";
import { spokenText } from "./requests";
import type { ConnectParts, ConnectSettings } from "./settings";
import { defaultSettings } from "./settings";

const SUBMITTED_AFTER_MS = 500;
const DELIVERED_AFTER_MS = 2000;

/** Webex Connect as the bot sees it: it accepts texts and calls and brings them to the phones. */
export class Connect {
  /** May be changed at any time. */
  readonly settings: ConnectSettings;
  /** Every text and call that was accepted, oldest first. */
  readonly accepted: AcceptedSend[] = [];
  /** Requests received by route, accepted or not. */
  readonly requests = new Map<string, number>();
  readonly callbacks: Callbacks;
  readonly phones: Phones;
  readonly keys: IdempotencyKeys;
  readonly limiter: Limiter;
  private readonly byId = new Map<string, AcceptedSend>();
  private readonly closing = new AbortController();
  private readonly parts: ConnectParts;

  constructor(
    readonly context: SandboxContext,
    settings: Partial<ConnectSettings> = {},
  ) {
    // Every text on its way listens for the end; Node would take eleven of them for a leak.
    setMaxListeners(0, this.closing.signal);
    this.settings = { ...defaultSettings, ...settings };
    this.parts = { context, settings: this.settings, closing: this.closing.signal };
    this.callbacks = new Callbacks(this.parts);
    this.phones = new Phones(context, this.callbacks);
    this.keys = new IdempotencyKeys(() => context.clock.now());
    this.limiter = new Limiter(() => context.clock.real());
  }

  /** Aborted when the stand-in is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  countRequest(route: string): void {
    this.requests.set(route, (this.requests.get(route) ?? 0) + 1);
  }

  find(id: string): AcceptedSend | undefined {
    return this.byId.get(id);
  }

  acceptSms(request: SmsRequest, idempotencyKey: string | undefined): AcceptedSend {
    const text = shownText(request);
    const { to, from } = request;
    const send = this.record({ kind: "sms", to, from, text, idempotencyKey, ...tracking(request) });
    const code = this.smsCode(send);
    if (code === DELIVERED) this.phones.receiveText({ id: send.id, to, from, text, at: send.at });
    const parts = countParts(text, request.contentType === "UNICODE");
    this.reportText(send, SUBMITTED, SUBMITTED_AFTER_MS, parts);
    this.reportText(send, code, DELIVERED_AFTER_MS, parts);
    return send;
  }

  acceptVoice(request: VoiceRequest, idempotencyKey: string | undefined): AcceptedSend {
    const text = spokenText(request.audio);
    const send = this.record({
      kind: "voice",
      text,
      idempotencyKey,
      ...ends(request),
      ...tracking(request),
    });
    const { id, kind, to, from } = { ...send, kind: "voice" as const };
    const report = (outcome: Outcome): void => this.report("voice", send, outcome);
    const call = new PlayAndDropCall(this.parts, { id, kind, to, from }, text, report);
    this.phones.receiveCall(call);
    call.start(this.behaviour(to, "answers"));
    return send;
  }

  acceptCall(request: CallRequest, idempotencyKey: string | undefined): AcceptedSend {
    const send = this.record({
      kind: "call",
      text: "",
      idempotencyKey,
      ...ends(request),
      ...tracking(request),
    });
    const call = new InteractiveCall(this.parts, this.callbacks, request, send.id);
    this.phones.receiveCall(call);
    call.start(this.behaviour(send.to, "rings"));
    return send;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.callbacks.close();
  }

  private behaviour(to: string, usual: CallBehaviour): CallBehaviour {
    return isE164(to) ? (this.phones.at(to).onCall ?? usual) : "unreachable";
  }

  private smsCode(send: AcceptedSend): string {
    if (!isE164(send.to)) return "7102";
    if (send.expireAt !== undefined && Date.parse(send.expireAt) <= send.at) return "7208";
    return this.phones.at(send.to).smsCode;
  }

  private reportText(send: AcceptedSend, code: string, afterMs: number, parts: number): void {
    const report = (): void => this.report("sms", send, smsOutcome(code), parts);
    if (this.settings.receiptsMode === "none") report();
    else later(this.context, afterMs, this.closing.signal, report);
  }

  private report(channel: "sms" | "voice", send: AcceptedSend, outcome: Outcome, parts = 1): void {
    send.status = outcome.status;
    send.statusAt = this.context.clock.now();
    if (outcome.status === "FAILED" || outcome.status === "REJECTED") send.errorCode = outcome.code;
    if (this.settings.receiptsMode === "none" || send.callbackUrl === undefined) return;
    const body = receiptBody(this.settings, send, outcome, send.statusAt, parts);
    this.callbacks.send(channel, send.callbackUrl, body);
  }

  private record(send: Pick<AcceptedSend, RequestFields>): AcceptedSend {
    const { clock } = this.context;
    const at = clock.now();
    const status = { status: "QUEUED", statusAt: at, errorCode: undefined };
    const accepted = { ...send, id: randomUUID(), at, atReal: clock.real(), ...status };
    this.accepted.push(accepted);
    this.byId.set(accepted.id, accepted);
    return accepted;
  }
}

type Tracking = "correlationId" | "callbackUrl" | "callbackData" | "expireAt";
type RequestFields = Tracking | "kind" | "to" | "from" | "text" | "idempotencyKey";

function tracking(request: SmsRequest | VoiceRequest | CallRequest): Pick<AcceptedSend, Tracking> {
  const isSms = "content" in request;
  return {
    correlationId: request.correlationId,
    callbackUrl: request.callbackUrl,
    callbackData: isSms ? request.callbackData : undefined,
    expireAt: isSms ? request.expireAt : undefined,
  };
}

function ends(request: VoiceRequest | CallRequest): { to: string; from: string } {
  return { to: request.dialedNumber, from: request.callerId };
}

/** `$(name)` in a text is the provider's placeholder, whoever wrote it. */
function shownText(request: SmsRequest): string {
  const { content, contentType, substitutions } = request;
  const text = content.replace(/\$\((\w+)\)/g, (_, name: string) => substitutions[name] ?? "");
  return contentType === "UNICODE" ? text : asGsm(text);
}
