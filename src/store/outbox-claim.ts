import type { Knex } from "knex";
import type { Clock } from "../clock";
import type { Secrets } from "../secrets";
import { destinationOf, reasonNotToSend, type SendContext } from "../notify/send-context";
import type { ClaimedRow, EffectKind, Lane } from "../notify/outbox-row";
import type { Database } from "./database";
import type { NumbersOf } from "./internal-numbers";
import { takeHourly, type HourlyLimits, type NumberRefusal, type PhoneSend } from "./numbers";
import { toClaimedRow, type OutboxRow } from "./outbox-columns";
import { markRounds } from "./mark-rounds";
import { loadSendContexts } from "./outbox-context";
import { openEach } from "./readable";
import { claimWithTokens, type LaneRate } from "./rates";
import { settle } from "./receipts";
import { findRefused } from "./refused-channels";
import { lookupOf, type Tx } from "./rows";
import { inTransaction } from "./transaction";

/** Longer than any work under it: every remote call ends within ten seconds. */
export const LEASE_MS = 20_000;
/** A membership change takes up to four calls, and so does what is asked of a meeting. */
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
    .returning<OutboxRow[]>("*");
  await afterEnd(tx, settings, given);
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

async function sortOut(tx: Tx, settings: ClaimSettings, rows: OutboxRow[]): Promise<Claim> {
  const now = settings.clock.now();
  const ended: OutboxRow[] = [];
  const endRow: Ending = async (row, state, reason) => {
    ended.push(await end(tx, row, state, reason, now));
  };
  const fresh = rows.filter((row) => row.expires_at > now || isEndTold(row) || isLookedFor(row));
  for (const row of rows) if (!fresh.includes(row)) await endRow(row, "expired", "too late");
  const effects = openEach(
    fresh.filter((row) => row.round_id === null),
    (row) => toClaimedRow(settings.secrets, row),
  );
  const contexts = await loadSendContexts(tx, settings, fresh);
  for (const row of contexts.unnumbered) await giveBack(tx, row, now + DIRECTORY_AGAIN_MS);
  for (const row of [...effects.unreadable, ...contexts.unreadable]) {
    settings.onUnreadable("outbox", row.id);
    await endRow(row, "failed", "it cannot be read");
  }
  const found = { effects: effects.values, notifications: contexts.values };
  const claim = await holdBack(tx, settings, found, fresh, endRow);
  await afterEnd(tx, settings, ended);
  return { ...claim, ended: ended.length };
}

type Ending = (
  row: OutboxRow,
  state: "cancelled" | "expired" | "failed",
  reason: string,
) => Promise<void>;

/** What is not needed any more, or may not go to its number now, ends; the rest is claimed. */
async function holdBack(
  tx: Tx,
  settings: ClaimSettings,
  found: Omit<Claim, "ended">,
  rows: readonly OutboxRow[],
  endRow: Ending,
): Promise<Omit<Claim, "ended">> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const needless = await findNeedless(tx, settings, found.notifications);
  const needed = found.notifications.filter(({ row }) => !needless.has(row.id));
  const texts = found.effects.flatMap((row) => textOf(row, byId.get(row.id)));
  const sends = needed.flatMap((one) => sendOf(settings.secrets, one));
  const refused = await takeHourly(tx, settings, [...texts, ...sends]);
  const limited = new Set<string>();
  for (const [{ id }, why] of refused) {
    if (why === "limit") limited.add(id);
    needless.set(id, REFUSED[why]);
  }
  for (const [id, reason] of needless) {
    const row = byId.get(id);
    if (row) await endRow(row, limited.has(id) ? "failed" : cancelState(row), reason);
  }
  return {
    effects: found.effects.filter(({ id }) => !needless.has(id)),
    notifications: needed.filter(({ row }) => !needless.has(row.id)),
  };
}

/** Why some of them must not be sent any more, by their ids. */
async function findNeedless(
  tx: Tx,
  { secrets }: ClaimSettings,
  contexts: readonly SendContext[],
): Promise<Map<string, string>> {
  const refused = await findRefused(tx, secrets, contexts);
  const reasons = contexts.map((context) => {
    const { id } = context.row;
    return [id, reasonNotToSend(context) ?? refused.get(id)] as const;
  });
  return new Map(reasons.flatMap(([id, why]) => (why === undefined ? [] : [[id, why]])));
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

const END_TOLD: ReadonlySet<string> = new Set<EffectKind>([
  "membership-add",
  "membership-remove",
  "meeting-end",
  "lobby-admit",
]);

/** Whoever asked for these hears of their end in any case; a decision tells them. */
export function isEndTold({ kind }: Pick<OutboxRow, "kind">): boolean {
  return END_TOLD.has(kind);
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

/** Gives the row as it is now. */
async function end(
  tx: Tx,
  row: OutboxRow,
  state: "cancelled" | "expired" | "failed",
  reason: string,
  now: number,
): Promise<OutboxRow> {
  const columns = {
    state,
    last_error: reason,
    lease_until: null,
    lease_token: null,
    changed_at: now,
  };
  await tx("outbox").where({ id: row.id }).update(columns);
  return { ...row, ...columns };
}

/** A receipt may have come while they waited; and their rounds may be over. */
async function afterEnd(
  tx: Tx,
  settings: ClaimSettings,
  rows: readonly OutboxRow[],
): Promise<void> {
  await settle(tx, settings, rows);
  await markRounds(
    tx,
    settings,
    rows.flatMap((row) => row.round_id ?? []),
  );
}
