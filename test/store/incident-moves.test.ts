import fc from "fast-check";
import { canMove, type SendState } from "../../src/notify/notification";
import type { Lane } from "../../src/notify/outbox-row";
import type { SendContext } from "../../src/notify/send-context";
import { LEASE_MS } from "../../src/store/outbox-claim";
import type { OutboxRow } from "../../src/store/outbox-columns";
import type { Store } from "../../src/store/store";
import { ana, anExternal, aPerson, aSettings } from "../support/builders";
import { onlyOn, type StoreClock } from "../support/databases";
import { IncidentDrive, type Answered } from "../support/incident-drive";
import { MINUTE, seedSpace, write } from "./seed";

const RUNS = 40;
const TIMES = 2;
const EVERY = 5 * MINUTE;
/** Those whose time comes within so long are reminded together. */
const EARLY_MS = 5_000;
const LANES: readonly Lane[] = ["webex", "sms", "voice"];

/** What may happen, in any order; `who` and `which` choose among what there is. */
type Step =
  | { kind: "time passes"; ms: number }
  | { kind: "timers run" }
  | { kind: "all goes well for a while" }
  | { kind: "send"; lane: Lane; answered: Answered; limit: number }
  | { kind: "the process dies" }
  | { kind: "receipt"; which: number; says: "delivered" | "failed"; code: string }
  | { kind: "answer"; who: number; answer: "coming" | "declined" }
  | { kind: "moderator reminds" }
  | { kind: "somebody joins" }
  | { kind: "STOP"; who: number }
  | { kind: "stop"; removes: boolean };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      lane: fc.constantFrom(...LANES),
      answered: fc.constantFrom<Answered[]>(
        ...([
          "accepts",
          "accepts",
          "refuses",
          "knows-no-number",
          "is-busy",
          "is-silent",
          "crash",
        ] as const),
      ),
      limit: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("time passes" as const),
      ms: fc.constantFrom(1_000, 30_000, MINUTE, 5 * MINUTE, 5 * MINUTE, 31 * MINUTE),
    }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: "timers run" }) },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: "all goes well for a while" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "the process dies" }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("receipt" as const),
      which: fc.nat(50),
      says: fc.constantFrom("delivered" as const, "failed" as const),
      code: fc.constantFrom("7203", "7207", "7720"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      who: fc.nat(5),
      answer: fc.constantFrom("coming" as const, "declined" as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "moderator reminds" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "somebody joins" }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("STOP" as const), who: fc.nat(5) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("stop" as const), removes: fc.boolean() }),
  },
);

type Row = Pick<
  OutboxRow,
  "id" | "state" | "kind" | "channel" | "responder_id" | "round_id" | "cancel_requested"
>;

/** An incident among whose steps nothing may happen that must not. */
class Watched {
  private states = new Map<string, SendState>();
  private readonly answered = new Set<string>();
  private readonly optedOut = new Set<string>();
  private isOver = false;
  private joined = 0;

  private constructor(
    private readonly drive: IncidentDrive,
    private readonly run: number,
  ) {}

  static async begin(store: Store, clock: StoreClock, run: number): Promise<Watched> {
    const settings = aSettings({ renotifyTimes: TIMES, renotifyMs: EVERY, canAnswerCalls: true });
    const spaceId = `space-${run}`;
    await forgetAll(store);
    const one = (id: string) => ({ id: `r-${id}-${run}` });
    await seedSpace(
      store,
      [
        aPerson({ ...ana, ...one("ana"), personId: `ana-${run}` }),
        aPerson({ ...one("bo"), personId: `bo-${run}` }),
        anExternal({ ...one("eve"), mobile: numberOf(run, 1), voice: numberOf(run, 2) }),
        anExternal({ ...one("fay"), mobile: numberOf(run, 3), voice: numberOf(run, 4) }),
      ],
      spaceId,
    );
    const drive = new IncidentDrive(store, clock, settings, spaceId);
    await drive.start();
    const watched = new Watched(drive, run);
    await watched.look();
    return watched;
  }

