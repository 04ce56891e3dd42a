import type { Clock } from "../clock";
import type { Lane } from "../notify/outbox-row";
import type { Database } from "./database";
import type { Tx } from "./rows";

export interface LaneRate {
  perSecond: number;
}

interface RateRow {
  lane: Lane;
  tokens: number;
  counted_at: number;
  paused_until: number;
}

/** At most what one fifth of a second allows is taken at a time, so that nobody hoards. */
const BURST_SECONDS = 0.2;

export function burstOf(rate: LaneRate): number {
  return Math.max(1, Math.floor(rate.perSecond * BURST_SECONDS));
}

/**
 * How many rows of the lane may be claimed now, at most `limit`; their tokens are gone with the
 * transaction. Nothing is taken for rows that are not there (`countDue`).
 */
export async function takeTokens(
  tx: Tx,
  clock: Clock,
  lane: Lane,
  limit: number,
  rate: LaneRate | undefined,
  countDue: () => Promise<number>,
): Promise<number> {
  const row = await tx<RateRow>("rates").where({ lane }).forUpdate().first();
  if (row && row.paused_until > clock.now()) return 0;
  if (!rate) return limit;
  const tokens = refilled(row, rate, clock.real());
  const wanted = Math.min(limit, Math.floor(tokens));
  const taken = wanted === 0 ? 0 : Math.min(wanted, await countDue());
  if (taken > 0) await saveTokens(tx, lane, tokens - taken, clock.real());
  return taken;
}

function refilled(row: RateRow | undefined, rate: LaneRate, real: number): number {
  const burst = burstOf(rate);
  if (!row) return burst;
  const seconds = Math.max(0, real - row.counted_at) / 1_000;
  return Math.min(burst, row.tokens + seconds * rate.perSecond);
}

async function saveTokens(tx: Tx, lane: Lane, tokens: number, real: number): Promise<void> {
  const values = { tokens, counted_at: real };
  await tx("rates")
    .insert({ lane, ...values, paused_until: 0 })
    .onConflict("lane")
    .merge(values);
}

/** Keeps every process from claiming rows of the lane until then; never shortens a pause. */
export async function pauseLane(db: Database, lane: Lane, until: number): Promise<void> {
  await db.write.transaction(async (tx) => {
    const row = await tx<RateRow>("rates").where({ lane }).forUpdate().first();
    if (row && row.paused_until >= until) return;
    await tx("rates")
      .insert({ lane, tokens: 0, counted_at: 0, paused_until: until })
      .onConflict("lane")
      .merge({ paused_until: until });
  });
}
