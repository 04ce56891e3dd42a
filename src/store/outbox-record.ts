import type { Secrets } from "../secrets";
import type { Clock } from "../clock";
import { canMove, type SendState } from "../notify/notification";
import type { AttemptRecord } from "../notify/outbox-row";
import { isBlocked } from "../notify/receipt";
import type { OutboxRow } from "./outbox-columns";
import { markSentRounds } from "./mark-rounds";
import { noteBlocks } from "./opt-outs";
import { noteMessages } from "./posted-messages";
import { settle } from "./receipts";
import { lookupOf, sealJson, type Tx } from "./rows";
import { markSpaces } from "./status-cards";
import { valueByKey } from "./value-by-key";

export interface RecordSettings {
  secrets: Secrets;
  clock: Clock;
  newId: () => string;
  /** A round may be over, or a status card out of date: after the commit somebody should look. */
  onRoundMarked?: () => void;
  /** Status cards that somebody will look at anyway, by space, with until when that is known. */
  markedUntil?: Map<string, number>;
}

const MARK_AGAIN_MS = 1_000;

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
  const shown = await noteBlocks(tx, blockedBy(settings, held), settings.clock.now());
  await settleLate(tx, settings, held);
  await noteMessages(tx, settings, held);
  await markSentRounds(
    tx,
    settings,
    records.flatMap((record) => byId.get(record.id)?.round_id ?? []),
  );
  await markStatusCards(tx, settings, held, shown);
  const answered = await noteAnswers(tx, settings, records, byId);
  const heard = new Set([...held.map(({ record }) => record), ...answered]);
  return records.map((record) => heard.has(record));
}

/** Receipts that came before this answer could not move a row that waited to be tried again. */
async function settleLate(tx: Tx, settings: RecordSettings, held: readonly Held[]): Promise<void> {
  const late = held.filter(({ row }) => row.attempts > 1);
  await settle(
    tx,
    settings,
    late.map(({ record, row }) => ({ ...row, state: finalState(row, record) })),
  );
}

/**
 * A receipt overtook the answer of the very attempt that it is about: the state is the receipt's,
 * what was sent and the provider's id are taken from the answer.
 */
async function noteAnswers(
  tx: Tx,
  { secrets }: RecordSettings,
  records: readonly AttemptRecord[],
  rows: ReadonlyMap<string, OutboxRow>,
): Promise<AttemptRecord[]> {
  const overtaken = records.filter(({ id, leaseToken }) => {
    const row = rows.get(id);
    const isSettled = row?.state === "delivered" || row?.state === "failed";
    return isSettled && row.lease_token === leaseToken;
  });
  for (const { id, providerId, sent } of overtaken)
    await tx<OutboxRow>("outbox")
      .where({ id })
      .update({
        lease_token: null,
        ...(providerId === undefined ? {} : { provider_id: providerId }),
        ...(sent ? sentColumns(secrets, { id, lane: rows.get(id)?.lane ?? "sms" }, sent) : {}),
      });
  return overtaken;
}

/** A record and the row that its writer holds. */
export interface Held {
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
  const hashes = new Map<string, string>();
  for (const { record, row } of held) {
    const { id, providerId, sent } = record;
    if (providerId !== undefined) providerIds.set(id, providerId);
    if (sent) payloads.set(id, sealJson(settings.secrets, sent, "outbox", id));
    if (sent && row.lane !== "webex") hashes.set(id, lookupOf(settings.secrets, "number", sent.to));
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
      to_hash: valueByKey(tx, "id", "to_hash", hashes),
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
      ...(record.sent ? sentColumns(settings.secrets, row, record.sent) : {}),
      ...(record.refused ? refusedColumns(settings.secrets, record.refused) : {}),
    });
}

/** Numbers that the provider would not text, by their hashes. */
function blockedBy({ secrets }: RecordSettings, held: readonly Held[]): string[] {
  return held.flatMap(({ record: { refused }, row }) =>
    refused && row.lane === "sms" && isBlocked(refused.code)
      ? [lookupOf(secrets, "number", refused.to)]
      : [],
  );
}

/** Why the provider did not take it, and for which number. */
function refusedColumns(
  secrets: Secrets,
  { code, to }: NonNullable<AttemptRecord["refused"]>,
): Partial<OutboxRow> {
  return { failure_code: code, to_hash: lookupOf(secrets, "number", to) };
}

/** What was sent, and for a phone under which number it is found again. */
function sentColumns(
  secrets: Secrets,
  { id, lane }: Pick<OutboxRow, "id" | "lane">,
  sent: { to: string; text: string },
): Partial<OutboxRow> {
  const payload = sealJson(secrets, sent, "outbox", id);
  return lane === "webex"
    ? { payload }
    : { payload, to_hash: lookupOf(secrets, "number", sent.to) };
}

function finalState(row: OutboxRow, record: AttemptRecord): SendState {
  if (!canMove("sending", record.state)) throw new Error(`No move from sending to ${record.state}`);
  if (record.state !== "queued" || row.cancel_requested === 0) return record.state;
  return record.unclearSince === null && !record.maybeSent ? "cancelled" : "expired";
}

/** The picture of their spaces has changed: one statement for all, and none for what is known. */
async function markStatusCards(
  tx: Tx,
  settings: RecordSettings,
  held: readonly Held[],
  shown: readonly string[],
): Promise<void> {
  const now = settings.clock.now();
  const { markedUntil = new Map<string, number>() } = settings;
  const spaceIds = new Set<string>();
  for (const { row } of held)
    if (row.round_id !== null && row.space_id !== null) spaceIds.add(row.space_id);
  for (const id of spaceIds) if ((markedUntil.get(id) ?? 0) > now) spaceIds.delete(id);
  for (const id of shown) spaceIds.add(id);
  if (spaceIds.size === 0) return;
  const marked = await markSpaces(tx, [...spaceIds], now);
  for (const id of spaceIds) markedUntil.set(id, marked.get(id) ?? now + MARK_AGAIN_MS);
  if (marked.size > 0) settings.onRoundMarked?.();
}
