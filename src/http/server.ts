import { once } from "node:events";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Longer than any request of ours takes; afterwards the connection is cut. */
const CLOSE_WITHIN_MS = 5000;
/** Who sends slower than this holds a connection for nothing. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Load balancers reuse a connection for a minute; one closed under their hands is a 502. */
const KEEP_ALIVE_MS = 65_000;

export interface ListeningServer {
  /** The port that was taken; differs from the wanted one only where that was 0. */
  port: number;
  /**
   * Takes no new connection, lets running requests finish and ends idle connections. Resolves
   * when every connection has ended, at the latest after five seconds. May be called twice.
   */
  close(): Promise<void>;
}

/** @throws the system's error, such as EADDRINUSE, when the address cannot be listened on. */
export async function listen(
  app: RequestListener,
  { port, host }: { port: number; host: string },
  closeWithinMs = CLOSE_WITHIN_MS,
): Promise<ListeningServer> {
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  const running = trackRunning(server);
  server.on("request", app);
  server.listen(port, host);
  await once(server, "listening");
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => (closing ??= close(server, running, closeWithinMs)),
  };
}

function trackRunning(server: Server): Set<ServerResponse> {
  const running = new Set<ServerResponse>();
  server.on("request", (_request, response) => {
    running.add(response);
    response.once("close", () => running.delete(response));
    if (!server.listening) endConnectionAfter(response);
  });
  return running;
}

async function close(
  server: Server,
  running: ReadonlySet<ServerResponse>,
  withinMs: number,
): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const response of running) endConnectionAfter(response);
  const timer = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearTimeout(timer);
}

/** A kept-alive connection would otherwise stay open for the client's next request. */
function endConnectionAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
  const { socket } = response;
  response.once("finish", () => socket?.end());
}
