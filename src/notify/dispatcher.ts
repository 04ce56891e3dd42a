import type { Clock } from "../clock";
import { RemoteError, type RemoteFailure } from "../errors";
import { LaneRunner } from "./lane-runner";
import type { SendState } from "./notification";
import { lanes, type AttemptRecord, type ClaimedRow, type Effect, type Lane } from "./outbox-row";
import { afterAttempt, nextAttempt } from "./retry-policy";
import {
  runEffect,
  type LobbyResult,
  type MeetingGoesOn,
  type MembershipResult,
  type Talk,
} from "./run-effect";
import type { SendContext } from "./send-context";
import { attempt } from "./send-notification";
import { reasonOf, type Senders } from "./senders";

/** What the dispatcher needs of the store. */
export interface DispatcherOutbox {
  claim(
    lane: Lane,
    limit: number,
  ): Promise<{ notifications: SendContext[]; effects: ClaimedRow[]; ended: readonly SendState[] }>;
  record(record: AttemptRecord): Promise<boolean>;
  pause(lane: Lane, until: number): Promise<void>;
  nextLook(lane: Lane): Promise<{ dueAt?: number; realAt?: number }>;
}

/** What the dispatcher tells of itself. */
export interface DispatcherReport {
  finished(lane: Lane, state: string): void;
  strangeDuplicate(notificationId: string): void;
  lostLease(lane: Lane, id: string, state: string): void;
  failed(lane: Lane, error: unknown): void;
}

export interface DispatcherOptions {
  clock: Clock;
  random: () => number;
  outbox: DispatcherOutbox;
  senders: Senders;
  talk: Talk;
  slots: Readonly<Record<Lane, number>>;
  /** Decides on what came of a membership change; it finishes the row in its transaction. */
  onMembership(
    row: ClaimedRow & { effect: Effect },
    result: MembershipResult,
    record: AttemptRecord,
  ): Promise<void>;
  /** Tells that a meeting did not end; it finishes the row in its transaction. */
  onMeetingGoesOn(
    row: ClaimedRow & { effect: Effect },
    result: MeetingGoesOn,
    record: AttemptRecord,
  ): Promise<void>;
  /** Tells who was let in from a lobby, or why not; it finishes the row in its transaction. */
  onLobby(
    row: ClaimedRow & { effect: Effect },
    result: LobbyResult,
    record: AttemptRecord,
  ): Promise<void>;
  report: DispatcherReport;
}

/** Sends what the outbox holds, each lane with its own slots, until it is stopped. */
export class Dispatcher {
  private readonly runners: LaneRunner[];

  constructor(private readonly options: DispatcherOptions) {
    this.runners = lanes.map(
      (lane) =>
        new LaneRunner(lane, options.slots[lane], options.clock, {
          claim: (limit) => this.claim(lane, limit),
          nextLook: () => options.outbox.nextLook(lane),
          onError: (error) => options.report.failed(lane, error),
        }),
    );
  }

  start(): void {
    for (const runner of this.runners) runner.start();
  }

  /** Something may be due in these lanes. */
  wake(which: readonly Lane[] = lanes): void {
    for (const runner of this.runners)
      if (which.some((lane) => lane === runner.name)) runner.wake();
  }

  async stop(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }

  async idle(): Promise<void> {
    while (!this.isIdle) for (const runner of this.runners) await runner.idle();
  }

  get isIdle(): boolean {
    return this.runners.every((runner) => runner.isIdle);
  }

  private async claim(lane: Lane, limit: number): Promise<Promise<void>[]> {
    const claim = await this.options.outbox.claim(lane, limit);
    const work = [
      ...claim.notifications.map((context) => this.sendOne(lane, context)),
      ...claim.effects.map((row) => this.runOne(lane, row)),
    ];
    for (const state of claim.ended) this.options.report.finished(lane, state);
    // What ended at its claim counts as found: more may be due behind it.
    return claim.ended.length === 0 ? work : [...work, Promise.resolve()];
  }

  private async sendOne(lane: Lane, context: SendContext): Promise<void> {
    const { clock, outbox, random, report, senders } = this.options;
    const attempted = await attempt(context, senders[context.row.channel], { clock, random });
    if (attempted.isStrangeDuplicate) report.strangeDuplicate(context.row.id);
    if (attempted.pauseMs !== undefined) await outbox.pause(lane, clock.now() + attempted.pauseMs);
    await this.write(lane, attempted.record);
  }

  private async runOne(lane: Lane, row: ClaimedRow): Promise<void> {
    const { effect } = row;
    if (!effect) throw new Error("An effect's row holds no effect.");
    const { clock, talk } = this.options;
    try {
      const result = await runEffect({ ...row, effect }, talk, clock.now());
      if (result.kind === "done") await this.write(lane, recordFor(row, "accepted", result));
      else if (result.kind === "duplicate") await this.noteDuplicate(lane, row);
      else if (result.kind === "membership")
        await this.decideMembership({ ...row, effect }, result.result);
      else if (result.kind === "lobby") await this.decideLobby({ ...row, effect }, result.result);
      else await this.decideMeeting({ ...row, effect }, result.result);
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      await this.retryOrFail(lane, row, error);
    }
  }

