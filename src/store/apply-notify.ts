import type { CancelFilter, NotifyChange } from "../notify/change";
import type { Channel, NotificationKind } from "../notify/notification";
import type { Lane, NewNotification } from "../notify/outbox-row";
import type { ApplyContext, Applying, Cancelled } from "./apply-changes";
import { deleteMessage, insertEffect } from "./apply-effects";
import { insertCards, useCard } from "./cards";
import { applyNumberChange } from "./opt-outs";
import { markRounds } from "./mark-rounds";
import { queuedColumns, type OutboxRow } from "./outbox-columns";
import { settle } from "./receipts";
import { insertRows, sealJson, type Tx } from "./rows";
import { dropLine, lookedAtStatusCard, noteStatusPress } from "./status-cards";

type Of<K extends NotifyChange["kind"]> = Extract<NotifyChange, { kind: K }>;

const CONFERENCE_WAIT_MS = 3_000;
const INVITE_PRIORITY = 1;
const REMINDER_PRIORITY = 2;
const OTHER_PRIORITY = 3;
const STOP_PRIORITY = 4;

export async function applyNotifyChange(
  tx: Tx,
  context: Applying,
  change: NotifyChange,
): Promise<void> {
  switch (change.kind) {
    case "round.opened":
      return openRound(tx, context, change);
    case "round.closed":
      await tx("rounds")
        .where({ id: change.roundId })
        .update({ closed_at: change.at, due_at: null });
      return;
    case "round.released":
      // One that was tried already waits for something else, such as a look-up after the attempt.
      await tx("outbox")
        .where({ round_id: change.roundId, attempts: 0 })
        .update({ hold_until: null });
      return;
    case "notification.queued":
      return insertNotifications(tx, context, [change]);
    case "notifications.cancelled":
      return cancelNotifications(tx, context, change.filter);
    case "effect.queued":
      return insertEffect(tx, context, change.effect);
    case "card.written":
      return insertCards(tx, context, [change]);
    case "card.used":
      return useCard(tx, change);
    case "number.opted-out":
    case "number.opted-in":
    case "number.hinted":
    case "number.heard":
      return applyNumberChange(tx, context, change);
    case "press.noted":
      await tx("spaces")
        .where({ id: change.spaceId })
        .update({ recent_presses: JSON.stringify(change.presses) });
      return;
    case "status-card.pressed":
      // It may be there because its deletion failed: each press asks for another.
      return deleteMessage(tx, context, change.spaceId, await noteStatusPress(tx, change), "again");
    case "status-card.looked":
      return lookedAtStatusCard(tx, change);
    case "status-line.dropped":
      return deleteMessage(tx, context, change.spaceId, await dropLine(tx, change.spaceId));
  }
}

async function openRound(
  tx: Tx,
  context: ApplyContext,
  { round }: Of<"round.opened">,
): Promise<void> {
  const last = await tx<{ incident_id: string; number: number }>("rounds")
    .where({ incident_id: round.incidentId })
    .max({ number: "number" })
    .first();
  await tx("rounds").insert({
    id: round.id,
    incident_id: round.incidentId,
    number: (last?.number ?? 0) + 1,
    kind: round.kind,
    trigger: round.trigger,
    opened_by: round.openedBy.personId,
    opened_by_name: round.openedBy.name,
    opened_at: round.at,
    text:
      round.text === undefined ? null : sealJson(context.secrets, round.text, "rounds", round.id),
    // A round in which nobody needs telling closes at once.
    due_at: round.at,
  });
}

/** Queues notifications, a hundred rows an insert. */
export async function insertNotifications(
  tx: Tx,
  context: ApplyContext,
  changes: readonly Of<"notification.queued">[],
): Promise<void> {
  if (changes.length === 0) return;
  const spaceOf = await spacesOfIncidents(
    tx,
    changes.map((change) => change.notification.incidentId),
  );
  const rows = changes.map(({ notification }) => ({
    ...queuedColumns(context.clock.now()),
    ...notificationColumns(notification, context),
    space_id: spaceOf.get(notification.incidentId),
  }));
  await insertRows(tx, "outbox", rows);
}

