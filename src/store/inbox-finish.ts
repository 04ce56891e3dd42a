import type { Clock } from "../clock";
import type { Tx } from "./rows";

interface FinishedRow {
  id: string;
  state: string;
  finished_at: number | null;
  lease_until: number | null;
  lease_token: string | null;
}

/**
 * Ends an event; false when somebody else has ended or taken it. A hint that came again meanwhile
 * waits to be handled once more.
 */
export async function finishInbox(
  tx: Tx,
  clock: Clock,
  row: { id: string; leaseToken: string },
  end: "done" | "dead" = "done",
): Promise<boolean> {
  const held = { id: row.id, state: "handling", lease_token: row.leaseToken };
  const now = clock.now();
  const cleared = { lease_until: null, lease_token: null };
  const again = await tx("inbox")
    .where({ ...held, again: 1 })
    .update({ ...cleared, state: "waiting", again: 0, attempts: 0, due_at: now });
  if (again > 0) return true;
  const ended = await tx("inbox")
    .where(held)
    .update({ ...cleared, state: end, finished_at: now });
  return ended > 0;
}

/** Ends several events at once; gives the ids of those that nobody else had ended or taken. */
export async function finishAll(
  tx: Tx,
  clock: Clock,
  rows: readonly { id: string; leaseToken: string }[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const ended = await tx<FinishedRow>("inbox")
    .where({ state: "handling" })
    .whereIn(
      ["id", "lease_token"],
      rows.map(({ id, leaseToken }) => [id, leaseToken]),
    )
    .update({ state: "done", finished_at: clock.now(), lease_until: null, lease_token: null })
    .returning("id");
  return new Set(ended.map(({ id }) => id));
}
