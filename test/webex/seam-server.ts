import type { IncomingMessage, ServerResponse } from "node:http";
import { type LocalServer, startServer } from "./fixtures";

export interface Fault {
  /** Tested against method and path, such as "GET /messages/m1". */
  on: RegExp;
  answer: number | "reset" | "silence";
  /** How often; for ever when left out. */
  times?: number;
  headers?: Record<string, string>;
  /** Only calls that the SDK makes. */
  bySdk?: boolean;
}

export interface Call {
  /** Method, path below /v1 and query. */
  what: string;
  /** Made by the SDK and not by our client. */
  bySdk: boolean;
  body?: unknown;
}

const bot = {
  id: "bot",
  emails: ["muster@webex.bot"],
  displayName: "Muster",
  orgId: "org",
  type: "bot",
};
const created = "2026-01-05T03:00:00.000Z";

/** Just enough of Webex for the framework: anybody writes any message in any space that is asked for. */
export class SeamServer {
  readonly calls: Call[] = [];
  readonly faults: Fault[] = [];
  /** What a message or press holds besides the usual, by its id. */
  readonly contents = new Map<string, Record<string, unknown>>();
  private server: LocalServer | undefined;

  get url(): string {
    if (!this.server) throw new Error("not started");
    return this.server.url;
  }

  async start(): Promise<void> {
    this.server = await startServer((request, response) => void this.serve(request, response));
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  /** Forgets what was asked and what should go wrong. */
  rest(): void {
    this.calls.length = 0;
    this.faults.length = 0;
  }

  whats(): string[] {
    return this.calls.map(({ what }) => what);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").replace(/^\/v1/, "");
    const what = `${request.method ?? ""} ${path}`;
    const bySdk = !String(request.headers.trackingid).startsWith("muster_");
    const text = (await request.toArray()).join("");
    this.calls.push({ what, bySdk, ...(text === "" ? {} : { body: JSON.parse(text) as unknown }) });
    const fault = this.faults.find(
      ({ on, times = 1, bySdk: sdkOnly = false }) => times > 0 && on.test(what) && bySdk >= sdkOnly,
    );
    if (fault) this.fail(fault, request, response);
    else answer(response, this.find(path), {});
  }

  private fail(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
    if (fault.times !== undefined) fault.times -= 1;
    if (fault.answer === "reset") request.socket.destroy();
    else if (fault.answer !== "silence") answer(response, [fault.answer, {}], fault.headers ?? {});
  }

  private find(path: string): [number, object] {
    const [, resource = "", id = ""] = /^\/([^?]*?)(?:\/([^/?]*))?(?:\?.*)?$/.exec(path) ?? [];
    const query = new URLSearchParams(path.split("?")[1]);
    if (path === "/people/me") return [200, bot];
    if (path === "/messages") return [200, { id: "posted", roomId: "where it went" }];
    if (resource === "messages") return [200, { ...thing(id), ...this.contents.get(id) }];
    if (resource === "attachment/actions")
      return [200, { ...thing(id), messageId: "m", ...this.contents.get(id) }];
    if (resource === "rooms") return [200, { id, title: "T", type: kindOf(id), isLocked: true }];
    if (path.startsWith("/memberships")) return [200, { items: memberships(query.get("roomId")) }];
    return [404, { message: "not here" }];
  }
}

/** A message or press called "space-1.x" lies in "space-1", a "direct-…" one in a direct space. */
function thing(id: string): Record<string, unknown> {
  const roomId = id.split(".")[0] ?? "";
  return {
    id,
    text: `Muster ${id}`,
    roomId,
    roomType: kindOf(roomId),
    personId: "ana",
    personEmail: "ana@corp.example",
    created,
  };
}

function kindOf(roomId: string): "direct" | "group" {
  return roomId.startsWith("direct") ? "direct" : "group";
}

/** Without a space: the thousands that the bot has, page after page. */
function memberships(roomId: string | null): object[] {
  if (roomId === null)
    return Array.from({ length: 1_000 }, (_, n) => membership(`space-${n}`, bot.id));
  return [membership(roomId, bot.id), membership(roomId, "ana")];
}

function membership(roomId: string, personId: string): object {
  return { id: `${roomId}:${personId}`, roomId, personId, personEmail: `${personId}@corp.example` };
}

function answer(
  response: ServerResponse,
  [status, body]: [number, object],
  headers: Record<string, string>,
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
