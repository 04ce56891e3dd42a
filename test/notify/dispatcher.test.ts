import { Dispatcher, type DispatcherOptions } from "../../src/notify/dispatcher";
import type { SendState } from "../../src/notify/notification";
import type { AttemptRecord, ClaimedRow, Effect, Lane } from "../../src/notify/outbox-row";
import type {
  LobbyResult,
  MeetingGoesOn,
  MembershipResult,
  Talk,
} from "../../src/notify/run-effect";
import type { SendContext } from "../../src/notify/send-context";
import type { Sender } from "../../src/notify/senders";
import { ana, aMember, NOW, SPACE } from "../support/builders";
import { ManualClock } from "../support/manual-clock";
import {
  aDirectSend,
  aFailure,
  aLobbyAdmit,
  aMeetingEnd,
  anEffectRow,
  aSend,
} from "../support/outbox-builders";

const HALF = 0.5;

interface Waiting {
  lane: Lane;
  dueAt: number;
  send?: SendContext;
  effect?: ClaimedRow;
}

/** An outbox in memory: what is queued is claimed when due, what is recorded is kept. */
class MemoryOutbox {
  readonly waiting: Waiting[] = [];
  readonly records: AttemptRecord[] = [];
  readonly pauses: [Lane, number][] = [];
  readonly lost = new Set<string>();
  /** How many rows end at a lane's next claim, which then brings nothing else. */
  readonly endedAtNextClaim = new Map<Lane, SendState[]>();

  constructor(private readonly clock: ManualClock) {}

  put(...rows: (SendContext | (ClaimedRow & { effect: Effect }))[]): void {
    for (const row of rows)
      this.waiting.push(
        "row" in row
          ? { lane: row.row.channel, dueAt: row.row.dueAt, send: row }
          : { lane: "talk", dueAt: row.dueAt, effect: row },
      );
  }

  claim(lane: Lane, limit: number) {
    const ended = this.endedAtNextClaim.get(lane) ?? [];
    this.endedAtNextClaim.delete(lane);
    const due = this.waiting
      .filter((row) => row.lane === lane && row.dueAt <= this.clock.now())
      .slice(0, ended.length > 0 ? 0 : limit);
    for (const row of due) this.waiting.splice(this.waiting.indexOf(row), 1);
    return Promise.resolve({
      notifications: due.flatMap(({ send }) => send ?? []),
      effects: due.flatMap(({ effect }) => effect ?? []),
      ended,
    });
  }

  record(record: AttemptRecord): Promise<boolean> {
    this.records.push(record);
    return Promise.resolve(!this.lost.has(record.id));
  }

  pause(lane: Lane, until: number): Promise<void> {
    this.pauses.push([lane, until]);
    return Promise.resolve();
  }

  nextLook(lane: Lane): Promise<{ dueAt?: number }> {
    const dueAt = Math.min(
      ...this.waiting.filter((row) => row.lane === lane).map((row) => row.dueAt),
    );
    return Promise.resolve(dueAt === Infinity ? {} : { dueAt });
  }

  /** Each record as "id state". */
  get recorded(): string[] {
    return this.records.map(({ id, state }) => `${id} ${state}`);
  }
}

const accepts: Sender = {
  send: ({ row }) => Promise.resolve({ providerId: `p of ${row.id}`, text: "text" }),
};

const noTalk: Talk = {
  post: () => Promise.resolve({ messageId: "m-1" }),
  edit: () => Promise.resolve(),
  deleteMessage: () => Promise.resolve(),
  addMember: () => Promise.resolve({ personId: "dan" }),
  getMembership: (_spaceId, personId) => Promise.resolve(aMember({ personId })),
  removeMember: () => Promise.resolve("removed"),
  sendText: () => Promise.resolve({ providerId: "m-1" }),
  endMeeting: () => Promise.resolve("ended"),
  admitWaiting: () => Promise.resolve(0),
};

interface Told {
  finished: string[];
  strange: string[];
  lost: string[];
  failed: unknown[];
}

const running: Dispatcher[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((dispatcher) => dispatcher.stop()));
});

