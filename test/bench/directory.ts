import { execFile } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Agent, request } from "undici";
import type { BotProcess } from "../../src/sandbox/bot-process";
import type { SandboxMessage } from "../../src/sandbox/model";
import type { SandboxPerson } from "../../src/sandbox/world";
import { openBenchWorld, type BenchWorld } from "../support/bench-world";
import { startPostgres, stopPostgres } from "../support/postgres-server";
import { createDatabase } from "../support/postgres-template";
import { linksOf } from "../support/story-cards";
import { until, type Patience } from "../support/until";
import { buildBot } from "./build-bot";
import type { SearchTimes, SearchWish } from "./directory-process";
import { measureMachine, printMachine, type Machine } from "./machine";
import { readMetric } from "./metrics";
import { median, megabytes, ms, percentile } from "./numbers";
import type { Row } from "./row";

const ANSWER_MS = 100;
const PEOPLE = 100_000;
const MANY_PEOPLE = 1_000_000;
const PER_PAGE = 1_000;
const SOME_PAGES = 20;
const REST_MS = 2_000;

const SYNC_TIMES_PAGES = 1.3;
/** What the heap breathes; a directory that is kept in memory grows by far more. */
const FLAT_BYTES = 25 * 2 ** 20;
const SEARCH_MS = 5;
const SEARCH_MANY_MS = 10;
const SEARCH_DURING_MS = 20;
const WEBHOOK_MS = 100;

/** As in a small container: else garbage lies about for as long as there is room. */
const HEAP = "--max-old-space-size=192";

const EVENTS_PER_SECOND = 200;
const ONE_COMMAND_IN = 10;
const SAMPLE_MS = 200;
const PATIENCE: Patience = { everyMs: 50, withinMs: 180_000 };
const SECRET = "a-secret-that-only-this-bench-knows";

const run = promisify(execFile);
/** As many as Webex may well hold open; what waits for one is counted as waiting for the bot. */
const connections = new Agent({ connections: 100 });

/** The directory of a large organisation: read, and searched, on both databases. */
export async function benchDirectory(): Promise<Row[]> {
  const machine = await measureMachine();
  printMachine(machine);
  const [node, program] = await buildBot();
  const command = [node, HEAP, program] as const;
  const rows = await benchOn("SQLite", undefined, command, machine);
  const server = await startPostgres();
  try {
    const newDatabase = () =>
      createDatabase(server, `bench_${randomBytes(4).toString("hex")}`, "empty");
    return [...rows, ...(await benchOn("PostgreSQL", newDatabase, command, machine))];
  } finally {
    await stopPostgres();
  }
}

type NewDatabase = (() => Promise<string>) | undefined;

async function benchOn(
  name: string,
  newDatabase: NewDatabase,
  command: readonly [string, ...string[]],
  machine: Machine,
): Promise<Row[]> {
  console.log(`${name}: ${PEOPLE} people are read …`);
  const syncs = await measureSyncs(await newDatabase?.(), command);
  console.log(`${name}: ${PEOPLE} and ${MANY_PEOPLE} people are searched …`);
  const searches = await measureSearches(await newDatabase?.());
  return [...syncRows(name, syncs, machine), ...searchRows(name, searches, machine)];
}

interface Syncs {
  /** What a page of the list takes by itself, in milliseconds. */
  pageMs: number;
  /** Milliseconds, with nothing else to do. */
  tookMs: number;
  /** Bytes before, at each sample, and after. */
  memory: { before: number; during: number[]; after: number };
  /** Milliseconds with events coming in. */
  busyMs: number;
  answers: AnswerTimes;
}

