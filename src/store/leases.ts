import { randomUUID } from "node:crypto";
import type { Database } from "./database";

/**
 * Runs `work` in one process at a time; the others get `undefined` at once. The lease is let go
 * when the work ends, or by itself after `ms` if the process dies.
 */
export async function underLease<T>(
  db: Database,
  name: string,
  ms: number,
  work: () => Promise<T>,
): Promise<T | undefined> {
  // One for each run: a run that outlived its lease must not let go of its successor's.
  const holder = randomUUID();
  if (!(await takeLease(db, holder, name, ms))) return undefined;
  try {
    return await work();
  } finally {
    await db.write("leases").where({ name, holder }).delete();
  }
}

const RENEWALS = 6;

interface Lease {
  name: string;
  holder: string;
  ms: number;
}

/** A lease that is renewed for as long as its process lives. */
export interface HeldLease {
  /** Aborted once the lease may be another process's. */
  lost: AbortSignal;
  letGo(): Promise<void>;
}

/**
 * Takes a lease for work of unknown length; `undefined` where another process holds it. Renewed
 * six times within `ms`, so that it outlives a database that is away for a while; free `ms` after
 * its process died.
 */
export async function holdLease(
  db: Database,
  name: string,
  ms: number,
): Promise<HeldLease | undefined> {
  const lease = { name, holder: randomUUID(), ms };
  const askedAt = performance.now();
  if (!(await takeLease(db, lease.holder, name, ms))) return undefined;
  return new RenewedLease(db, lease, askedAt);
}

class RenewedLease implements HeldLease {
  private readonly losing = new AbortController();
  private readonly renewing: NodeJS.Timeout;
  private runningOut: NodeJS.Timeout | undefined;
  /** Why it was not renewed the last time. */
  private failure: unknown;

  constructor(
    private readonly db: Database,
    private readonly lease: Lease,
    askedAt: number,
  ) {
    this.renewing = setInterval(() => void this.renew(), lease.ms / RENEWALS).unref();
    this.lastsFrom(askedAt);
  }

  get lost(): AbortSignal {
    return this.losing.signal;
  }

  async letGo(): Promise<void> {
    this.stop();
    const { holder, name } = this.lease;
    await this.db.write("leases").where({ name, holder }).delete();
  }

  private async renew(): Promise<void> {
    const askedAt = performance.now();
    try {
      if (!(await renewLease(this.db, this.lease))) this.lose();
      else if (!this.lost.aborted) this.lastsFrom(askedAt);
    } catch (error) {
      // Nobody else takes it before it has run out: the next try may still be in time.
      this.failure = error;
    }
  }

  /** Counted from the question, and not from the answer: rather too short than too long. */
  private lastsFrom(askedAt: number): void {
    clearTimeout(this.runningOut);
    const leftMs = askedAt + this.lease.ms - performance.now();
    this.runningOut = setTimeout(() => this.lose(), leftMs).unref();
  }

  private lose(): void {
    this.stop();
    this.losing.abort(this.failure);
  }

  private stop(): void {
    clearInterval(this.renewing);
    clearTimeout(this.runningOut);
  }
}

async function renewLease(db: Database, { holder, ms, name }: Lease): Promise<boolean> {
  const until = db.write.raw("? + ?", [db.realNow(), ms]);
  return (await db.write("leases").where({ name, holder }).update({ until })) > 0;
}

async function takeLease(db: Database, holder: string, name: string, ms: number): Promise<boolean> {
  const until = db.write.raw("? + ?", [db.realNow(), ms]);
  const inserted = await db
    .write("leases")
    .insert({ name, holder, until })
    .onConflict("name")
    .ignore()
    .returning("name");
  if (inserted.length > 0) return true;
  const taken = await db
    .write("leases")
    .where({ name })
    .where("until", "<", db.realNow())
    .update({ holder, until });
  return taken > 0;
}
