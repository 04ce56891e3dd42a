import type { Clock } from "../clock";
import { canMove, type SendState } from "../notify/notification";
import {
  failureInWords,
  isBlocked,
  verdictOf,
  type Receipt,
  type ReceiptVerdict,
} from "../notify/receipt";
import type { Secrets } from "../secrets";
import type { Database } from "./database";
import { GroupCommit } from "./group-commit";
import { finishAll } from "./inbox-finish";
import type { OutboxRow } from "./outbox-columns";
import { noteBlocks } from "./opt-outs";
import { markSentRounds, type MarkSettings } from "./mark-rounds";
import { sealJson, type Tx } from "./rows";
import { markSpaces } from "./status-cards";
import { valueByKey } from "./value-by-key";

/** A receipt as the inbox holds it. */
export interface HeldReceipt {
  id: string;
  leaseToken: string;
  receivedAt: number;
  receipt: Receipt;
  body: unknown;
}

/**
 * matched: kept, and its notification moved if it says anything new. unmatched: no notification is
 * its. lost: somebody else holds the event by now.
 */
export type ReceiptOutcome = "matched" | "unmatched" | "lost";

export interface ReceiptSettings {
  secrets: Secrets;
  clock: Clock;
  newId: () => string;
}

/** Receipts for texts and calls, many in one commit. */
export class Receipts {
  private readonly takes: GroupCommit<HeldReceipt, ReceiptOutcome>;
  private isMarked = false;

  /** `onMarked`: a round may be over, or a status card out of date. Most receipts bring neither. */
  constructor(
    db: Database,
    settings: ReceiptSettings,
    private readonly onMarked: () => void,
  ) {
    const onRoundMarked = (): void => void (this.isMarked = true);
    this.takes = new GroupCommit(db, (tx, items) =>
      takeReceipts(tx, { ...settings, onRoundMarked }, items),
    );
  }

  /** Ends the event; a receipt that no notification has is left to `unmatched`'s caller. */
  async take(held: HeldReceipt): Promise<ReceiptOutcome> {
    const outcome = await this.takes.add(held);
    if (this.isMarked) this.tell();
    return outcome;
  }

  private tell(): void {
    this.isMarked = false;
    this.onMarked();
  }
}

/** What is stored of one receipt. */
interface ReceiptRow {
  id: string;
  outbox_id: string;
  kind: Receipt["kind"];
  code: string | null;
  at: number;
}

/** A notification, or an answer to a phone. */
export interface PhoneRow extends OutboxRow {
  lane: Receipt["channel"];
}

async function takeReceipts(
  tx: Tx,
  settings: ReceiptSettings & MarkSettings,
  items: readonly HeldReceipt[],
): Promise<ReceiptOutcome[]> {
  const rows = await findRows(tx, items);
  const matches = items.map((held) => ({ held, row: rowOf(held.receipt, rows) }));
  const ended = await finishAll(
    tx,
    settings.clock,
    items.filter((_, i) => matches[i]?.row),
  );
  const taken = matches.filter(({ held }) => ended.has(held.id));
  await insertReceipts(tx, settings, taken);
  await keepProviderIds(tx, taken);
  const touched = new Map(taken.flatMap(({ row }) => (row ? [[row.id, row] as const] : [])));
  await settle(tx, settings, [...touched.values()]);
  return matches.map(({ held, row }) => {
    if (!row) return "unmatched";
    return ended.has(held.id) ? "matched" : "lost";
  });
}

interface Match {
  held: HeldReceipt;
  row: PhoneRow | undefined;
}

/** Texts and calls that the receipts name, by our id or the provider's; locked in one order. */
async function findRows(tx: Tx, items: readonly HeldReceipt[]): Promise<PhoneRow[]> {
  const ids = items.flatMap(({ receipt }) => receipt.notificationId ?? []);
  const providerIds = items.flatMap(({ receipt }) => receipt.providerId ?? []);
  return tx("outbox")
    .whereIn("lane", ["sms", "voice"])
    .where((where) => void where.whereIn("id", ids).orWhereIn("provider_id", providerIds))
    .orderBy("id")
    .forUpdate()
    .select<PhoneRow[]>("*");
}

/**
 * Our own id first, which says itself whether it is a text or a call; a hit by the provider's only,
 * where the receipt takes it for the same.
 */
function rowOf(receipt: Receipt, rows: readonly PhoneRow[]): PhoneRow | undefined {
  const { channel, notificationId, providerId } = receipt;
  return (
    rows.find((row) => row.id === notificationId) ??
    rows.find((row) => row.lane === channel && isTheirs(row, providerId))
  );
}

