import { once } from "node:events";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** stdin, or what stands for it. */
export type QuestionInput = NodeJS.ReadableStream & { isTTY?: boolean };

/**
 * Asks for one line; at a terminal what is typed is not shown. Undefined when the input ends
 * before a line does.
 */
export async function askSecret(
  question: string,
  input: QuestionInput,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  output.write(question);
  const lines = createInterface({ input, output: silent(), terminal: input.isTTY === true });
  const ended = once(lines, "close").then(() => undefined);
  const [line] = ((await Promise.race([once(lines, "line"), ended])) ?? []) as [string?];
  lines.close();
  output.write("\n");
  return line?.trim();
}

function silent(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
