import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock";
import { RemoteError } from "../errors";
import type { Fetch } from "../outgoing";
import type { Logger } from "../log";
import { type Answer, nextLink, read, trackingIdIn } from "./answer";
import { type Asked, lostCall, refusedCall, strangeAnswer } from "./failure";
import { type Form, multipart } from "./multipart";

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

/** What a call carries. */
interface Load {
  type: string;
  data: string | Uint8Array<ArrayBuffer>;
}

/** What was downloaded; without `content` where it is longer than wanted. */
export interface Download {
  type: string;
  disposition: string;
  content?: Uint8Array;
}

type Response = Awaited<ReturnType<Fetch>>;
type Take<T> = (asked: Asked, response: Response) => Promise<T>;

interface Wish {
  method: string;
  url: URL;
  load?: Load;
  accept?: string;
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
    return read(await this.call("POST", this.url(path, {}), json(body)), schema);
  }

  /** For a message with a file of our own. */
  async postForm<T>(path: string, schema: z.ZodType<T>, form: Form): Promise<T> {
    return read(await this.call("POST", this.url(path, {}), multipart(form)), schema);
  }

  /** Bytes as they are, `mostBytes` at most; of what is longer, the rest is not read. */
  download(path: string, mostBytes: number): Promise<Download> {
    const wish = { method: "GET", url: this.url(path, {}), accept: "*/*" };
    return this.ask(wish, (_asked, response) => downloaded(response, mostBytes));
  }

  async put<T>(path: string, schema: z.ZodType<T>, body: object): Promise<T> {
    return read(await this.call("PUT", this.url(path, {}), json(body)), schema);
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

  /**
   * The id in an address that consists of this API's own, `folder` and the id; `undefined` for any
   * other address, to which the token must not go.
   */
  idBelow(folder: string, address: string): string | undefined {
    if (!URL.canParse(address)) return undefined;
    const { href } = new URL(address);
    const above = this.url(folder, {}).href;
    const id = href.startsWith(above) ? href.slice(above.length) : "";
    return /^[\w-]{1,500}$/.test(id) ? id : undefined;
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

  private call(method: string, url: URL, load?: Load): Promise<Answer> {
    return this.ask({ method, url, ...(load && { load }) }, async (asked, response) => {
      const link = response.headers.get("link");
      return { asked, status: response.status, link, text: await response.text() };
    });
  }

  private async ask<T>(wish: Wish, take: Take<T>): Promise<T> {
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
        headers: this.headers(asked, wish),
        ...(wish.load === undefined ? {} : { body: wish.load.data }),
        signal: abort.signal,
        redirect: "manual",
      });
      if (!response.ok) throw await this.refusal(asked, response);
      return { status: response.status, taken: await take(asked, response) };
    } catch (error) {
      if (error instanceof RemoteError) throw error;
      throw lostCall(asked, error, abort.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  }

  private headers(asked: Asked, { accept, load }: Wish): Record<string, string> {
    return {
      authorization: `Bearer ${this.options.token}`,
      accept: accept ?? "application/json",
      trackingid: asked.trackingId,
      ...(load === undefined ? {} : { "content-type": load.type }),
    };
  }

  private async refusal(asked: Asked, response: Response): Promise<RemoteError> {
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

function json(body: object): Load {
  return { type: "application/json; charset=utf-8", data: JSON.stringify(body) };
}

async function downloaded({ body, headers }: Response, mostBytes: number): Promise<Download> {
  const about = {
    type: headers.get("content-type") ?? "",
    disposition: headers.get("content-disposition") ?? "",
  };
  const isTooLong = Number(headers.get("content-length") ?? 0) > mostBytes;
  const content = await firstBytes(body ?? [], isTooLong ? -1 : mostBytes);
  return { ...about, ...(content && { content }) };
}

/** All of it, or `undefined` as soon as it is more than `most` bytes. */
async function firstBytes(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > most) return undefined;
    parts.push(chunk);
  }
  return most < 0 ? undefined : Buffer.concat(parts);
}
