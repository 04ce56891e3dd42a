import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock";
import { RemoteError } from "../errors";
import type { Fetch } from "../outgoing";
import type { Logger } from "../log";
import { type Answer, nextLink, read, trackingIdIn } from "./answer";
import { type Asked, lostCall, refusedCall, strangeAnswer } from "./failure";

const DEFAULT_TIMEOUT_MS = 10_000;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface WebexRestOptions {
  /** Such as `https://webexapis.com/v1`. */
  baseUrl: string;
  token: string;
  log: Pick<Logger, "debug" | "warn">;
  clock: Clock;
  /** For the whole call, its body included. */
  timeoutMs?: number;
  fetch?: Fetch;
}

/** Whatever object Webex answers with, for callers that hand it on unread. */
export const anyObject = z.record(z.string(), z.unknown());
export type AnyObject = z.infer<typeof anyObject>;

/**
 * Webex's REST API with one token. Every call ends within the time-out and fails with a
 * `RemoteError` only. It never tries again: who calls knows whether that is safe.
 */
export class WebexRest {
  private readonly base: URL;
  private readonly fetch: Fetch;

  constructor(private readonly options: WebexRestOptions) {
    this.base = new URL(options.baseUrl.replace(/\/*$/, "/"));
    this.fetch = options.fetch ?? globalThis.fetch;
  }

  async get<T>(path: string, schema: z.ZodType<T>, query: Query = {}): Promise<T> {
    return read(await this.call("GET", this.url(path, query)), schema);
  }

  async post<T>(path: string, schema: z.ZodType<T>, body: object): Promise<T> {
    return read(await this.call("POST", this.url(path, {}), body), schema);
  }

  async put<T>(path: string, schema: z.ZodType<T>, body: object): Promise<T> {
    return read(await this.call("PUT", this.url(path, {}), body), schema);
  }

  async delete(path: string): Promise<void> {
    await this.call("DELETE", this.url(path, {}));
  }

  /**
   * The items of a list, page by page, by the Link header as Webex gives it. A next page at another
   * origin is refused, since the token would go there.
   */
  async *pages<T>(path: string, item: z.ZodType<T>, query: Query = {}): AsyncGenerator<T[]> {
    const page = z.object({ items: z.array(item) });
    let url: URL | undefined = this.url(path, query);
    while (url) {
      const answer: Answer = await this.call("GET", url);
      yield read(answer, page).items;
      url = this.nextPage(answer, url);
    }
  }

  /** Every page's items at once. */
  async all<T>(path: string, item: z.ZodType<T>, query: Query = {}): Promise<T[]> {
    const items: T[] = [];
    for await (const page of this.pages(path, item, query)) items.push(...page);
    return items;
  }

  /** The first page's items. */
  async first<T>(path: string, item: z.ZodType<T>, query: Query = {}): Promise<T[]> {
    return (await this.get(path, z.object({ items: z.array(item) }), query)).items;
  }

  private url(path: string, query: Query): URL {
    const url = new URL(path.replace(/^\//, ""), this.base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  }

  private nextPage(answer: Answer, current: URL): URL | undefined {
    const next = nextLink(answer, current);
    if (next === "none") return undefined;
    if (next === "bad" || next.origin !== this.base.origin || next.href === current.href)
      throw strangeAnswer(answer.asked, answer.status, "link to the next page");
    return next;
  }

  private async call(method: string, url: URL, body?: object): Promise<Answer> {
    const asked = { method, path: url.pathname, trackingId: `muster_${randomUUID()}` };
    const startedAt = this.options.clock.real();
    try {
      const answer = await this.exchange(asked, url, body);
      this.note("debug", asked, startedAt, { status: answer.status });
      return answer;
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

  private async exchange(asked: Asked, url: URL, body?: object): Promise<Answer> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const response = await this.fetch(url.href, {
        method: asked.method,
        headers: this.headers(asked, body),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: abort.signal,
        redirect: "manual",
      });
      if (!response.ok) throw await this.refusal(asked, response);
      const link = response.headers.get("link");
      return { asked, status: response.status, link, text: await response.text() };
    } catch (error) {
      if (error instanceof RemoteError) throw error;
      throw lostCall(asked, error, abort.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  }

  private headers(asked: Asked, body?: object): Record<string, string> {
    return {
      authorization: `Bearer ${this.options.token}`,
      accept: "application/json",
      trackingid: asked.trackingId,
      ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
    };
  }

  private async refusal(asked: Asked, response: Awaited<ReturnType<Fetch>>): Promise<RemoteError> {
    // The status has already decided; a body that breaks off or is a gateway's HTML adds nothing.
    const text = await response.text().catch(() => "");
    return refusedCall(asked, {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      trackingId: response.headers.get("trackingid") ?? trackingIdIn(text),
      now: this.options.clock.now(),
    });
  }
}
