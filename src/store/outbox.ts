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
    const { clock } = this.settings;
    const queued = () => this.db.write<OutboxRow>("outbox").where({ lane, state: "queued" });
    const paused = await this.pausedUntil(lane);
    const due = await least(queued().whereNull("hold_until"), "due_at");
    const held = await least(queued().where("due_at", "<=", clock.now()), "hold_until");
    const leased = await least(
      this.db.write<OutboxRow>("outbox").where({ lane, state: "sending" }),
      "lease_until",
    );
    const dueAt = due === undefined ? undefined : Math.max(due, paused);
    const real = [
      held,
      leased,
      dueAt !== undefined && dueAt <= clock.now() ? this.tokenAt(lane) : undefined,
    ].filter((at) => at !== undefined);
    return {
      ...(dueAt !== undefined && dueAt > clock.now() ? { dueAt } : {}),
      ...(real.length > 0 ? { realAt: Math.min(...real) } : {}),
    };
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

async function least(
  query: { min(columns: Record<string, string>): PromiseLike<unknown> },
  column: string,
): Promise<number | undefined> {
  const [row] = (await query.min({ least: column })) as { least: number | null }[];
  return row?.least ?? undefined;
}
