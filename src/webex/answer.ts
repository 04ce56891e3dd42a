import { z } from "zod";
import { type Asked, strangeAnswer } from "./failure";

/** What Webex answered to a call that it carried out. */
export interface Answer {
  asked: Asked;
  status: number;
  link: string | null;
  text: string;
}

/** The answer as the schema has it; anything else is a `RemoteError`. */
export function read<T>(answer: Answer, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(answer.text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw strangeAnswer(answer.asked, answer.status, where === "" ? "body" : where);
}

/** The next page's address as Webex gives it (RFC 8288), resolved against the present one. */
export function nextLink({ link }: Answer, current: URL): URL | "none" | "bad" {
  const target = /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(link ?? "")?.[1];
  if (target === undefined) return "none";
  return URL.canParse(target, current.href) ? new URL(target, current.href) : "bad";
}

export function trackingIdIn(text: string): string | undefined {
  const body = z.object({ trackingId: z.string() }).safeParse(parseJson(text));
  return body.success ? body.data.trackingId : undefined;
}

/** `undefined` where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is for the schema to refuse, like any other wrong answer.
    return undefined;
  }
}