function aDispatcher(overrides: Partial<DispatcherOptions> = {}) {
  const clock = new ManualClock(NOW);
  const outbox = new MemoryOutbox(clock);
  const told: Told = { finished: [], strange: [], lost: [], failed: [] };
  const results: {
    result: MembershipResult | MeetingGoesOn | LobbyResult;
    record: AttemptRecord;
  }[] = [];
  const dispatcher = new Dispatcher({
    clock,
    random: () => HALF,
    outbox,
    senders: { webex: accepts, sms: accepts, voice: accepts },
    talk: noTalk,
    slots: { talk: 2, webex: 2, sms: 2, voice: 2 },
    onMembership: (_row, result, record) => {
      results.push({ result, record });
      return Promise.resolve();
    },
    onMeetingGoesOn: (_row, result, record) => {
      results.push({ result, record });
      return Promise.resolve();
    },
    onLobby: (_row, result, record) => {
      results.push({ result, record });
      return Promise.resolve();
    },
    report: {
      finished: (lane, state) => void told.finished.push(`${lane} ${state}`),
      strangeDuplicate: (id) => void told.strange.push(id),
      lostLease: (lane, id) => void told.lost.push(`${lane} ${id}`),
      failed: (_lane, error) => void told.failed.push(error),
    },
    ...overrides,
  });
  clock.settleWith(() => dispatcher.idle());
  running.push(dispatcher);
  return { clock, dispatcher, outbox, results, told };
}

function aText(id: string, row: Partial<SendContext["row"]> = {}): SendContext {
  return aSend({ row: { id, ...row } });
}

function aReply(id: string, row: Partial<ClaimedRow> = {}): ClaimedRow & { effect: Effect } {
  const to = { kind: "space", spaceId: SPACE } as const;
  return anEffectRow({ kind: "reply", to, post: { markdown: "hi" } }, { id, ...row });
}

type EffectRow = ReturnType<typeof anEffectRow>;

const anAdd = (row: Partial<ClaimedRow> = {}) =>
  anEffectRow(
    {
      kind: "membership-add",
      spaceId: SPACE,
      invitee: { by: "email", email: "dan@corp.example" },
      asker: ana,
    },
    row,
  );

test("what is due on every lane is sent and recorded, whatever was queued before the start", async () => {
  const { dispatcher, outbox, told } = aDispatcher();
  outbox.put(aText("sms"), aText("call", { channel: "voice" }), aDirectSend(), aReply("reply"));
  dispatcher.start();
  await dispatcher.idle();
  expect(outbox.recorded.sort()).toEqual([
    "call accepted",
    "n-1 accepted",
    "reply accepted",
    "sms accepted",
  ]);
  expect(told.finished.sort()).toEqual([
    "sms accepted",
    "talk accepted",
    "voice accepted",
    "webex accepted",
  ]);
  expect(outbox.records.find(({ id }) => id === "reply")?.providerId).toBe("m-1");
});

test("what becomes due later is sent then, and not before", async () => {
  const { clock, dispatcher, outbox } = aDispatcher();
  outbox.put(aText("call", { channel: "voice", dueAt: NOW + 15_000 }));
  dispatcher.start();
  await clock.advance(14_999);
  expect(outbox.recorded).toEqual([]);
  await clock.advance(1);
  expect(outbox.recorded).toEqual(["call accepted"]);
});

test("each channel's sender sends its own, and a channel that is not set up fails with the reason", async () => {
  const { dispatcher, outbox } = aDispatcher({
    senders: { webex: accepts, sms: accepts, voice: undefined },
  });
  outbox.put(aText("sms"), aText("call", { channel: "voice" }));
  dispatcher.start();
  await dispatcher.idle();
  expect(outbox.recorded.sort()).toEqual(["call failed", "sms accepted"]);
  expect(outbox.records.find(({ id }) => id === "call")?.error).toBe("this channel is not set up");
});

test("one failing send neither stops nor delays another", async () => {
  const sms: Sender = {
    send: (context, to) =>
      context.row.id === "bad"
        ? Promise.reject(aFailure({ status: 400 }))
        : accepts.send(context, to),
  };
  const { dispatcher, outbox } = aDispatcher({
    senders: { webex: accepts, sms, voice: accepts },
  });
  outbox.put(aText("bad"), aText("good"), aText("later"));
  dispatcher.start();
  await dispatcher.idle();
  expect(outbox.recorded.sort()).toEqual(["bad failed", "good accepted", "later accepted"]);
});

