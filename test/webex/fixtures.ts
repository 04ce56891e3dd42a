import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { RemoteError, type RemoteFailure } from "../../src/errors";
import { createLogger } from "../../src/log";
import { WebexRest, type WebexRestOptions } from "../../src/webex/rest";
import { ManualClock } from "../support/manual-clock";

export const ORIGIN = "https://webex.example";
export const TOKEN = "secret-token-value";
export const quietLog = createLogger({ level: "silent" });

export function aRest(overrides: Partial<WebexRestOptions> = {}): WebexRest {
  return new WebexRest({
    baseUrl: `${ORIGIN}/v1`,
    token: TOKEN,
    log: quietLog,
    clock: new ManualClock(),
    ...overrides,
  });
}

/** The error that a call fails with, which must be a `RemoteError`. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<RemoteFailure & { message: string }> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RemoteError)) throw new Error(`no RemoteError but ${String(error)}`);
  return { ...error.failure, message: error.message };
}

export interface LocalServer {
  url: string;
  close(): Promise<void>;
}

/** A real server, for what nock cannot do: silence and broken connections. */
export async function startServer(listener: RequestListener): Promise<LocalServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
