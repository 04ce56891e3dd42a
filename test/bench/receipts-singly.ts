import { setTimeout as wait } from "node:timers/promises";
import { uuidv7 } from "uuidv7";
import type { AcceptedSend } from "../../src/sandbox/connect/accepted-send";
import { DELIVERED } from "../../src/sandbox/connect/outcomes";
import type { ConnectSettings } from "../../src/sandbox/connect/settings";
import type { SandboxEvent } from "../../src/sandbox/events";
import type { SandboxPerson, SandboxSpace } from "../../src/sandbox/world";
import type { Responder } from "../../src/roster/responder";
import { prepareDatabase, reachableExternals } from "../support/bench-database";
import type { BenchWorld } from "../support/bench-world";
import { until } from "../support/until";
import { runIncident } from "./incident-run";
import { press, receive, reply } from "./receipts-acts";
import {
  acceptedSends,
  inReceiptsWorld,
  PATIENCE,
  type ReceiptsWorld,
  type ReceiptsWorldOptions,
} from "./receipts-world";
import { rest } from "./rest";

const RESPONDERS = 100;
/** Who has nothing but a number: a text that fails leaves them not reached, which the line tells. */
const TEXTED = 10;
/** In Webex, with a card to press. */
const MEMBERS = 20;
/** Of each kind of answer; what is left of them is timed until the status line shows it. */
const REPLIES = 50;
const PRESSES = 15;
const TEXTED_NUMBERS = "+1408558";
/** What one brings besides, such as a text that confirms an answer (100 ms at the provider), is over before the next. */
const BETWEEN_MS = 300;
const NO_SUCH_NUMBER = "7203";
const FORMATS: readonly ConnectSettings["callbackFormat"][] = ["flat", "nested"];

/** Milliseconds since the callback was posted, or since the button was pressed. */
export interface SingleTimes {
  receiptKept: number[];
  receiptMoved: number[];
  replyKept: number[];
  replyTaken: number[];
  /** With a Webex that answers at once: a press has to be read there first. */
  pressTaken: number[];
  /** Until the status line, or the card in its place, shows it. */
  shown: { what: string; ms: number }[];
}

/** Receipts and answers of an incident that calls a hundred people, each by itself. */
export async function measureSingly(
  options: Omit<ReceiptsWorldOptions, "prepare">,
): Promise<SingleTimes> {
  const scene: { space?: SandboxSpace; members: SandboxPerson[] } = { members: [] };
  const prepare = async (bench: BenchWorld): Promise<void> => {
    const { world } = bench.sandbox;
    scene.members = times(MEMBERS, (index) => world.addPerson({ name: `Member ${index + 1}` }));
    scene.space = bench.addSpace("Receipts", scene.members);
    const externals = [...reachableExternals(RESPONDERS), ...textedExternals()];
    await prepareDatabase(bench, world, [scene.space], externals);
  };
  return inReceiptsWorld({ ...options, prepare }, (world) =>
    measureIncident(world, scene.space!, scene.members),
  );
}

function textedExternals(): Responder[] {
  return times(TEXTED, (index) => {
    const name = `Texted ${index + 1}`;
    const mobile = `${TEXTED_NUMBERS}${1_000 + index}`;
    return { id: uuidv7(), kind: "external", name, mobile, version: 1 };
  });
}

async function measureIncident(
  world: ReceiptsWorld,
  space: SandboxSpace,
  members: readonly SandboxPerson[],
): Promise<SingleTimes> {
  const { bench, bot } = world;
  const toPhones = 2 * RESPONDERS + TEXTED;
  await runIncident(bench, bot, space, toPhones + RESPONDERS + MEMBERS);
  await rest(bench);
  const texts = (await acceptedSends(world, toPhones)).filter(({ kind }) => kind === "sms");
  const failing = texts.filter(({ to }) => to.startsWith(TEXTED_NUMBERS));
  const sends = texts.filter((send) => !failing.includes(send));
  const receipts = await measureReceipts(world, sends);
  const replies = await measureReplies(world, sends.slice(0, REPLIES));
  const pressTaken = await measurePresses(world, members.slice(0, PRESSES));
  await rest(bench);
  const [replying, pressing] = [sends.slice(REPLIES), members.slice(PRESSES)];
  const shown = await measureShown(world, space, { failing, replying, pressing });
  return { ...receipts, ...replies, pressTaken, shown };
}

