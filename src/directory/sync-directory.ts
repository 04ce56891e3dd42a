import type { Clock } from "../clock";
import { answerInWords, RemoteError } from "../errors";
import { oauthRefusalOf } from "../grants/oauth-refusal";
import { GrantDeadError } from "../grants/ports";
import type { DirectoryPerson, SyncCounts } from "./directory";
import type { DirectoryWriter, PeopleList, PeoplePage, SyncFailure } from "./ports";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** So long without a page, and it is given up for now. */
const PATIENCE_MS = 30 * 60_000;
/** Webex may leave a page empty; so many on which there is nobody new are a list without an end. */
const BARREN_PAGES = 50;

const NOT_ALLOWED = [400, 401, 403];
/** What an address of a later page is answered with when Webex does not know it any more. */
const BROKEN_OFF = [400, 404, 410];

export type SyncStep =
  /** Webex wants a pause, or cannot be reached: to be run again then. */
  | { kind: "waiting"; until: number }
  /** What was read is the directory now. */
  | { kind: "complete"; counts: SyncCounts }
  | { kind: "failed"; failure: Omit<SyncFailure, "dueAt"> }
  /** By the signal. */
  | { kind: "stopped" };

export interface SyncOptions {
  list: PeopleList;
  writer: DirectoryWriter;
  clock: Clock;
  /** 0 up to but not including 1. */
  random: () => number;
  signal: AbortSignal;
  /** After each page that was written, and before each pause. */
  onProgress?: (read: { people: number; waitsUntil?: number }) => void;
}

type Fetched = { page: PeoplePage } | { error: unknown };

/**
 * Reads the organisation's people from Webex's list into a directory that is being written: all
 * pages, one fetched ahead while the one before is written. What is over is not run again.
 */
export class DirectorySync {
  /** The page that is asked for next; `undefined` is the first one. */
  private at: string | undefined;
  private fetching: Promise<Fetched> | undefined;
  private readonly seen = new Set<string>();
  private failures = 0;
  private lastPageAt: number;
  private barren = 0;
  private people = 0;
  private skipped = 0;

  constructor(private readonly options: SyncOptions) {
    this.lastPageAt = options.clock.now();
  }

  /** How many were read until now. */
  get read(): number {
    return this.people;
  }

  /**
   * Goes on until it is over or has to wait. Never leaves a question to Webex open. Throws what the
   * writer throws, and what the list throws that is neither Webex's failure nor the grant's.
   */
  async run(): Promise<SyncStep> {
    try {
      for (;;) {
        if (this.options.signal.aborted) return { kind: "stopped" };
        const fetched = await (this.fetching ?? this.fetch());
        this.fetching = undefined;
        if ("error" in fetched) return this.afterFailure(fetched.error);
        const step = await this.take(fetched.page);
        if (step) return step;
      }
    } finally {
      await this.fetching;
    }
  }

  private fetch(): Promise<Fetched> {
    return this.options.list.readPage(this.at).then(
      (page) => ({ page }),
      (error: unknown) => ({ error }),
    );
  }

  private async take(page: PeoplePage): Promise<SyncStep | undefined> {
    const { clock, onProgress, writer } = this.options;
    this.failures = 0;
    this.lastPageAt = clock.now();
    if (page.next !== undefined) {
      if (this.seen.has(page.next)) return this.strange("Webex's list of people goes in a circle");
      this.seen.add(page.next);
      this.at = page.next;
      this.fetching = this.fetch();
    }
    const added = await writer.add(this.kept(page));
    this.people += added;
    this.barren = added === 0 ? this.barren + 1 : 0;
    if (this.barren >= BARREN_PAGES) return this.strange("Webex's list of people has no end");
    onProgress?.({ people: this.people });
    return page.next === undefined ? this.complete() : undefined;
  }

  private *kept({ people }: PeoplePage): Generator<DirectoryPerson> {
    for (const person of people) {
      if (person === undefined) this.skipped += 1;
      else yield person;
    }
  }

  private async complete(): Promise<SyncStep> {
    if (this.options.signal.aborted) return { kind: "stopped" };
    const counts = await this.options.writer.replace();
    return { kind: "complete", counts: { ...counts, skipped: this.skipped } };
  }

  private afterFailure(error: unknown): SyncStep {
    if (error instanceof GrantDeadError) return this.failed("grant", "the grant does not work");
    const refusal = oauthRefusalOf(error);
    if (refusal === "client")
      return this.failed("client", "Webex does not accept CLIENT_ID or CLIENT_SECRET");
    if (refusal === "grant") return this.failed("grant", "the grant does not work");
    if (!(error instanceof RemoteError)) throw error;
    return error.failure.retryable ? this.pause(error) : this.refused(error);
  }

  private pause({ failure }: RemoteError): SyncStep {
    const { clock, onProgress, random } = this.options;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
    this.failures += 1;
    const until = clock.now() + Math.max(failure.retryAfterMs ?? 0, Math.round(random() * longest));
    if (until - this.lastPageAt > PATIENCE_MS) {
      return this.failed("no-answer", answerInWords(failure));
    }
    onProgress?.({ people: this.people, waitsUntil: until });
    return { kind: "waiting", until };
  }

  private refused({ failure: { status = 0 } }: RemoteError): SyncStep {
    const isFirstPage = this.at === undefined;
    if (NOT_ALLOWED.includes(status) && (isFirstPage || !BROKEN_OFF.includes(status)))
      return this.failed("refused", `Webex does not let the grant list people (${status})`);
    if (BROKEN_OFF.includes(status))
      return this.strange(`Webex's list of people broke off (${status})`);
    return this.strange("Webex's list of people cannot be understood");
  }

  private strange(reason: string): SyncStep {
    return this.failed("strange", reason);
  }

  private failed(why: SyncFailure["why"], reason: string): SyncStep {
    return { kind: "failed", failure: { why, reason, people: this.people } };
  }
}
