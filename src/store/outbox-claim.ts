import type { Knex } from "knex";
import type { Clock } from "../clock";
import type { Secrets } from "../secrets";
import { destinationOf, reasonNotToSend, type SendContext } from "../notify/send-context";
import type { ClaimedRow, Lane } from "../notify/outbox-row";
import type { Database } from "./database";
import type { NumbersOf } from "./internal-numbers";
import { takeHourly, type HourlyLimits, type NumberRefusal, type PhoneSend } from "./numbers";
import { toClaimedRow, type OutboxRow } from "./outbox-columns";
import { loadSendContexts } from "./outbox-context";
import { openEach } from "./readable";
import { claimWithTokens, type LaneRate } from "./rates";
import { lookupOf, type Tx } from "./rows";
import { inTransaction } from "./transaction";

/** Longer than any work under it: every remote call ends within ten seconds. */
export const LEASE_MS = 20_000;
/** A membership change takes up to four calls, and so does the end of a meeting. */
const LONG_LEASE_MS = 60_000;
/** Webex may show a message only some time after it took it. */
const LOOK_AFTER_MS = 2_000;
const DIRECTORY_AGAIN_MS = 5_000;

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
  /** Rows that ended here because they were not needed, too old, or over a limit. */
  ended: number;
}

export const nothingClaimed: Claim = { notifications: [], effects: [], ended: 0 };

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
    if (hasDead) await releaseDeadLeases(tx, db, settings, lane);
    const rate = settings.rates[lane];
    const rows = await claimWithTokens(tx, settings.clock, lane, limit, rate, (atMost) =>
      lease(tx, db, settings, lane, atMost),
    );
    return sortOut(tx, settings, rows);
  });
}

/** What a lane has to do: rows that are due, and rows whose sender died. */
export interface FoundWork {
  isDue: boolean;
  hasDead: boolean;
}

/** Lanes are woken more often than there is something for them; a look costs less than a commit. */
export async function lookForWork(db: Database, clock: Clock, lane: Lane): Promise<FoundWork> {
  const due = dueRows(db.write, db, clock, lane, 1).as("due");
  const dead = deadRows(db.write, db, lane).limit(1).select("id").as("dead");
  const [found] = (await db.write.select(due, dead)) as [{ due: unknown; dead: unknown }];
  return { isDue: found.due !== null, hasDead: found.dead !== null };
}

function deadRows(on: Knex, db: Database, lane: Lane) {
  return on<OutboxRow>("outbox")
    .where({ lane })
    .whereRaw("state = 'sending'")
    .where("lease_until", "<", db.realNow());
}

