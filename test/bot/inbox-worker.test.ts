import { InboxWorker, type EventLookups, type HeldEvent } from "../../src/bot/inbox-worker";
import { PhoneEvents } from "../../src/bot/phone-events";
import { OwnWork } from "../../src/bot/own-work";
import type { Trigger } from "../../src/incident/ports";
import type { Logger } from "../../src/log";
import { ana, aMember, aSettings, aSpace, NOW, ofKind, SPACE } from "../support/builders";
import { aMessage, aRig, deeds, someGrants } from "../support/bot-rig";
import { ManualClock } from "../support/manual-clock";
import { aFailure } from "../support/outbox-builders";

const HALF = 0.5;
const MINUTE = 60_000;
const anasMembership = aMember({ ...ana, isModerator: true });

/** The database, for a moment. */
class Away extends Error {
  override name = "Away";
}

const running: InboxWorker[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ runner }) => runner.stop()));
});

/** `isKnown`: the bot knows who it is. */
function aWorker(
  overrides: Partial<EventLookups> = {},
  ofSpaces = { status: 400 },
  isKnown = true,
) {
  const clock = new ManualClock(NOW);
  const rig = aRig();
  const waiting: (HeldEvent & { dueAt: number })[] = [];
  const retried: { id: string; dueAt: number; error: string }[] = [];
  const reported: string[] = [];
  const logged: string[] = [];
  const log: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_fields, msg) => void logged.push(`warn: ${msg}`),
    error: (_fields, msg) => void logged.push(`error: ${msg}`),
    child: () => log,
  };
  const ofKinds = (kinds: readonly HeldEvent["kind"][] | undefined) =>
    waiting.filter(({ kind }) => kinds?.includes(kind) ?? true);
  const worker = new InboxWorker({
    clock,
    random: () => HALF,
    inbox: {
      claim: (limit, kinds) => {
        const due = ofKinds(kinds).filter(({ dueAt }) => dueAt <= clock.now());
        return Promise.resolve(due.slice(0, limit).map(take));
      },
      retry: (event, dueAt, error) => {
        retried.push({ id: event.id, dueAt, error });
        waiting.push({ ...event, dueAt });
        return Promise.resolve();
      },
      nextDueAt: (kinds) => {
        const times = ofKinds(kinds).map(({ dueAt }) => dueAt);
        return Promise.resolve(times.length === 0 ? undefined : Math.min(...times));
      },
    },
    phoneEvents: new PhoneEvents({
      clock,
      takeText: () => Promise.resolve(),
      takeReceipt: (_event, receipt) =>
        Promise.resolve(receipt.notificationId === "n-1" ? "matched" : "unmatched"),
      retry: (event, dueAt) => {
        retried.push({ id: event.id, dueAt, error: "no notification" });
        waiting.push({ ...event, dueAt });
        return Promise.resolve();
      },
      finish: () => Promise.resolve(),
      report: (outcome) => void reported.push(outcome),
      log,
    }),
    decisions: rig.decisions,
    log,
    isTransient: (error) => error instanceof Away,
    report: (outcome) => void reported.push(outcome),
  });
  const conversation = {
    lookups: {
      receive: () => Promise.resolve(aMessage({ text: "Muster start incident x", at: NOW })),
      membership: () => Promise.resolve(anasMembership),
      isOperator: () => Promise.resolve(false),
      space: () => Promise.resolve({ facts: aSpace(), isFreshlyRead: false }),
      knownSpace: () => Promise.resolve(aSpace()),
      findCard: () => Promise.resolve(undefined),
      ...overrides,
    },
    router: rig.router,
    ownWork: new OwnWork({
      clock,
      reader: {
        getSpace: () => Promise.reject(aFailure(ofSpaces)),
        listMembers: () => Promise.resolve([]),
        getMeetingInfo: () => Promise.resolve("ended"),
      },
      decisions: rig.decisions,
      announcer: () => ({ botName: "Muster", settings: aSettings() }),
      grants: someGrants(rig.decisions),
      mayActIn: () => true,
      log,
    }),
  };
  if (isKnown) worker.converse(conversation);
  function take(event: HeldEvent & { dueAt: number }): HeldEvent {
    waiting.splice(waiting.indexOf(event), 1);
    return { ...event, attempts: event.attempts + 1 };
  }
  running.push(worker);
  clock.settleWith(() => worker.runner.idle());
  return {
    clock,
    logged,
    reported,
    retried,
    rig,
    worker,
    conversation,
    /** Puts an event into the inbox and waits until the worker has nothing to do now. */
    receives: async (event: Partial<HeldEvent> = {}): Promise<void> => {
      waiting.push({ ...anEvent(event), dueAt: clock.now() });
      worker.runner.start();
      worker.runner.wake();
      await worker.runner.idle();
    },
  };
}

function anEvent(overrides: Partial<HeldEvent> = {}): HeldEvent {
  return {
    id: "event-1",
    leaseToken: "lease-1",
    kind: "message",
    spaceId: SPACE,
    personId: "ana",
    receivedAt: NOW,
    attempts: 0,
    body: {},
    ...overrides,
  };
}

