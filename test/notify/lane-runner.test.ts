import type { Clock } from "../../src/clock";
import { LaneRunner, type LaneWork } from "../../src/notify/lane-runner";
import { ManualClock } from "../support/manual-clock";

/** Something that settles when the test says so. */
interface Gate {
  opened: Promise<void>;
  open(): void;
  fail(error: Error): void;
}

function aGate(): Gate {
  let open: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open: () => open(), fail: (error) => fail(error) };
}

interface Job {
  dueAt?: number;
  run(): Promise<void>;
}

/** A lane's work in memory: claims what is due, remembers how it was asked. */
class Queue implements LaneWork {
  readonly jobs: Job[] = [];
  readonly limits: number[] = [];
  readonly errors: unknown[] = [];
  looks = 0;
  /** Awaited within each claim. */
  claiming: () => Promise<void> = () => Promise.resolve();
  realAt: number | undefined;

  constructor(private readonly clock: Clock) {}

  async claim(limit: number): Promise<Promise<void>[]> {
    this.limits.push(limit);
    const due = this.jobs.filter((job) => (job.dueAt ?? 0) <= this.clock.now()).slice(0, limit);
    for (const job of due) this.jobs.splice(this.jobs.indexOf(job), 1);
    await this.claiming();
    return due.map((job) => job.run());
  }

  nextLook(): Promise<{ dueAt?: number; realAt?: number }> {
    this.looks += 1;
    const dueAt = Math.min(...this.jobs.map((job) => job.dueAt ?? 0));
    return Promise.resolve({
      ...(dueAt === Infinity ? {} : { dueAt }),
      ...(this.realAt === undefined ? {} : { realAt: this.realAt }),
    });
  }

  onError(error: unknown): void {
    this.errors.push(error);
  }
}

const running: LaneRunner[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((runner) => runner.stop()));
});

function aLane(slots: number, clock: Clock = new ManualClock()) {
  const queue = new Queue(clock);
  const runner = new LaneRunner("test", slots, clock, queue);
  running.push(runner);
  return { queue, runner };
}

/** Jobs that note their names when they start, and end when their gate opens. */
function gatedJobs(names: readonly string[], started: string[]) {
  return names.map((name) => {
    const gate = aGate();
    const job: Job = {
      run: () => {
        started.push(name);
        return gate.opened;
      },
    };
    return { job, gate };
  });
}

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe("slots", () => {
  test("are never exceeded, and a freed one is taken at once", async () => {
    const { queue, runner } = aLane(2);
    const started: string[] = [];
    const jobs = gatedJobs(["a", "b", "c"], started);
    queue.jobs.push(...jobs.map(({ job }) => job));

    runner.start();
    await settle();
    expect(started).toEqual(["a", "b"]);

    jobs[1]!.gate.open();
    await settle();
    expect(started).toEqual(["a", "b", "c"]);

    for (const { gate } of jobs) gate.open();
    await runner.idle();
    expect(Math.max(...queue.limits)).toBe(2);
  });

  test("are asked for only as far as they are free", async () => {
    const { queue, runner } = aLane(3);
    const jobs = gatedJobs(["a", "b"], []);
    queue.jobs.push(...jobs.map(({ job }) => job));
    runner.start();
    await settle();
    expect(new Set(queue.limits)).toEqual(new Set([3, 1]));
    for (const { gate } of jobs) gate.open();
  });

  test("that a stuck piece holds leave the others to everybody else", async () => {
    const { queue, runner } = aLane(2);
    const [stuck] = gatedJobs(["stuck"], []);
    const done: string[] = [];
    queue.jobs.push(stuck!.job);
    for (const name of ["a", "b", "c"])
      queue.jobs.push({ run: () => Promise.resolve(void done.push(name)) });
    runner.start();
    await settle();
    expect(done).toEqual(["a", "b", "c"]);
    expect(runner.isIdle).toBe(false);
    stuck!.gate.open();
    await runner.idle();
  });

  test("that are all taken make it neither claim nor look, however much is due", async () => {
    const { queue, runner } = aLane(1);
    const jobs = gatedJobs(["a", "b"], []);
    queue.jobs.push(...jobs.map(({ job }) => job));
    runner.start();
    await settle();
    runner.wake();
    await settle();
    expect(queue.limits).toEqual([1]);
    expect(queue.looks).toBe(0);
    for (const { gate } of jobs) gate.open();
    await runner.idle();
  });
});

describe("a wake", () => {
  test("brings what was queued since the last look", async () => {
    const { queue, runner } = aLane(1);
    runner.start();
    await runner.idle();
    const done: string[] = [];
    queue.jobs.push({ run: () => Promise.resolve(void done.push("a")) });
    runner.wake();
    await runner.idle();
    expect(done).toEqual(["a"]);
  });

  test("that comes while it looks is not lost", async () => {
    const { queue, runner } = aLane(1);
    const looking = aGate();
    queue.claiming = () => looking.opened;
    jest.spyOn(queue, "nextLook").mockResolvedValue({});
    runner.start();
    await settle();
    // The claim has read the empty queue already; only its answer is still to come.
    const done: string[] = [];
    queue.jobs.push({ run: () => Promise.resolve(void done.push("a")) });
    runner.wake();
    looking.open();
    await settle();
    expect(done).toEqual(["a"]);
  });

  test("is not needed for what becomes due by the passing of the clock", async () => {
    const clock = new ManualClock();
    const { queue, runner } = aLane(1, clock);
    clock.settleWith(() => runner.idle());
    const times: number[] = [];
    const start = clock.now();
    queue.jobs.push({
      dueAt: start + 60_000,
      run: () => Promise.resolve(void times.push(clock.now() - start)),
    });
    runner.start();
    await clock.advance(59_999);
    expect(times).toEqual([]);
    await clock.advance(1);
    expect(times).toEqual([60_000]);
  });
});

