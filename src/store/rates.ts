import type { Clock } from "../clock";
import type { Lane } from "../notify/outbox-row";
import type { Database } from "./database";
import type { Tx } from "./rows";
import { inTransaction } from "./transaction";

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
 * Claims as many rows of the lane as it has tokens for, at most `limit`; the tokens of what was
 * claimed are gone with the transaction.
 */
export async function claimWithTokens<Row>(
  tx: Tx,
  clock: Clock,
  lane: Lane,
  limit: number,
  rate: LaneRate | undefined,
  claim: (atMost: number) => Promise<Row[]>,
): Promise<Row[]> {
  const row = rate ? await lockRate(tx, lane) : await tx<RateRow>("rates").where({ lane }).first();
  if (row && row.paused_until > clock.now()) return [];
  if (!rate) return claim(limit);
  const real = clock.real();
  const tokens = refilled(row, rate, real);
  const wanted = Math.min(limit, Math.floor(tokens));
  const claimed = wanted === 0 ? [] : await claim(wanted);
  if (claimed.length > 0)
    await tx("rates")
      .where({ lane })
      .update({ tokens: tokens - claimed.length, counted_at: real });
  return claimed;
}

/** Whoever holds a lane's row is alone in claiming; a lane seen for the first time is full. */
async function lockRate(tx: Tx, lane: Lane): Promise<RateRow | undefined> {
  const locked = () => tx<RateRow>("rates").where({ lane }).forUpdate().first();
  const known = await locked();
  if (known) return known;
  await tx("rates")
    .insert({ lane, tokens: 0, counted_at: 0, paused_until: 0 })
    .onConflict("lane")
    .ignore();
  return locked();
}

function refilled(row: RateRow | undefined, rate: LaneRate, real: number): number {
  const burst = burstOf(rate);
  if (!row) return burst;
  // A clock that was set back must not stop the lane until it has caught up.
  const seconds = real < row.counted_at ? BURST_SECONDS : (real - row.counted_at) / 1_000;
  return Math.min(burst, row.tokens + seconds * rate.perSecond);
}

/** Keeps every process from claiming rows of the lane until then; never shortens a pause. */
export async function pauseLane(db: Database, lane: Lane, until: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockRate(tx, lane);
    await tx("rates")
      .where({ lane })
      .where("paused_until", "<", until)
      .update({ paused_until: until });
  });
}
