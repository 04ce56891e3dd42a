import { onPostgres } from "../support/chaos-postgres";
import { buildBot } from "./build-bot";
import { measureMachine, printMachine, type Machine } from "./machine";
import { ms, percentile } from "./numbers";
import { measureSingly, type SingleTimes } from "./receipts-singly";
import {
  measureEmptyLoad,
  measureSteadily,
  PER_SECOND,
  type SteadyTimes,
} from "./receipts-steadily";
import type { Row } from "./row";

const SECONDS = 60;
const STORED_MS = 50;
const SHOWN_MS = 6_000;
const ANSWERED_MS = 50;
/** A load that is itself slower than this against an empty server says nothing about a bot. */
const LOAD_MS = 10;

/** Receipts and answers from their webhook into the database and onto the status line. */
export async function benchReceipts(): Promise<Row[]> {
  const machine = await measureMachine();
  printMachine(machine);
  const rows = [await loadRow(machine)];
  const command = await buildBot();
  for (const [name, on] of [["SQLite", onSqlite] as const, ["PostgreSQL", onPostgres] as const]) {
    console.log(`${name}: receipts and answers one at a time …`);
    await on(async (databaseUrl) => {
      const times = await measureSingly({ command, databaseUrl });
      rows.push(...singleRows(name, times, machine));
    });
    console.log(`${name}: ${PER_SECOND} receipts a second for ${SECONDS} s …`);
    await on(async (databaseUrl) => {
      const times = await measureSteadily({ command, databaseUrl }, SECONDS);
      rows.push(...steadyRows(name, times, machine));
    });
  }
  return rows;
}

/** Each world makes a file of its own. */
function onSqlite(work: (databaseUrl: undefined) => Promise<void>): Promise<void> {
  return work(undefined);
}

async function loadRow({ allowanceMs }: Machine): Promise<Row> {
  const { answeredMs, lateMs } = await measureEmptyLoad();
  const p99 = percentile(answeredMs, 0.99);
  return {
    what: `the load by itself: an empty server answers (p99) at ${PER_SECOND}/s`,
    reached: `${ms(p99)}, posted ${ms(percentile(lateMs, 0.99))} late (p99)`,
    limit: ms(LOAD_MS),
    isGood: p99 <= LOAD_MS + allowanceMs,
  };
}

function singleRows(name: string, times: SingleTimes, { allowanceMs }: Machine): Row[] {
  const p99 = (all: readonly number[]): string => ms(percentile(all, 0.99));
  const stored = (what: string, all: readonly number[], besides = ""): Row => ({
    what: `${name}: ${what} in the database (p99 of ${all.length})`,
    reached: `${p99(all)}${besides}`,
    limit: ms(STORED_MS),
    isGood: percentile(all, 0.99) <= STORED_MS + allowanceMs,
    why: [`slowest first: ${slowest(all)}`],
  });
  const answered = (all: readonly number[]): string => `, its webhook answered after ${p99(all)}`;
  const late = [...times.shown].sort((a, b) => b.ms - a.ms);
  return [
    stored("a receipt is", times.receiptMoved, answered(times.receiptKept)),
    stored("an answer by SMS is", times.replyTaken, answered(times.replyKept)),
    stored("an answer by press, Webex answering at once, is", times.pressTaken),
    {
      what: `${name}: a receipt or answer is on the status line (slowest of ${late.length})`,
      reached: `${ms(late[0]?.ms ?? Number.NaN)} (${late[0]?.what ?? "none"})`,
      limit: ms(SHOWN_MS),
      isGood: (late[0]?.ms ?? Infinity) <= SHOWN_MS + allowanceMs,
      why: late.map((one) => `${one.what}: ${ms(one.ms)}`),
    },
  ];
}

function steadyRows(name: string, times: SteadyTimes, { allowanceMs }: Machine): Row[] {
  const p99 = percentile(times.answeredMs, 0.99);
  const { backlogMs, kept, lateMs, notDelivered, otherwise, posted, received } = times;
  const others = Object.entries(otherwise).map(([status, count]) => `${count} × ${status}`);
  return [
    {
      what: `${name}: ${PER_SECOND} receipts a second for ${SECONDS} s answered (p99)`,
      reached: `${ms(p99)}, half within ${ms(percentile(times.answeredMs, 0.5))}`,
      limit: ms(ANSWERED_MS),
      isGood: p99 <= ANSWERED_MS + allowanceMs,
      why: [
        `slowest first: ${slowest(times.answeredMs)}`,
        `posted ${ms(percentile(lateMs, 0.99))} late (p99), which counts`,
      ],
    },
    {
      what: `${name}: of these ${posted} receipts are lost`,
      reached:
        `${posted - Math.min(received, kept)}; all handled ${ms(backlogMs)} after the last answer, ` +
        `${notDelivered} texts and calls not delivered by them`,
      limit: "0",
      isGood: received === posted && kept === posted && notDelivered + others.length === 0,
      why: [`${received} received, ${kept} kept`, ...others],
    },
  ];
}

function slowest(all: readonly number[]): string {
  return [...all]
    .sort((a, b) => b - a)
    .slice(0, 10)
    .map(ms)
    .join(", ");
}
