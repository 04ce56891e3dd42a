import type { Clock } from "../clock";
import type { Decide } from "../decision";
import { answerInWords, RemoteError } from "../errors";
import type { Change } from "../incident/change";
import type { Decided, Decisions } from "../incident/ports";
import type { GrantsState } from "../incident/space-state";
import type { Logger } from "../log";
import type { Grant, Tokens } from "./grant";
import { oauthRefusalOf } from "./oauth-refusal";
import { GrantDeadError, type AnnounceGrants, type GrantStore, type OAuth } from "./ports";
import { isPastRenewal, keepingDate, nextTryAt, nextTryOfClientAt, renewalDueAt } from "./renewal";

/** Longer than any renewal, so that nobody renews beside a process that is still at it. */
const LEASE_MS = 30_000;
/** Real time, for what another process is about to write down. */
const WAIT_MS = 8_000;
const LOOK_EVERY_MS = 100;
const BUSY_PAUSE_MS = 60_000;

export type RenewalOutcome = "renewed" | "failed" | "client" | "died";

export interface RenewGrantsOptions {
  store: Pick<GrantStore, "findGrant"> & {
    dueGrants(now: number): Promise<Grant[]>;
    nextGrantDueAt(): Promise<number | undefined>;
    postponeGrant(grant: Grant, until: number): Promise<void>;
  };
  /** Runs `work` in one process at a time; `undefined` where another one holds the lease. */
  underLease<T>(name: string, ms: number, work: () => Promise<T>): Promise<T | undefined>;
  decisions: Pick<Decisions, "anywhere" | "forGrants">;
  oauth: Pick<OAuth, "renew">;
  announce: Pick<AnnounceGrants, "died">;
  clock: Clock;
  log: Pick<Logger, "info" | "warn" | "error">;
  report?: (outcome: RenewalOutcome) => void;
  /** Waits in real time. */
  wait?: (ms: number) => Promise<void>;
}

/** A grant as it is now, and good for something. */
export interface HeldGrant {
  grant: Grant;
  tokens: Tokens;
}

/** Renews grants, each by one process at a time. */
export class GrantRenewals {
  /** By grant, so that all who need it in this process wait for the same answer. */
  private readonly underWay = new Map<string, Promise<Tokens>>();
  /** Failures in a row; after a restart the pauses begin small again. */
  private readonly failures = new Map<string, number>();
  private readonly wait: (ms: number) => Promise<void>;

  readonly timer = {
    name: "grants",
    due: (now: number) => this.options.store.dueGrants(now),
    next: () => this.options.store.nextGrantDueAt(),
    run: (grant: Grant) => this.runDue(grant),
  };

  constructor(private readonly options: RenewGrantsOptions) {
    this.wait =
      options.wait ?? ((ms) => new Promise<void>((resolve) => void setTimeout(resolve, ms)));
  }

  /** @throws GrantDeadError where the grant is gone, or was not renewed for good. */
  async find(grantId: string): Promise<HeldGrant> {
    const held = await this.options.store.findGrant(grantId);
    if (!held) throw new GrantDeadError("The grant was revoked or replaced.");
    if (held.grant.diedAt !== undefined) throw new GrantDeadError("The grant is not renewed.");
    return held;
  }

  /**
   * Other tokens than those whose access token is `stale`: what somebody else renewed meanwhile, or
   * new ones. Throws `GrantDeadError`, or a `RemoteError` that was noted with the grant.
   */
  renew(grantId: string, stale: string): Promise<Tokens> {
    const running = this.underWay.get(grantId);
    if (running) return running;
    const renewing = this.renewAlone(grantId, stale).finally(() => this.underWay.delete(grantId));
    this.underWay.set(grantId, renewing);
    return renewing;
  }

  /** What went wrong was noted with the grant, which is due again or dead. */
  private async runDue(due: Grant): Promise<void> {
    try {
      const { tokens } = await this.find(due.id);
      await this.renew(due.id, tokens.access);
    } catch (error) {
      if (error instanceof BusyError)
        await this.options.store.postponeGrant(due, this.options.clock.now() + BUSY_PAUSE_MS);
      else if (!(error instanceof RemoteError) && !(error instanceof GrantDeadError)) throw error;
    }
  }

