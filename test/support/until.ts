import { setTimeout as wait } from "node:timers/promises";

/** Real time, ms. */
export interface Patience {
  everyMs: number;
  withinMs: number;
}

/** Looks again and again until there is something, and returns it; throws when it takes too long. */
export async function until<Found>(
  what: string,
  look: () => Found | false | undefined | Promise<Found | false | undefined>,
  { everyMs, withinMs }: Patience,
): Promise<Found> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > giveUpAt) throw new Error(`Waited ${withinMs / 1_000} s until ${what}.`);
    await wait(everyMs);
  }
}
