import { setImmediate as nextTurn } from "node:timers/promises";
import type { Work } from "./work";

/**
 * Resolves when nothing runs in the background but what waits for the clock. What a moved clock has
 * woken registers its work a turn later; hence the turn before each look.
 */
export async function rest(work: Work): Promise<void> {
  do {
    await work.idle();
    await nextTurn();
  } while (!work.isIdle);
}
