import { z } from "zod";

const line = z.object({
  level: z.string(),
  msg: z.string(),
  err: z.object({ message: z.string() }).partial().optional(),
});

/** The last lines of the bot's log that tell a person something, without the fields for machines. */
export function tellingLines(lines: readonly string[], most: number): string[] {
  return lines
    .map(readable)
    .filter((text) => text !== undefined)
    .slice(-most);
}

/** Undefined for requests, of which there are many; as it is where it is no line of the log. */
function readable(text: string): string | undefined {
  const read = line.safeParse(parsed(text));
  if (!read.success) return text;
  const { level, msg, err } = read.data;
  if (msg === "request") return undefined;
  return `${level}: ${msg}${err?.message === undefined ? "" : ` (${err.message})`}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not everything that a process prints is its log.
    return undefined;
  }
}
