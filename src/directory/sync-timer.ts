import type { Clock } from "../clock";
import type { Grant } from "../grants/grant";
import type { Change } from "../incident/change";
import type { Decisions } from "../incident/ports";
import type { Logger } from "../log";
import { decideSync, type SyncEnd } from "./decide-sync";
import type { Directory, DirectoryWriter, PeoplePage, SyncAnnouncements } from "./ports";
import { ProgressLine, type DirectMessages } from "./progress-line";
import { DirectorySync } from "./sync-directory";

/** Another process is at it; whether it still lives is looked at so often. Real time. */
const ELSEWHERE_MS = 5_000;
const AFTER_ERROR_MS = 60_000;
/** Somebody may ask for a sync in the very moment in which the last one is written down. */
const DECIDE_TRIES = 5;

/** So that no two processes read at once. */
export interface SyncLease {
  lost: AbortSignal;
  letGo(): Promise<void>;
}

export interface SyncTimerOptions {
  decisions: Pick<Decisions, "forGrants">;
  directory: Pick<Directory, "status" | "write" | "clear">;
  directoryGrant: () => Promise<Grant | undefined>;
  /** The first page without `next`. */
  readPage: (grantId: string, next: string | undefined) => Promise<PeoplePage>;
  /** `undefined` where another process holds it. */
  holdLease: () => Promise<SyncLease | undefined>;
  announce: SyncAnnouncements<Change>;
  messages: DirectMessages;
  clock: Clock;
  random: () => number;
  log: Pick<Logger, "info" | "warn" | "error">;
  maxAgeMs: number;
}

/** A sync that is under way, or waits. */
interface Session {
  grantId: string;
  lease: SyncLease;
  writer: DirectoryWriter;
  sync: DirectorySync;
  line: ProgressLine;
  signal: AbortSignal;
  startedAt: number;
  /** Not to be gone on with before. */
  waitsUntil?: number;
}

/** Reads the organisation's people whenever that is due, in one process at a time. */
export class SyncTimer {
  private session: Session | undefined;
  private readonly stopping = new AbortController();
  private elsewhereUntil = 0;
  private notBefore = 0;

  constructor(private readonly options: SyncTimerOptions) {}

  /** Is there something to do now? */
  async isDue(): Promise<boolean> {
    const { clock } = this.options;
    if (this.stopping.signal.aborted) return false;
    if (this.session) return (this.session.waitsUntil ?? Infinity) <= clock.now();
    if (this.elsewhereUntil > clock.real() || this.notBefore > clock.now()) return false;
    const { dueAt } = await this.options.directory.status();
    return dueAt !== undefined && dueAt <= clock.now();
  }

  /** When there will be; `undefined` where that is not known. */
  async nextDue(): Promise<number | undefined> {
    if (this.session) return this.session.waitsUntil;
    const { dueAt } = await this.options.directory.status();
    return dueAt === undefined ? undefined : Math.max(dueAt, this.notBefore);
  }

  /** Begins or goes on, until it is over or has to wait. What goes wrong is logged and told. */
  async run(): Promise<void> {
    try {
      this.session ??= await this.begin();
      if (this.session) await this.goOn(this.session);
    } catch (err) {
      await this.breakOff(err);
    }
  }

  /** Ends what is under way between two pages; what was read is read again some day. */
  stop(): void {
    this.stopping.abort();
  }

  /** Once nothing is under way any more. */
  async abandon(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    if (!session) return;
    try {
      await session.writer.discard();
    } catch (err) {
      this.options.log.warn({ err }, "what was read of the directory is dropped at the next sync");
    }
    await session.lease.letGo();
  }

  private async begin(): Promise<Session | undefined> {
    const { clock, directory, directoryGrant, holdLease, log } = this.options;
    const grant = await directoryGrant();
    if (!grant || grant.diedAt !== undefined) {
      const reason = grant ? "the grant does not work" : "there is no grant";
      await this.decide({ kind: "failed", failure: { why: "grant", reason, people: 0 } });
      return undefined;
    }
    const lease = await holdLease();
    if (!lease) {
      this.elsewhereUntil = clock.real() + ELSEWHERE_MS;
      return undefined;
    }
    try {
      // Another process may just have finished it.
      const { dueAt } = await directory.status();
      if (dueAt === undefined || dueAt > clock.now()) {
        await lease.letGo();
        return undefined;
      }
      log.info({}, "reading the directory");
      return this.sessionOf(grant.id, lease, await directory.write());
    } catch (error) {
      await lease.letGo();
      throw error;
    }
  }

