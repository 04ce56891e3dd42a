import type { ClaimedRow, EffectKind } from "../notify/outbox-row";
import { destinationOf, reasonNotToSend, type SendContext } from "../notify/send-context";
import type { Secrets } from "../secrets";
import { markRounds } from "./mark-rounds";
import { takeHourly, type NumberRefusal, type PhoneSend } from "./numbers";
import type { Claim, ClaimSettings, EndState } from "./outbox-claim";
import { toClaimedRow, type OutboxRow } from "./outbox-columns";
import { loadSendContexts } from "./outbox-context";
import { openEach } from "./readable";
import { settle } from "./receipts";
import { findRefused } from "./refused-channels";
import { lookupOf, type Tx } from "./rows";

const DIRECTORY_AGAIN_MS = 5_000;

/**
 * What of the rows just leased may be sent now. The rest ends, or waits for the directory. `givenUp`
 * ended just before.
 */
export async function sortOut(
  tx: Tx,
  settings: ClaimSettings,
  rows: OutboxRow[],
  givenUp: readonly OutboxRow[],
): Promise<Claim> {
  const now = settings.clock.now();
  const ended: OutboxRow[] = [];
  const states: EndState[] = [];
  const endRow: Ending = async (row, state, reason) => {
    ended.push(await end(tx, row, state, reason, now));
    states.push(state);
  };
  const fresh = rows.filter((row) => row.expires_at > now || isEndTold(row) || isLookedFor(row));
  for (const row of rows) if (!fresh.includes(row)) await endRow(row, "expired", "too late");
  const effects = openEach(
    fresh.filter((row) => row.round_id === null),
    (row) => toClaimedRow(settings.secrets, row),
  );
  const contexts = await loadSendContexts(tx, settings, fresh);
  for (const row of contexts.unnumbered) await giveBack(tx, row, now + DIRECTORY_AGAIN_MS);
  for (const row of [...effects.unreadable, ...contexts.unreadable]) {
    settings.onUnreadable("outbox", row.id);
    await endRow(row, "failed", "it cannot be read");
  }
  const found = { effects: effects.values, notifications: contexts.values };
  const claim = await holdBack(tx, settings, found, fresh, endRow);
  await afterEnd(tx, settings, [...givenUp, ...ended]);
  return { ...claim, ended: states };
}

type Ending = (row: OutboxRow, state: EndState, reason: string) => Promise<void>;

/** What is not needed any more, or may not go to its number now, ends; the rest is claimed. */
async function holdBack(
  tx: Tx,
  settings: ClaimSettings,
  found: Omit<Claim, "ended">,
  rows: readonly OutboxRow[],
  endRow: Ending,
): Promise<Omit<Claim, "ended">> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const needless = await findNeedless(tx, settings, found.notifications);
  const needed = found.notifications.filter(({ row }) => !needless.has(row.id));
  const texts = found.effects.flatMap((row) => textOf(row, byId.get(row.id)));
  const sends = needed.flatMap((one) => sendOf(settings.secrets, one));
  const refused = await takeHourly(tx, settings, [...texts, ...sends]);
  const limited = new Set<string>();
  for (const [{ id }, why] of refused) {
    if (why === "limit") limited.add(id);
    needless.set(id, REFUSED[why]);
  }
  for (const [id, reason] of needless) {
    const row = byId.get(id);
    if (row) await endRow(row, limited.has(id) ? "failed" : cancelState(row), reason);
  }
  return {
    effects: found.effects.filter(({ id }) => !needless.has(id)),
    notifications: needed.filter(({ row }) => !needless.has(row.id)),
  };
}

/** Why some of them must not be sent any more, by their ids. */
async function findNeedless(
  tx: Tx,
  { secrets }: ClaimSettings,
  contexts: readonly SendContext[],
): Promise<Map<string, string>> {
  const refused = await findRefused(tx, secrets, contexts);
  const reasons = contexts.map((context) => {
    const { id } = context.row;
    return [id, reasonNotToSend(context) ?? refused.get(id)] as const;
  });
  return new Map(reasons.flatMap(([id, why]) => (why === undefined ? [] : [[id, why]])));
}

const REFUSED: Readonly<Record<NumberRefusal, string>> = {
  limit: "too many to this number within the hour",
  stop: "replied STOP",
  blocked: "the number takes no texts from us",
};

interface ClaimedSend extends PhoneSend {
  id: string;
}

function textOf(row: ClaimedRow, stored: OutboxRow | undefined): ClaimedSend[] {
  if (row.kind !== "text" || !stored?.to_hash) return [];
  return [{ id: row.id, channel: "sms", hash: stored.to_hash, isAnswer: true }];
}

function sendOf(secrets: Secrets, context: SendContext): ClaimedSend[] {
  const { attempts, channel, id } = context.row;
  const number = destinationOf(context);
  if (channel === "webex" || number === undefined) return [];
  return [{ id, channel, hash: lookupOf(secrets, "number", number), isRepeated: attempts > 1 }];
}

const END_TOLD: ReadonlySet<string> = new Set<EffectKind>([
  "membership-add",
  "membership-remove",
  "meeting-end",
  "lobby-admit",
]);

/** Whoever asked for these hears of their end in any case; a decision tells them. */
export function isEndTold({ kind }: Pick<OutboxRow, "kind">): boolean {
  return END_TOLD.has(kind);
}

/** Too old to be sent again, but it may have arrived, which Webex can tell. */
function isLookedFor(row: OutboxRow): boolean {
  return row.lane === "webex" && row.unclear_since !== null;
}

/** An attempt whose outcome is unclear may have reached the person: that is never "cancelled". */
function cancelState(row: OutboxRow): "cancelled" | "expired" {
  return row.unclear_since === null && row.maybe_sent === 0 ? "cancelled" : "expired";
}

/** Nothing was tried. */
async function giveBack(tx: Tx, row: OutboxRow, dueAt: number): Promise<void> {
  await tx("outbox")
    .where({ id: row.id })
    .update({
      state: "queued",
      attempts: row.attempts - 1,
      due_at: dueAt,
      lease_until: null,
      lease_token: null,
    });
}

/** Gives the row as it is now. */
async function end(
  tx: Tx,
  row: OutboxRow,
  state: EndState,
  reason: string,
  now: number,
): Promise<OutboxRow> {
  const columns = {
    state,
    last_error: reason,
    lease_until: null,
    lease_token: null,
    changed_at: now,
  };
  await tx("outbox").where({ id: row.id }).update(columns);
  return { ...row, ...columns };
}

/** A receipt may have come while they waited; and their rounds may be over. */
async function afterEnd(
  tx: Tx,
  settings: ClaimSettings,
  rows: readonly OutboxRow[],
): Promise<void> {
  await settle(tx, settings, rows);
  await markRounds(
    tx,
    settings,
    rows.flatMap((row) => row.round_id ?? []),
  );
}