const triggersOf = (triggers: readonly Trigger[]) =>
  triggers.map((trigger) => (trigger.kind === "inbox" ? [trigger.id, trigger.end] : trigger.kind));

test("a message is read, carried out and finished", async () => {
  const { receives, reported, rig } = aWorker();
  await receives();
  expect(deeds(rig.changes)).toContain("incident.started");
  expect(reported).toEqual(["done"]);
  expect(rig.decisions.triggers).toEqual([{ kind: "inbox", id: "event-1", leaseToken: "lease-1" }]);
});

test("who wrote it is asked for beside the message, not after it", async () => {
  const order: string[] = [];
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const { receives } = aWorker({
    receive: async () => {
      order.push("message asked for");
      await arrived;
      order.push("message there");
      return aMessage({ text: "Muster status" });
    },
    membership: () => {
      order.push("person asked for");
      arrive();
      return Promise.resolve(anasMembership);
    },
  });
  await receives();
  expect(order).toEqual(["person asked for", "message asked for", "message there"]);
});

test("the person of the message counts, not the one that its event names", async () => {
  const asked: string[] = [];
  const { receives, rig } = aWorker({
    receive: () => Promise.resolve(aMessage({ text: "Muster start incident x", personId: "bo" })),
    membership: (_spaceId, personId) => {
      asked.push(personId);
      return Promise.resolve(personId === "ana" ? anasMembership : aMember());
    },
  });
  await receives({ personId: "ana" });
  expect(asked).toEqual(["ana", "bo"]);
  expect(deeds(rig.changes)).toEqual([]);
  expect(rig.said[0]).toContain("Only moderators");
});

test("an operator's rights are asked for with the membership", async () => {
  const { receives, rig } = aWorker({
    membership: () => Promise.resolve(aMember({ ...ana, isModerator: false })),
    isOperator: (personId) => Promise.resolve(personId === "ana"),
  });
  await receives();
  expect(deeds(rig.changes)).toContain("incident.started");
});

test("before the bot knows who it is, what phones tell is handled, and all else waits", async () => {
  const { conversation, receives, reported, rig, worker } = aWorker({}, undefined, false);
  await receives();
  await receives({ id: "own", kind: "reread-space", body: { kind: "reread-space" } });
  expect(reported).toEqual([]);
  await receives({ id: "text", kind: "text", body: { from: "+14085550101", text: "STOP" } });
  expect(reported).toEqual(["done"]);
  worker.converse(conversation);
  await worker.runner.idle();
  expect(reported).toHaveLength(3);
  expect(deeds(rig.changes)).toContain("incident.started");
});

describe("Webex that fails", () => {
  test("is asked again after the backoff, and the event is carried out once", async () => {
    let failures = 1;
    const { clock, receives, reported, retried, rig } = aWorker({
      receive: () =>
        failures-- > 0
          ? Promise.reject(aFailure({ status: 503 }))
          : Promise.resolve(aMessage({ text: "Muster start incident x", at: NOW })),
    });
    await receives();
    expect(retried).toEqual([{ id: "event-1", dueAt: NOW + 500, error: "status 503" }]);
    expect(rig.changes).toEqual([]);
    await clock.advance(499);
    expect(reported).toEqual(["retried"]);
    await clock.advance(1);
    expect(reported).toEqual(["retried", "done"]);
    expect(ofKind(rig.changes, "incident.started")).toHaveLength(1);
  });

  test("is asked again when it says", async () => {
    const { receives, retried } = aWorker({
      receive: () => Promise.reject(aFailure({ status: 429, retryAfterMs: 9_000 })),
    });
    await receives();
    expect(retried[0]?.dueAt).toBe(NOW + 9_000);
  });

  test("is asked again when it could not be reached, also for the person", async () => {
    const { receives, retried, rig } = aWorker({ membership: () => Promise.reject(aFailure({})) });
    await receives();
    expect(retried).toEqual([{ id: "event-1", dueAt: NOW + 500, error: "status none" }]);
    expect(rig.decisions.triggers).toEqual([]);
  });

  test("one event does not hold up another", async () => {
    const { receives, reported, rig } = aWorker({
      receive: (body) =>
        body === "bad"
          ? Promise.reject(aFailure({ status: 503 }))
          : Promise.resolve(aMessage({ text: "Muster start incident x", at: NOW })),
    });
    await receives({ id: "bad", body: "bad" });
    await receives({ id: "good" });
    expect(reported).toEqual(["retried", "done"]);
    expect(deeds(rig.changes)).toContain("incident.started");
  });
});

test("a message that Webex announced and does not show yet is asked for again", async () => {
  let misses = 4;
  const { clock, receives, reported, rig } = aWorker({
    receive: () =>
      misses-- > 0
        ? Promise.reject(aFailure({ status: 404 }))
        : Promise.resolve(aMessage({ text: "Muster start incident x", at: NOW })),
  });
  await receives();
  await clock.advance(MINUTE);
  expect(reported).toEqual(["retried", "retried", "retried", "retried", "done"]);
  expect(deeds(rig.changes)).toContain("incident.started");
});

