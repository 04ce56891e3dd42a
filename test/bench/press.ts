import { setTimeout as wait } from "node:timers/promises";
import type { SandboxMessage } from "../../src/sandbox/model";
import type { SandboxSpace } from "../../src/sandbox/world";
import { prepareDatabase, reachableExternals } from "../support/bench-database";
import { openBenchWorld, type BenchWorld } from "../support/bench-world";
import { buttonsOf, type CardButton } from "../support/story-cards";
import { buildBot } from "./build-bot";
import { measureMachine, printMachine } from "./machine";
import { median, ms } from "./numbers";
import { rest } from "./rest";
import type { Row } from "./row";

const ANSWER_MS = 100;
const ROSTER = 200;
const SMALL_ROSTER = 20;
const RUNS = 5;
const ANSWERED_MS = 450;
const PATIENCE_MS = 10_000;
const POLL_MS = 2;

/** What a moderator does in a space with many people, by what it is called in the answer. */
const asks: Readonly<Record<string, Ask>> = {
  help: saying("help"),
  status: saying("status"),
  ready: saying("ready"),
  "remind one": saying("remind Responder 7"),
  "switch one": saying("sms Responder 8 off"),
  "press Remind": pressing("Remind"),
  "press SMS off": pressing("SMS off"),
  "press Stop…": pressing("Stop…"),
};

type Ask = (bench: BenchWorld, space: SandboxSpace, run: number) => void;

/** How fast a moderator is answered whose space has a long roster, and what an answer costs. */
export async function benchPress(): Promise<Row[]> {
  const machine = await measureMachine();
  printMachine(machine);
  const command = await buildBot();
  const many = await measureRoster(ROSTER, command);
  const few = await measureRoster(SMALL_ROSTER, command);
  const [slowest, slowestMs] = [...many.answered].sort((a, b) => b[1] - a[1])[0]!;
  return [
    {
      what: `a command or press is answered, roster of ${ROSTER}; the slowest is ${slowest}`,
      reached: ms(slowestMs),
      limit: ms(ANSWERED_MS),
      isGood: slowestMs <= ANSWERED_MS + machine.allowanceMs,
      why: [...many.answered].map(([name, tookMs]) => `${name}: ${ms(tookMs)}`),
    },
    {
      what: `calls to Webex for a refreshed status card, rosters of ${SMALL_ROSTER} and ${ROSTER}`,
      reached: [...new Set([few.refreshCalls, many.refreshCalls])].join(", "),
      limit: "the same number",
      isGood: few.refreshCalls === many.refreshCalls,
    },
  ];
}

interface Answers {
  /** Median in milliseconds by what was asked. */
  answered: Map<string, number>;
  refreshCalls: number;
}

async function measureRoster(
  size: number,
  command: readonly [string, ...string[]],
): Promise<Answers> {
  const bench = await openBenchWorld({ answerMs: ANSWER_MS });
  try {
    const space = bench.addSpace(`Roster of ${size}`);
    await prepareDatabase(bench, bench.sandbox.world, [space], reachableExternals(size));
    const bot = await bench.startBot({
      command,
      env: { SMS_PER_SECOND: "5000", VOICE_PER_SECOND: "5000", VOICE_AFTER_SMS_SECONDS: "0" },
    });
    try {
      saying("start incident payments down")(bench, space, 0);
      await rest(bench);
      return await measureAsks(bench, space);
    } finally {
      await bot.stop();
    }
  } finally {
    await bench.close();
  }
}

async function measureAsks(bench: BenchWorld, space: SandboxSpace): Promise<Answers> {
  const { requests } = bench.sandbox.world;
  const answered = new Map<string, number>();
  for (const [name, ask] of Object.entries(asks)) {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      times.push(await untilAnswered(bench, () => ask(bench, space, run)));
      await rest(bench);
    }
    answered.set(name, median(times));
  }
  const before = requests.length;
  saying("status")(bench, space, 0);
  await rest(bench);
  return { answered, refreshCalls: requests.length - before };
}

/** Milliseconds from the event until Webex has taken the bot's answer. */
async function untilAnswered({ sandbox }: BenchWorld, ask: () => void): Promise<number> {
  const { requests } = sandbox.world;
  const before = requests.length;
  const startedAt = Date.now();
  ask();
  while (Date.now() < startedAt + PATIENCE_MS) {
    const answer = requests
      .slice(before)
      .find(({ method, path }) => method === "POST" && path.startsWith("/messages"));
    if (answer) return answer.at - startedAt;
    await wait(POLL_MS);
  }
  throw new Error(`Nobody answered within ${PATIENCE_MS / 1_000} s.`);
}

function saying(text: string): Ask {
  return ({ moderator, sandbox: { world } }, space) =>
    void world.say({ person: moderator, space, text: `@Muster ${text}` });
}

/** On the newest card that has such a button; each run for somebody else, since twice is once. */
function pressing(title: string): Ask {
  return ({ moderator, sandbox: { world } }, space, run) => {
    const { message, button } = newestWith(title, world.messagesIn(space.id));
    const chosen = Object.fromEntries(
      Object.keys(button.fields).map((field) => [field, button.choices[run]?.value ?? ""]),
    );
    const inputs = { ...chosen, ...button.data };
    world.press({ person: moderator, messageId: message.id, inputs });
  };
}

function newestWith(
  title: string,
  messages: readonly SandboxMessage[],
): { message: SandboxMessage; button: CardButton } {
  for (const message of [...messages].reverse())
    for (const { content } of message.attachments) {
      const button = buttonsOf(content).find((one) => one.title === title);
      if (button) return { message, button };
    }
  throw new Error(`No card has a button ${title}.`);
}
