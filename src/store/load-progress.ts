import type { NotificationFact } from "../incident/progress";
import { progressOf } from "../incident/progress";
import type { ProgressState, SpaceState } from "../incident/space-state";
import type { NewRound } from "../notify/change";
import { isOpen, type Channel, type NotificationKind } from "../notify/notification";
import type { Secrets } from "../secrets";
import { loadAnswers } from "./answers";
import { loadAttendance } from "./attendances";
import { entriesWithNumbers, type NumbersOf } from "./internal-numbers";
import { loadIncident, loadTeam } from "./load-space";
import type { OutboxRow } from "./outbox-columns";
import type { Tx } from "./rows";

/** Adds to a space's state what became of each notification of its newest incident. */
export async function loadProgress(
  tx: Tx,
  secrets: Secrets,
  state: SpaceState,
  numbersOf: NumbersOf,
): Promise<ProgressState> {
  const latest = state.incident ?? (await loadIncident(tx, secrets, state.space.id, "newest"));
  if (!latest) return { ...state, progress: [], openRounds: new Set() };
  const rows = await loadNotifications(tx, latest.id);
  const byTimer = await loadRoundsByTimer(tx, latest.id);
  const attendance = latest.state === "running" ? await loadAttendance(tx, latest.id) : undefined;
  const people =
    latest.state === "running"
      ? state.roster
      : await entriesWithNumbers(await loadTeam(tx, secrets, latest.id), numbersOf);
  return {
    ...state,
    latest,
    ...(attendance ? { attendance } : {}),
    progress: progressOf(
      people,
      rows.map((row) => toFact(row, byTimer)),
      latest.startedBy.personId,
      await loadAnswers(tx, latest.id),
      attendance?.present,
    ),
    openRounds: new Set(rows.filter(isOpen).map((row) => row.round_id)),
  };
}

type NotificationRow = Pick<
  OutboxRow,
  "state" | "unclear_since" | "maybe_sent" | "last_error" | "call_seconds" | "changed_at"
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
      "call_seconds",
      "changed_at",
      "created_at",
    );
}

/** Reminders that nobody asked for but the time. */
async function loadRoundsByTimer(tx: Tx, incidentId: string): Promise<Set<string>> {
  const rows = await tx("rounds")
    .where({ incident_id: incidentId, trigger: "timer" satisfies NewRound["trigger"] })
    .select<{ id: string }[]>("id");
  return new Set(rows.map(({ id }) => id));
}

function toFact(row: NotificationRow, byTimer: ReadonlySet<string>): NotificationFact {
  return {
    responderId: row.responder_id,
    roundId: row.round_id,
    channel: row.channel,
    kind: row.kind,
    state: row.state,
    isUnclear: row.unclear_since !== null || row.maybe_sent === 1,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    ...(byTimer.has(row.round_id) ? { isByTimer: true } : {}),
    ...(row.last_error === null ? {} : { error: row.last_error }),
    ...(row.call_seconds === null ? {} : { seconds: row.call_seconds }),
  };
}
