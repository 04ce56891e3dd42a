import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";

export interface LineLog {
  write(line: string): void;
  /** Resolves when everything is on disk. */
  close(): Promise<void>;
}

/** `onProblem` hears, once, why nothing more is kept. */
export function openLog(file: string, onProblem: (error: Error) => void): LineLog {
  const stream = createWriteStream(file, { flags: "a" });
  stream.on("error", onProblem);
  return {
    write: (line) => void stream.write(`${line}\n`),
    close: async () => {
      if (stream.destroyed) return;
      stream.end();
      await finished(stream);
    },
  };
}
