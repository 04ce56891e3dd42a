import { timerRunner } from "../../src/app/timer-runner";
import { SystemClock } from "../../src/clock";

/** Its time passes by hand, and without a word to those who wait for it. */
class QuietClock extends SystemClock {
  time = 1_000;

  override now(): number {
    return this.time;
  }
}

test("what becomes due while it is looked for is done at once, not a second later", async () => {
  const clock = new QuietClock();
  const dueAt = clock.now() + 1;
  const done: number[] = [];
  const timer = {
    name: "a timer",
    due: (now: number) => Promise.resolve(done.length === 0 && dueAt <= now ? [dueAt] : []),
    next: () => {
      clock.time = dueAt;
      return Promise.resolve(done.length === 0 ? dueAt : undefined);
    },
    run: (one: number) => {
      done.push(one);
      return Promise.resolve();
    },
  };
  const log = { error: () => undefined };
  const rules = { idOf: String, postpone: () => Promise.resolve() };
  const runner = timerRunner({ parts: { clock, log } }, timer, rules);
  let isLate = false;
  const tooLate = setTimeout(() => (isLate = true), 900);
  runner.start();
  while (done.length === 0) await new Promise((resolve) => setImmediate(resolve));
  clearTimeout(tooLate);
  await runner.stop();
  expect(isLate).toBe(false);
});
