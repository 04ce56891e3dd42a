import { DirectorySync, type SyncStep } from "../../src/directory/sync-directory";
import { GrantDeadError } from "../../src/grants/ports";
import { ManualClock } from "../support/manual-clock";
import { failure, FakeList, FakeWriter, person } from "./fakes";

const MINUTE = 60_000;

function syncOf(list: FakeList, more: { signal?: AbortSignal; random?: () => number } = {}) {
  const clock = new ManualClock();
  const writer = new FakeWriter();
  const told: { people: number; waitsUntil?: number }[] = [];
  const { random = () => 0.5, signal = new AbortController().signal } = more;
  const onProgress = (read: { people: number; waitsUntil?: number }): void => void told.push(read);
  const sync = new DirectorySync({ list, writer, clock, random, signal, onProgress });
  return { clock, sync, told, writer };
}

/** Runs on at each time that the sync waits for, and notes how long each pause was. */
async function toItsEnd(
  sync: DirectorySync,
  clock: ManualClock,
  pausesMs: number[] = [],
): Promise<SyncStep> {
  for (;;) {
    const step = await sync.run();
    if (step.kind !== "waiting") return step;
    const pauseMs = step.until - clock.now();
    pausesMs.push(pauseMs);
    await clock.advance(pauseMs);
  }
}

/** The pauses of a sync that spreads them as far as it may, in seconds. */
async function pausesOf(list: FakeList): Promise<number[]> {
  const { clock, sync } = syncOf(list, { random: () => 0.999 });
  const pausesMs: number[] = [];
  await toItsEnd(sync, clock, pausesMs);
  return pausesMs.map((ms) => Math.round(ms / 1_000));
}

test("all pages are read and put in use", async () => {
  const list = new FakeList(3);
  const { sync, told, writer } = syncOf(list);
  const counts = { people: 6, withoutEmail: 0, undialledNumbers: 0, skipped: 3 };
  expect(await sync.run()).toEqual({ kind: "complete", counts });
  expect([...writer.ids]).toEqual(["1a", "1b", "2a", "2b", "3a", "3b"]);
  expect(writer.state).toBe("replaced");
  expect(told).toEqual([{ people: 2 }, { people: 4 }, { people: 6 }]);
});

test("one page is fetched while the one before is written, and no more than one", async () => {
  const list = new FakeList(4);
  const { sync, writer } = syncOf(list);
  const askedAtWrite: number[] = [];
  const add = writer.add.bind(writer);
  jest.spyOn(writer, "add").mockImplementation(async (people) => {
    askedAtWrite.push(list.asked.length);
    await new Promise((resolve) => setImmediate(resolve));
    return add(people);
  });
  await sync.run();
  expect(askedAtWrite).toEqual([2, 3, 4, 4]);
});

test("an organisation without anybody is a directory, too", async () => {
  const list = new FakeList(1).fails("1", { people: [] });
  expect(await syncOf(list).sync.run()).toMatchObject({ kind: "complete", counts: { people: 0 } });
});

test("pages that are empty, or repeat somebody, are read on", async () => {
  const list = new FakeList(4)
    .fails("2", { people: [undefined, undefined], next: "3" })
    .fails("3", { people: [person("1a"), person("3a")], next: "4" });
  expect(await syncOf(list).sync.run()).toMatchObject({
    kind: "complete",
    counts: { people: 5, skipped: 4 },
  });
});

