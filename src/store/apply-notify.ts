import type { CancelFilter, NotifyChange } from "../notify/change";
import type { Channel, NotificationKind } from "../notify/notification";
import type { Effect, Lane, NewEffect, NewNotification } from "../notify/outbox-row";
import type { ApplyContext } from "./apply-changes";
import { applyNumberChange } from "./opt-outs";
import { lookupOf, sealJson, type Tx } from "./rows";
import {
  dropLine,
  editLine,
  lookedAtStatusCard,
  newLine,
  newStatusCard,
  noteStatusPress,
} from "./status-cards";

type Of<K extends NotifyChange["kind"]> = Extract<NotifyChange, { kind: K }>;

const CONFERENCE_WAIT_MS = 3_000;
const ROWS_PER_INSERT = 100;
const INVITE_PRIORITY = 1;
const REMINDER_PRIORITY = 2;
const OTHER_PRIORITY = 3;
const STOP_PRIORITY = 4;

export async function applyNotifyChange(
  tx: Tx,
  context: ApplyContext,
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
      await tx("cards").where({ id: change.cardId }).update({ used_at: change.at });
      return forgetSpent(tx, change.cardId);
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

/**
 * What a card that concerns no space remembers is read by the press that uses it, and by none
 * after; it may be a list of people with their numbers.
 */
async function forgetSpent(tx: Tx, cardId: string): Promise<void> {
  await tx("cards").where({ id: cardId }).whereNull("space_id").update({ payload: null });
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
    ...commonColumns(context),
    ...notificationColumns(notification, context),
    space_id: spaceOf.get(notification.incidentId),
  }));
  await tx.batchInsert("outbox", rows, ROWS_PER_INSERT);
}

async function spacesOfIncidents(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  const rows = await tx<{ id: string; space_id: string }>("incidents")
    .whereIn("id", [...new Set(ids)])
    .select("id", "space_id");
  return new Map(rows.map((row) => [row.id, row.space_id]));
}