  private async renewAlone(grantId: string, stale: string): Promise<Tokens> {
    const { clock } = this.options;
    const until = clock.real() + WAIT_MS;
    for (;;) {
      const tokens = await this.options.underLease(`grant:${grantId}`, LEASE_MS, async () => {
        const held = await this.find(grantId);
        return held.tokens.access === stale ? this.renewNow(held) : held.tokens;
      });
      if (tokens) return tokens;
      if (clock.real() >= until) throw new BusyError();
      await this.wait(LOOK_EVERY_MS);
    }
  }

  private async renewNow({ grant, tokens }: HeldGrant): Promise<Tokens> {
    const { clock, oauth, report } = this.options;
    if (isPastRenewal(grant, clock.now())) return this.bury(grant, "the refresh token has expired");
    try {
      const answer = await oauth.renew(tokens.refresh);
      const issued = keepingDate(answer, { ...grant, refresh: tokens.refresh });
      // Whatever else was decided meanwhile, these are the tokens that Webex takes from now on.
      await this.options.decisions.anywhere({ kind: "reading" }, (_state, at) => ({
        changes: [
          {
            kind: "grant.renewed",
            grantId: grant.id,
            tokens: issued,
            dueAt: renewalDueAt(issued, at.now),
          },
        ],
        result: undefined,
      }));
      this.failures.delete(grant.id);
      report?.("renewed");
      return issued;
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      return this.takeRefusal(grant, error);
    }
  }

  private async takeRefusal(grant: Grant, error: RemoteError): Promise<never> {
    const { log, report } = this.options;
    const fields = { grant: grant.id, kind: grant.kind, failure: error.failure };
    switch (oauthRefusalOf(error)) {
      case "grant":
        return this.bury(grant, "Webex does not renew it");
      case "client":
        log.error(fields, "no grant can be renewed: CLIENT_ID and CLIENT_SECRET are not accepted");
        report?.("client");
        await this.note(grant, "Webex does not accept CLIENT_ID and CLIENT_SECRET", (now) =>
          nextTryOfClientAt(now),
        );
        throw error;
      case undefined: {
        const failures = (this.failures.get(grant.id) ?? 0) + 1;
        this.failures.set(grant.id, failures);
        log.warn({ ...fields, failures }, "a grant could not be renewed");
        report?.("failed");
        await this.note(grant, answerInWords(error.failure), (now) =>
          nextTryAt(failures, error.failure.retryAfterMs, now),
        );
        throw error;
      }
    }
  }

  private async note(
    grant: Grant,
    lastError: string,
    dueAt: (now: number) => number,
  ): Promise<void> {
    await this.decideOn(grant, (_state, at) => ({
      changes: [{ kind: "grant.noted", grantId: grant.id, lastError, dueAt: dueAt(at.now) }],
      result: undefined,
    }));
  }

  /** Told once, whoever finds it out: a grant that is not due any more is dead or was renewed. */
  private async bury(grant: Grant, reason: string): Promise<never> {
    const { announce, log, report } = this.options;
    const decided = await this.decideOn(grant, ({ status }, at) => {
      const died: Change = { kind: "grant.died", grantId: grant.id, reason, at: at.now };
      const changes: Change[] =
        grant.kind === "directory"
          ? [died, { kind: "directory.unwanted" }, ...announce.died(grant, at, status)]
          : [died, ...announce.died(grant, at)];
      return { changes, result: undefined };
    });
    this.failures.delete(grant.id);
    if (decided.isDone) {
      log.warn({ grant: grant.id, kind: grant.kind, reason }, "a grant is dead");
      report?.("died");
    }
    throw new GrantDeadError("The grant is not renewed.");
  }

  private decideOn(
    { dueAt, id, personId }: Grant,
    rule: Decide<GrantsState, Change>,
  ): Promise<Decided<void>> {
    if (dueAt === undefined) return Promise.resolve({ isDone: false });
    const trigger = { kind: "due" as const, table: "grants" as const, id, dueAt };
    return this.options.decisions.forGrants(trigger, { personId }, rule);
  }
}

/** Another process holds the lease and has written nothing down yet. */
class BusyError extends RemoteError {
  override name = "BusyError";
  constructor() {
    super("The grant is being renewed elsewhere.", {
      service: "webex",
      retryable: true,
      unclear: false,
    });
  }
}
