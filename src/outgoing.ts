import { EnvHttpProxyAgent, request } from "undici";
import type { Config } from "./config";
import type { Metrics } from "./metrics";

/** The part of `fetch` that the clients use, so that one with a proxy fits too. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string | Uint8Array<ArrayBuffer>;
    signal: AbortSignal;
    redirect: "manual";
  },
) => Promise<{
  ok: boolean;
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
  /** Instead of `text()`, for what may be long; leaving the loop early ends the connection. */
  body: AsyncIterable<Uint8Array> | null;
}>;

/**
 * Calls go through the configured proxy where there is one. Node's own `fetch` would do the same
 * for twice the computing time, which is felt when hundreds of people are told at once.
 */
export function proxied({ proxy }: Config): Fetch {
  const through = proxy
    ? { dispatcher: new EnvHttpProxyAgent({ ...proxy, noProxy: proxy.noProxy ?? "" }) }
    : {};
  return async (url, { method, headers, body, signal }) => {
    const response = await request(url, {
      ...through,
      method: method,
      headers: { "user-agent": "Muster", ...headers },
      body: body ?? null,
      signal,
    });
    const { statusCode: status } = response;
    return {
      ok: status >= 200 && status < 300,
      status,
      headers: { get: (name) => oneOf(response.headers[name.toLowerCase()]) },
      text: () => response.body.text(),
      body: response.body,
    };
  };
}

function oneOf(header: string | string[] | undefined): string | null {
  return Array.isArray(header) ? header.join(", ") : (header ?? null);
}

/** Counts calls and how long they took, by service; nothing of what was in them. */
export function countingFetch(service: "webex" | "connect", fetch: Fetch, metrics: Metrics): Fetch {
  return async (url, init) => {
    const stop = metrics.remoteCallSeconds.startTimer({ service });
    try {
      const response = await fetch(url, init);
      const outcome = response.status < 400 ? "ok" : response.status < 500 ? "refused" : "failed";
      metrics.remoteCalls.inc({ service, outcome });
      return response;
    } catch (error) {
      metrics.remoteCalls.inc({ service, outcome: "unclear" });
      throw error;
    } finally {
      stop();
    }
  };
}