function commonColumns(context: ApplyContext): Record<string, string | number> {
  const now = context.clock.now();
  return {
    state: "queued",
    attempts: 0,
    key_number: 1,
    cancel_requested: 0,
    maybe_sent: 0,
    created_at: now,
    changed_at: now,
  };
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

async function insertEffect(tx: Tx, context: ApplyContext, wanted: NewEffect): Promise<void> {
  const effect = { ...wanted, effect: await noteStatus(tx, context, wanted) };
  const row = {
    ...commonColumns(context),
    id: effect.id,
    lane: (effect.effect.kind === "text" ? "sms" : "talk") satisfies Lane,
    kind: effect.effect.kind,
    space_id: effect.spaceId ?? null,
    incident_id: effect.incidentId ?? null,
    card_id: cardOf(effect.effect),
    person_id: personOf(effect.effect),
    to_hash: toHashOf(effect.effect, context),
    unique_key: effect.uniqueKey ?? null,
    due_at: effect.dueAt,
    expires_at: effect.expiresAt,
    priority: effect.priority,
    position: 0,
    payload: sealJson(context.secrets, effect.effect, "outbox", effect.id),
  };
  await tx("outbox").insert(row).onConflict("unique_key").ignore();
}

/** Keeps in the space's row what a queued status card, or its line, will show; numbers the card. */
async function noteStatus(
  tx: Tx,
  context: ApplyContext,
  { effect, id }: NewEffect,
): Promise<Effect> {
  if (effect.kind === "message-edit") {
    const { markdown, messageId, spaceId } = effect;
    await editLine(tx, spaceId, { messageId, text: markdown });
  }
  if (effect.kind !== "reply" || !effect.note) return effect;
  const { isLineOf, isStatusCardOf, picture = "" } = effect.note;
  if (isLineOf !== undefined)
    await newLine(tx, isLineOf, { outboxId: id, text: effect.post.markdown });
  if (isStatusCardOf === undefined) return effect;
  await dropQueuedStatusCards(tx, context, isStatusCardOf);
  const now = context.clock.now();
  const version = await newStatusCard(tx, isStatusCardOf, { now, picture });
  return { ...effect, note: { ...effect.note, version } };
}

const DELETE_PATIENCE_MS = 30 * 60_000;
const LAST_PRIORITY = 5;

/** Queues the end of a message of the bot's own; once, or again even after it was queued. */
export async function deleteMessage(
  tx: Tx,
  context: ApplyContext,
  spaceId: string,
  messageId: string | undefined,
  howOften: "once" | "again" = "once",
): Promise<void> {
  if (messageId === undefined) return;
  const now = context.clock.now();
  await insertEffect(tx, context, {
    id: context.newId(),
    effect: { kind: "message-delete", messageId },
    spaceId,
    dueAt: now,
    expiresAt: now + DELETE_PATIENCE_MS,
    priority: LAST_PRIORITY,
    ...(howOften === "once" ? { uniqueKey: `delete:${messageId}` } : {}),
  });
}

/** A status card that still waits to be posted is out of date once there is a newer one. */
async function dropQueuedStatusCards(
  tx: Tx,
  context: ApplyContext,
  spaceId: string,
): Promise<void> {
  await tx("outbox")
    .where({ space_id: spaceId, state: "queued", kind: "reply" })
    .whereIn("card_id", tx("cards").where({ space_id: spaceId, kind: "status" }).select("id"))
    .update({ state: "cancelled", changed_at: context.clock.now() });
}

function personOf(effect: Effect): string | null {
  if (effect.kind === "membership-remove") return effect.personId;
  if (effect.kind !== "membership-add") return null;
  return effect.invitee.by === "person" ? effect.invitee.personId : null;
}

function toHashOf(effect: Effect, { secrets }: ApplyContext): string | null {
  return effect.kind === "text" ? lookupOf(secrets, "number", effect.to) : null;
}

function cardOf(effect: Effect): string | null {
  return effect.kind === "reply" ? (effect.note?.cardId ?? null) : null;
}

/** What is queued is cancelled; what is being sent is marked, and not tried again. */
async function cancelNotifications(
  tx: Tx,
  context: ApplyContext,
  filter: CancelFilter,
): Promise<void> {
  const where = {
    ...(filter.incidentId === undefined ? {} : { incident_id: filter.incidentId }),
    ...(filter.spaceId === undefined ? {} : { space_id: filter.spaceId }),
    ...(filter.responderId === undefined ? {} : { responder_id: filter.responderId }),
    ...(filter.channel === undefined ? {} : { channel: filter.channel }),
  };
  const matching = () => {
    const rows = tx("outbox").where(where).whereNotNull("round_id");
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
  await matching()
    .where({ state: "queued" })
    .update({ state: "expired", last_error: filter.reason, changed_at: now });
  await matching()
    .where({ state: "sending" })
    .update({ cancel_requested: 1, last_error: filter.reason });
  const touched = [...new Set(rows.map((row) => row.round_id))];
  await tx("rounds").whereIn("id", touched).whereNull("closed_at").update({ due_at: now });
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

/** Writes the rows of new cards, a hundred an insert. */
export async function insertCards(
  tx: Tx,
  context: ApplyContext,
  changes: readonly Of<"card.written">[],
): Promise<void> {
  const rows = changes.map(({ card, at }) => ({
    id: card.id,
    kind: card.kind,
    space_id: card.spaceId ?? null,
    incident_id: card.incidentId ?? null,
    responder_id: card.responderId ?? null,
    person_id: card.personId ?? null,
    payload: card.payload ? sealJson(context.secrets, card.payload, "cards", card.id) : null,
    created_at: at,
    expires_at: card.expiresAt ?? null,
  }));
  await tx.batchInsert("cards", rows, ROWS_PER_INSERT);
}
