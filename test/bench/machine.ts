import { once } from "node:events";
import { spawn } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { ms, percentile } from "./numbers";

/** What this computer does at its best. A row in milliseconds may miss by what exceeds these. */
const GOOD_FSYNC_MS = 2;
const GOOD_ANSWER_MS = 10;

const WRITES = 300;
const BYTES = 4096;
const ANSWERS = 600;
const ANSWERS_PER_SECOND = 200;

export interface Machine {
  fsyncP99Ms: number;
  answerP99Ms: number;
  /** By how much a row in milliseconds may miss. */
  allowanceMs: number;
}

export async function measureMachine(): Promise<Machine> {
  const fsyncP99Ms = percentile(await measureWrites(), 0.99);
  const answerP99Ms = percentile(await measureAnswers(), 0.99);
  const allowanceMs =
    Math.max(0, fsyncP99Ms - GOOD_FSYNC_MS) + Math.max(0, answerP99Ms - GOOD_ANSWER_MS);
  return { fsyncP99Ms, answerP99Ms, allowanceMs };
}

export function printMachine({ fsyncP99Ms, answerP99Ms, allowanceMs }: Machine): void {
  console.log(
    `machine: 4 KB fsync p99 ${ms(fsyncP99Ms)}, empty Express answer at ${ANSWERS_PER_SECOND}/s ` +
      `p99 ${ms(answerP99Ms)}: rows in milliseconds may miss by ${ms(allowanceMs)}`,
  );
}

async function measureWrites(): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
  const file = await open(join(folder, "written"), "w");
  const block = Buffer.alloc(BYTES, 1);
  const times: number[] = [];
  for (let index = 0; index < WRITES; index += 1) {
    const startedAt = performance.now();
    await file.write(block);
    await file.sync();
    times.push(performance.now() - startedAt);
  }
  await file.close();
  await rm(folder, { recursive: true });
  return times;
}

async function measureAnswers(): Promise<number[]> {
  return onEmptyServer(askSteadily);
}

/** Gives `work` the address of a server that only answers, in a process of its own. */
export async function onEmptyServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const program = join(__dirname, "empty-server.ts");
  const server = spawn(process.execPath, ["--import", loader, program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    return await work(`http://127.0.0.1:${port}/`);
  } finally {
    server.kill();
  }
}

/** Asks at fixed moments, whether or not the answers before have come. */
async function askSteadily(url: string): Promise<number[]> {
  const startedAt = performance.now();
  const asked: Promise<number>[] = [];
  for (let index = 0; index < ANSWERS; index += 1) {
    const at = startedAt + (index * 1_000) / ANSWERS_PER_SECOND;
    const early = at - performance.now();
    if (early > 0) await wait(early);
    asked.push(answerTime(url));
  }
  return Promise.all(asked);
}

async function answerTime(url: string): Promise<number> {
  const startedAt = performance.now();
  await (await fetch(url)).arrayBuffer();
  return performance.now() - startedAt;
}
