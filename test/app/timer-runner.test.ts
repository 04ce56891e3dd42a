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
  // Whatever waits for real time waits for ever.
  jest.useFakeTimers({ doNotFake: ["setImmediate"] });
  try {
    runner.start();
    for (let turn = 0; turn < 1_000 && done.length === 0; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual([dueAt]);
    await runner.stop();
  } finally {
    jest.useRealTimers();
  }
});