async function measureSyncs(
  databaseUrl: string | undefined,
  command: readonly [string, ...string[]],
): Promise<Syncs> {
  const bench = await openBenchWorld({
    answerMs: ANSWER_MS,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  try {
    const { world } = bench.sandbox;
    world.fillDirectory(PEOPLE);
    const admin = world.addPerson({ name: "Olga Admin", isAdmin: true });
    const read: number[] = [];
    const bot = await bench.startBot({
      command,
      env: { WEBHOOK_SECRET: SECRET },
      onLine: (line) => void read.push(...timeOfSync(line)),
    });
    try {
      const link = await askForLink(bench, admin);
      const before = await resident(bot);
      const quiet = sampleMemory(bot);
      await world.consent(link, admin);
      const tookMs = await untilRead(read, 1);
      const during = await quiet.stop();
      const after = await resident(bot);
      const load = loadWith(bench, bot);
      load.say({ person: admin, text: "directory refresh" });
      const busyMs = await untilRead(read, 2);
      const answers = await load.stop();
      return {
        ...{
          pageMs: await measurePage(bench, admin),
          tookMs,
          busyMs,
          memory: { before, during, after },
        },
        answers,
      };
    } finally {
      await bot.stop();
    }
  } finally {
    await bench.close();
  }
}

/** The median of some pages that nobody does anything with. */
async function measurePage({ sandbox }: BenchWorld, { token }: SandboxPerson): Promise<number> {
  await wait(REST_MS);
  const times: number[] = [];
  let next: string | undefined = `${sandbox.webexUrl}/people?max=${PER_PAGE}`;
  while (next !== undefined && times.length < SOME_PAGES) {
    const startedAt = performance.now();
    const response = await fetch(next, { headers: { authorization: `Bearer ${token}` } });
    await response.arrayBuffer();
    times.push(performance.now() - startedAt);
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }
  return median(times);
}

async function askForLink({ sandbox: { world } }: BenchWorld, admin: SandboxPerson) {
  world.say({ person: admin, text: "authorize" });
  const links = () => world.messagesTo(admin).flatMap(linksIn);
  return until(
    "the link comes",
    () => links().find((url) => url.includes("/authorize?")),
    PATIENCE,
  );
}

function linksIn({ attachments }: SandboxMessage): string[] {
  return attachments.flatMap(({ content }) => linksOf(content).map((link) => link.url));
}

/** How long a sync took, where this line of the bot's log says that one is over. */
function timeOfSync(line: string): number[] {
  return line.includes('"the directory was read"') ? [(JSON.parse(line) as { ms: number }).ms] : [];
}

function untilRead(read: readonly number[], nth: number): Promise<number> {
  return until("the directory is read", () => read[nth - 1], PATIENCE);
}

function resident(bot: BotProcess): Promise<number> {
  return readMetric(bot, "process_resident_memory_bytes");
}

function sampleMemory(bot: BotProcess): { stop: () => Promise<number[]> } {
  const samples: number[] = [];
  const stopping = new AbortController();
  const sampling = (async () => {
    while (!stopping.signal.aborted) {
      samples.push(await resident(bot));
      await wait(SAMPLE_MS);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await sampling;
      return samples;
    },
  };
}

interface Load {
  say(message: { person: SandboxPerson; text: string }): void;
  /** Gives the milliseconds until each event was answered. */
  stop(): Promise<AnswerTimes>;
}

interface AnswerTimes {
  /** Commands, which are kept. */
  kept: number[];
  /** Further deliveries of one, which are known already. */
  known: number[];
}

/**
 * Events at fixed moments, whether or not those before were answered: one in ten is a command, the
 * others are deliveries of one that came before. All of them are timed: the stand-in for Webex
 * delivers none itself, the bot's own messages neither.
 */
function loadWith(bench: BenchWorld, bot: BotProcess): Load {
  const { moderator, sandbox } = bench;
  const space = bench.addSpace("Busy");
  const stopping = new AbortController();
  const answers = { kept: [] as Promise<number>[], known: [] as Promise<number>[] };
  sandbox.faults.add({ service: "webhooks", route: "messages.created", kind: "missing" });
  const time = (
    times: Promise<number>[],
    message: SandboxMessage,
    person: SandboxPerson,
  ): SandboxMessage => {
    const answer = deliver(bot, message, person, message.spaceId === space.id ? "group" : "direct");
    // It is waited for at the end; until then it must not end the process.
    answer.catch(() => undefined);
    times.push(answer);
    return message;
  };
  const say = (wish: Parameters<typeof sandbox.world.say>[0] & { person: SandboxPerson }) =>
    time(answers.kept, sandbox.world.say(wish), wish.person);
  const running = (async () => {
    const command = { person: moderator, space, text: "@Muster help" };
    let newest = say(command);
    const startedAt = performance.now();
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const early = startedAt + (turn * 1_000) / EVENTS_PER_SECOND - performance.now();
      if (early > 0) await wait(early);
      if (turn % ONE_COMMAND_IN === 0) newest = say(command);
      else time(answers.known, newest, moderator);
    }
  })();
  return {
    say,
    stop: async () => {
      stopping.abort();
      await running;
      const [kept, known] = [await Promise.all(answers.kept), await Promise.all(answers.known)];
      sandbox.faults.clear();
      return { kept, known };
    },
  };
}

async function deliver(
  bot: BotProcess,
  { created, id, personId, spaceId }: SandboxMessage,
  { email }: SandboxPerson,
  roomType: "direct" | "group",
): Promise<number> {
  const data = {
    ...{ id, personId, personEmail: email, roomId: spaceId, roomType },
    created: new Date(created).toISOString(),
  };
  const body = JSON.stringify({ resource: "messages", event: "created", actorId: personId, data });
  const signature = createHmac("sha1", SECRET).update(body).digest("hex");
  const startedAt = performance.now();
  const response = await request(`${bot.url}/webhooks/webex`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-spark-signature": signature },
    body,
    dispatcher: connections,
  });
  await response.body.dump();
  if (response.statusCode >= 300)
    throw new Error(`The bot answered an event with ${response.statusCode}.`);
  return performance.now() - startedAt;
}

async function measureSearches(databaseUrl: string | undefined): Promise<SearchTimes> {
  const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
  const bench = await openBenchWorld({ answerMs: ANSWER_MS });
  try {
    const { sandbox } = bench;
    sandbox.world.fillDirectory(PEOPLE);
    const wish: SearchWish = {
      databaseUrl: databaseUrl ?? `sqlite:${join(folder, "muster.sqlite3")}`,
      webexUrl: sandbox.webexUrl,
      token: sandbox.world.addPerson({ name: "Olga Admin", isAdmin: true }).token,
      ...{ few: PEOPLE, many: MANY_PEOPLE },
    };
    const loader = pathToFileURL(require.resolve("tsx")).href;
    const program = join(__dirname, "directory-process.ts");
    const args = ["--import", loader, program, JSON.stringify(wish)];
    const { stdout } = await run(process.execPath, args);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as SearchTimes;
  } finally {
    await bench.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function syncRows(name: string, syncs: Syncs, machine: Machine): Row[] {
  const floor = Math.ceil(PEOPLE / PER_PAGE) * syncs.pageMs;
  const ratio = syncs.tookMs / floor;
  const { after, before, during } = syncs.memory;
  const half = Math.ceil(during.length / 2);
  const first = Math.max(...during.slice(0, half));
  const second = Math.max(...during.slice(half));
  return [
    {
      what: `${name}: ${PEOPLE} people synced`,
      reached:
        `${(syncs.tookMs / 1_000).toFixed(1)} s, ${ratio.toFixed(2)} × the pages' own latency of ${ms(syncs.pageMs)} each; ` +
        `${(syncs.busyMs / 1_000).toFixed(1)} s with ${EVENTS_PER_SECOND} events a second`,
      limit: `${SYNC_TIMES_PAGES} ×`,
      isGood: ratio <= SYNC_TIMES_PAGES,
    },
    {
      what: `${name}: memory in the second half of it against the first`,
      reached:
        `${megabytes(second)} at most against ${megabytes(first)} ` +
        `(${megabytes(before)} before, ${megabytes(after)} after)`,
      limit: `${megabytes(FLAT_BYTES)} more`,
      isGood: second - first <= FLAT_BYTES,
    },
    ...(["kept", "known"] as const).map((which) => answersRow(name, which, syncs.answers, machine)),
  ];
}

const EVENTS = { kept: "commands", known: "repeated events" };

function answersRow(
  name: string,
  which: keyof AnswerTimes,
  answers: AnswerTimes,
  { allowanceMs }: Machine,
): Row {
  const p99 = percentile(answers[which], 0.99);
  return {
    what: `${name}: webhooks of ${EVENTS[which]} answered (p99) at ${EVENTS_PER_SECOND} events/s during a sync`,
    reached: `${ms(p99)} of ${answers[which].length}`,
    limit: ms(WEBHOOK_MS),
    isGood: p99 <= WEBHOOK_MS + allowanceMs,
  };
}

function searchRows(name: string, times: SearchTimes, { allowanceMs }: Machine): Row[] {
  const row = (what: string, reachedMs: number, limitMs: number, why: string[] = []): Row => ({
    what: `${name}: search (p99) ${what}`,
    reached: ms(reachedMs),
    limit: ms(limitMs),
    isGood: reachedMs <= limitMs + allowanceMs,
    why,
  });
  const each = Object.entries(times.manyEach).map(([kind, p99]) => `${kind}: ${ms(p99)}`);
  console.log(`  the numbers of a thousand people: ${ms(times.numbersMs)}`);
  return [
    row(`at ${PEOPLE} people`, times.fewP99, SEARCH_MS),
    row(`during a sync (${times.searchesDuring} searches)`, times.duringP99, SEARCH_DURING_MS),
    row(`at ${MANY_PEOPLE} people`, times.manyP99, SEARCH_MANY_MS, each),
  ];
}
