import fc from "fast-check";
import type { Receipt } from "../../src/notify/receipt";
import type { SendContext } from "../../src/notify/send-context";
import type { Responder } from "../../src/roster/responder";
import { LEASE_MS } from "../../src/store/outbox-claim";
import type { OutboxRow } from "../../src/store/outbox-columns";
import type { Store } from "../../src/store/store";
import { ana, anExternal, aPerson, aSettings } from "../support/builders";
import { onlyOn, type TestDatabase } from "../support/databases";
import { IncidentDrive, type Answered } from "../support/incident-drive";
import { knownHistories, lanes, steps, type Says, type Step } from "../support/incident-steps";
import { allowedMoves, MoveLog, nameOf, type Move } from "../support/outbox-moves";
import { MINUTE, outboxRow, seedSpace, write } from "./seed";

const RUNS = 30;
/** A history that fails is shortened for so long at most. */
const MOST_MS = 60_000;
const TIMES = 2;
const EVERY = 5 * MINUTE;
/** Those whose time comes within so long are reminded together. */
const EARLY_MS = 5_000;

/** What must have happened among all runs, or they prove nothing. */
const everything = [
  ...allowedMoves,
  "a late answer counts",
  "a late answer counts for nothing",
  "a receipt overtakes the answer",
  "a receipt comes twice",
  "an answer after the stop",
  "a call after STOP",
  "a text after START",
];

type Row = Pick<
  OutboxRow,
  "id" | "state" | "kind" | "channel" | "responder_id" | "round_id" | "cancel_requested"
>;

/** What the provider told, to be told again. */
interface Posted {
  receipt: Omit<Receipt, "at">;
  key: string;
}

/** Where the incidents of all runs happen. */
interface Scene {
  database: TestDatabase;
  store: Store;
  moves: MoveLog;
  /** What was seen to happen in all of them. */
  seen: Map<string, number>;
}

async function openStore({ open }: TestDatabase): Promise<Store> {
  const store = await open({ limits: { textsPerHour: 1_000, callsPerHour: 1_000 } });
  // A test of order, not of the disk.
  await store.db.write.raw("PRAGMA synchronous = OFF");
  return store;
}

/** An incident among whose steps nothing may happen that must not. */
class Watched {
  private readonly answered = new Set<string>();
  private readonly removed = new Set<string>();
  private readonly optedOut = new Set<string>();
  private readonly optedIn = new Set<string>();
  /** Claimed, and the provider has not answered yet. */
  private held: SendContext[] = [];
  private readonly posted: Posted[] = [];
  private isOver = false;
  private joined = 0;

  private constructor(
    private readonly scene: Scene,
    private readonly drive: IncidentDrive,
    private readonly run: number,
  ) {}

