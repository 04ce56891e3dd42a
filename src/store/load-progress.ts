import type { NotificationFact } from "../incident/progress";
import { progressOf } from "../incident/progress";
import type { ProgressState, SpaceState } from "../incident/space-state";
import type { Channel, NotificationKind } from "../notify/notification";
import type { Secrets } from "../secrets";
import { loadIncident, loadTeam } from "./load-space";
import type { OutboxRow } from "./outbox-columns";
import type { Tx } from "./rows";

/** Adds to a space's state what became of each notification of its newest incident. */
export async function loadProgress(
  tx: Tx,
  secrets: Secrets,
  state: SpaceState,
): Promise<ProgressState> {
  const latest = state.incident ?? (await loadIncident(tx, secrets, state.space.id, "newest"));
  if (!latest) return { ...state, progress: [], openRounds: new Set() };
  const rows = await loadNotifications(tx, latest.id);
  const people = latest.state === "running" ? state.roster : await loadTeam(tx, secrets, latest.id);
  return {
    ...state,
    latest,
    progress: progressOf(people, rows.map(toFact), latest.startedBy.personId),
    openRounds: new Set(rows.filter(isOpen).map((row) => row.round_id)),
  };
}

type NotificationRow = Pick<
  OutboxRow,
  "state" | "unclear_since" | "maybe_sent" | "last_error" | "changed_at"
> & {
  responder_id: string;
  round_id: string;
  channel: Channel;
  kind: NotificationKind;
  created_at: number;
};

async function loadNotifications(tx: Tx, incidentId: string): Promise<NotificationRow[]> {
  return tx("outbox")
    .where({ incident_id: incidentId })
    .whereNotNull("round_id")
    .select<NotificationRow[]>(
      "responder_id",
      "round_id",
      "channel",
      "kind",
      "state",
      "unclear_since",
      "maybe_sent",
      "last_error",
      "changed_at",
      "created_at",
    );
}

function isOpen(row: NotificationRow): boolean {
  return row.state === "queued" || row.state === "sending";
}

function toFact(row: NotificationRow): NotificationFact {
  return {
    responderId: row.responder_id,
    roundId: row.round_id,
    channel: row.channel,
    kind: row.kind,
    state: row.state,
    isUnclear: row.unclear_since !== null || row.maybe_sent === 1,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    ...(row.last_error === null ? {} : { error: row.last_error }),
  };
}
