import type { Fault, SandboxState } from "./sandbox-state";

/** Told to whoever did it; the sandbox's own sentence where it gave one. */
export class ApiError extends Error {
  override name = "ApiError";
}

export interface Upload {
  name: string;
  type: string;
  /** The bytes as base64. */
  content: string;
}

export interface Saying {
  person: string;
  /** Absent: the direct conversation with the bot. */
  space?: string;
  text: string;
  files?: Upload[];
}

export type PhoneDeed =
  { text: string } | { answer: true } | { digit: string } | { hangup: true } | { voicemail: true };

export const api = {
  state: () => ask<SandboxState>("GET", "state"),
  say: (saying: Saying) => ask("POST", "say", saying),
  press: (person: string, messageId: string, inputs: Record<string, unknown>) =>
    ask("POST", "press", { person, messageId, inputs }),
  phone: (number: string, deed: PhoneDeed) =>
    ask("POST", `phones/${encodeURIComponent(number)}`, deed),
  addFault: (fault: Fault) => ask<{ id: number }>("POST", "faults", fault),
  removeFault: (id: number) => ask("DELETE", `faults/${id}`),
  clearFaults: () => ask("DELETE", "faults"),
  advanceClock: (advanceMs: number) => ask<{ now: number }>("POST", "clock", { advanceMs }),
  startBot: () => ask("POST", "bot", { action: "start" }),
};

async function ask<Answer = unknown>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await send(method, path, body);
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok)
    throw new ApiError(sentenceOf(answer) ?? `The sandbox said ${response.status}.`);
  return answer as Answer;
}

async function send(method: string, path: string, body: object | undefined): Promise<Response> {
  try {
    return await fetch(`/_sandbox/${path}`, {
      method,
      ...(body && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
  } catch (error) {
    throw new ApiError("The sandbox cannot be reached. Is it still running?", { cause: error });
  }
}

function sentenceOf(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return undefined;
  return typeof answer.error === "string" ? answer.error : undefined;
}

/** What to say to a person about anything that was thrown. */
export function problem(error: unknown): string {
  return error instanceof ApiError ? error.message : `Something went wrong: ${String(error)}`;
}
