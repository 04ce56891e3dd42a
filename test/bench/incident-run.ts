import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { SandboxSpace } from "../../src/sandbox/world";
import type { BenchWorld } from "./bench-world";

export type Channel = "webex" | "sms" | "voice";

/** When things happened, in milliseconds since the event was delivered to the bot. */
export interface IncidentRun {
  accepted: { channel: Channel; at: number }[];
  calls: { call: string; at: number }[];
}

const PATIENCE_MS = 60_000;

/** Has an incident started in the space and waits until so many notifications were accepted. */
export async function runIncident(
  { sandbox, moderator, bot }: BenchWorld,
  space: SandboxSpace,
  expected: number,
): Promise<IncidentRun> {
  const { connect, events, world } = sandbox;
  const firstSend = connect.accepted.length;
  const firstCall = world.requests.length;
  const direct: number[] = [];
  const stopListening = events.listen(({ kind, payload }) => {
    const isDirect = payload.spaceType === "direct" && payload.personId === bot.id;
    if (kind === "message" && isDirect) direct.push(Date.now());
  });
  const startedAt = Date.now();
  world.say({ person: moderator, space, text: "@Muster start incident payments down" });
  const giveUpAt = startedAt + PATIENCE_MS;
  while (connect.accepted.length - firstSend + direct.length < expected) {
    if (Date.now() > giveUpAt) throw new Error("Not everybody was told within a minute.");
    await wait(5);
  }
  stopListening();
  const phones = connect.accepted.slice(firstSend);
  return {
    accepted: [
      ...direct.map((at) => ({ channel: "webex" as const, at: at - startedAt })),
      ...phones.map(({ kind, atReal }) => ({
        channel: kind === "sms" ? ("sms" as const) : ("voice" as const),
        at: atReal - startedAt,
      })),
    ].sort((a, b) => a.at - b.at),
    calls: world.requests.slice(firstCall).map(({ method, path, at }) => ({
      call: `${method} ${path.split("?")[0] ?? ""}`,
      at: at - startedAt,
    })),
  };
}

/** Lets the bot finish what it does besides, so that no run disturbs the next. */
export async function rest({ sandbox }: BenchWorld): Promise<void> {
  let before = -1;
  while (before !== sandbox.world.requests.length) {
    before = sandbox.world.requests.length;
    await wait(1_000);
  }
}

void once;
