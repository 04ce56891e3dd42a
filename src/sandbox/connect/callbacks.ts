import { createHmac, randomUUID } from "node:crypto";
import { Agent, request } from "undici";
import type { Fault } from "../faults";
import { later } from "./later";
import type { CallbackSigning, ConnectParts } from "./settings";

export interface CallbackRecord {
  url: string;
  webhook: Webhook;
  body: string;
  /** One entry per attempt: the status that came back, or how it failed. */
  attempts: (number | "timeout" | "unreachable")[];
  state: "waiting" | "delivered" | "given up" | "held back" | "missing";
}

/** Of a number: it stands in the provider's pages. Of a send: its address came with the request. */
export type Webhook = "of a number" | "of a send";

export interface CallbackAnswer {
  status: number;
  text: string;
}

const RETRIES = 3;
const RETRY_AFTER_MS = 60_000;
const LATE_MS = 2 * 3_600_000;

/** The answers after which the provider documents that it does not try again. */
const FINAL: ReadonlySet<number> = new Set([
  ...[200, 202, 203, 204, 205, 206, 207, 208, 226],
  ...[300, 301, 302, 303, 304, 305, 306, 307, 308],
  ...[400, 402, 404, 405, 406, 407, 408, 409, 410, 411, 414, 415, 416, 418, 505],
]);

/** Tells the bot what happened to its texts and calls, with the provider's delivery rules. */
export class Callbacks {
  readonly log: CallbackRecord[] = [];
  private readonly agent = new Agent();
  private held: (() => void)[] = [];

  constructor(private readonly parts: ConnectParts) {}

  /** Delivers in the background, with retries. */
  send(channel: "sms" | "voice", url: string, body: unknown, webhook: Webhook = "of a send"): void {
    const faults = this.strike(channel);
    const record = this.record(url, body, webhook);
    if (has(faults, "missing")) record.state = "missing";
    else if (has(faults, "out-of-order")) this.hold(record);
    else this.schedule(record, faults);
  }

  /** Asks once and waits for the answer; undefined when none came in time. */
  async ask(url: string, body: unknown): Promise<CallbackAnswer | undefined> {
    const faults = this.strike("voice");
    const record = this.record(url, body, "of a send");
    record.state = has(faults, "missing") ? "missing" : "given up";
    if (has(faults, "missing")) return undefined;
    const answer = await this.attempt(record);
    if (has(faults, "duplicate")) await this.attempt(record);
    if (answer?.status === 200) record.state = "delivered";
    return answer;
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private strike(channel: string): Fault[] {
    const { context } = this.parts;
    const faults = context.faults.strike("callbacks", channel);
    for (const { kind } of faults) {
      const payload = { service: "callbacks", route: channel, kind };
      context.events.emit({ kind: "fault", at: context.clock.now(), payload });
    }
    return faults;
  }

  private record(url: string, body: unknown, webhook: Webhook): CallbackRecord {
    const text = JSON.stringify(body);
    const record: CallbackRecord = { url, webhook, body: text, attempts: [], state: "waiting" };
    this.log.push(record);
    return record;
  }

  /** Kept back until the next callback is out; that is how receipts come in the wrong order. */
  private hold(record: CallbackRecord): void {
    record.state = "held back";
    this.held.push(() => this.schedule(record, []));
  }

  private schedule(record: CallbackRecord, faults: readonly Fault[]): void {
    const { context, closing } = this.parts;
    const late = faults.find((fault) => fault.kind === "late");
    const delayMs = late === undefined ? 0 : (late.delayMs ?? LATE_MS);
    later(context, delayMs, closing, async () => {
      await this.deliver(record, RETRIES);
      if (has(faults, "duplicate")) await this.attempt(record);
      const held = this.held;
      this.held = [];
      for (const release of held) release();
    });
  }

  private async deliver(record: CallbackRecord, retriesLeft: number): Promise<void> {
    const answer = await this.attempt(record);
    if (answer?.status === 200) record.state = "delivered";
    else if (retriesLeft === 0 || isFinal(answer)) record.state = "given up";
    else this.deliverLater(record, retriesLeft - 1);
  }

  private deliverLater(record: CallbackRecord, retriesLeft: number): void {
    record.state = "waiting";
    const { context, closing } = this.parts;
    later(context, RETRY_AFTER_MS, closing, () => this.deliver(record, retriesLeft));
  }

  private async attempt(record: CallbackRecord): Promise<CallbackAnswer | undefined> {
    const timeout = AbortSignal.timeout(this.parts.settings.callbackTimeoutMs);
    try {
      const answer = await this.post(record, AbortSignal.any([timeout, this.parts.closing]));
      record.attempts.push(answer.status);
      return answer;
    } catch {
      record.attempts.push(timeout.aborted ? "timeout" : "unreachable");
      return undefined;
    }
  }

  private async post(record: CallbackRecord, signal: AbortSignal): Promise<CallbackAnswer> {
    const signing = this.signingOf(record);
    const response = await request(record.url, {
      method: "POST",
      dispatcher: this.agent,
      signal,
      body: record.body,
      headers: {
        "content-type": "application/json",
        "x-wx-gtrid": randomUUID(),
        ...(signing === undefined ? {} : { "x-hub-signature": sign(signing, record.body) }),
      },
    });
    return { status: response.statusCode, text: await response.body.text() };
  }

  private signingOf({ webhook }: CallbackRecord): CallbackSigning | undefined {
    const { signing } = this.parts.settings;
    return webhook === "of a number" || signing?.signsSends ? signing : undefined;
  }
}

function isFinal(answer: CallbackAnswer | undefined): boolean {
  return answer !== undefined && FINAL.has(answer.status);
}

function has(faults: readonly Fault[], kind: Fault["kind"]): boolean {
  return faults.some((fault) => fault.kind === kind);
}

function sign({ secret, algorithm }: CallbackSigning, body: string): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest("hex")}`;
}