test("a send that never ends holds one slot; replies and the other texts go on", async () => {
  let free: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => (free = resolve));
  const underWay = new Set<string>();
  let most = 0;
  const sms: Sender = {
    send: async (context, to) => {
      underWay.add(context.row.id);
      most = Math.max(most, underWay.size);
      if (context.row.id === "stuck") await stuck;
      else await new Promise(setImmediate);
      underWay.delete(context.row.id);
      return accepts.send(context, to);
    },
  };
  const { dispatcher, outbox } = aDispatcher({
    senders: { webex: accepts, sms, voice: accepts },
  });
  const others = ["a", "b", "c", "d", "e"];
  outbox.put(aText("stuck"), ...others.map((id) => aText(id)), aReply("reply"));
  dispatcher.start();
  while (outbox.records.length < 6) await new Promise(setImmediate);
  expect(outbox.recorded.sort()).toEqual([
    ...others.map((id) => `${id} accepted`),
    "reply accepted",
  ]);
  expect(dispatcher.isIdle).toBe(false);
  free();
  await dispatcher.idle();
  expect(outbox.recorded).toContain("stuck accepted");
  expect(most).toBe(2);
});

test("a woken dispatcher sends at once what was queued meanwhile", async () => {
  const { dispatcher, outbox } = aDispatcher();
  dispatcher.start();
  await dispatcher.idle();
  outbox.put(aText("new"), aReply("reply"));
  dispatcher.wake();
  await dispatcher.idle();
  expect(outbox.recorded.sort()).toEqual(["new accepted", "reply accepted"]);
});

test("it is idle only when no lane has anything left", async () => {
  const { dispatcher, outbox } = aDispatcher({
    talk: {
      ...noTalk,
      // What the last lane does makes work for the first.
      post: () => {
        outbox.put(aText("after"));
        dispatcher.wake();
        return Promise.resolve({ messageId: "m-1" });
      },
    },
  });
  outbox.put(aReply("reply"));
  dispatcher.start();
  await dispatcher.idle();
  expect(outbox.recorded.sort()).toEqual(["after accepted", "reply accepted"]);
});

test("rows that ended at their claim make it look at once for those behind them, and are counted", async () => {
  const { dispatcher, outbox, told } = aDispatcher();
  jest.spyOn(outbox, "nextLook").mockResolvedValue({});
  outbox.put(aText("behind"));
  outbox.endedAtNextClaim.set("sms", ["expired", "failed"]);
  dispatcher.start();
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(outbox.recorded).toEqual(["behind accepted"]);
  expect(told.finished).toEqual(["sms expired", "sms failed", "sms accepted"]);
});

test("stopped, it finishes what it holds and takes nothing more", async () => {
  let free: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (free = resolve));
  const sms: Sender = { send: (context, to) => held.then(() => accepts.send(context, to)) };
  const { dispatcher, outbox } = aDispatcher({
    senders: { webex: accepts, sms, voice: accepts },
    slots: { talk: 1, webex: 1, sms: 1, voice: 1 },
  });
  outbox.put(aText("held"), aText("next"));
  dispatcher.start();
  while (outbox.waiting.length > 1) await new Promise(setImmediate);
  const stopped = dispatcher.stop();
  free();
  await stopped;
  expect(outbox.recorded).toEqual(["held accepted"]);
  expect(outbox.waiting).toHaveLength(1);
});

test("a result that comes after the lease was lost is reported, not counted as finished", async () => {
  const { dispatcher, outbox, told } = aDispatcher();
  outbox.lost.add("slow");
  outbox.put(aText("slow"));
  dispatcher.start();
  await dispatcher.idle();
  expect(told.lost).toEqual(["sms slow"]);
  expect(told.finished).toEqual([]);
});

test("a duplicate that nobody sent is reported", async () => {
  const sms: Sender = {
    send: () => Promise.reject(aFailure({ status: 409 })),
    isDuplicate: () => true,
  };
  const { dispatcher, outbox, told } = aDispatcher({
    senders: { webex: accepts, sms, voice: accepts },
  });
  outbox.put(aText("odd"));
  dispatcher.start();
  await dispatcher.idle();
  expect(told.strange).toEqual(["odd"]);
  expect(outbox.recorded).toEqual(["odd queued"]);
});