  static async begin(scene: Scene, run: number): Promise<Watched> {
    const { database, moves, store } = scene;
    const settings = aSettings({ renotifyTimes: TIMES, renotifyMs: EVERY, canAnswerCalls: true });
    const spaceId = `space-${run}`;
    await forgetAll(store);
    await moves.take();
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
    const drive = new IncidentDrive(store, database.clock(), settings, spaceId);
    await drive.start();
    const watched = new Watched(scene, drive, run);
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
    await this.take({ kind: "leases run out" });
    await this.take({ kind: "time passes", ms: 120 * MINUTE });
    await this.take({ kind: "timers run" });
    for (let round = 0; round < 3; round += 1) {
      for (const lane of lanes)
        await this.take({ kind: "send", lane, answered: "accepts", limit: 100 });
      // A message that may have been posted is looked for after a moment.
      await this.take({ kind: "leases run out" });
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
    const { clock } = this.drive;
    switch (step.kind) {
      case "time passes":
        return clock.advance(step.ms);
      case "timers run":
        return this.runTimers();
      case "all goes well for a while":
        return this.quietWhile();
      case "send":
        return this.send(step);
      case "a late answer":
        return this.lateAnswer(step);
      case "leases run out":
        clock.passReal(LEASE_MS + 1);
        return Promise.resolve();
      case "restart":
        return this.restart();
      case "receipt":
        return this.receipt(step);
      case "the same receipt":
        return this.sameReceipt(step);
      case "STOP":
        return this.optOut(numberOf(this.run, (step.who % 4) + 1));
      case "START":
        return this.optIn(numberOf(this.run, (step.who % 4) + 1));
      case "answer":
        return this.isOver ? this.answerTooLate(step) : this.answer(step);
      default:
        return this.isOver ? Promise.resolve() : this.actOnIncident(step);
    }
  }

  /** What nobody can do any more once it is over. */
  private actOnIncident(step: StepOnIncident): Promise<unknown> {
    switch (step.kind) {
      case "moderator reminds":
        return this.drive.remindAll();
      case "somebody joins":
        this.joined += 1;
        return this.joined > 2 ? Promise.resolve() : this.join();
      case "somebody is removed":
        return this.remove(step.who);
      case "stop":
        this.isOver = true;
        return this.drive.stop(step.removes);
    }
  }

  private async runTimers(): Promise<void> {
    await this.drive.runTimers();
    await this.drive.handleReceipts();
  }

  private async quietWhile(): Promise<void> {
    await this.drive.clock.advance(EVERY);
    await this.runTimers();
    for (const lane of lanes) await this.send({ lane, answered: "accepts", limit: 100 });
    await this.runTimers();
  }

  /** Who was waiting for a provider's answer never gets it. */
  private async restart(): Promise<void> {
    const { drive, scene } = this;
    this.held = [];
    await drive.store.close();
    scene.store = await openStore(scene.database);
    drive.store = scene.store;
  }

  private join(): Promise<void> {
    const mobile = numberOf(this.run, 4 + this.joined);
    return this.drive.add(`Joined ${this.run}.${this.joined}`, { mobile });
  }

  private async remove(who: number): Promise<void> {
    const one = await this.somebody(who);
    if (one && (await this.drive.remove(one.id))) this.removed.add(one.id);
  }

  private async optOut(number: string): Promise<void> {
    const { clock, store } = this.drive;
    this.optedOut.add(number);
    await write(store, {
      kind: "number.opted-out",
      number,
      source: "stop",
      at: clock.now(),
    });
  }

  private async optIn(number: string): Promise<void> {
    const { clock, store } = this.drive;
    if (this.optedOut.delete(number)) this.optedIn.add(number);
    await write(store, { kind: "number.opted-in", number, source: "stop", at: clock.now() });
  }

  private async send({
    answered,
    lane,
    limit,
  }: Pick<Extract<Step, { kind: "send" }>, "answered" | "lane" | "limit">): Promise<void> {
    const claimed = await this.drive.claim(lane, limit);
    this.checkMoves(await this.scene.moves.take(), "in one claim");
    const byTimer = await this.roundsByTimer();
    for (const { responder, row } of claimed) {
      if (isAutomatic(row.kind, row.roundId, byTimer))
        expect(this.answered).not.toContain(responder.id);
      expect(this.removed).not.toContain(responder.id);
      if (this.isOver) expect(row.kind).toBe("stop");
      if (row.channel === "sms") this.checkText(responder);
      if (row.channel === "voice" && this.optedOut.has(responder.voice ?? ""))
        this.note("a call after STOP");
    }
    if (answered === undefined) this.held.push(...claimed);
    else for (const context of claimed) await this.drive.tryOne(context, answered);
  }

  private checkText({ mobile = "" }: Pick<Responder, "mobile">): void {
    expect(this.optedOut).not.toContain(mobile);
    if (this.optedIn.has(mobile)) this.note("a text after START");
  }

  /** It counts only while nobody else may have taken the row over. */
  private async lateAnswer({
    answered,
    which,
  }: {
    answered: Answered;
    which: number;
  }): Promise<void> {
    const [context] = this.held.splice(which % Math.max(1, this.held.length), 1);
    if (!context) return;
    const { id, leaseToken } = context.row;
    const row = await outboxRow(this.drive.store, id);
    const isHolder = row.state === "sending" && row.lease_token === leaseToken;
    await this.drive.tryOne(context, answered);
    const moves = await this.scene.moves.take();
    this.checkMoves(moves);
    if (!isHolder) expect(moves.filter(({ rowId }) => rowId === id)).toEqual([]);
    this.note(isHolder ? "a late answer counts" : "a late answer counts for nothing");
  }

  private async receipt(step: Extract<Step, { kind: "receipt" }>): Promise<void> {
    const sent = this.drive.claimed.filter(({ row }) => row.channel !== "webex");
    // The newest first: of these the answer may still be on its way.
    const one = sent.at(-1 - (step.which % Math.max(1, sent.length)));
    if (!one) return;
    const { id } = one.row;
    const told = toldOf(one.row.channel === "voice" ? "voice" : "sms", step.says, step.code);
    const ids = step.knows === "our id" ? { notificationId: id } : { providerId: `p-${id}` };
    if (this.held.some(({ row }) => row.id === id)) this.note("a receipt overtakes the answer");
    const receipt = { ...told, ...ids };
    this.posted.push({ receipt, key: await this.drive.receipt(receipt) });
  }

  private async sameReceipt({ isSameBytes, which }: Extract<Step, { kind: "the same receipt" }>) {
    const one = this.posted[which % Math.max(1, this.posted.length)];
    if (!one) return;
    await this.drive.receipt(one.receipt, isSameBytes ? one.key : undefined);
    this.note("a receipt comes twice");
  }

  private async answer({ answer, who }: Extract<Step, { kind: "answer" }>): Promise<void> {
    const one = await this.somebody(who);
    if (!one) return;
    this.answered.add(one.id);
    await this.drive.answer(one.id, answer);
  }

  /** Also by who is off the roster with the stop. */
  private async answerTooLate({ answer, who }: Extract<Step, { kind: "answer" }>): Promise<void> {
    const called = [...new Set((await this.rows()).map((row) => row.responder_id ?? ""))].sort();
    const before = await this.written();
    await this.drive.answer(called[who % called.length] ?? "", answer);
    expect(await this.written()).toEqual(before);
    this.note("an answer after the stop");
  }

  /** What is kept of answers, and all that was sent or is to be sent. */
  private async written(): Promise<unknown[]> {
    const { db } = this.drive.store;
    return [await db.write("answers").orderBy("id"), await db.write("outbox").orderBy("id")];
  }

  private async somebody(who: number): Promise<{ id: string } | undefined> {
    const { progress } = await this.drive.progress();
    return progress[who % Math.max(1, progress.length)]?.responder;
  }

  /** What must hold at any moment. */
  private async look(): Promise<void> {
    this.checkMoves(await this.scene.moves.take());
    const rows = await this.rows();
    const byTimer = await this.roundsByTimer();
    for (const row of rows) {
      if (row.kind === "stop") expect(row.channel).not.toBe("voice");
      const responder = row.responder_id ?? "";
      const isNeeded =
        !this.removed.has(responder) &&
        !(this.isOver && row.kind !== "stop") &&
        !(this.answered.has(responder) && isAutomatic(row.kind, row.round_id, byTimer));
      if (!isNeeded && mayStillStart(row))
        throw new Error(`${row.kind} ${row.channel ?? ""} may start and is not needed`);
    }
    await this.countRounds(rows);
  }

  /** Many moves in one claim are one: what was due ends there if it is not needed. */
  private checkMoves(moves: readonly Move[], when?: "in one claim"): void {
    for (const move of moves) this.checkMove(move);
    const together = when === undefined ? moves : joined(moves);
    for (const move of together) {
      if (move.from !== move.to) this.checkMove(move);
      if (nameOf(move) === "sending → cancelled" && !move.isCancelRequested) fail(move);
      this.note(nameOf(move));
    }
  }

  private checkMove(move: Move): void {
    const { channel, from, isCancelRequested, to } = move;
    const isNew = from === undefined && to === "queued";
    if (!isNew && !allowedMoves.has(nameOf(move))) fail(move);
    if (from === "sending" && to === "queued" && isCancelRequested) fail(move);
    if (channel === "webex" && to === "delivered") fail(move);
  }

  private note(what: string): void {
    this.scene.seen.set(what, (this.scene.seen.get(what) ?? 0) + 1);
  }

  private async roundsByTimer(): Promise<ReadonlySet<string>> {
    const byTimer = (await this.rounds()).filter(({ trigger }) => trigger === "timer");
    return new Set(byTimer.map(({ id }) => id));
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

type StepOnIncident = Extract<
  Step,
  {
    kind: "moderator reminds" | "somebody joins" | "somebody is removed" | "stop";
  }
>;

function toldOf(
  channel: "sms" | "voice",
  says: Says,
  code: string,
): Pick<Receipt, "channel" | "kind" | "code"> {
  const kind = channel === "sms" ? says.text : says.call;
  return kind === "failed" ? { channel, kind, code } : { channel, kind };
}

/** Nobody asked for it but the time, or the start of the incident. */
function isAutomatic(
  kind: string,
  roundId: string | null | undefined,
  byTimer: ReadonlySet<string>,
): boolean {
  return kind === "invite" || byTimer.has(roundId ?? "");
}

/** What is being sent cannot be held back, but it is marked, and not sent again. */
function mayStillStart({ cancel_requested: isCancelled, state }: Row): boolean {
  return state === "queued" || (state === "sending" && !isCancelled);
}

/** From where each row was before to where it is now. */
function joined(moves: readonly Move[]): Move[] {
  const byRow = new Map<string, Move>();
  for (const move of moves) byRow.set(move.rowId, { ...move, ...firstOf(byRow.get(move.rowId)) });
  return [...byRow.values()];
}

function firstOf(before: Move | undefined): Pick<Move, "from"> {
  return before?.from === undefined ? {} : { from: before.from };
}

function fail(move: Move): never {
  throw new Error(`${move.kind} ${move.channel ?? "effect"}: ${nameOf(move)}`);
}

function numberOf(run: number, which: number): string {
  return `+1408${String(2_000_000 + run * 10 + which)}`;
}

onlyOn("sqlite", "whatever happens to an incident, in any order", (database) => {
  it(
    "the states move as they may, nothing starts that is not needed, nobody is asked too often",
    async () => {
      const store = await openStore(database);
      const scene: Scene = {
        database,
        store,
        moves: await MoveLog.start(store, () => scene.store),
        seen: new Map(),
      };
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(steps, { minLength: 1, maxLength: 60, size: "max" }),
          async (taken) => {
            run += 1;
            const watched = await Watched.begin(scene, run);
            for (const step of taken) await watched.take(step);
            await watched.end();
          },
        ),
        {
          numRuns: knownHistories.length + RUNS,
          examples: knownHistories.map((known) => [[...known]]),
          plugins: [fc.interruptAfterTimeLimit(MOST_MS)],
        },
      );
      const unseen = [...everything].filter((what) => !scene.seen.has(what));
      expect(unseen).toEqual([]);
    },
    2 * MOST_MS,
  );
});
