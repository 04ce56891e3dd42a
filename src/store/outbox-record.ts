import type { Secrets } from "../secrets";
import type { Clock } from "../clock";
import { canMove, type SendState } from "../notify/notification";
import type { AttemptRecord, Effect, NewEffect, ReplyNote } from "../notify/outbox-row";
import { applyNotifyChange } from "./apply-notify";
import type { OutboxRow } from "./outbox-columns";
import { openJson, sealJson, type Tx } from "./rows";
import { valueByKey } from "./value-by-key";

export interface RecordSettings {
  secrets: Secrets;
  clock: Clock;
  newId: () => string;
  /** Nothing of a round waits any more: after the commit somebody should look whether it is over. */
  onRoundMarked?: () => void;
}

const DELETE_PATIENCE_MS = 30 * 60_000;
const LAST_PRIORITY = 5;

/**
 * Writes what came of attempts. Only the holder of a row's lease is heard; the answer says for
 * each record whether it was. A cancel that came during the attempt keeps it from being repeated.
 */
export async function recordAttempts(
  tx: Tx,
  settings: RecordSettings,
  records: readonly AttemptRecord[],
): Promise<boolean[]> {
  const rows = await tx<OutboxRow>("outbox")
    .whereIn(
      "id",
      records.map((record) => record.id),
    )
    .orderBy("id")
    .forUpdate();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const heardOf = new Set<string>();
  const held = records.flatMap((record): Held[] => {
    const row = byId.get(record.id);
    const isHolder = row?.state === "sending" && row.lease_token === record.leaseToken;
    // Its first record ends a lease; a second one in the same commit comes too late.
    if (!isHolder || heardOf.has(row.id)) return [];
    heardOf.add(row.id);
    return [{ row, record }];
  });
  await recordAccepted(tx, settings, held.filter(isAccepted));
  for (const one of held) if (!isAccepted(one)) await recordOne(tx, settings, one);
  await noteMessages(tx, settings, held);
  await markRounds(
    tx,
    settings,
    records.flatMap((record) => byId.get(record.id)?.round_id ?? []),
  );
  const heard = new Set(held.map(({ record }) => record));
  return records.map((record) => heard.has(record));
}

/** A record and the row that its writer holds. */
interface Held {
  row: OutboxRow;
  record: AttemptRecord;
}

/** Most records say only this, and go in with one statement for all of them. */
function isAccepted({ row, record }: Held): boolean {
  return (
    record.state === "accepted" &&
    record.keyNumber === row.key_number &&
    record.unclearSince === null &&
    !record.maybeSent &&
    record.dueAt === undefined &&
    record.holdUntil === undefined &&
    record.error === undefined
  );
}

async function recordAccepted(
  tx: Tx,
  settings: RecordSettings,
  held: readonly Held[],
): Promise<void> {
  if (held.length === 0) return;
  const providerIds = new Map<string, string>();
  const payloads = new Map<string, string>();
  for (const { record } of held) {
    const { id, providerId, sent } = record;
    if (providerId !== undefined) providerIds.set(id, providerId);
    if (sent) payloads.set(id, sealJson(settings.secrets, sent, "outbox", id));
  }
  await tx("outbox")
    .whereIn(
      "id",
      held.map(({ row }) => row.id),
    )
    .update({
      state: "accepted" satisfies SendState,
      unclear_since: null,
      maybe_sent: 0,
      hold_until: null,
      provider_id: valueByKey(tx, "id", "provider_id", providerIds),
      payload: valueByKey(tx, "id", "payload", payloads),
      last_error: null,
      lease_until: null,
      lease_token: null,
      changed_at: settings.clock.now(),
    });
}

async function recordOne(tx: Tx, settings: RecordSettings, { row, record }: Held): Promise<void> {
  const state = finalState(row, record);
  const error = state === record.state ? (record.error ?? null) : row.last_error;
  await tx("outbox")
    .where({ id: row.id })
    .update({
      state,
      key_number: record.keyNumber,
      unclear_since: record.unclearSince,
      maybe_sent: Number(record.maybeSent),
      due_at: record.dueAt ?? row.due_at,
      hold_until: record.holdUntil ?? null,
      provider_id: record.providerId ?? row.provider_id,
      last_error: error,
      lease_until: null,
      lease_token: null,
      changed_at: settings.clock.now(),
      ...(record.sent
        ? { payload: sealJson(settings.secrets, record.sent, "outbox", row.id) }
        : {}),
    });
}

