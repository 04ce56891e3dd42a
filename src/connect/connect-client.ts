import type { Clock } from "../clock";
import type { Receipt } from "../notify/receipt";
import type { Fetch } from "../outgoing";
import type { ConnectAnswer } from "./connect-answer";
import { errorCode, readAnswer } from "./connect-answer";
import { lostSend, refusedSend, unproven } from "./connect-failure";
import { saidByStatus } from "./send-status";
import { toSpeech } from "./speech";

/** An id that no message has, to ask about. */
const UNKNOWN_ID = "00000000-0000-0000-0000-000000000000";
/** Authentication failed; the key is missing. */
const keyCodes: readonly unknown[] = ["7001", "7002"];

export interface ConnectOptions {
  /** Without `/v1`, such as `https://api.eu.webexconnect.io`. */
  baseUrl: string;
  serviceKey: string;
  /** Long code, short code or sender id; without it no SMS can be sent. */
  smsOrigin?: string;
  /** The number that calls come from; without it no call can be made. */
  voiceOrigin?: string;
  timeoutMs?: number;
  fetch?: Fetch;
  clock: Pick<Clock, "now">;
}

/** A call that is told step by step what to do, at `callbackUrl`. */
export interface CallStart {
  /** E.164 */
  to: string;
  correlationId: string;
  idempotencyKey: string;
  /** Where receipts and questions go. */
  callbackUrl: string;
}

interface Send extends CallStart {
  text: string;
}

export interface SmsSend extends Send {
  isUnicode: boolean;
  /** Milliseconds since 1970; not delivered after that. */
  expiresAt: number;
}

export interface VoiceSend extends Send {
  /** Such as "en-US", with a voice of that language. */
  language: string;
  voice: string;
  gender: "MALE" | "FEMALE";
}

export interface Accepted {
  providerId: string;
}

export interface KeyCheck {
  isKeyGood: boolean;
  status: number;
  /** Connect's own code, such as 7010 where this computer's address is not on its list. */
  code?: string;
}

/**
 * Webex Connect's v1 API. Every call ends within `timeoutMs` (10 s). What is not accepted is thrown
 * as a RemoteError of the service "connect", which tells whether to try again and whether the
 * call may have been carried out all the same. No key, number or text is in an error.
 */
export class ConnectClient {
  private readonly timeoutMs: number;
  private readonly fetch: Fetch;
  private readonly baseUrl: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(private readonly options: ConnectOptions) {
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.fetch = options.fetch ?? globalThis.fetch;
    this.baseUrl = options.baseUrl.replace(/\/+$/, "");
    requireHeaderValue(options.serviceKey);
    // The v1 pages disagree about which of the two holds the key; both with the same one is right
    // for either. Neither takes a "Bearer".
    this.headers = { Authorization: options.serviceKey, key: options.serviceKey };
  }

  /** Sends one SMS. */
  async sendSms(sms: SmsSend): Promise<Accepted> {
    const answer = await this.post("/v1/sms/messages", sms.idempotencyKey, {
      from: withoutPlus(requireOrigin(this.options.smsOrigin, "SMS_ORIGIN")),
      to: sms.to,
      content: sms.text,
      contentType: sms.isUnicode ? "UNICODE" : "TEXT",
      correlationId: sms.correlationId,
      callbackUrl: sms.callbackUrl,
      expireAt: new Date(sms.expiresAt).toISOString(),
    });
    return { providerId: this.readId(answer, ["messageId"]) };
  }

  /** Places one call that speaks the text. */
  async sendVoice(call: VoiceSend): Promise<Accepted> {
    const answer = await this.post("/v1/voice/messages", call.idempotencyKey, {
      callerId: requireOrigin(this.options.voiceOrigin, "VOICE_ORIGIN"),
      dialedNumber: call.to,
      audio: toSpeech(call),
      correlationId: call.correlationId,
      callbackUrl: call.callbackUrl,
    });
    // The trial host documents sessionId, production messageId.
    return { providerId: this.readId(answer, ["sessionId", "messageId"]) };
  }

  /** Starts one call that asks what to do when it is answered, and notices a voicemail. */
  async startCall(call: CallStart): Promise<Accepted> {
    const answer = await this.post("/v1/voice/calls", call.idempotencyKey, {
      callerId: requireOrigin(this.options.voiceOrigin, "VOICE_ORIGIN"),
      dialedNumber: call.to,
      callbackUrl: call.callbackUrl,
      correlationId: call.correlationId,
      detectVoiceMail: true,
    });
    return { providerId: this.readId(answer, ["sessionId", "messageId"]) };
  }

  /**
   * Whether the key is accepted, by asking for the status of a message that does not exist; sends
   * nothing. Throws a RemoteError if Webex Connect cannot be reached or cannot tell now.
   */
  async check(): Promise<KeyCheck> {
    const answer = await this.call(`/v1/sms/messages/${UNKNOWN_ID}`, { method: "GET" });
    const { status } = answer;
    if (status === 429 || status >= 500) throw refusedSend(answer, this.options.clock.now());
    const code = errorCode(answer);
    const isRefused = status === 401 || status === 403 || keyCodes.includes(code);
    return { isKeyGood: !isRefused, status, ...(code !== undefined && { code }) };
  }

  /**
   * What became of a text or call, as the receipts that should have come: none while it is open, or
   * where Webex Connect does not know it (any more).
   */
  async statusOf(channel: Receipt["channel"], providerId: string): Promise<Receipt[]> {
    const folder = channel === "sms" ? "/v1/sms/messages" : "/v1/voice/calls";
    const path = `${folder}/${encodeURIComponent(providerId)}`;
    const answer = await this.call(path, { method: "GET" });
    const now = this.options.clock.now();
    if (answer.status === 404) return [];
    if (answer.status !== 200) throw refusedSend(answer, now);
    return saidByStatus(answer.body ?? {}, now).map((said) => ({ channel, providerId, ...said }));
  }

  private post(path: string, idempotencyKey: string, body: object): Promise<ConnectAnswer> {
    return this.call(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": idempotencyKey },
      body: JSON.stringify(body),
    });
  }

  private async call(
    path: string,
    request: { method: string; headers?: Record<string, string>; body?: string },
  ): Promise<ConnectAnswer> {
    try {
      const response = await this.fetch(this.baseUrl + path, {
        ...request,
        headers: { Accept: "application/json", ...this.headers, ...request.headers },
        // A redirect would carry the key and the number to another host.
        redirect: "manual",
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      return await readAnswer(response);
    } catch (error) {
      throw lostSend(error);
    }
  }

  private readId(answer: ConnectAnswer, names: readonly ("sessionId" | "messageId")[]): string {
    const { status, body } = answer;
    const isRefusal = status < 200 || status >= 300 || body?.status === "FAILED";
    if (isRefusal) throw refusedSend(answer, this.options.clock.now());
    const id = names.map((name) => body?.[name]).find(isFilled);
    if (id === undefined) throw unproven(status);
    return id;
  }
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Connect's SMS API wants long codes without "+"; short codes and sender ids never have one. */
function withoutPlus(origin: string): string {
  return origin.replace(/^\+/, "");
}

function requireOrigin(origin: string | undefined, variable: string): string {
  if (origin === undefined) throw new Error(`Cannot send: ${variable} is not set`);
  return origin;
}

/** The error that fetch throws about a bad header quotes its value. */
function requireHeaderValue(serviceKey: string): void {
  if (!/^[\x21-\x7e]+$/.test(serviceKey)) {
    throw new Error("IMI_SERVICE_KEY must consist of visible ASCII characters");
  }
}