test("a bug in one send is reported and leaves its row to its lease", async () => {
  const bug = new Error("bug");
  const sms: Sender = { send: () => Promise.reject(bug) };
  const { dispatcher, outbox, told } = aDispatcher({
    senders: { webex: accepts, sms, voice: accepts },
  });
  outbox.put(aText("bad"), aReply("reply"));
  dispatcher.start();
  await dispatcher.idle();
  expect(told.failed).toEqual([bug]);
  expect(outbox.recorded).toEqual(["reply accepted"]);
});

test("a claim that fails is reported and tried again", async () => {
  const { dispatcher, outbox, told } = aDispatcher();
  const away = new Error("database away");
  jest.spyOn(outbox, "claim").mockRejectedValueOnce(away);
  outbox.put(aReply("reply"));
  dispatcher.start();
  await dispatcher.idle();
  expect(told.failed).toEqual([away]);
  expect(outbox.recorded).toEqual(["reply accepted"]);
});

describe("429", () => {
  test("on a notification pauses its channel for everybody before the row is given back", async () => {
    const sms: Sender = {
      send: () => Promise.reject(aFailure({ status: 429, retryAfterMs: 7_000 })),
    };
    const { dispatcher, outbox } = aDispatcher({
      senders: { webex: accepts, sms, voice: accepts },
    });
    outbox.put(aText("busy"));
    dispatcher.start();
    await dispatcher.idle();
    expect(outbox.pauses).toEqual([["sms", NOW + 7_000]]);
    expect(outbox.records).toEqual([
      expect.objectContaining({ id: "busy", state: "queued", dueAt: NOW + 7_000 }),
    ]);
  });

  test.each([
    ["as long as Webex asks", { retryAfterMs: 5_000 }, 5_000],
    ["for the backoff where Webex does not say", {}, 500],
  ])("on a reply pauses the talk lane %s", async (_what, more, ms) => {
    const talk = {
      ...noTalk,
      post: () => Promise.reject(aFailure({ status: 429, ...more })),
    };
    const { dispatcher, outbox } = aDispatcher({ talk });
    outbox.put(aReply("reply"));
    dispatcher.start();
    await dispatcher.idle();
    expect(outbox.pauses).toEqual([["talk", NOW + ms]]);
    expect(outbox.records).toEqual([
      expect.objectContaining({ id: "reply", state: "queued", dueAt: NOW + ms }),
    ]);
  });
});

test.each([
  ["that came to nothing in time has expired", { status: 503 }, "expired"],
  ["that Webex refuses has failed", { status: 400 }, "failed"],
])("an edit %s", async (_what, failure, state) => {
  const talk = { ...noTalk, edit: () => Promise.reject(aFailure(failure)) };
  const { dispatcher, outbox } = aDispatcher({ talk });
  const effect: Effect = {
    kind: "message-edit",
    spaceId: SPACE,
    messageId: "m-1",
    markdown: "2 of 3 invited",
  };
  outbox.put(anEffectRow(effect, { id: "edit", expiresAt: NOW + 400 }));
  dispatcher.start();
  await dispatcher.idle();
  expect(outbox.recorded).toEqual([`edit ${state}`]);
});

