import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** One call to Webex's API with its answer; `path` comes after `/v1` and holds the query. */
export interface Exchange {
  method: string;
  path: string;
  /** 0: the connection was cut on purpose. */
  status: number;
  body?: unknown;
  response?: unknown;
}

export interface Traffic {
  exchanges: Exchange[];
  /** What went wrong while the stories ran. */
  problem?: string;
}

const JEST = require.resolve("jest/bin/jest");
const ROOT = resolve(__dirname, "../..");

/** Runs the stories and collects what the bot asked Webex and what the stand-in answered. */
export async function storyTraffic(): Promise<Traffic> {
  const folder = await mkdtemp(join(tmpdir(), "muster-contract-"));
  const file = join(folder, "traffic.jsonl");
  try {
    const { code, output } = await runStories(file);
    const exchanges = await readLines(file);
    return { exchanges, ...(code === 0 ? {} : { problem: `The stories failed:\n${output}` }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runStories(file: string): Promise<{ code: number | null; output: string }> {
  const args = [JEST, "--selectProjects", "stories", "--testPathPatterns", "test/stories/"];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, MUSTER_TRAFFIC_FILE: file },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

async function readLines(file: string): Promise<Exchange[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Exchange);
}
