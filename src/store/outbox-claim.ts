import type { Knex } from "knex";
import type { Clock } from "../clock";
import type { SendContext } from "../notify/send-context";
import type { ClaimedRow, Lane } from "../notify/outbox-row";
import type { Secrets } from "../secrets";
import type { Database } from "./database";
import type { NumbersOf } from "./internal-numbers";
import type { HourlyLimits } from "./numbers";
import type { OutboxRow } from "./outbox-columns";
import { sortOut } from "./outbox-sendable";
import { claimWithTokens, type LaneRate } from "./rates";
import type { Tx } from "./rows";
import { inTransaction } from "./transaction";

/** Longer than any work under it: every remote call ends within ten seconds. */
export const LEASE_MS = 20_000;
/** A membership change takes up to four calls, and so does what is asked of a meeting. */
const LONG_LEASE_MS = 60_000;
/** Webex may show a message only some time after it took it. */
const LOOK_AFTER_MS = 2_000;

export interface ClaimSettings {
  secrets: Secrets;
  clock: Clock;
  newId: () => string;
  limits: HourlyLimits;
  rates: Partial<Record<Lane, LaneRate>>;
  numbersOf: NumbersOf;
  /** The directory could not tell somebody's number: their text or call is tried again later. */
  onDirectoryFailed: (error: unknown) => void;
  /** A row that cannot be opened was ended. */
  onUnreadable: (table: "outbox" | "inbox", id: string) => void;
}

export interface Claim {
  notifications: SendContext[];
  effects: ClaimedRow[];
  /** How rows ended here that were not needed, too old, or over a limit. */
  ended: EndState[];
}

/** How a row ends at which nothing is sent any more. */
export type EndState = "cancelled" | "expired" | "failed";

export const nothingClaimed: Claim = { notifications: [], effects: [], ended: [] };

/**
 * Takes up to `limit` due rows of a lane under a lease, together with the lane's tokens, in one
 * transaction. What is too old, no longer needed or over the hourly limit of its number ends here.
 * `found` is what somebody saw who has just looked.
 */
export async function claimDue(
  db: Database,
  settings: ClaimSettings,
  lane: Lane,
  limit: number,
  { hasDead }: FoundWork,
): Promise<Claim> {
  return inTransaction(db, async (tx) => {
    const givenUp = hasDead ? await releaseDeadLeases(tx, db, settings, lane) : [];
    const rate = settings.rates[lane];
    const rows = await claimWithTokens(tx, settings.clock, lane, limit, rate, (atMost) =>
      lease(tx, db, settings, lane, atMost),
    );
    const claim = await sortOut(tx, settings, rows, givenUp);
    return { ...claim, ended: [...givenUp.map(() => "expired" as const), ...claim.ended] };
  });
}

/** What a lane has to do: rows that are due, and rows whose sender died. */
export interface FoundWork {
  isDue: boolean;
  hasDead: boolean;
}

/** Lanes are woken more often than there is something for them; a look costs less than a commit. */
export async function lookForWork(db: Database, clock: Clock, lane: Lane): Promise<FoundWork> {
  const due = dueRows(db.read, db, clock, lane, 1).as("due");
  const dead = deadRows(db.read, db, lane).limit(1).select("id").as("dead");
  const [found] = (await db.read.select(due, dead)) as [{ due: unknown; dead: unknown }];
  return { isDue: found.due !== null, hasDead: found.dead !== null };
}

function deadRows(on: Knex, db: Database, lane: Lane) {
  return on<OutboxRow>("outbox")
    .where({ lane })
    .whereRaw("state = 'sending'")
    .where("lease_until", "<", db.realNow());
}

/**
 * A process that died in the middle of a send leaves a row whose outcome nobody knows. Gives
 * those that end as "expired" because they were meant to be cancelled.
 */
async function releaseDeadLeases(
  tx: Tx,
  db: Database,
  settings: ClaimSettings,
  lane: Lane,
): Promise<OutboxRow[]> {
  const now = settings.clock.now();
  const dead = () => deadRows(tx, db, lane);
  const cleared = { lease_until: null, lease_token: null, changed_at: now };
  const unclear = { unclear_since: tx.raw("coalesce(unclear_since, ?)", [now]) };
  const given = await dead()
    .where({ cancel_requested: 1 })
    .update({ ...cleared, ...unclear, state: "expired" })
    .returning<OutboxRow[]>("*");
  // A direct message is looked for before it is sent again, and not at once.
  const hold = tx.raw(`CASE WHEN lane = 'webex' THEN ? + ${LOOK_AFTER_MS} END`, [db.realNow()]);
  await dead().update({ ...cleared, ...unclear, state: "queued", due_at: now, hold_until: hold });
  return given;
}

/** The states are written out: SQLite proves nothing of a partial index from a bound value. */
function dueRows(on: Knex, db: Database, clock: Clock, lane: Lane, limit: number) {
  return on<OutboxRow>("outbox")
    .where({ lane })
    .whereRaw("state = 'queued'")
    .where("due_at", "<=", clock.now())
    .where((where) => void where.whereNull("hold_until").orWhere("hold_until", "<=", db.realNow()))
    .orderBy(["priority", "position", "due_at", "id"])
    .limit(limit)
    .select("id");
}

async function lease(
  tx: Tx,
  db: Database,
  settings: ClaimSettings,
  lane: Lane,
  limit: number,
): Promise<OutboxRow[]> {
  const due = dueRows(tx, db, settings.clock, lane, limit);
  if (db.dialect === "postgres") due.forUpdate().skipLocked();
  // As a plain subquery PostgreSQL may run it once per row, and lease more than the limit.
  const rows = (await tx("outbox")
    .withMaterialized("due", due)
    .whereIn("id", tx("due").select("id"))
    .update({
      state: "sending",
      attempts: tx.raw("attempts + 1"),
      lease_until: tx.raw(
        `? + CASE WHEN kind LIKE 'membership-%' OR kind IN ('meeting-end', 'lobby-admit') THEN ${LONG_LEASE_MS} ELSE ${LEASE_MS} END`,
        [db.realNow()],
      ),
      lease_token: settings.newId(),
      hold_until: null,
      changed_at: settings.clock.now(),
    })
    .returning("*")) as OutboxRow[];
  return rows.sort(byClaimOrder);
}

function byClaimOrder(a: OutboxRow, b: OutboxRow): number {
  return (
    a.priority - b.priority ||
    a.position - b.position ||
    a.due_at - b.due_at ||
    (a.id < b.id ? -1 : 1)
  );
}