describe("an answer to a phone", () => {
  const effect: Effect = { kind: "text", to: "+14085550101", text: "Thank you." };

  async function texted(sendText: Talk["sendText"], row: Partial<ClaimedRow> = {}) {
    const { dispatcher, outbox, told } = aDispatcher({ talk: { ...noTalk, sendText } });
    outbox.put(anEffectRow(effect, { id: "text", ...row }));
    dispatcher.start();
    await dispatcher.idle();
    return { record: outbox.records[0], strange: told.strange };
  }

  test("whose outcome is unclear keeps its key, and remembers since when", async () => {
    const lost = () => Promise.reject(aFailure({ unclear: true, retryable: true }));
    const { record } = await texted(lost);
    expect(record).toMatchObject({ state: "queued", keyNumber: 1, unclearSince: NOW });
    const again = await texted(lost, { unclearSince: NOW - 5_000 });
    expect(again.record).toMatchObject({ keyNumber: 1, unclearSince: NOW - 5_000 });
  });

  test("that is refused for now gets another key; an unclear one before may have arrived", async () => {
    const busy = () => Promise.reject(aFailure({ status: 429 }));
    const { record } = await texted(busy, { unclearSince: NOW - 5_000 });
    expect(record).toMatchObject({ keyNumber: 2, unclearSince: null, maybeSent: true });
  });

  test("is out where the provider has it from an attempt that was unclear", async () => {
    const { record, strange } = await texted(() => Promise.resolve("duplicate"), {
      unclearSince: NOW - 5_000,
    });
    expect(record).toMatchObject({ state: "accepted", unclearSince: null });
    expect(strange).toEqual([]);
  });

  test("that was never tried is no duplicate: it is reported, and tried with another key", async () => {
    const { record, strange } = await texted(() => Promise.resolve("duplicate"));
    expect(record).toMatchObject({ state: "queued", keyNumber: 2, dueAt: NOW + 500 });
    expect(strange).toEqual(["text"]);
  });
});

describe("a reply", () => {
  async function replied(failure: Parameters<typeof aFailure>[0], row: Partial<ClaimedRow> = {}) {
    const talk = { ...noTalk, post: () => Promise.reject(aFailure(failure)) };
    const { dispatcher, outbox } = aDispatcher({ talk });
    outbox.put(aReply("reply", row));
    dispatcher.start();
    await dispatcher.idle();
    return outbox.records[0];
  }

  test("that may succeed later is tried again", async () => {
    expect(await replied({ status: 503 })).toMatchObject({
      state: "queued",
      dueAt: NOW + 500,
      error: "the provider has a fault",
    });
  });

  test("that nobody would read any more is given up", async () => {
    const record = await replied({ status: 503 }, { expiresAt: NOW + 400 });
    expect(record).toMatchObject({ state: "failed" });
    expect(record).not.toHaveProperty("dueAt");
  });

  test("that Webex refuses is given up with the reason", async () => {
    expect(await replied({ status: 403 })).toMatchObject({
      state: "failed",
      error: "the provider refuses it",
    });
  });
});

/** What is decided about it when Webex does not carry it out before its last moment. */
async function outOfTime(aRow: (row: Partial<ClaimedRow>) => EffectRow, talk: Talk) {
  const { dispatcher, outbox, results } = aDispatcher({ talk });
  outbox.put(aRow({ expiresAt: NOW + 100 }));
  dispatcher.start();
  await dispatcher.idle();
  expect(outbox.records).toEqual([expect.objectContaining({ state: "queued", dueAt: NOW + 500 })]);
  outbox.put(aRow({ attempts: 2, expiresAt: NOW }));
  dispatcher.wake();
  await dispatcher.idle();
  return results.map(({ result }) => result);
}

async function tried(row: EffectRow, talk: Talk): Promise<MemoryOutbox> {
  const { dispatcher, outbox } = aDispatcher({ talk });
  outbox.put(row);
  dispatcher.start();
  await dispatcher.idle();
  return outbox;
}