  private sessionOf(grantId: string, lease: SyncLease, writer: DirectoryWriter): Session {
    const { announce, clock, log, messages, random, readPage } = this.options;
    const signal = AbortSignal.any([lease.lost, this.stopping.signal]);
    const line = new ProgressLine(messages, clock, (err) =>
      log.info({ err }, "the progress of a sync could not be told"),
    );
    const askedBy = async () => (await this.options.directory.status()).askedBy;
    const sync = new DirectorySync({
      ...{ clock, random, signal, writer },
      list: { readPage: (next) => readPage(grantId, next) },
      onProgress: (read) =>
        line.show(announce.progress(read), askedBy, read.waitsUntil !== undefined),
    });
    return { grantId, lease, writer, sync, line, signal, startedAt: clock.real() };
  }

  private async goOn(session: Session): Promise<void> {
    delete session.waitsUntil;
    const step = await session.sync.run();
    // Nothing of it may come after the result.
    const line = await session.line.last();
    if (step.kind === "waiting") {
      session.waitsUntil = step.until;
      return;
    }
    if (step.kind === "stopped") return this.abandon();
    await this.end(session, step, line);
  }

  private async end(session: Session, end: SyncEnd, line: string | undefined): Promise<void> {
    const isReplaced = end.kind === "failed" && (await this.isReplaced(session.grantId));
    if (end.kind === "failed") await session.writer.discard();
    // With the new grant it begins anew; nobody need hear of the old one.
    if (!isReplaced) await this.decide(end, line);
    // Whoever revoked the grant wanted no copy to be left.
    if (end.kind === "complete" && (await this.isRevoked())) await this.options.directory.clear();
    this.session = undefined;
    await session.lease.letGo();
    this.tell(session, end);
  }

  private async isReplaced(grantId: string): Promise<boolean> {
    const grant = await this.options.directoryGrant();
    return grant !== undefined && grant.id !== grantId && grant.diedAt === undefined;
  }

  private tell({ startedAt }: Session, end: SyncEnd): void {
    const { clock, log } = this.options;
    const ms = clock.real() - startedAt;
    if (end.kind === "complete") log.info({ ...end.counts, ms }, "the directory was read");
    else log.warn({ ...end.failure, ms }, "the directory could not be read");
  }

  /** The database, or a bug; or there is no grant any more, and what was written was dropped. */
  private async breakOff(err: unknown): Promise<void> {
    const { clock, log } = this.options;
    const people = this.session?.sync.read ?? 0;
    const line = await this.session?.line.last();
    try {
      await this.abandon();
      if (await this.isRevoked()) {
        await this.takeAway(line);
        return;
      }
      log.error({ err }, "the directory could not be read");
      const failure = { why: "broken" as const, reason: "of a fault on the server", people };
      await this.decide({ kind: "failed", failure }, line);
    } catch (error) {
      this.notBefore = clock.now() + AFTER_ERROR_MS;
      log.error({ err: error }, "that the directory was not read could not be written down");
    }
  }

  /** What told how far it was tells nothing any more. */
  private async takeAway(line: string | undefined): Promise<void> {
    if (line === undefined) return;
    const { log, messages } = this.options;
    await messages
      .remove(line)
      .catch((err: unknown) => log.info({ err }, "the progress of a sync still stands"));
  }

  private async isRevoked(): Promise<boolean> {
    return (await this.options.directoryGrant()) === undefined;
  }

  /** Nothing where no sync is wanted any more: the grant was revoked meanwhile. */
  private async decide(end: SyncEnd, line?: string): Promise<void> {
    const { announce, decisions, directory, maxAgeMs } = this.options;
    for (let tries = 0; tries < DECIDE_TRIES; tries += 1) {
      const { askedBy = "", dueAt } = await directory.status();
      if (dueAt === undefined) return this.takeAway(line);
      const trigger = { kind: "due", table: "directory_sync", id: "directory", dueAt } as const;
      const rule = decideSync(end, { announce, maxAgeMs }, line);
      const { isDone } = await decisions.forGrants(trigger, { personId: askedBy }, rule);
      if (isDone) return;
    }
  }
}
