import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import { RemoteError } from "../errors";
import type { Logger } from "../log";
import type { Fetch } from "../outgoing";
import { type Answer, trackingIdIn } from "./answer";
import { type Asked, lostCall, refusedCall } from "./failure";

const DEFAULT_TIMEOUT_MS = 10_000;

export interface TransportOptions {
  log: Pick<Logger, "debug" | "warn">;
  clock: Clock;
  /** For the whole call, its body included. */
  timeoutMs?: number;
  fetch?: Fetch;
}

export type Response = Awaited<ReturnType<Fetch>>;
export type Take<T> = (asked: Asked, response: Response) => Promise<T>;

export interface Wish {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** What a refusal's body says of its cause; a body that broke off is empty. */
  codeOf?: (status: number, body: string) => string | undefined;
}

/**
 * One HTTP call to Webex. It ends within the time-out, follows no redirection, fails with a
 * `RemoteError` only, and is noted without query, headers and bodies.
 */
export class Transport {
  private readonly fetch: Fetch;

  constructor(private readonly options: TransportOptions) {
    this.fetch = options.fetch ?? globalThis.fetch;
  }

  /** What `take` makes of an answer that is no refusal. */
  async ask<T>(wish: Wish, take: Take<T>): Promise<T> {
    const { method, url } = wish;
    const asked = { method, path: url.pathname, trackingId: `muster_${randomUUID()}` };
    const startedAt = this.options.clock.real();
    try {
      const { status, taken } = await this.exchange(asked, wish, take);
      this.note("debug", asked, startedAt, { status });
      return taken;
    } catch (error) {
      if (error instanceof RemoteError)
        this.note(error.failure.retryable ? "warn" : "debug", asked, startedAt, error.failure);
      throw error;
    }
  }

  private note(level: "debug" | "warn", asked: Asked, startedAt: number, outcome: object): void {
    const took = this.options.clock.real() - startedAt;
    this.options.log[level]({ ...asked, ...outcome, ms: took }, "Webex call");
  }

  private async exchange<T>(
    asked: Asked,
    wish: Wish,
    take: Take<T>,
  ): Promise<{ status: number; taken: T }> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const response = await this.fetch(wish.url.href, {
        method: wish.method,
        headers: { ...wish.headers, trackingid: asked.trackingId },
        ...(wish.body === undefined ? {} : { body: wish.body }),
        signal: abort.signal,
        redirect: "manual",
      });
      if (!response.ok) throw await this.refusal(asked, response, wish);
      return { status: response.status, taken: await take(asked, response) };
    } catch (error) {
      if (error instanceof RemoteError) throw error;
      throw lostCall(asked, error, abort.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  }

  private async refusal(asked: Asked, response: Response, wish: Wish): Promise<RemoteError> {
    const { headers, status } = response;
    // The status has already decided; a body that breaks off or is a gateway's HTML adds nothing.
    const text = await response.text().catch(() => "");
    return refusedCall(asked, {
      status,
      retryAfter: headers.get("retry-after"),
      trackingId: headers.get("trackingid") ?? trackingIdIn(text),
      code: wish.codeOf?.(status, text),
      now: this.options.clock.now(),
    });
  }
}

export async function readWhole(asked: Asked, response: Response): Promise<Answer> {
  const link = response.headers.get("link");
  return { asked, status: response.status, link, text: await response.text() };
}
