import { LINE_EVERY_MS, touchedBy } from "../incident/status-card";
import type { Change } from "../incident/change";
import type { StatusCard } from "../incident/space-state";
import type { NotifyChange } from "../notify/change";
import type { Tx } from "./rows";

interface StatusCardRow {
  space_id: string;
  wanted_version: number;
  posted_version: number;
  card_id: string | null;
  message_id: string | null;
  picture: string;
  replaced_at: number;
  pressed_at: number | null;
  looked_at: number;
  due_at: number | null;
  line_outbox_id: string | null;
  line_message_id: string | null;
  line_text: string | null;
  line_edits: number;
}

/** The space's newest status card and its line. */
export async function loadStatusCard(tx: Tx, spaceId: string): Promise<StatusCard | undefined> {
  const row = await tx<StatusCardRow>("status_cards").where({ space_id: spaceId }).first();
  if (!row) return undefined;
  const line = toLine(row);
  return {
    picture: row.picture,
    replacedAt: row.replaced_at,
    ...(row.message_id === null ? {} : { messageId: row.message_id }),
    ...(row.card_id === null ? {} : { cardId: row.card_id }),
    ...(row.pressed_at === null ? {} : { pressedAt: row.pressed_at }),
    ...(line ? { line } : {}),
  };
}

function toLine(row: StatusCardRow): StatusCard["line"] {
  if (row.line_message_id === null && row.line_outbox_id === null) return undefined;
  return {
    text: row.line_text ?? "",
    edits: row.line_edits,
    isUnderWay: row.line_outbox_id !== null,
    ...(row.line_message_id === null ? {} : { messageId: row.line_message_id }),
  };
}

/** A new card is queued that shows everything up to now. Gives its version. */
export async function newStatusCard(
  tx: Tx,
  spaceId: string,
  { now, picture }: { now: number; picture: string },
): Promise<number> {
  const fresh = { picture, replaced_at: now, looked_at: now };
  const [row] = await tx<StatusCardRow>("status_cards")
    .insert({ space_id: spaceId, wanted_version: 1, posted_version: 0, line_edits: 0, ...fresh })
    .onConflict("space_id")
    .merge({
      ...fresh,
      wanted_version: tx.raw("status_cards.wanted_version + 1"),
      pressed_at: null,
      due_at: null,
    })
    .returning("wanted_version");
  if (!row) throw new Error("A status card was not written.");
  return row.wanted_version;
}

/**
 * The card stands in the space. Gives the message that has to go: the card before, or this very
 * one where a newer card was answered before it.
 */
export async function standStatusCard(
  tx: Tx,
  spaceId: string,
  posted: { cardId: string | null; messageId: string; version: number },
): Promise<string | undefined> {
  const old = await lockRow(tx, spaceId);
  if (!old || old.posted_version > posted.version) return posted.messageId;
  await tx("status_cards").where({ space_id: spaceId }).update({
    card_id: posted.cardId,
    message_id: posted.messageId,
    posted_version: posted.version,
  });
  return old.message_id ?? undefined;
}

/** The line stands in the thread; gives the message that has to go, as `standStatusCard`. */
export async function standLine(
  tx: Tx,
  spaceId: string,
  { messageId, outboxId }: { messageId: string; outboxId: string },
): Promise<string | undefined> {
  const row = await lockRow(tx, spaceId);
  if (row?.line_outbox_id !== outboxId) return messageId;
  await tx("status_cards")
    .where({ space_id: spaceId })
    .update({ line_outbox_id: null, line_message_id: messageId, line_edits: 0 });
  return row.line_message_id ?? undefined;
}

/** The line is being posted anew, or for the first time. */
export async function newLine(
  tx: Tx,
  spaceId: string,
  { outboxId, text }: { outboxId: string; text: string },
): Promise<void> {
  await tx("status_cards")
    .where({ space_id: spaceId })
    .update({ line_outbox_id: outboxId, line_text: text });
}

/** The line is being edited. */
export async function editLine(
  tx: Tx,
  spaceId: string,
  { messageId, text }: { messageId: string; text: string },
): Promise<void> {
  await tx("status_cards")
    .where({ space_id: spaceId, line_message_id: messageId })
    .update({ line_text: text, line_edits: tx.raw("line_edits + 1") });
}

const noLine = { line_outbox_id: null, line_message_id: null, line_text: null, line_edits: 0 };

/** Webex does not let this line be edited any more. True if it was the space's line. */
export async function loseLine(tx: Tx, spaceId: string, messageId: string): Promise<boolean> {
  const lost = await tx("status_cards")
    .where({ space_id: spaceId, line_message_id: messageId })
    .update(noLine);
  return lost > 0;
}

/** The line is not needed any more; gives its message. */
export async function dropLine(tx: Tx, spaceId: string): Promise<string | undefined> {
  const row = await lockRow(tx, spaceId);
  if (!row) return undefined;
  await tx("status_cards").where({ space_id: spaceId }).update(noLine);
  return row.line_message_id ?? undefined;
}

/**
 * Keeps the card that was pressed where it is for a while. Any other status card of the space is
 * an orphan, such as a crash leaves; its message is given back, to be deleted.
 */
