import type { CallAction, CallEvent, CallProgress, CallState } from "../incident/call";
import type { Change } from "../incident/change";
import type { CallTrigger } from "../incident/ports";
import type { ProgressState } from "../incident/space-state";
import type { Secrets } from "../secrets";
import type { Database } from "./database";
import type { NumbersOf } from "./internal-numbers";
import { loadProgress } from "./load-progress";
import { loadSpace } from "./load-space";
import type { OutboxRow } from "./outbox-columns";
import { loadSendContexts } from "./outbox-context";
import { openJson, sealJson, type Tx } from "./rows";
import { OvertakenError } from "./transaction";

interface CallRow {
  session_id: string;
  outbox_id: string;
  step: CallProgress["step"];
  last_event: string;
  earlier_events: string | null;
  last_action: string;
  wrong_keys: number;
  silences: number;
  asked: number;
  changed_at: number;
}

/** Which notification a call brings, and the space of its incident. */
export interface FoundCall {
  notificationId: string;
  spaceId: string;
}

/**
 * The notification that an event's call brings: as the call's row knows, by our id of it, which may
 * be told before the provider has answered the send, or by the provider's.
 */
export async function findCall(
  { read }: Database,
  { notificationId, sessionId }: Pick<CallEvent, "notificationId" | "sessionId">,
): Promise<FoundCall | undefined> {
  const known = await read<CallRow>("calls").where({ session_id: sessionId }).first("outbox_id");
  const id = known?.outbox_id ?? notificationId ?? "";
  const rows = await read<OutboxRow>("outbox")
    .where({ lane: "voice" })
    .where((where) => void where.where({ id }).orWhere({ provider_id: sessionId }))
    .select("id", "space_id");
  const row = rows.find((one) => one.id === id) ?? rows[0];
  return row?.space_id == null ? undefined : { notificationId: row.id, spaceId: row.space_id };
}

/** What the call was last told to do. */
export async function findLastAction(
  { write }: Database,
  secrets: Secrets,
  sessionId: string,
): Promise<CallAction | undefined> {
  const row = await write<CallRow>("calls").where({ session_id: sessionId }).first("last_action");
  return row && (openJson(secrets, row.last_action, "calls", sessionId) as CallAction);
}

/** Keeps a call's other events waiting until this one is decided. False for one that it had before. */
export async function isNewInCall(tx: Tx, trigger: CallTrigger): Promise<boolean> {
  const { eventHash, sessionId, spaceId } = trigger;
  // As every other decision about a space does: its row first, so that no two wait for each other.
  if (spaceId !== undefined) await tx("spaces").where({ id: spaceId }).forUpdate().first("id");
  return !hasHad(await lockCall(tx, sessionId), eventHash);
}

/** An older event again must not end what the call was told since: it gets the last answer, too. */
function hasHad(row: CallRow | undefined, eventHash: string): boolean {
  if (!row) return false;
  const earlier = row.earlier_events?.split(" ") ?? [];
  return row.last_event === eventHash || earlier.includes(eventHash);
}

function lockCall(tx: Tx, sessionId: string): Promise<CallRow | undefined> {
  return tx<CallRow>("calls").where({ session_id: sessionId }).forUpdate().first();
}

/** What the next step of a call depends on; everybody's progress only where it may be changed. */
export async function loadCall(
  tx: Tx,
  secrets: Secrets,
  { eventHash, notificationId, sessionId, spaceId }: CallTrigger,
): Promise<CallState> {
  const row = await lockCall(tx, sessionId);
  // Nothing could be locked while there was no row: this very event has written it meanwhile.
  if (hasHad(row, eventHash))
    throw new OvertakenError("This event of a call was decided meanwhile.");
  const outboxRow = await tx<OutboxRow>("outbox").where({ id: notificationId }).first();
  const tools = { secrets, numbersOf: noNumbers, onDirectoryFailed: () => undefined };
  const { values } = await loadSendContexts(tx, tools, outboxRow ? [outboxRow] : []);
  const [context] = values;
  if (!context) throw new Error("The notification of a call cannot be read.");
  const progress = spaceId === undefined ? undefined : await progressIn(tx, secrets, spaceId);
  return { context, ...(row ? { call: toCall(row) } : {}), ...(progress ? { progress } : {}) };
}

/** Nobody is called who is called already. */
const noNumbers: NumbersOf = () => Promise.resolve(new Map());

async function progressIn(
  tx: Tx,
  secrets: Secrets,
  spaceId: string,
): Promise<ProgressState | undefined> {
  const space = await loadSpace(tx, secrets, spaceId);
  return space && loadProgress(tx, secrets, space, noNumbers);
}

function toCall({ asked, silences, step, wrong_keys }: CallRow): CallProgress {
  return { step, wrongKeys: wrong_keys, silences, asked };
}

/** Two first events of one call at once: the insert of the second fails, and it is decided anew. */
export async function saveCall(
  tx: Tx,
  secrets: Secrets,
  { at, call }: Extract<Change, { kind: "call.taken" }>,
): Promise<void> {
  const { sessionId } = call;
  const columns = {
    step: call.step,
    last_event: call.eventHash,
    last_action: sealJson(secrets, call.action, "calls", sessionId),
    wrong_keys: call.wrongKeys,
    silences: call.silences,
    asked: call.asked,
    changed_at: at,
  };
  if (call.isFirst)
    await tx<CallRow>("calls").insert({
      ...columns,
      session_id: sessionId,
      outbox_id: call.notificationId,
    });
  else
    await tx("calls")
      .where({ session_id: sessionId })
      .update({
        ...columns,
        earlier_events: tx.raw("coalesce(earlier_events || ' ', '') || last_event"),
      });
}
