import { setTimeout as wait } from "node:timers/promises";
import type { BenchWorld } from "../support/bench-world";

const REST_MS = 1_000;

/** Lets the bot finish what it does besides, so that no run disturbs the next. */
export async function rest({ sandbox }: BenchWorld): Promise<void> {
  let before = -1;
  while (before !== sandbox.world.requests.length) {
    before = sandbox.world.requests.length;
    await wait(REST_MS);
  }
}
