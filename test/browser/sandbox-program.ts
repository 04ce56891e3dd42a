import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Readable } from "node:stream";
import { freePort } from "../../src/sandbox/free-port";

const ROOT = resolve(__dirname, "../..");
const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 20_000;

/** `npm run sandbox` as a process of its own, with the page at `origin`. */
export interface SandboxProgram {
  origin: string;
  end(): Promise<void>;
}

const BOT_IS_READY = "The bot is ready at ";

/**
 * Resolves when the bot is ready, or as soon as `until` was printed and the page is there; rejects
 * with what was printed when it does not come to that.
 */
export async function startSandboxProgram(until = BOT_IS_READY): Promise<SandboxProgram> {
  const folder = await mkdtemp(join(tmpdir(), "muster-browser-"));
  const loader = pathToFileURL(require.resolve("tsx")).href;
  // The sandbox takes the next one if it is not free any more.
  const port = String(await freePort());
  const program = ["--import", loader, "src/sandbox/main.ts", "--port", port];
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = async (): Promise<void> => {
    await endChild(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    return { origin: await readOrigin(child, until), end };
  } catch (error) {
    await end();
    throw error;
  }
}

type Program = ChildProcessByStdio<null, Readable, Readable>;

async function readOrigin(child: Program, until: string): Promise<string> {
  let output = "";
  const ready = new Promise<string>((found) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const origin = /^ {2}Open (http:\/\/127\.0\.0\.1:\d+)\/$/m.exec(output)?.[1];
        if (origin !== undefined && output.includes(until)) found(origin);
      });
  });
  const why = new AbortController();
  const ended = once(child, "close", { signal: why.signal }).then(() => "ended");
  const late = new Promise<string>((found) => {
    const timer = setTimeout(() => found("was not ready in time"), READY_WITHIN_MS);
    why.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  // Whoever loses the race has nothing to say any more.
  ended.catch(() => undefined);
  try {
    const first = await Promise.race([ready, ended, late]);
    if (first.startsWith("http")) return first;
    throw new Error(`The sandbox ${first}:\n${output}`);
  } finally {
    why.abort();
  }
}

/** Asked first, because what is killed leaves the bot behind. */
async function endChild(child: Program): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  const patience = setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MS);
  child.kill("SIGTERM");
  await closed;
  clearTimeout(patience);
}
