import type { SandboxPerson } from "../../src/sandbox/world";
import { prepareDatabase } from "../support/bench-database";
import { openBenchWorld, type BenchWorld } from "../support/bench-world";
import { buildBot } from "./build-bot";
import { measureMachine, printMachine } from "./machine";
import { readMetric } from "./metrics";
import { median, megabytes, ms } from "./numbers";
import type { Row } from "./row";
import { rest } from "./rest";

const ANSWER_MS = 100;
const RUNS = 5;
const FEW = 50;
const MANY = 5_000;
const READY_MS = 2_000;
const MEMBERS = 5;

interface Start {
  readyMs: number;
  calls: number;
  rssBytes: number;
}

/** A bot that knows few spaces and one that knows many come up alike. */
export async function benchStart(): Promise<Row[]> {
  const machine = await measureMachine();
  printMachine(machine);
  const command = await buildBot();
  const few = await measureStarts(FEW, command);
  const many = await measureStarts(MANY, command);
  const limit = READY_MS + machine.allowanceMs;
  return [
    ...[few, many].map((starts): Row => {
      const readyMs = median(starts.map((start) => start.readyMs));
      return {
        what: `ready after a start with ${starts === few ? FEW : MANY} spaces`,
        reached: `${ms(readyMs)}, ${megabytes(median(starts.map((start) => start.rssBytes)))} RSS`,
        limit: ms(READY_MS),
        isGood: readyMs <= limit,
        why: ["loading the framework and its SDK takes most of it, then one answer after another"],
      };
    }),
    compareCalls(few, many),
  ];
}

function compareCalls(few: readonly Start[], many: readonly Start[]): Row {
  const [withFew, withMany] = [few, many].map((starts) => starts.map(({ calls }) => calls));
  const counts = new Set([...(withFew ?? []), ...(withMany ?? [])]);
  return {
    what: `calls to Webex at a start with ${FEW} and with ${MANY} spaces`,
    reached: [...counts].join(", "),
    limit: "the same number each time",
    isGood: counts.size === 1,
  };
}

async function measureStarts(
  spaces: number,
  command: readonly [string, ...string[]],
): Promise<Start[]> {
  const bench = await openBenchWorld({ answerMs: ANSWER_MS });
  try {
    await fill(bench, spaces);
    const starts: Start[] = [];
    for (let run = 0; run < RUNS; run += 1) starts.push(await measureStart(bench, command));
    for (const { calls, readyMs, rssBytes } of starts)
      console.log(
        `  ${spaces} spaces: ready after ${ms(readyMs)}, ${calls} calls, ${megabytes(rssBytes)}`,
      );
    return starts;
  } finally {
    await bench.close();
  }
}

/** As if Muster had read each of them, and somebody had spoken in the newest ones. */
async function fill(bench: BenchWorld, count: number): Promise<void> {
  const { world } = bench.sandbox;
  const people = Array.from({ length: MEMBERS }, (_, index): SandboxPerson =>
    world.addPerson({ name: `Member ${index + 1}` }),
  );
  const spaces = Array.from({ length: count }, (_, index) =>
    bench.addSpace(`Space ${index + 1}`, people),
  );
  await prepareDatabase(bench, world, spaces);
}

/** Ready is when both webhooks are there and the bot says that it can take events. */
async function measureStart(
  bench: BenchWorld,
  command: readonly [string, ...string[]],
): Promise<Start> {
  const { world } = bench.sandbox;
  world.webhooks.clear();
  const before = world.requests.length;
  const startedAt = performance.now();
  const bot = await bench.startBot({ command });
  const readyMs = performance.now() - startedAt;
  try {
    // What it catches up with after the start belongs to the start.
    await rest(bench);
    const calls = world.requests.length - before;
    return { readyMs, calls, rssBytes: await readMetric(bot, "process_resident_memory_bytes") };
  } finally {
    await bot.stop();
  }
}
