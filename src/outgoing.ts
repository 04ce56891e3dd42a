import { EnvHttpProxyAgent, fetch as fetchThrough } from "undici";
import type { Config } from "./config";
import type { Metrics } from "./metrics";

/** The part of `fetch` that the clients use, so that one with a proxy fits too. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    signal: AbortSignal;
    redirect: "manual";
  },
) => Promise<{
  ok: boolean;
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** `fetch`, through the configured proxy where there is one. */
export function proxied({ proxy }: Config): Fetch {
  if (!proxy) return (url, init) => globalThis.fetch(url, init);
  const { httpsProxy, noProxy = "" } = proxy;
  const dispatcher = new EnvHttpProxyAgent({ httpsProxy, noProxy });
  return (url, init) => fetchThrough(url, { ...init, dispatcher });
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
