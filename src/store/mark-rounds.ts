import type { Clock } from "../clock";
import type { Tx } from "./rows";

export interface MarkSettings {
  clock: Clock;
  /** A round may be over: after the commit somebody should look. */
  onRoundMarked?: () => void;
}

/**
 * A round may be over when none of its rows waits. Others may be recorded at this very moment by
 * another process, so the round is only marked here and looked at after the commit. It is marked
 * anew even when it is marked already: a decision that has not seen this record may be taking that
 * mark away.
 */
export async function markRounds(
  tx: Tx,
  settings: MarkSettings,
  roundIds: readonly string[],
): Promise<void> {
  const ids = [...new Set(roundIds)];
  if (ids.length === 0) return;
  const marked = await tx("rounds")
    .whereIn("id", ids)
    .whereNull("closed_at")
    .whereNotExists(
      tx("outbox").whereRaw("outbox.round_id = rounds.id").where({ state: "queued" }).select("id"),
    )
    .update({ due_at: settings.clock.now() });
  if (marked > 0) settings.onRoundMarked?.();
}