async function measureReceipts(world: ReceiptsWorld, sends: readonly AcceptedSend[]) {
  const [receiptKept, receiptMoved]: [number[], number[]] = [[], []];
  for (const [index, send] of sends.entries()) {
    const { keptMs, movedMs } = await receive(world, send, DELIVERED, FORMATS[index % 2]!);
    receiptKept.push(keptMs);
    receiptMoved.push(movedMs);
    await wait(BETWEEN_MS);
  }
  return { receiptKept, receiptMoved };
}

async function measureReplies(world: ReceiptsWorld, sends: readonly AcceptedSend[]) {
  const [replyKept, replyTaken]: [number[], number[]] = [[], []];
  for (const send of sends) {
    const { keptMs, takenMs } = await reply(world, send);
    replyKept.push(keptMs);
    replyTaken.push(takenMs);
    await wait(BETWEEN_MS);
  }
  return { replyKept, replyTaken };
}

/** Webex answers at once meanwhile: its time is not the bot's. */
async function measurePresses(
  world: ReceiptsWorld,
  people: readonly SandboxPerson[],
): Promise<number[]> {
  const webex = world.bench.sandbox.world;
  const { latencyMs } = webex;
  webex.latencyMs = 0;
  const pressTaken: number[] = [];
  for (const person of people) {
    pressTaken.push(await press(world, person));
    await wait(BETWEEN_MS);
  }
  webex.latencyMs = latencyMs;
  return pressTaken;
}

interface LeftOver {
  failing: readonly AcceptedSend[];
  replying: readonly AcceptedSend[];
  pressing: readonly SandboxPerson[];
}

/**
 * Each right after the one before was shown, which is the worst moment: the line is written once in
 * five seconds at most.
 */
async function measureShown(
  world: ReceiptsWorld,
  space: SandboxSpace,
  { failing, pressing, replying }: LeftOver,
): Promise<SingleTimes["shown"]> {
  const shown: SingleTimes["shown"] = [];
  let answered = REPLIES + PRESSES;
  for (const [index, send] of failing.entries()) {
    const format = FORMATS[index % 2]!;
    const seen = listenFor(world.bench, space, ({ notReached }) => notReached === index + 1);
    await receive(world, send, NO_SUCH_NUMBER, format);
    shown.push({ what: `receipt, ${format}`, ms: await seen() });
    const member = pressing[index / 2];
    answered += 1;
    const line = listenFor(world.bench, space, (counts) => counts.answered === answered);
    if (member) await press(world, member);
    else await reply(world, replying[index]!);
    shown.push({ what: member ? "press" : "reply by SMS", ms: await line() });
  }
  return shown;
}

interface Counts {
  answered: number;
  notReached: number;
}

/** Starts to count now; what it gives waits for the line and resolves with the milliseconds. */
function listenFor(
  { bot, sandbox }: BenchWorld,
  space: SandboxSpace,
  isIt: (counts: Counts) => boolean,
): () => Promise<number> {
  const startedAt = performance.now();
  let ms: number | undefined;
  const stop = sandbox.events.listen(({ kind, payload }) => {
    const isWritten = kind === "message" || kind === "edited";
    if (!isWritten || payload.spaceId !== space.id || payload.personId !== bot.id) return;
    const counts = countsIn(payload);
    if (counts && isIt(counts)) ms ??= performance.now() - startedAt;
  });
  return () => until("the status line shows it", () => ms, PATIENCE).finally(stop);
}

/** Of the line in the thread, or of a status card: there whoever started it counts as coming. */
function countsIn(payload: SandboxEvent["payload"]): Counts | undefined {
  const text = typeof payload.text === "string" ? payload.text : "";
  const line = /^(\d+) of \d+ answered(?:, (\d+) not reached)?$/.exec(text);
  if (line) return { answered: Number(line[1]), notReached: Number(line[2] ?? 0) };
  const card = /(\d+) not reached, \d+ waiting, (\d+) declined, (\d+) coming/.exec(text);
  if (!card) return undefined;
  return { notReached: Number(card[1]), answered: Number(card[2]) + Number(card[3]) - 1 };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