/** A process that died in the middle of a send leaves a row whose outcome nobody knows. */
async function releaseDeadLeases(
  tx: Tx,
  db: Database,
  settings: ClaimSettings,
  lane: Lane,
): Promise<void> {
  const now = settings.clock.now();
  const dead = () => deadRows(tx, db, lane);
  const cleared = { lease_until: null, lease_token: null, changed_at: now };
  const unclear = { unclear_since: tx.raw("coalesce(unclear_since, ?)", [now]) };
  const given = await dead()
    .where({ cancel_requested: 1 })
    .update({ ...cleared, ...unclear, state: "expired" })
    .returning("round_id");
  await markRounds(tx, given, now);
  // A direct message is looked for before it is sent again, and not at once.
  const hold = tx.raw(`CASE WHEN lane = 'webex' THEN ? + ${LOOK_AFTER_MS} END`, [db.realNow()]);
  await dead().update({ ...cleared, ...unclear, state: "queued", due_at: now, hold_until: hold });
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
        `? + CASE WHEN kind LIKE 'membership-%' OR kind = 'meeting-end' THEN ${LONG_LEASE_MS} ELSE ${LEASE_MS} END`,
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

async function sortOut(tx: Tx, settings: ClaimSettings, rows: OutboxRow[]): Promise<Claim> {
  const claim: Claim = { notifications: [], effects: [], ended: 0 };
  const now = settings.clock.now();
  const fresh = rows.filter((row) => row.expires_at > now || isEndTold(row) || isLookedFor(row));
  for (const row of rows) if (!fresh.includes(row)) await end(tx, row, "expired", "too late", now);
  const effects = openEach(
    fresh.filter((row) => row.round_id === null),
    (row) => toClaimedRow(settings.secrets, row),
  );
  claim.effects.push(...effects.values);
  const contexts = await loadSendContexts(tx, settings, fresh);
  for (const row of contexts.unnumbered) await giveBack(tx, row, now + DIRECTORY_AGAIN_MS);
  for (const row of [...effects.unreadable, ...contexts.unreadable]) {
    settings.onUnreadable("outbox", row.id);
    await end(tx, row, "failed", "it cannot be read", now);
  }
  const byId = new Map(fresh.map((row) => [row.id, row]));
  const needed: SendContext[] = [];
  for (const context of contexts.values) {
    const reason = reasonNotToSend(context);
    const row = byId.get(context.row.id);
    if (row && reason !== undefined) await end(tx, row, cancelState(row), reason, now);
    else needed.push(context);
  }
  await holdBack(tx, settings, claim, needed, byId);
  const isLeft = claim.notifications.length + claim.effects.length + contexts.unnumbered.length;
  claim.ended = rows.length - isLeft;
  return claim;
}

/** Keeps from their numbers what may not go there now; the rest is claimed. */
async function holdBack(
  tx: Tx,
  settings: ClaimSettings,
  claim: Claim,
  needed: readonly SendContext[],
  byId: ReadonlyMap<string, OutboxRow>,
): Promise<void> {
  const now = settings.clock.now();
  const texts = claim.effects.flatMap((row) => textOf(row, byId.get(row.id)));
  const sends = needed.flatMap((one) => sendOf(settings.secrets, one));
  const refused = await takeHourly(tx, settings, [...texts, ...sends]);
  const ended = new Set<string>();
  for (const [{ id }, why] of refused) {
    const row = byId.get(id);
    if (!row) continue;
    ended.add(id);
    await end(tx, row, why === "limit" ? "failed" : cancelState(row), REFUSED[why], now);
  }
  claim.effects = claim.effects.filter(({ id }) => !ended.has(id));
  claim.notifications.push(...needed.filter(({ row }) => !ended.has(row.id)));
}

const REFUSED: Readonly<Record<NumberRefusal, string>> = {
  limit: "too many to this number within the hour",
  stop: "replied STOP",
  blocked: "the number takes no texts from us",
};

interface ClaimedSend extends PhoneSend {
  id: string;
}

function textOf(row: ClaimedRow, stored: OutboxRow | undefined): ClaimedSend[] {
  if (row.kind !== "text" || !stored?.to_hash) return [];
  return [{ id: row.id, channel: "sms", hash: stored.to_hash, isAnswer: true }];
}

function sendOf(secrets: Secrets, context: SendContext): ClaimedSend[] {
  const { attempts, channel, id } = context.row;
  const number = destinationOf(context);
  if (channel === "webex" || number === undefined) return [];
  return [{ id, channel, hash: lookupOf(secrets, "number", number), isRepeated: attempts > 1 }];
}

/** Whoever asked for these hears of their end in any case; a decision tells them. */
export function isEndTold({ kind }: Pick<OutboxRow, "kind">): boolean {
  return kind === "membership-add" || kind === "membership-remove" || kind === "meeting-end";
}

/** Too old to be sent again, but it may have arrived, which Webex can tell. */
function isLookedFor(row: OutboxRow): boolean {
  return row.lane === "webex" && row.unclear_since !== null;
}

/** An attempt whose outcome is unclear may have reached the person: that is never "cancelled". */
function cancelState(row: OutboxRow): "cancelled" | "expired" {
  return row.unclear_since === null && row.maybe_sent === 0 ? "cancelled" : "expired";
}

/** Nothing was tried. */
async function giveBack(tx: Tx, row: OutboxRow, dueAt: number): Promise<void> {
  await tx("outbox")
    .where({ id: row.id })
    .update({
      state: "queued",
      attempts: row.attempts - 1,
      due_at: dueAt,
      lease_until: null,
      lease_token: null,
    });
}

async function end(
  tx: Tx,
  row: OutboxRow,
  state: "cancelled" | "expired" | "failed",
  reason: string,
  now: number,
): Promise<void> {
  await tx("outbox").where({ id: row.id }).update({
    state,
    last_error: reason,
    lease_until: null,
    lease_token: null,
    changed_at: now,
  });
  await markRounds(tx, [row], now);
}

/** Somebody should look whether these rows' rounds are over. */
async function markRounds(
  tx: Tx,
  rows: readonly Pick<OutboxRow, "round_id">[],
  now: number,
): Promise<void> {
  const ids = new Set(rows.map((row) => row.round_id).filter((id) => id !== null));
  if (ids.size > 0)
    await tx("rounds")
      .whereIn("id", [...ids])
      .whereNull("closed_at")
      .update({ due_at: now });
}