function isTheirs({ provider_id: known }: PhoneRow, providerId: string | undefined): boolean {
  return known !== null && known === providerId;
}

/** Where the answer to the send was lost, its receipt is the first that tells the provider's id. */
async function keepProviderIds(tx: Tx, taken: readonly Match[]): Promise<void> {
  const ids = new Map<string, string>();
  for (const { held, row } of taken)
    if (row?.provider_id === null && held.receipt.providerId !== undefined)
      ids.set(row.id, held.receipt.providerId);
  if (ids.size > 0)
    await tx<OutboxRow>("outbox")
      .whereIn("id", [...ids.keys()])
      .update({ provider_id: valueByKey(tx, "id", "provider_id", ids) });
}

/** Keeps them; those without a row are left out. */
export async function insertReceipts(
  tx: Tx,
  { newId, secrets }: ReceiptSettings,
  taken: readonly Match[],
): Promise<void> {
  const rows = taken.flatMap(({ held, row }) => {
    if (!row) return [];
    const { at, code, kind } = held.receipt;
    const id = newId();
    return [
      {
        id,
        outbox_id: row.id,
        kind,
        code: code ?? null,
        at,
        received_at: held.receivedAt,
        body: sealJson(secrets, held.body, "receipts", id),
      },
    ];
  });
  if (rows.length > 0) await tx("receipts").insert(rows);
}

/** What it takes to see whether receipts move a row. */
export type SettledRow = Pick<
  OutboxRow,
  "id" | "lane" | "state" | "round_id" | "space_id" | "to_hash"
>;

/**
 * Moves each text or call to where all its receipts together put it, if it may move there from the
 * state that it has by now. While it waits to be tried again receipts are only kept: whoever ends
 * that wait settles it.
 */
export async function settle(
  tx: Tx,
  settings: MarkSettings,
  rows: readonly SettledRow[],
): Promise<void> {
  const ofPhones = rows.flatMap((row) => {
    const { lane, state } = row;
    const mayMove = canMove(state, "delivered") || canMove(state, "failed");
    return mayMove && (lane === "sms" || lane === "voice") ? [{ ...row, lane }] : [];
  });
  if (ofPhones.length === 0) return;
  const said = await receiptsOf(
    tx,
    ofPhones.map((row) => row.id),
  );
  const now = settings.clock.now();
  const moved = [];
  const blocked = [];
  for (const row of ofPhones) {
    const verdict = verdictOf(row.lane, said.get(row.id) ?? []);
    if (!verdict || !(await move(tx, now, row, verdict))) continue;
    moved.push(row);
    if (row.lane === "sms" && isBlocked(verdict.code)) blocked.push(row.to_hash);
  }
  const shown = await noteBlocks(tx, idsIn(blocked), now);
  await markSentRounds(tx, settings, idsIn(moved.map((row) => row.round_id)));
  const spaceIds = idsIn([...moved.map((row) => row.space_id), ...shown]);
  if (spaceIds.length === 0) return;
  const marked = await markSpaces(tx, spaceIds, now);
  if (marked.size > 0) settings.onRoundMarked?.();
}

function idsIn(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((id) => id !== null))];
}

async function receiptsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Receipt[]>> {
  const rows = await tx<ReceiptRow>("receipts").whereIn("outbox_id", ids);
  const said = new Map<string, Receipt[]>();
  for (const { at, code, kind, outbox_id } of rows)
    said.set(outbox_id, [
      ...(said.get(outbox_id) ?? []),
      { kind, channel: "sms", at, ...(code === null ? {} : { code }) },
    ]);
  return said;
}

/** The attempt under way keeps its token: what it brings besides is still taken from it. */
async function move(
  tx: Tx,
  now: number,
  row: Pick<PhoneRow, "id" | "state" | "lane">,
  verdict: ReceiptVerdict,
): Promise<boolean> {
  const { code, seconds, state } = verdict;
  if (row.state === state || !canMove(row.state, state)) return false;
  const isFailed = state === "failed";
  const updated = await tx<OutboxRow>("outbox")
    .where({ id: row.id, state: row.state })
    .update({
      state: state satisfies SendState,
      call_seconds: seconds ?? null,
      failure_code: isFailed ? (code ?? null) : null,
      last_error: isFailed ? failureInWords(row.lane, code) : null,
      unclear_since: null,
      maybe_sent: 0,
      lease_until: null,
      changed_at: now,
    });
  return updated > 0;
}