  async take(step: Step): Promise<void> {
    await this.act(step);
    await this.look();
  }

  /** Nothing is left after a while, whatever has happened. */
  async end(): Promise<void> {
    if (!this.isOver) await this.take({ kind: "stop", removes: true });
    await this.take({ kind: "the process dies" });
    await this.take({ kind: "time passes", ms: 120 * MINUTE });
    await this.take({ kind: "timers run" });
    for (let round = 0; round < 3; round += 1) {
      for (const lane of LANES)
        await this.take({ kind: "send", lane, answered: "accepts", limit: 100 });
      // A message that may have been posted is looked for after a moment.
      await this.take({ kind: "the process dies" });
    }
    await this.take({ kind: "timers run" });
    const open = (await this.rows()).filter(
      ({ state }) => state === "queued" || state === "sending",
    );
    expect(open).toEqual([]);
    const rounds = await this.rounds();
    expect(rounds.filter(({ closed_at }) => closed_at === null)).toEqual([]);
  }

  private act(step: Step): Promise<unknown> {
    const { clock, store } = this.drive;
    switch (step.kind) {
      case "time passes":
        return clock.advance(step.ms);
      case "timers run":
        return this.drive.runTimers();
      case "all goes well for a while":
        return this.quietWhile();
      case "send":
        return this.send(step);
      case "the process dies":
        clock.passReal(LEASE_MS + 1);
        return Promise.resolve();
      case "receipt":
        return this.receipt(step);
      case "answer":
        return this.answer(step);
      case "moderator reminds":
        return this.isOver ? Promise.resolve() : this.drive.remindAll();
      case "somebody joins":
        this.joined += 1;
        return this.isOver || this.joined > 2 ? Promise.resolve() : this.join();
      case "STOP": {
        const number = numberOf(this.run, (step.who % 4) + 1);
        this.optedOut.add(number);
        return write(store, {
          kind: "number.opted-out",
          number,
          source: "stop",
          at: clock.now(),
        });
      }
      case "stop":
        if (this.isOver) return Promise.resolve();
        this.isOver = true;
        return this.drive.stop(step.removes);
    }
  }

  private async quietWhile(): Promise<void> {
    await this.drive.clock.advance(EVERY);
    await this.drive.runTimers();
    for (const lane of LANES) await this.send({ lane, answered: "accepts", limit: 100 });
    await this.drive.runTimers();
  }

  private join(): Promise<void> {
    const mobile = numberOf(this.run, 4 + this.joined);
    return this.drive.add(`Joined ${this.run}.${this.joined}`, { mobile });
  }

  private async send({
    answered,
    lane,
    limit,
  }: Omit<Extract<Step, { kind: "send" }>, "kind">): Promise<void> {
    const sent = await this.drive.send(lane, answered, limit);
    const rounds = new Map((await this.rounds()).map((round) => [round.id, round]));
    for (const { responder, row } of sent) {
      const automatic = row.kind === "invite" || rounds.get(row.roundId ?? "")?.trigger === "timer";
      if (automatic) expect(this.answered).not.toContain(responder.id);
      if (this.isOver) expect(row.kind).toBe("stop");
      if (row.channel === "sms") expect(this.optedOut).not.toContain(responder.mobile);
    }
  }

  private async receipt({ code, says, which }: Extract<Step, { kind: "receipt" }>): Promise<void> {
    const sent = this.drive.claimed.filter(isToPhone);
    const one = sent[which % Math.max(1, sent.length)];
    if (!one) return;
    const { channel, id } = one.row;
    const kind = channel === "voice" && says === "delivered" ? ("answered" as const) : says;
    const receipt = { channel: channel as "sms" | "voice", notificationId: id, code };
    await this.drive.receipt({ ...receipt, kind });
  }

  private async answer({ answer, who }: Extract<Step, { kind: "answer" }>): Promise<void> {
    const { progress } = await this.drive.progress();
    const one = progress[who % Math.max(1, progress.length)];
    if (!one || this.isOver) return;
    this.answered.add(one.responder.id);
    await this.drive.answer(one.responder.id, answer);
  }

