import type { AttemptRecord, Lane } from "../notify/outbox-row";
import type { Database } from "./database";
import { GroupCommit } from "./group-commit";
import { claimDue, type Claim, type ClaimSettings } from "./outbox-claim";
import type { OutboxRow } from "./outbox-columns";
import { recordAttempts } from "./outbox-record";
import { pauseLane } from "./rates";

/** When a lane should look again: on the moved clock, on the real one, or not before woken. */
export interface NextLook {
  dueAt?: number;
  realAt?: number;
}

/** Notifications and effects: claimed under a lease, recorded once. */
export class Outbox {
  private readonly records: GroupCommit<AttemptRecord, boolean>;

  constructor(
    private readonly db: Database,
    private readonly settings: ClaimSettings,
  ) {
    this.records = new GroupCommit(db, (tx, items) => recordAttempts(tx, settings, items));
  }

  claim(lane: Lane, limit: number): Promise<Claim> {
    return claimDue(this.db, this.settings, lane, limit);
  }

  /** False when the row's lease was lost: somebody else speaks for it now. */
  record(record: AttemptRecord): Promise<boolean> {
    return this.records.add(record);
  }

  pause(lane: Lane, until: number): Promise<void> {
    return pauseLane(this.db, lane, until);
  }

  async nextLook(lane: Lane): Promise<NextLook> {
    const now = this.settings.clock.now();
    const inLane = (state: "queued" | "sending") =>
      this.db.write<OutboxRow>("outbox").where({ lane, state });
    const leased = await least(inLane("sending"), "lease_until");
    const paused = await this.pausedUntil(lane);
    if (paused > now) {
      const first = await least(inLane("queued"), "due_at");
      return nextLook(first === undefined ? undefined : Math.max(first, paused), [leased]);
    }
    const later = await least(inLane("queued").where("due_at", ">", now), "due_at");
    const ripe = () => inLane("queued").where("due_at", "<=", now);
    const held = await least(ripe().whereNotNull("hold_until"), "hold_until");
    const ready = await least(ripe().whereNull("hold_until"), "due_at");
    // What could be claimed by now but was not waits for a token.
    const token = this.tokenAt(lane);
    return nextLook(later, [
      leased,
      held === undefined ? undefined : Math.max(held, token),
      ready === undefined ? undefined : token,
    ]);
  }

  /** Rows that wait only for the next token of their lane. */
  private tokenAt(lane: Lane): number {
    const rate = this.settings.rates[lane];
    const waitMs = rate ? Math.min(100, 1_000 / rate.perSecond) : 0;
    return this.settings.clock.real() + waitMs;
  }

  private async pausedUntil(lane: Lane): Promise<number> {
    const row = await this.db
      .write<{ lane: Lane; paused_until: number }>("rates")
      .where({ lane })
      .first();
    return row?.paused_until ?? 0;
  }
}

function nextLook(dueAt: number | undefined, realAts: readonly (number | undefined)[]): NextLook {
  const real = realAts.filter((at) => at !== undefined);
  return {
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(real.length > 0 ? { realAt: Math.min(...real) } : {}),
  };
}

async function least(
  query: { min(columns: Record<string, string>): PromiseLike<unknown> },
  column: string,
): Promise<number | undefined> {
  const [row] = (await query.min({ least: column })) as { least: number | null }[];
  return row?.least ?? undefined;
}