function finalState(row: OutboxRow, record: AttemptRecord): SendState {
  if (!canMove("sending", record.state)) throw new Error(`No move from sending to ${record.state}`);
  if (record.state !== "queued" || row.cancel_requested === 0) return record.state;
  return record.unclearSince === null && !record.maybeSent ? "cancelled" : "expired";
}

/**
 * A round may be over when none of its rows waits. Others may be recorded at this very moment by
 * another process, so the round is only marked here and looked at after the commit. It is marked
 * anew even when it is marked already: a decision that has not seen this record may be taking that
 * mark away.
 */
async function markRounds(
  tx: Tx,
  settings: RecordSettings,
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

/** Remembers the ids that Webex gave to messages of ours. */
async function noteMessages(
  tx: Tx,
  settings: RecordSettings,
  held: readonly Held[],
): Promise<void> {
  const messageOfCard = new Map<string, string>();
  for (const { row, record } of held)
    if (row.card_id !== null && record.state === "accepted" && record.providerId !== undefined)
      messageOfCard.set(row.card_id, record.providerId);
  if (messageOfCard.size > 0)
    await tx("cards")
      .whereIn("id", [...messageOfCard.keys()])
      .update({ message_id: valueByKey(tx, "id", "message_id", messageOfCard) });
  for (const { row, record } of held)
    if (row.kind === "reply" && record.state === "accepted" && record.providerId !== undefined)
      await noteReply(tx, settings, row, record.providerId);
}

async function noteReply(
  tx: Tx,
  settings: RecordSettings,
  row: OutboxRow,
  messageId: string,
): Promise<void> {
  const effect = openJson(settings.secrets, row.payload, "outbox", row.id) as Effect;
  if (effect.kind === "reply" && effect.note)
    await followNote(tx, settings, effect.note, row.id, messageId);
}

async function followNote(
  tx: Tx,
  settings: RecordSettings,
  note: ReplyNote,
  rowId: string,
  messageId: string,
): Promise<void> {
  if (note.threadOfIncident !== undefined)
    await tx("incidents")
      .where({ id: note.threadOfIncident })
      .update({ thread_message_id: messageId });
  if (note.isStatusCardOf !== undefined)
    await replaceStatusCard(tx, settings, note.isStatusCardOf, {
      card_id: note.cardId ?? null,
      message_id: messageId,
      outbox_id: rowId,
    });
}

interface StatusCardRow {
  space_id: string;
  message_id: string | null;
  outbox_id: string | null;
  posted_version: number;
}

/**
 * The new card stands in the space; only now the old one may go. Two posts may be answered in the
 * other order than they were queued: then it is the one just posted that goes.
 */
async function replaceStatusCard(
  tx: Tx,
  settings: RecordSettings,
  spaceId: string,
  posted: { card_id: string | null; message_id: string; outbox_id: string },
): Promise<void> {
  const old = await tx<StatusCardRow>("status_cards")
    .where({ space_id: spaceId })
    .forUpdate()
    .first();
  if (old && old.outbox_id !== null && old.outbox_id > posted.outbox_id)
    return queueDelete(tx, settings, spaceId, posted.message_id);
  const version = (old?.posted_version ?? 0) + 1;
  const values = { ...posted, posted_version: version, wanted_version: version };
  await tx("status_cards")
    .insert({ space_id: spaceId, line_edits: 0, ...values })
    .onConflict("space_id")
    .merge(values);
  if (old && old.message_id !== null) await queueDelete(tx, settings, spaceId, old.message_id);
}

async function queueDelete(
  tx: Tx,
  settings: RecordSettings,
  spaceId: string,
  messageId: string,
): Promise<void> {
  const now = settings.clock.now();
  const effect: NewEffect = {
    id: settings.newId(),
    effect: { kind: "message-delete", messageId },
    spaceId,
    dueAt: now,
    expiresAt: now + DELETE_PATIENCE_MS,
    priority: LAST_PRIORITY,
    uniqueKey: `delete:${messageId}`,
  };
  await applyNotifyChange(tx, settings, { kind: "effect.queued", effect });
}
