import { z } from "zod";
import { type Answer, nextLink, read } from "./answer";
import { strangeAnswer } from "./failure";
import { type Form, multipart } from "./multipart";
import { readWhole, type Response, type Take, Transport, type TransportOptions } from "./transport";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface WebexRestOptions extends TransportOptions {
  /** Such as `https://webexapis.com/v1`. */
  baseUrl: string;
  token: string;
}

/** What a call carries. */
interface Load {
  type: string;
  data: string | Uint8Array<ArrayBuffer>;
}

/** A part of a list, and the address of the next part where there is one. */
export interface Page<T> {
  items: T[];
  next?: string;
}

/** What was downloaded; without `content` where it is longer than wanted. */
export interface Download {
  type: string;
  disposition: string;
  content?: Uint8Array;
}

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
  private readonly transport: Transport;

  constructor(private readonly options: WebexRestOptions) {
    this.base = new URL(options.baseUrl.replace(/\/*$/, "/"));
    this.transport = new Transport(options);
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
    let url: URL | undefined = this.url(path, query);
    while (url) {
      const { answer, items } = await this.itemsAt(url, item);
      yield items;
      url = this.nextPage(answer, url);
    }
  }

  /** The first page of a list, for callers that fetch the next one when they are ready. */
  page<T>(path: string, item: z.ZodType<T>, query: Query = {}): Promise<Page<T>> {
    return this.pageAt(this.url(path, query).href, item);
  }

  /** The page at an address that an earlier one gave. */
  async pageAt<T>(address: string, item: z.ZodType<T>): Promise<Page<T>> {
    const url = this.ownUrl(address);
    const { answer, items } = await this.itemsAt(url, item);
    const next = this.nextPage(answer, url);
    return { items, ...(next && { next: next.href }) };
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

  /** The token goes nowhere else. */
  private ownUrl(address: string): URL {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.origin !== this.base.origin) throw new Error("not an address of this API");
    return url;
  }

  private async itemsAt<T>(url: URL, item: z.ZodType<T>): Promise<{ answer: Answer; items: T[] }> {
    const answer = await this.call("GET", url);
    return { answer, items: read(answer, z.object({ items: z.array(item) })).items };
  }

  private nextPage(answer: Answer, current: URL): URL | undefined {
    const next = nextLink(answer, current);
    if (next === "none") return undefined;
    if (next === "bad" || next.origin !== this.base.origin || next.href === current.href)
      throw strangeAnswer(answer.asked, answer.status, "link to the next page");
    return next;
  }

  private call(method: string, url: URL, load?: Load): Promise<Answer> {
    return this.ask({ method, url, ...(load && { load }) }, readWhole);
  }

  private ask<T>({ method, url, load, accept }: Wish, take: Take<T>): Promise<T> {
    const headers = {
      authorization: `Bearer ${this.options.token}`,
      accept: accept ?? "application/json",
      ...(load && { "content-type": load.type }),
    };
    return this.transport.ask({ method, url, headers, ...(load && { body: load.data }) }, take);
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