  /** What must hold at any moment. */
  private async look(): Promise<void> {
    const rows = await this.rows();
    for (const row of rows) {
      const before = this.states.get(row.id) ?? "queued";
      if (!isReachable(before, row.state))
        throw new Error(`${row.kind} ${row.channel} went from ${before} to ${row.state}`);
      if (row.kind === "stop") expect(row.channel).not.toBe("voice");
      // What is being sent cannot be held back, but it is marked, and not sent again.
      const isLate = row.state === "queued" || (row.state === "sending" && !row.cancel_requested);
      if (this.isOver && isLate) expect(row.kind).toBe("stop");
    }
    this.states = new Map(rows.map((row) => [row.id, row.state]));
    await this.countRounds(rows);
  }

  private async countRounds(rows: readonly Row[]): Promise<void> {
    const rounds = await this.rounds();
    const people = new Set(rows.map((row) => row.responder_id));
    for (const id of people) {
      const mine = new Set(
        rows.filter((row) => row.responder_id === id).map((row) => row.round_id),
      );
      const asking = rounds.filter(
        (round) => mine.has(round.id) && (round.kind === "invite" || round.kind === "reminder"),
      );
      const automatic = asking.filter(
        ({ kind, trigger }) => kind === "invite" || trigger === "timer",
      );
      expect(automatic.length).toBeLessThanOrEqual(1 + TIMES);
      asking.forEach((round, index) => {
        const before = asking[index - 1];
        if (round.trigger === "timer" && before)
          expect(round.opened_at - before.opened_at).toBeGreaterThanOrEqual(EVERY - EARLY_MS);
      });
      const ends = rounds.filter((round) => mine.has(round.id) && round.kind === "stop");
      expect(ends.length).toBeLessThanOrEqual(1);
    }
  }

  private rows(): Promise<Row[]> {
    const { incidentId, store } = this.drive;
    return store.db
      .write<OutboxRow>("outbox")
      .where({ incident_id: incidentId })
      .whereNotNull("round_id");
  }

  private rounds(): Promise<RoundRow[]> {
    const { incidentId, store } = this.drive;
    return store.db.write<RoundRow>("rounds").where({ incident_id: incidentId }).orderBy("number");
  }
}

/** What a run left that failed half-way is nothing to the next one. */
async function forgetAll({ db }: Store): Promise<void> {
  const open = db.write("outbox").whereIn("state", ["queued", "sending"]);
  await open.update({ state: "cancelled" });
  await db.write("rounds").update({ due_at: null });
  await db.write("incidents").update({ renotify_due_at: null });
}

interface RoundRow {
  id: string;
  number: number;
  incident_id: string;
  kind: string;
  trigger: string;
  opened_at: number;
  closed_at: number | null;
}

function isToPhone({ row }: SendContext): boolean {
  return row.channel !== "webex";
}

/** A claim and its record may both lie between two looks, and a dead lease before them. */
function isReachable(from: SendState, to: SendState, moves = 4): boolean {
  if (from === to) return true;
  if (moves === 0) return false;
  const all: readonly SendState[] = [
    "queued",
    "sending",
    "accepted",
    "delivered",
    "failed",
    "cancelled",
    "expired",
  ];
  return all.some((next) => canMove(from, next) && isReachable(next, to, moves - 1));
}

function numberOf(run: number, which: number): string {
  return `+1408${String(2_000_000 + run * 10 + which)}`;
}

onlyOn("sqlite", "whatever happens to an incident, in any order", ({ clock, open }) => {
  it("the states move as they may, nothing starts that is not needed, nobody is asked too often", async () => {
    const store = await open({ limits: { textsPerHour: 1_000, callsPerHour: 1_000 } });
    // A test of order, not of the disk.
    await store.db.write.raw("PRAGMA synchronous = OFF");
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 40 }), async (taken) => {
        run += 1;
        const watched = await Watched.begin(store, clock(), run);
        for (const step of taken) await watched.take(step);
        await watched.end();
      }),
      { numRuns: RUNS },
    );
  }, 60_000);
});
