import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { AcceptedSend } from "../../src/sandbox/connect/accepted-send";
import {
  ANSWERED,
  DELIVERED,
  DROPPED,
  OFFERED,
  RINGING,
  smsOutcome,
  SUBMITTED,
  type Outcome,
} from "../../src/sandbox/connect/outcomes";
import { receiptBody } from "../../src/sandbox/connect/receipt-body";
import type { ConnectSettings } from "../../src/sandbox/connect/settings";
import type { SandboxSpace } from "../../src/sandbox/world";
import { prepareDatabase, reachableExternals } from "../support/bench-database";
import type { BenchWorld } from "../support/bench-world";
import { until } from "../support/until";
import { onEmptyServer } from "./machine";
import type { LoadResult, LoadWish } from "./receipts-load";
import {
  acceptedSends,
  countRows,
  inReceiptsWorld,
  PATIENCE,
  signatureOf,
  type ReceiptsWorld,
  type ReceiptsWorldOptions,
} from "./receipts-world";
import { rest } from "./rest";

export const PER_SECOND = 200;
const RESPONDERS = 100;
/** What the provider says of each text and each call, in this order. */
const OF_TEXT = [smsOutcome(SUBMITTED), smsOutcome(DELIVERED)];
const OF_CALL = [OFFERED, RINGING, ANSWERED, DROPPED];
const BETWEEN_MS = 3_000;
/** So many others are told of first, between two receipts of one. */
const OTHERS_BETWEEN = 200;
/** Of one responder: a text and a call. */
const RECEIPTS_EACH = OF_TEXT.length + OF_CALL.length;
const EMPTY_SECONDS = 5;

const run = promisify(execFile);

export interface SteadyTimes extends LoadResult {
  posted: number;
  /** Receipts in the inbox, and beside their notifications. */
  received: number;
  kept: number;
  /** Texts and calls that are not delivered after all. */
  notDelivered: number;
  /** From the last answer until the last receipt was handled. */
  backlogMs: number;
}

/** How well the load itself keeps time, against a server that does nothing. */
export async function measureEmptyLoad(): Promise<LoadResult> {
  const body = JSON.stringify({ status: "DELIVERED" });
  return onEmptyServer((url) =>
    load({
      perSecond: PER_SECOND,
      callbacks: Array.from({ length: PER_SECOND * EMPTY_SECONDS }, () => ({
        ...{ url, body },
        signature: signatureOf(body),
      })),
    }),
  );
}

/** All receipts of incidents in many spaces, so many a second for so long. */
export async function measureSteadily(
  options: Omit<ReceiptsWorldOptions, "prepare">,
  seconds: number,
): Promise<SteadyTimes> {
  const count = PER_SECOND * seconds;
  const spaces: SandboxSpace[] = [];
  const prepare = async (bench: BenchWorld): Promise<void> => {
    const wanted = Math.ceil(count / RECEIPTS_EACH / RESPONDERS);
    for (let index = 0; index < wanted; index += 1) spaces.push(bench.addSpace(`Busy ${index}`));
    await prepareDatabase(bench, bench.sandbox.world, spaces, reachableExternals(RESPONDERS));
  };
  return inReceiptsWorld({ ...options, prepare }, async (world) => {
    const { moderator, sandbox } = world.bench;
    for (const space of spaces)
      sandbox.world.say({ person: moderator, space, text: "@Muster start incident payments down" });
    const sends = await acceptedSends(world, spaces.length * RESPONDERS * 2);
    await rest(world.bench);
    const callbacks = receiptsOf(sends, sandbox.connect.settings).slice(0, count);
    const result = await load({ perSecond: PER_SECOND, callbacks });
    return { ...result, posted: callbacks.length, ...(await lookAfter(world)) };
  });
}

/** In the order in which they may come: each after the one before it, among those of others. */
function receiptsOf(
  sends: readonly AcceptedSend[],
  settings: Readonly<ConnectSettings>,
): LoadWish["callbacks"] {
  return sends
    .flatMap((send, index) =>
      outcomesOf(send).map((outcome, stage) => {
        const callbackFormat = index % 2 === 0 ? ("flat" as const) : ("nested" as const);
        const callback = callbackOf({ ...settings, callbackFormat }, send, outcome, stage);
        return { turn: index + stage * OTHERS_BETWEEN, callback };
      }),
    )
    .sort((a, b) => a.turn - b.turn)
    .map(({ callback }) => callback);
}

function outcomesOf({ kind }: AcceptedSend): readonly Outcome[] {
  return kind === "sms" ? OF_TEXT : OF_CALL;
}

function callbackOf(
  settings: Readonly<ConnectSettings>,
  send: AcceptedSend,
  outcome: Outcome,
  stage: number,
): LoadWish["callbacks"][number] {
  const body = JSON.stringify(receiptBody(settings, send, outcome, send.at + stage * BETWEEN_MS));
  return { url: send.callbackUrl ?? "", body, signature: signatureOf(body) };
}

async function load(wish: LoadWish): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
  try {
    const file = join(folder, "callbacks.json");
    await writeFile(file, JSON.stringify(wish));
    const loader = pathToFileURL(require.resolve("tsx")).href;
    const args = ["--import", loader, join(__dirname, "receipts-load.ts"), file];
    const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 26 });
    return JSON.parse(stdout) as LoadResult;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is in the database once nothing is left to handle. */
async function lookAfter({
  look,
}: ReceiptsWorld): Promise<Pick<SteadyTimes, "received" | "kept" | "notDelivered" | "backlogMs">> {
  const startedAt = performance.now();
  const receipts = () => look("inbox").where({ kind: "receipt" });
  await until(
    "all receipts are handled",
    async () => {
      const waiting = receipts().whereIn("state", ["waiting", "handling"]);
      return (await countRows(waiting)) === 0;
    },
    PATIENCE,
  );
  const backlogMs = performance.now() - startedAt;
  const toPhones = look("outbox").whereIn("lane", ["sms", "voice"]).whereNotNull("round_id");
  return {
    backlogMs,
    received: await countRows(receipts()),
    kept: await countRows(look("receipts")),
    notDelivered: await countRows(toPhones.whereNot({ state: "delivered" })),
  };
}
