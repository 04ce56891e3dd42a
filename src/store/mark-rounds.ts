import type { Knex } from "knex";
import type { Clock } from "../clock";
import type { Tx } from "./rows";

export interface MarkSettings {
  clock: Clock;
  /** A round may be over: after the commit somebody should look. */
  onRoundMarked?: () => void;
}

/**
 * Has somebody look after the commit whether these rounds are over, of which rows just ended that
 * waited. Others may end the rest of them at this very moment and not see that; so each is marked,
 * whatever of it still seems to wait, and anew even when it is marked already: a decision that has
 * not seen this may be taking that mark away.
 */
export function markRounds(
  tx: Tx,
  settings: MarkSettings,
  roundIds: readonly string[],
): Promise<void> {
  return mark(tx, settings, roundIds, (rounds) => rounds);
}

/**
 * The same for rows that everybody had seen as being sent, or as sent: nobody takes them for ones
 * that wait, so a round of which something waits can be left to whoever ends that.
 */
export function markSentRounds(
  tx: Tx,
  settings: MarkSettings,
  roundIds: readonly string[],
): Promise<void> {
  const waiting = tx("outbox")
    .whereRaw("outbox.round_id = rounds.id")
    .where({ state: "queued" })
    .select("id");
  return mark(tx, settings, roundIds, (rounds) => rounds.whereNotExists(waiting));
}

async function mark(
  tx: Tx,
  { clock, onRoundMarked }: MarkSettings,
  roundIds: readonly string[],
  only: (rounds: Knex.QueryBuilder) => Knex.QueryBuilder,
): Promise<void> {
  const ids = [...new Set(roundIds)];
  if (ids.length === 0) return;
  const rounds = only(tx("rounds").whereIn("id", ids).whereNull("closed_at"));
  const marked: number = await rounds.update({ due_at: clock.now() });
  if (marked > 0) onRoundMarked?.();
}
