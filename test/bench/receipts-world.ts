import { createHmac } from "node:crypto";
import type { Knex } from "knex";
import { SystemClock } from "../../src/clock";
import type { BotProcess } from "../../src/sandbox/bot-process";
import type { AcceptedSend } from "../../src/sandbox/connect/accepted-send";
import { openDatabase, type Database } from "../../src/store/database";
import { openBenchWorld, type BenchWorld } from "../support/bench-world";
import { until, type Patience } from "../support/until";

const ANSWER_MS = 100;
const SIGNING = {
  secret: "a-signature-that-only-this-bench-knows",
  algorithm: "sha256",
  signsSends: true,
} as const;
export const PATIENCE: Patience = { everyMs: 1, withinMs: 120_000 };

const ENVIRONMENT = {
  CONNECT_SIGNING_SECRET: SIGNING.secret,
  SMS_REPLIES: "on",
  VOICE_AFTER_SMS_SECONDS: "0",
  SMS_PER_SECOND: "5000",
  VOICE_PER_SECOND: "5000",
  MAX_TEXTS_PER_HOUR: "1000",
  MAX_CALLS_PER_HOUR: "1000",
  // Nobody is sent anything while receipts and answers are timed.
  RENOTIFY_TIMES: "0",
};

/** A bot whose provider sends no receipts by itself, and its database seen from outside. */
export interface ReceiptsWorld {
  bench: BenchWorld;
  bot: BotProcess;
  /** A connection of its own that only reads. */
  look: Database["read"];
  /** Where the provider posts the texts that people write. */
  inboundUrl: string;
}

export interface ReceiptsWorldOptions {
  command: readonly [string, ...string[]];
  /** A SQLite file of its own when absent. */
  databaseUrl: string | undefined;
  /** What the database holds before the bot's first start. */
  prepare: (bench: BenchWorld) => Promise<void>;
}

/** Gives what `work` resolves with; the bot and the stand-ins end with it. */
export async function inReceiptsWorld<T>(
  { command, databaseUrl, prepare }: ReceiptsWorldOptions,
  work: (world: ReceiptsWorld) => Promise<T>,
): Promise<T> {
  const bench = await openBenchWorld({
    answerMs: ANSWER_MS,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  bench.sandbox.connect.settings.signing = SIGNING;
  const database = openDatabase(bench.databaseUrl, new SystemClock());
  try {
    await prepare(bench);
    const bot = await bench.startBot({ command, env: ENVIRONMENT });
    const secret = bot.env.CONNECT_CALLBACK_SECRET ?? "";
    const inboundUrl = `${bot.url}/webhooks/connect/${secret}`;
    return await work({ bench, bot, look: database.read, inboundUrl }).finally(() => bot.stop());
  } finally {
    await database.close();
    await bench.close();
  }
}

/** As the provider signs it. */
export function signatureOf(body: string): string {
  return `sha256=${createHmac("sha256", SIGNING.secret).update(body).digest("hex")}`;
}

/** Texts and calls that the provider took, oldest first, once the bot has noted all of them. */
export async function acceptedSends(
  { bench, look }: ReceiptsWorld,
  expected: number,
): Promise<readonly AcceptedSend[]> {
  const accepted = () =>
    look("outbox")
      .whereIn("lane", ["sms", "voice"])
      .where({ state: "accepted" })
      .whereNotNull("round_id");
  await until(
    `${expected} texts and calls are accepted`,
    async () => (await countRows(accepted())) >= expected,
    PATIENCE,
  );
  return bench.sandbox.connect.accepted.slice();
}

export async function countRows(rows: Knex.QueryBuilder): Promise<number> {
  const [row] = (await rows.count({ all: "*" })) as [{ all: number | string }];
  return Number(row.all);
}