export async function noteStatusPress(
  tx: Tx,
  press: Extract<NotifyChange, { kind: "status-card.pressed" }>,
): Promise<string | undefined> {
  const { at, cardId, holds, messageId, spaceId } = press;
  const row = await lockRow(tx, spaceId);
  if (row?.message_id == null) return undefined;
  if (row.message_id === messageId) {
    if (holds) await tx("status_cards").where({ space_id: spaceId }).update({ pressed_at: at });
    return undefined;
  }
  return (await isOrphan(tx, press)) && !(await isBeingPosted(tx, cardId)) ? messageId : undefined;
}

interface CardRow {
  id: string;
  kind: string;
  space_id: string | null;
  message_id: string | null;
}

/** A message of which no row tells was posted in an attempt that a crash ended. */
async function isOrphan(
  tx: Tx,
  { cardId, messageId, spaceId }: { cardId: string; messageId: string; spaceId: string },
): Promise<boolean> {
  const ofMessage = await tx<CardRow>("cards")
    .where({ space_id: spaceId, message_id: messageId })
    .first();
  const row = ofMessage ?? (await tx<CardRow>("cards").where({ id: cardId }).first());
  return row?.kind === "status" && row.space_id === spaceId;
}

/** It may stand in the space already, but Webex's answer is not recorded yet. */
async function isBeingPosted(tx: Tx, cardId: string): Promise<boolean> {
  const row = await tx<{ card_id: string; state: string }>("outbox")
    .where({ card_id: cardId })
    .whereIn("state", ["queued", "sending"])
    .first();
  return row !== undefined;
}

/** Somebody looked at it, and looks again at `dueAt` if nothing changes before. */
export async function lookedAtStatusCard(
  tx: Tx,
  { at, dueAt, spaceId }: Extract<NotifyChange, { kind: "status-card.looked" }>,
): Promise<void> {
  await tx("status_cards")
    .where({ space_id: spaceId })
    .update({ looked_at: at, due_at: dueAt ?? null });
}

/** Has somebody look at the status cards that a decision's changes made out of date. */
export async function markTouched(tx: Tx, changes: readonly Change[], now: number): Promise<void> {
  const { incidentIds, responderIds, spaceIds } = touchedBy(changes);
  if (incidentIds.size + responderIds.size + spaceIds.size === 0) return;
  const posted = changes.flatMap((change) => statusCardOf(change) ?? []);
  const pressed = changes.flatMap((change) =>
    change.kind === "status-card.pressed" ? change.spaceId : [],
  );
  const touched = () =>
    running(tx)
      .whereNotIn("space_id", posted)
      .where(
        (where) =>
          void where
            .whereIn("space_id", [...spaceIds])
            .orWhereIn("space_id", spacesOf(tx, "incidents", "id", incidentIds))
            .orWhereIn("space_id", spacesOf(tx, "roster", "responder_id", responderIds)),
      );
  // Who presses sees at once what came of it.
  if (pressed.length > 0)
    await touched()
      .whereIn("space_id", pressed)
      .update({ replaced_at: 0, pressed_at: null, looked_at: 0 });
  await lookSoon(tx, touched(), now);
}

/**
 * Has somebody look at the status cards of these spaces. Records do not wait for the space's other
 * decisions: a mark may be lost to one that posts a card just then. The end of the round, which
 * always brings a card, makes up for it. Gives until when each that was marked now stays so.
 */
export async function markSpaces(
  tx: Tx,
  spaceIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const marked = await lookSoon(tx, running(tx).whereIn("space_id", [...spaceIds]), now);
  return new Map(marked.map((row) => [row.space_id, row.due_at ?? now]));
}

type Rows = ReturnType<typeof running>;

function running(tx: Tx) {
  return tx<StatusCardRow>("status_cards").whereExists(
    tx("incidents")
      .whereRaw("incidents.space_id = status_cards.space_id AND incidents.state = 'running'")
      .select("id"),
  );
}

function spacesOf(tx: Tx, table: string, column: string, ids: ReadonlySet<string>) {
  return tx(table)
    .whereIn(column, [...ids])
    .select("space_id");
}

async function lookSoon(
  tx: Tx,
  rows: Rows,
  now: number,
): Promise<Pick<StatusCardRow, "space_id" | "due_at">[]> {
  const next = `looked_at + ${LINE_EVERY_MS}`;
  const soon = () => tx.raw(`CASE WHEN ${next} > ? THEN ${next} ELSE ? END`, [now, now]);
  return rows
    .where((where) => void where.whereNull("due_at").orWhere("due_at", ">", soon()))
    .update({ due_at: soon() })
    .returning(["space_id", "due_at"]);
}

function statusCardOf(change: Change): string | undefined {
  if (change.kind !== "effect.queued" || change.effect.effect.kind !== "reply") return undefined;
  return change.effect.effect.note?.isStatusCardOf;
}

function lockRow(tx: Tx, spaceId: string): Promise<StatusCardRow | undefined> {
  return tx<StatusCardRow>("status_cards").where({ space_id: spaceId }).forUpdate().first();
}