  /** It counts as done only where an earlier attempt may have done it. */
  private async noteDuplicate(lane: Lane, row: ClaimedRow): Promise<void> {
    const { clock, random, report } = this.options;
    const { dueAt, error, state, ...next } = afterAttempt({
      row: { ...row, cancelRequested: false },
      outcome: { kind: "duplicate" },
      now: clock.now(),
      random: random(),
    });
    if (state !== "accepted") report.strangeDuplicate(row.id);
    const { keyNumber, maybeSent, unclearSince = null } = next;
    const record = recordFor(row, state, { dueAt, error: error && reasonOf(error) });
    await this.write(lane, { ...record, keyNumber, maybeSent, unclearSince });
  }

  private async decideMembership(
    row: ClaimedRow & { effect: Effect },
    result: MembershipResult,
  ): Promise<void> {
    const state = result.kind === "refused" ? "failed" : "accepted";
    const error = result.kind === "refused" ? result.reason : undefined;
    await this.options.onMembership(row, result, recordFor(row, state, { error }));
    this.options.report.finished(row.lane, state);
  }

  private async decideMeeting(
    row: ClaimedRow & { effect: Effect },
    result: MeetingGoesOn,
  ): Promise<void> {
    const error = result.why === "no grant" ? result.why : result.reason;
    await this.options.onMeetingGoesOn(row, result, recordFor(row, "failed", { error }));
    this.options.report.finished(row.lane, "failed");
  }

  private async decideLobby(
    row: ClaimedRow & { effect: Effect },
    result: LobbyResult,
  ): Promise<void> {
    const state = result.kind === "admitted" ? "accepted" : "failed";
    const error = result.kind === "refused" ? result.reason : undefined;
    await this.options.onLobby(row, result, recordFor(row, state, { error }));
    this.options.report.finished(row.lane, state);
  }

  private async retryOrFail(lane: Lane, row: ClaimedRow, error: RemoteError): Promise<void> {
    const { clock, outbox, random } = this.options;
    const { failure } = error;
    const dueAt = failure.retryable
      ? nextAttempt({
          attempts: row.attempts,
          now: clock.now(),
          random: random(),
          retryAfterMs: failure.retryAfterMs,
          // The attempt after the last moment is the one that tells whoever asked.
          expiresAt: isEndTold(row) ? Number.POSITIVE_INFINITY : row.expiresAt,
        })
      : undefined;
    const pausedUntil =
      failure.retryAfterMs === undefined ? dueAt : clock.now() + failure.retryAfterMs;
    // A host who is asked for too much is no reason for the bot to be silent.
    const isOurs = row.kind !== "meeting-end" && row.kind !== "lobby-admit";
    if (failure.status === 429 && isOurs && pausedUntil !== undefined)
      await outbox.pause(lane, pausedUntil);
    const reason = reasonOf(failure);
    await this.write(
      lane,
      dueAt === undefined
        ? recordFor(row, isOvertaken(row, failure) ? "expired" : "failed", { error: reason })
        : {
            ...recordFor(row, "queued", { error: reason, dueAt }),
            ...nextTry(row, failure, clock.now()),
          },
    );
  }

  private async write(lane: Lane, record: AttemptRecord): Promise<void> {
    const { outbox, report } = this.options;
    if (await outbox.record(record)) report.finished(lane, record.state);
    else report.lostLease(lane, record.id, record.state);
  }
}

/** A provider that has refused has not kept the key's message; one that may have taken it has. */
function nextTry(
  row: ClaimedRow,
  { unclear }: RemoteFailure,
  now: number,
): Pick<AttemptRecord, "keyNumber" | "maybeSent" | "unclearSince"> {
  const { keyNumber, maybeSent, unclearSince } = row;
  return unclear
    ? { keyNumber, maybeSent, unclearSince: unclearSince ?? now }
    : {
        keyNumber: keyNumber + 1,
        maybeSent: maybeSent || unclearSince !== undefined,
        unclearSince: null,
      };
}

/** Whoever asked for these hears of their end in any case; a decision tells them. */
const END_TOLD: ReadonlySet<string> = new Set<Effect["kind"]>([
  "membership-add",
  "membership-remove",
  "meeting-end",
  "lobby-admit",
]);

function isEndTold({ effect }: ClaimedRow): boolean {
  return effect !== undefined && END_TOLD.has(effect.kind);
}

/** An edit that came to nothing in time; the next one makes up for it, unlike after a refusal. */
function isOvertaken(row: ClaimedRow, failure: RemoteFailure): boolean {
  return row.kind === "message-edit" && failure.retryable;
}

function recordFor(
  row: ClaimedRow,
  state: AttemptRecord["state"],
  more: {
    providerId?: string | undefined;
    error?: string | undefined;
    dueAt?: number | undefined;
  },
): AttemptRecord {
  return {
    id: row.id,
    leaseToken: row.leaseToken,
    state,
    keyNumber: row.keyNumber,
    unclearSince: row.unclearSince ?? null,
    maybeSent: row.maybeSent,
    ...(more.providerId === undefined ? {} : { providerId: more.providerId }),
    ...(more.error === undefined ? {} : { error: more.error }),
    ...(more.dueAt === undefined ? {} : { dueAt: more.dueAt }),
  };
}