async function spacesOfIncidents(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  const rows = await tx<{ id: string; space_id: string }>("incidents")
    .whereIn("id", [...new Set(ids)])
    .select("id", "space_id");
  return new Map(rows.map((row) => [row.id, row.space_id]));
}

function notificationColumns(
  notification: NewNotification,
  context: ApplyContext,
): Record<string, string | number | null> {
  return {
    id: notification.id,
    lane: laneOf(notification.channel),
    kind: notification.kind,
    incident_id: notification.incidentId,
    round_id: notification.roundId,
    responder_id: notification.responderId,
    channel: notification.channel,
    card_id: notification.cardId ?? null,
    due_at: notification.dueAt,
    hold_until: notification.waitsForConference ? context.clock.real() + CONFERENCE_WAIT_MS : null,
    expires_at: notification.expiresAt,
    priority: priorityOf(notification.kind),
    position: notification.position,
    payload: "",
  };
}

function laneOf(channel: Channel): Lane {
  return channel;
}

function priorityOf(kind: NewNotification["kind"]): number {
  if (kind === "invite") return INVITE_PRIORITY;
  if (kind === "stop") return STOP_PRIORITY;
  return kind === "reminder" ? REMINDER_PRIORITY : OTHER_PRIORITY;
}

/**
 * What is queued is cancelled; what is being sent is marked, and not tried again. `afterCancels`
 * does the rest.
 */
async function cancelNotifications(tx: Tx, context: Applying, filter: CancelFilter): Promise<void> {
  const where = {
    ...(filter.incidentId === undefined ? {} : { incident_id: filter.incidentId }),
    ...(filter.spaceId === undefined ? {} : { space_id: filter.spaceId }),
    ...(filter.responderId === undefined ? {} : { responder_id: filter.responderId }),
    ...(filter.channel === undefined ? {} : { channel: filter.channel }),
  };
  const matching = () => {
    const rows = tx("outbox").where(where).whereNotNull("round_id");
    if (filter.sparesStop) void rows.whereNot({ kind: "stop" satisfies NotificationKind });
    return filter.isAutomatic ? rows.whereIn("round_id", automaticRounds(tx, filter)) : rows;
  };
  const now = context.clock.now();
  // Locked before it is looked at: a record may be moving one from sending to queued right now.
  const rows = await matching()
    .whereIn("state", ["queued", "sending"])
    .orderBy("id")
    .forUpdate()
    .select<{ round_id: string }[]>("round_id");
  await matching()
    .where({ state: "queued" })
    .where({ maybe_sent: 0 })
    .whereNull("unclear_since")
    .update({ state: "cancelled", last_error: filter.reason, changed_at: now });
  // An attempt whose outcome is unclear may have reached the person: it is not "cancelled".
  const unclear = (await matching()
    .where({ state: "queued" })
    .update({ state: "expired", last_error: filter.reason, changed_at: now })
    .returning("*")) as OutboxRow[];
  await matching()
    .where({ state: "sending" })
    .update({ cancel_requested: 1, last_error: filter.reason });
  context.cancelled.unclear.push(...unclear);
  context.cancelled.roundIds.push(...rows.map((row) => row.round_id));
}

/** A receipt may have come while they waited; and their rounds may be over. */
export async function afterCancels(
  tx: Tx,
  context: ApplyContext,
  { roundIds, unclear }: Cancelled,
): Promise<void> {
  await settle(tx, context, unclear);
  await markRounds(tx, context, roundIds);
}

function automaticRounds(tx: Tx, { incidentId }: CancelFilter) {
  return tx("rounds")
    .where(incidentId === undefined ? {} : { incident_id: incidentId })
    .where(
      (where) =>
        void where
          .where({ kind: "invite" satisfies NotificationKind })
          .orWhere({ kind: "reminder" satisfies NotificationKind, trigger: "timer" }),
    )
    .select("id");
}