describe("a membership change", () => {
  test("that Webex grants is decided on, and recorded nowhere else", async () => {
    const { dispatcher, outbox, results, told } = aDispatcher();
    outbox.put(anAdd());
    dispatcher.start();
    await dispatcher.idle();
    expect(results).toEqual([
      {
        result: { kind: "added", member: aMember({ personId: "dan" }) },
        record: expect.objectContaining({
          id: "e-1",
          leaseToken: "lease of e-1",
          state: "accepted",
        }) as unknown,
      },
    ]);
    expect(outbox.records).toEqual([]);
    expect(told.finished).toEqual(["talk accepted"]);
  });

  test("that Webex refuses is decided on with the reason", async () => {
    const talk = { ...noTalk, addMember: () => Promise.reject(aFailure({ status: 403 })) };
    const { dispatcher, outbox, results } = aDispatcher({ talk });
    outbox.put(anAdd());
    dispatcher.start();
    await dispatcher.idle();
    expect(results).toEqual([
      {
        result: { kind: "refused", reason: "Webex does not allow it" },
        record: expect.objectContaining({
          state: "failed",
          error: "Webex does not allow it",
        }) as unknown,
      },
    ]);
  });

  test("is tried again even when that is after its last moment, so that somebody is told", async () => {
    const talk = { ...noTalk, addMember: () => Promise.reject(aFailure({ status: 503 })) };
    expect(await outOfTime(anAdd, talk)).toEqual([
      { kind: "refused", reason: "Webex did not answer in time" },
    ]);
  });

  test("whose decision fails is reported, and its row left to its lease", async () => {
    const away = new Error("database away");
    const { dispatcher, outbox, told } = aDispatcher({
      onMembership: () => Promise.reject(away),
    });
    outbox.put(anAdd());
    dispatcher.start();
    await dispatcher.idle();
    expect(told).toMatchObject({ failed: [away], finished: [] });
    expect(outbox.records).toEqual([]);
  });
});

describe("the end of a meeting", () => {
  const anEnd = (row: Partial<ClaimedRow> = {}) => anEffectRow(aMeetingEnd(), row);

  test("that Webex carried out needs no decision", async () => {
    const { dispatcher, outbox, results, told } = aDispatcher();
    outbox.put(anEnd());
    dispatcher.start();
    await dispatcher.idle();
    expect(outbox.recorded).toEqual(["e-1 accepted"]);
    expect(results).toEqual([]);
    expect(told.finished).toEqual(["talk accepted"]);
  });

  test("that came to nothing is decided, which ends its row", async () => {
    const talk: Talk = { ...noTalk, endMeeting: () => Promise.resolve("no grant") };
    const { dispatcher, outbox, results, told } = aDispatcher({ talk });
    outbox.put(anEnd());
    dispatcher.start();
    await dispatcher.idle();
    expect(outbox.records).toEqual([]);
    expect(results).toEqual([
      {
        result: { why: "no grant" },
        record: expect.objectContaining({
          id: "e-1",
          state: "failed",
          error: "no grant",
        }) as object,
      },
    ]);
    expect(told.finished).toEqual(["talk failed"]);
  });

  test("is tried until its time is over, and its last attempt tells", async () => {
    const talk = { ...noTalk, endMeeting: () => Promise.reject(aFailure({ status: 503 })) };
    expect(await outOfTime(anEnd, talk)).toEqual([
      { why: "refused", reason: "Webex did not answer in time" },
    ]);
  });

  test("whose host was asked for too much does not make the bot silent", async () => {
    const tooMuch = () => Promise.reject(aFailure({ status: 429, retryAfterMs: 60_000 }));
    const outbox = await tried(anEnd(), { ...noTalk, endMeeting: tooMuch });
    expect(outbox.recorded).toEqual(["e-1 queued"]);
    expect(outbox.pauses).toEqual([]);
  });
});

describe("letting in from a lobby", () => {
  const anAdmission = (): EffectRow => anEffectRow(aLobbyAdmit());

  test("is decided whatever comes of it, which ends its row", async () => {
    for (const [count, state] of [
      [3, "accepted"],
      ["no grant", "failed"],
    ] as const) {
      const talk: Talk = { ...noTalk, admitWaiting: () => Promise.resolve(count) };
      const { dispatcher, outbox, results, told } = aDispatcher({ talk });
      outbox.put(anAdmission());
      dispatcher.start();
      await dispatcher.idle();
      expect(outbox.records).toEqual([]);
      const result = count === 3 ? { kind: "admitted", count } : { kind: "no-grant" };
      expect(results).toEqual([
        { result, record: expect.objectContaining({ id: "e-1", state }) as object },
      ]);
      expect(told.finished).toEqual([`talk ${state}`]);
    }
  });

  test("whose host was asked for too much does not make the bot silent", async () => {
    const tooMuch = () => Promise.reject(aFailure({ status: 429, retryAfterMs: 5_000 }));
    const outbox = await tried(anAdmission(), { ...noTalk, admitWaiting: tooMuch });
    expect(outbox.recorded).toEqual(["e-1 queued"]);
    expect(outbox.pauses).toEqual([]);
  });
});