describe("idle", () => {
  test("comes only after a look that found nothing, also right after the clock was moved", async () => {
    const clock = new ManualClock();
    const { queue, runner } = aLane(1, clock);
    clock.settleWith(() => runner.idle());
    runner.start();
    await runner.idle();
    const done: string[] = [];
    // A chain: each piece makes the next one due later.
    const next = (left: number): Job => ({
      dueAt: clock.now() + 1_000,
      run: async () => {
        await settle();
        done.push(`at ${left}`);
        if (left > 1) queue.jobs.push(next(left - 1));
      },
    });
    queue.jobs.push(next(3));
    runner.wake();
    await clock.advance(3_000);
    expect(done).toEqual(["at 3", "at 2", "at 1"]);
  });

  test("waits for what the last piece of work left due", async () => {
    const { queue, runner } = aLane(2);
    const done: string[] = [];
    queue.jobs.push({
      run: async () => {
        await settle();
        done.push("look");
        queue.jobs.push({ run: () => Promise.resolve(void done.push("send")) });
      },
    });
    runner.start();
    await runner.idle();
    expect(done).toEqual(["look", "send"]);
  });

  test("waits for what is due by the real clock, which nobody moves", async () => {
    const { queue, runner } = aLane(1);
    const done: string[] = [];
    queue.realAt = Date.now() + 30;
    runner.start();
    await settle();
    expect(runner.isIdle).toBe(false);
    queue.jobs.push({ run: () => Promise.resolve(void done.push("held")) });
    queue.realAt = undefined;
    await runner.idle();
    expect(done).toEqual(["held"]);
  });

  test("is what a lane is that was not started, and that was stopped", async () => {
    const { runner } = aLane(1);
    await runner.idle();
    runner.start();
    expect(runner.isIdle).toBe(false);
    await runner.stop();
    await runner.idle();
    expect(runner.isIdle).toBe(true);
  });
});

describe("trouble", () => {
  test("in one piece of work is reported and stops nothing else", async () => {
    const { queue, runner } = aLane(2);
    const [broken] = gatedJobs(["broken"], []);
    const done: string[] = [];
    queue.jobs.push(broken!.job, { run: () => Promise.resolve(void done.push("a")) });
    runner.start();
    const bug = new Error("bug");
    broken!.gate.fail(bug);
    await runner.idle();
    expect(queue.errors).toEqual([bug]);
    expect(done).toEqual(["a"]);
  });

  test("while claiming is reported, and claiming is tried again without being woken", async () => {
    const { queue, runner } = aLane(1);
    const done: string[] = [];
    const lost = new Error("database away");
    let failures = 1;
    queue.claiming = () => {
      if (failures === 0) return Promise.resolve();
      failures -= 1;
      queue.jobs.push({ run: () => Promise.resolve(void done.push("a")) });
      return Promise.reject(lost);
    };
    runner.start();
    await settle();
    expect(runner.isIdle).toBe(false);
    await runner.idle();
    expect(queue.errors).toEqual([lost]);
    expect(done).toEqual(["a"]);
  });

  test("while looking is reported, and does not count as having nothing to do", async () => {
    const { queue, runner } = aLane(1);
    const lost = new Error("database away");
    const done: string[] = [];
    jest.spyOn(queue, "nextLook").mockRejectedValueOnce(lost);
    runner.start();
    await settle();
    expect(queue.errors).toEqual([lost]);
    expect(runner.isIdle).toBe(false);
    queue.jobs.push({ run: () => Promise.resolve(void done.push("a")) });
    await runner.idle();
    expect(done).toEqual(["a"]);
  });
});

describe("stopping", () => {
  test("claims nothing more and waits for what runs", async () => {
    const { queue, runner } = aLane(1);
    const started: string[] = [];
    const jobs = gatedJobs(["a", "b"], started);
    queue.jobs.push(...jobs.map(({ job }) => job));
    runner.start();
    await settle();
    let hasStopped = false;
    const stopped = runner.stop().then(() => (hasStopped = true));
    await settle();
    expect(hasStopped).toBe(false);
    jobs[0]!.gate.open();
    await stopped;
    expect(started).toEqual(["a"]);
    expect(queue.jobs).toHaveLength(1);
  });

  test("waits for what a claim under way still brings", async () => {
    const { queue, runner } = aLane(2);
    const claiming = aGate();
    const done: string[] = [];
    queue.claiming = () => claiming.opened;
    queue.jobs.push({ run: () => Promise.resolve(void done.push("a")) });
    runner.start();
    await settle();
    const stopped = runner.stop();
    claiming.open();
    await stopped;
    expect(done).toEqual(["a"]);
  });

  test("a lane that was never started, or twice, is no trouble", async () => {
    const { runner } = aLane(1);
    await runner.stop();
    await runner.stop();
    expect(runner.isIdle).toBe(true);
  });
});
