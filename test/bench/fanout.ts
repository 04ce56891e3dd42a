import type { BotProcess } from "../../src/sandbox/bot-process";
import type { SandboxSpace } from "../../src/sandbox/world";
import { prepareDatabase, reachableExternals } from "../support/bench-database";
import { openBenchWorld, type BenchWorld } from "../support/bench-world";
import { buildBot } from "./build-bot";
import { explain, runIncident, type IncidentRun } from "./incident-run";
import { measureMachine, printMachine, type Machine } from "./machine";
import { median, ms } from "./numbers";
import { tellOneAfterAnother } from "./one-after-another";
import { rest } from "./rest";
import type { Row } from "./row";

/** How long each answer of the stand-ins takes. */
const ANSWER_MS = 100;
const RUNS = 5;
const RESPONDERS = 100;
const CHANNELS = 3;
const CONCURRENCY = 20;
/** People of a space that the bot has never read. */
const MEMBERS = 20;

/** The message beside the person who wrote it; the space's meeting beside its members. */
const CALLS_BEFORE_SENDS = 2;
const FLOOR_MS = (CALLS_BEFORE_SENDS + Math.ceil(RESPONDERS / CONCURRENCY)) * ANSWER_MS;

const ALL_MS = 1_500;
const ALL_TIMES_FLOOR = 1.5;
const FIRST_KNOWN_MS = 450;
const FIRST_UNSEEN_MS = 700;

const ENVIRONMENT = {
  VOICE_AFTER_SMS_SECONDS: "0",
  WEBEX_CONCURRENCY: String(CONCURRENCY),
  SMS_CONCURRENCY: String(CONCURRENCY),
  VOICE_CONCURRENCY: String(CONCURRENCY),
  SMS_PER_SECOND: "5000",
  VOICE_PER_SECOND: "5000",
  MAX_TEXTS_PER_HOUR: "1000",
  MAX_CALLS_PER_HOUR: "1000",
};

/** An incident that calls a hundred people on three channels, and the first event of a space. */
export async function benchFanout(): Promise<Row[]> {
  const machine = await measureMachine();
  printMachine(machine);
  const command = await buildBot();
  const bench = await openBenchWorld({ answerMs: ANSWER_MS });
  try {
    const spaces = await prepareSpaces(bench);
    const bot = await bench.startBot({ command, env: ENVIRONMENT });
    const runs = await runAll(bench, bot, spaces).finally(() => bot.stop());
    printRuns(runs);
    console.log("telling ten people one after another, as the original did …");
    return rowsOf(runs, await tellOneAfterAnother(bench), machine);
  } finally {
    await bench.close();
  }
}

interface Spaces {
  known: SandboxSpace[];
  unseen: SandboxSpace[];
}

interface Runs {
  known: IncidentRun[];
  unseen: IncidentRun[];
}

/**
 * The known spaces and the responders are written through the store before the bot starts; the
 * unseen ones the bot meets with the start of their incident.
 */
async function prepareSpaces(bench: BenchWorld): Promise<Spaces> {
  const { world } = bench.sandbox;
  const known = times(RUNS, (index) => bench.addSpace(`Known ${index}`));
  await prepareDatabase(bench, world, known, reachableExternals(RESPONDERS));
  const members = times(MEMBERS, (index) => world.addPerson({ name: `Member ${index}` }));
  return { known, unseen: times(RUNS, (index) => bench.addSpace(`Unseen ${index}`, members)) };
}

async function runAll(bench: BenchWorld, bot: BotProcess, spaces: Spaces): Promise<Runs> {
  // A known space is one in which somebody has spoken to the bot since it was started.
  for (const space of spaces.known)
    bench.sandbox.world.say({ person: bench.moderator, space, text: "@Muster help" });
  await rest(bench);
  return {
    known: await runEach(bench, bot, spaces.known, RESPONDERS * CHANNELS),
    unseen: await runEach(bench, bot, spaces.unseen, MEMBERS),
  };
}

async function runEach(
  bench: BenchWorld,
  bot: BotProcess,
  spaces: readonly SandboxSpace[],
  expected: number,
): Promise<IncidentRun[]> {
  const runs: IncidentRun[] = [];
  for (const space of spaces) {
    runs.push(await runIncident(bench, bot, space, expected));
    await rest(bench);
  }
  return runs;
}

function printRuns({ known, unseen }: Runs): void {
  for (const run of known)
    console.log(
      `  known space: first accepted ${ms(first(run))}, all ${ms(last(run))}, ` +
        `the bot computed for ${ms(run.cpuMs)}`,
    );
  for (const run of unseen) console.log(`  unseen space: first accepted ${ms(first(run))}`);
}

function rowsOf({ known, unseen }: Runs, oneAfterAnotherMs: number, machine: Machine): Row[] {
  const allMs = median(known.map(last));
  const firstMs = median(known.map(first));
  const unseenMs = median(unseen.map(first));
  const most = Math.min(ALL_MS, ALL_TIMES_FLOOR * FLOOR_MS);
  const isWithin = (value: number, limit: number): boolean => value <= limit + machine.allowanceMs;
  return [
    {
      what: `${RESPONDERS} responders, three channels: all ${RESPONDERS * CHANNELS} accepted`,
      reached:
        `${ms(allMs)}, ${(allMs / FLOOR_MS).toFixed(2)} × the floor of ${ms(FLOOR_MS)}; ` +
        `one after another ${Math.round(oneAfterAnotherMs / 1_000)} s, ` +
        `${Math.round(oneAfterAnotherMs / allMs)} times as long`,
      limit: `${ms(most)}: ${ALL_TIMES_FLOOR} × the floor, and ${ms(ALL_MS)}`,
      isGood: isWithin(allMs, most),
      why: explain(middle(known, last)),
    },
    {
      what: "first notification accepted, known space",
      reached: ms(firstMs),
      limit: ms(FIRST_KNOWN_MS),
      isGood: isWithin(firstMs, FIRST_KNOWN_MS),
      why: explain(middle(known, first)),
    },
    {
      what: "first notification accepted, first event of a space",
      reached: ms(unseenMs),
      limit: ms(FIRST_UNSEEN_MS),
      isGood: isWithin(unseenMs, FIRST_UNSEEN_MS),
      why: explain(middle(unseen, first)),
    },
  ];
}

function first({ accepted }: IncidentRun): number {
  return accepted[0]?.at ?? Number.NaN;
}

function last({ accepted }: IncidentRun): number {
  return accepted.at(-1)?.at ?? Number.NaN;
}

/** The run that the median was taken from. */
function middle(runs: readonly IncidentRun[], value: (run: IncidentRun) => number): IncidentRun {
  const wanted = median(runs.map(value));
  return runs.find((run) => value(run) === wanted)!;
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
