import type { Effect, Lane, NewEffect } from "../notify/outbox-row";
import type { ApplyContext } from "./apply-changes";
import { newLobbyCard } from "./lobby-cards";
import { queuedColumns } from "./outbox-columns";
import { lookupOf, sealJson, type Tx } from "./rows";
import { editLine, newLine, newStatusCard } from "./status-cards";

const DELETE_PATIENCE_MS = 30 * 60_000;
const LAST_PRIORITY = 5;

/** Queues something that must happen outside besides notifications. */
export async function insertEffect(
  tx: Tx,
  context: ApplyContext,
  wanted: NewEffect,
): Promise<void> {
  const effect = { ...wanted, effect: await noteStatus(tx, context, wanted) };
  const row = {
    ...queuedColumns(context.clock.now()),
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

/** Keeps what a queued status card, its line, or a card of a lobby will show; numbers the first. */
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
  const { cardId, isLineOf, isLobbyCardOf, isStatusCardOf, picture = "" } = effect.note;
  if (isLobbyCardOf !== undefined && cardId !== undefined)
    await newLobbyCard(tx, { ...isLobbyCardOf, cardId }, context.clock.now());
  if (isLineOf !== undefined)
    await newLine(tx, isLineOf, { outboxId: id, text: effect.post.markdown });
  if (isStatusCardOf === undefined) return effect;
  await dropQueuedStatusCards(tx, context, isStatusCardOf);
  const now = context.clock.now();
  const version = await newStatusCard(tx, isStatusCardOf, { now, picture });
  return { ...effect, note: { ...effect.note, version } };
}

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