describe("a database that is away", () => {
  test("is asked again until it is back, and the event is carried out once", async () => {
    const { clock, receives, reported, retried, rig } = aWorker();
    const start = rig.decisions.forStart.bind(rig.decisions);
    let failures = 6;
    jest
      .spyOn(rig.decisions, "forStart")
      .mockImplementation((...args) =>
        failures-- > 0 ? Promise.reject(new Away()) : start(...args),
      );
    await receives();
    await clock.advance(10 * MINUTE);
    expect(reported).toEqual([...Array<string>(6).fill("retried"), "done"]);
    expect(new Set(retried.map(({ error }) => error))).toEqual(new Set(["Away"]));
    expect(ofKind(rig.changes, "incident.started")).toHaveLength(1);
  });

  test("is given up on after ten attempts, with the word that the message was not read", async () => {
    const { logged, receives, reported, rig } = aWorker({
      membership: () => Promise.reject(new Away()),
    });
    await receives({ attempts: 9 });
    expect(reported).toEqual(["dead"]);
    expect(rig.said).toEqual(["I could not read your last message. Please write it again."]);
    expect(logged).toEqual(["warn: gave up on an event"]);
  });
});

describe("Muster's own work", () => {
  const body = { kind: "reread-space", spaceId: SPACE };
  const work = { kind: "reread-space", body } as const;

  test("goes on for an hour while Webex is away, at most a minute between two attempts", async () => {
    const { clock, receives, reported, retried } = aWorker({}, { status: 503 });
    await receives(work);
    await clock.advance(61 * MINUTE);
    expect(reported.at(-1)).toBe("dead");
    expect(retried.length).toBeGreaterThan(60);
    const times = retried.map(({ dueAt }) => dueAt);
    expect(times.at(-1)).toBeGreaterThan(NOW + 59 * MINUTE);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(MINUTE);
  });

  test("is not given up at its tenth attempt", async () => {
    const { receives, reported } = aWorker({}, { status: 503 });
    await receives({ ...work, attempts: 50 });
    expect(reported).toEqual(["retried"]);
  });
});

describe("an event is given up", () => {
  const sorry = "I could not read your last message. Please write it again.";

  test.each([
    ["after ten attempts", { attempts: 9 }, { status: 503 }],
    ["after an hour", { receivedAt: NOW - 60 * MINUTE }, { status: 503 }],
    [
      "when the hour is over before the next attempt",
      { receivedAt: NOW - 60 * MINUTE + 100 },
      { status: 503 },
    ],
    ["when Webex refuses for good", {}, { status: 400 }],
  ])("%s, and the space is told", async (_what, event, failure) => {
    const { logged, receives, reported, retried, rig } = aWorker({
      receive: () => Promise.reject(aFailure(failure)),
    });
    await receives(event);
    expect(retried).toEqual([]);
    expect(reported).toEqual(["dead"]);
    expect(triggersOf(rig.decisions.triggers)).toEqual([["event-1", "dead"]]);
    expect(rig.answers).toEqual([
      { to: { kind: "space", spaceId: SPACE }, post: { markdown: sorry } },
    ]);
    expect(logged).toEqual(["warn: gave up on an event"]);
  });

  test("but not after nine attempts within the hour", async () => {
    const { receives, reported } = aWorker({
      receive: () => Promise.reject(aFailure({ status: 503 })),
    });
    await receives({ attempts: 8, receivedAt: NOW - 50 * MINUTE });
    expect(reported).toEqual(["retried"]);
  });

  test.each([
    ["at its fifth attempt", { attempts: 4 }],
    ["a minute after it was announced", { receivedAt: NOW - MINUTE }],
  ])("quietly when the message is still not there %s", async (_when, event) => {
    const { logged, receives, reported, rig } = aWorker({
      receive: () => Promise.reject(aFailure({ status: 404 })),
    });
    await receives(event);
    expect(reported).toEqual(["done"]);
    expect(triggersOf(rig.decisions.triggers)).toEqual([["event-1", "done"]]);
    expect(rig.changes).toEqual([]);
    expect(logged).toEqual([]);
  });

  test("when it ran into a bug three times, with an apology that carries its id", async () => {
    const { clock, logged, receives, reported, retried, rig } = aWorker({
      receive: () => Promise.reject(new TypeError("undefined is not a function")),
    });
    await receives();
    await clock.advance(10 * MINUTE);
    expect(reported).toEqual(["retried", "retried", "dead"]);
    expect(retried.map(({ error }) => error)).toEqual(["TypeError", "TypeError"]);
    expect(logged).toEqual([
      "warn: will try an event again",
      "warn: will try an event again",
      "error: an event ran into a bug",
    ]);
    expect(rig.said).toEqual(["Something went wrong on my side (id event-1). Please try again."]);
  });

  test("without a word where nobody wrote it", async () => {
    const { receives, reported, rig } = aWorker();
    const body = { kind: "reread-space", spaceId: SPACE };
    await receives({ kind: "reread-space", body });
    expect(reported).toEqual(["dead"]);
    expect(rig.changes).toEqual([]);
  });
});
