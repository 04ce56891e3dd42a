import type { Fetch } from "../outgoing";
import type { StatusBody } from "./send-status";

/** The fields that this client reads; each may hold anything. */
interface AnswerBody extends StatusBody {
  code?: unknown;
  message?: unknown;
  status?: unknown;
  messageId?: unknown;
  sessionId?: unknown;
}

/** An answer of Webex Connect, read as far as it could be. */
export interface ConnectAnswer {
  status: number;
  retryAfter: string | null;
  /** The JSON object in the body; undefined where it holds anything else or broke off. */
  body: AnswerBody | undefined;
}

/** Reads an answer to its end. */
export async function readAnswer(response: Awaited<ReturnType<Fetch>>): Promise<ConnectAnswer> {
  const { status, headers } = response;
  const retryAfter = headers.get("retry-after");
  // A status already tells what became of the send, so a body that breaks off changes nothing
  // there; where the body is needed, its absence is treated as unclear.
  const text = await response.text().catch(() => "");
  return { status, retryAfter, body: parseObject(text) };
}

/** Only what looks like one of Connect's codes: anything else could hold a number or a text. */
export function errorCode({ body }: ConnectAnswer): string | undefined {
  const code = body?.code;
  const text = typeof code === "number" ? String(code) : code;
  return typeof text === "string" && /^\d{1,6}$/.test(text) ? text : undefined;
}

function parseObject(text: string): AnswerBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // A gateway's HTML page, or nothing at all.
    return undefined;
  }
}

function isObject(value: unknown): value is AnswerBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
