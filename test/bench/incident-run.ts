import { setTimeout as wait } from "node:timers/promises";
import type { BotProcess } from "../../src/sandbox/bot-process";
import type { SandboxSpace } from "../../src/sandbox/world";
import type { BenchWorld } from "../support/bench-world";
import { readMetric } from "./metrics";
import { ms } from "./numbers";

export type Lane = "webex" | "sms" | "voice";

/** When what happened, in milliseconds since the event was given to the bot. */
export interface IncidentRun {
  /** In the order in which they were accepted. */
  accepted: { lane: Lane; at: number }[];
  /** Answers of the Webex stand-in, such as "GET /memberships". */
  answers: { call: string; at: number }[];
  /** What the bot's process computed meanwhile. */
  cpuMs: number;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 5;

/** Has an incident started in the space and waits until so many notifications were accepted. */
export async function runIncident(
  bench: BenchWorld,
  bot: BotProcess,
  space: SandboxSpace,
  expected: number,
): Promise<IncidentRun> {
  const { connect, world } = bench.sandbox;
  const firstSend = connect.accepted.length;
  const firstAnswer = world.requests.length;
  const cpuBefore = await cpuMs(bot);
  const directs = listenForDirects(bench);
  const startedAt = Date.now();
  world.say({ person: bench.moderator, space, text: "@Muster start incident payments down" });
  while (connect.accepted.length - firstSend + directs.times.length < expected) {
    if (Date.now() > startedAt + PATIENCE_MS)
      throw new Error(`Not everybody was told within ${PATIENCE_MS / 1_000} s.`);
    await wait(POLL_MS);
  }
  directs.stop();
  const texts = connect.accepted.slice(firstSend).map(({ kind, atReal }) => ({
    lane: kind === "sms" ? ("sms" as const) : ("voice" as const),
    at: atReal - startedAt,
  }));
  const messages = directs.times.map((at) => ({ lane: "webex" as const, at: at - startedAt }));
  return {
    accepted: [...messages, ...texts].sort((a, b) => a.at - b.at),
    answers: world.requests.slice(firstAnswer).map(({ method, path, at }) => ({
      call: `${method} ${shortened(path)}`,
      at: at - startedAt,
    })),
    cpuMs: (await cpuMs(bot)) - cpuBefore,
  };
}

function listenForDirects({ sandbox, bot }: BenchWorld): { times: number[]; stop: () => void } {
  const times: number[] = [];
  const stop = sandbox.events.listen(({ kind, payload }) => {
    const isDirect = payload.spaceType === "direct" && payload.personId === bot.id;
    if (kind === "message" && isDirect) times.push(Date.now());
  });
  return { times, stop };
}

async function cpuMs(bot: BotProcess): Promise<number> {
  return 1_000 * (await readMetric(bot, "process_cpu_seconds_total"));
}

/** `/messages/Y2lz…?a=b` tells no more than `/messages/:id`. */
function shortened(path: string): string {
  return (path.split("?")[0] ?? "").replace(/\/Y2lz[\w-]+/, "/:id");
}

/** Where the time of a run went, in a few lines. */
export function explain(run: IncidentRun): string[] {
  const answered = (call: string): string => {
    const answer = run.answers.find((one) => one.call === call);
    return answer ? ms(answer.at) : "never";
  };
  const lanes = (["webex", "sms", "voice"] as const).flatMap((lane) => {
    const times = run.accepted.filter((one) => one.lane === lane).map(({ at }) => at);
    const [first] = times;
    const last = times.at(-1);
    if (first === undefined || last === undefined) return [];
    return [`${lane}: ${times.length} accepted from ${ms(first)} to ${ms(last)}`];
  });
  return [
    `message read ${answered("GET /messages/:id")}, ` +
      `reply to the start accepted ${answered("POST /messages")}, ` +
      `conference looked up ${answered("GET /rooms/:id/meetingInfo")}`,
    ...lanes,
    `the bot computed for ${ms(run.cpuMs)}`,
  ];
}