describe("a failure that may pass", () => {
  test.each([
    ["429 with Retry-After", failure({ status: 429, retryAfterMs: 40_000 }), 40_000],
    ["500", failure({ status: 500 }), 500],
    ["503 with Retry-After", failure({ status: 503, retryAfterMs: 2_000 }), 2_000],
    ["no answer", failure({ unclear: true }), 500],
  ])("is waited out: %s", async (_what, error, pauseMs) => {
    const list = new FakeList(3).fails("2", error);
    const { clock, sync, told, writer } = syncOf(list);
    const until = clock.now() + pauseMs;
    expect(await sync.run()).toEqual({ kind: "waiting", until });
    expect(told.at(-1)).toEqual({ people: 2, waitsUntil: until });
    expect(writer.state).toBe("open");
    expect(await toItsEnd(sync, clock)).toMatchObject({ kind: "complete", counts: { people: 6 } });
    expect(list.asked).toEqual(["1", "2", "2", "3"]);
  });

  test("makes the pauses longer, spread, and no longer than a minute", async () => {
    const errors = Array.from({ length: 9 }, () => failure({ status: 502 }));
    const list = new FakeList(1).fails("1", ...errors);
    expect(await pausesOf(list)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test("begins with short pauses again after a page that came", async () => {
    const list = new FakeList(3).fails("2", failure(), failure(), failure()).fails("3", failure());
    expect(await pausesOf(list)).toEqual([1, 2, 4, 1]);
  });

  test("is given up after half an hour without a page, and nothing is replaced", async () => {
    const forever = Array.from({ length: 200 }, () => failure({ status: 500 }));
    const { clock, sync, writer } = syncOf(new FakeList(100).fails("57", ...forever));
    const from = clock.now();
    expect(await toItsEnd(sync, clock)).toEqual({
      kind: "failed",
      failure: { why: "no-answer", reason: "Webex answers 500", people: 112 },
    });
    expect(clock.now() - from).toBeGreaterThan(29 * MINUTE);
    expect(clock.now() - from).toBeLessThanOrEqual(30 * MINUTE);
    expect(writer.state).toBe("open");
  });
});

describe("a failure that does not pass", () => {
  const refused = (status: number) => failure({ status, retryable: false });
  test.each<[string, Error, string]>([
    ["1", refused(403), "refused"],
    ["1", refused(400), "refused"],
    ["1", refused(401), "refused"],
    ["2", refused(403), "refused"],
    ["2", refused(400), "strange"],
    ["2", refused(404), "strange"],
    ["1", refused(415), "strange"],
    ["2", failure({ status: 200, retryable: false }), "strange"],
    ["1", new GrantDeadError("revoked"), "grant"],
    ["2", new GrantDeadError("not renewed"), "grant"],
    ["1", failure({ status: 400, retryable: false, code: "oauth-client" }), "client"],
    ["2", failure({ status: 400, retryable: false, code: "oauth-grant" }), "grant"],
  ])("on page %s: %s is %s", async (page, error, why) => {
    const { sync, writer } = syncOf(new FakeList(3).fails(page, error));
    const people = page === "1" ? 0 : 2;
    expect(await sync.run()).toMatchObject({ kind: "failed", failure: { why, people } });
    expect(writer.state).toBe("open");
  });

  test("of our own is thrown", async () => {
    const list = new FakeList(3).fails("2", new TypeError("a bug"));
    await expect(syncOf(list).sync.run()).rejects.toThrow("a bug");
    const { sync, writer } = syncOf(new FakeList(3));
    jest.spyOn(writer, "add").mockRejectedValue(new Error("disk full"));
    await expect(sync.run()).rejects.toThrow("disk full");
  });
});

test.each([
  ["to itself", "2", "2"],
  ["back", "4", "2"],
])("a list that leads %s is refused", async (_what, page, next) => {
  const list = new FakeList(9).fails(page, { people: [], next });
  const { sync, writer } = syncOf(list);
  expect(await sync.run()).toMatchObject({
    kind: "failed",
    failure: { why: "strange", reason: "Webex's list of people goes in a circle" },
  });
  expect(writer.state).toBe("open");
});

test("a list that repeats its people without an end is refused", async () => {
  const list = new FakeList(10_000);
  jest.spyOn(list, "page").mockImplementation((number) => ({
    people: [person("a")],
    next: String(number + 1),
  }));
  expect(await syncOf(list).sync.run()).toMatchObject({ failure: { why: "strange", people: 1 } });
  expect(list.asked.length).toBeLessThan(60);
});

test("it stops between two pages, leaving no question open and nothing in use", async () => {
  const stopping = new AbortController();
  const list = new FakeList(100);
  let open = 0;
  list.before = async (address) => {
    open += 1;
    if (address === "3") stopping.abort();
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
  };
  const { sync, writer } = syncOf(list, { signal: stopping.signal });
  expect(await sync.run()).toEqual({ kind: "stopped" });
  expect(open).toBe(0);
  expect(list.asked.length).toBeLessThanOrEqual(4);
  expect(writer.state).toBe("open");
});
