import type { NumberState } from "../incident/space-state";
import type { NotifyChange, OptOutSource } from "../notify/change";
import type { RosterEntry } from "../roster/responder";
import type { Secrets } from "../secrets";
import type { ApplyContext } from "./apply-changes";
import { lockNumbers } from "./numbers";
import { lookupOf, type Tx } from "./rows";
import { markSpaces } from "./status-cards";

type Of<K extends NotifyChange["kind"]> = Extract<NotifyChange, { kind: K }>;

type NumberChange = Of<"number.opted-out" | "number.opted-in" | "number.hinted" | "number.heard">;

interface OptOutRow {
  hash: string;
  opted_out_at: number | null;
  opt_out_source: OptOutSource | null;
  opted_in_at: number | null;
  last_hint_at: number | null;
  heard: string | null;
  answered: string | null;
  changed_at: number;
}

const HASHES_PER_QUERY = 500;
const HOUR_MS = 3_600_000;

export async function applyNumberChange(
  tx: Tx,
  { secrets }: Pick<ApplyContext, "secrets">,
  change: NumberChange,
): Promise<void> {
  const hash = lookupOf(secrets, "number", change.number);
  await lockNumbers(tx, [hash], change.at);
  if (change.kind === "number.hinted") {
    await tx<OptOutRow>("numbers").where({ hash }).update({ last_hint_at: change.at });
    return;
  }
  if (change.kind === "number.heard") return noteHeard(tx, hash, change);
  if (change.kind === "number.opted-out") await optOut(tx, hash, change);
  else await optIn(tx, hash, change);
  await markSpacesOf(tx, hash, change.at);
}

async function noteHeard(
  tx: Tx,
  hash: string,
  { at, isAnswered }: { at: number; isAnswered: boolean },
): Promise<void> {
  const row = await tx<OptOutRow>("numbers").where({ hash }).first();
  const heard = JSON.stringify([...recent(row?.heard, at), at]);
  const answered = JSON.stringify([...recent(row?.answered, at), at]);
  await tx<OptOutRow>("numbers")
    .where({ hash })
    .update({ heard, changed_at: at, ...(isAnswered ? { answered } : {}) });
}

/** The times of the last hour. */
function recent(json: string | null | undefined, now: number): number[] {
  const times = json == null ? [] : (JSON.parse(json) as number[]);
  return times.filter((time) => time > now - HOUR_MS);
}

/** STOP is its owner's own word: a provider's block never takes its place. */
async function optOut(
  tx: Tx,
  hash: string,
  { at, source }: { at: number; source: OptOutSource },
): Promise<void> {
  const row = tx<OptOutRow>("numbers").where({ hash });
  if (source === "blocked") row.whereNull("opted_out_at");
  await row.update({ opted_out_at: at, opt_out_source: source, changed_at: at });
}

/**
 * The provider, or the operator, takes no texts to these numbers. Gives the spaces whose status
 * card shows it, to be marked once nothing is locked any more that others lock before it.
 */
export async function noteBlocks(tx: Tx, hashes: readonly string[], at: number): Promise<string[]> {
  const sorted = [...new Set(hashes)].sort();
  if (sorted.length === 0) return [];
  await lockNumbers(tx, sorted, at);
  for (const hash of sorted) await optOut(tx, hash, { at, source: "blocked" });
  return spacesShowing(tx, sorted);
}

/** START is remembered also where nothing was ended: the STOP before it may come after it. */
async function optIn(
  tx: Tx,
  hash: string,
  { at, saidAt, source }: Pick<Of<"number.opted-in">, "at" | "saidAt" | "source">,
): Promise<void> {
  await tx<OptOutRow>("numbers")
    .where({ hash, ...(source === undefined ? {} : { opt_out_source: source }) })
    .update({ opted_out_at: null, opt_out_source: null });
  if (saidAt !== undefined)
    await tx<OptOutRow>("numbers").where({ hash }).update({ opted_in_at: saidAt, changed_at: at });
}

async function markSpacesOf(tx: Tx, hash: string, now: number): Promise<void> {
  const spaceIds = await spacesShowing(tx, [hash]);
  if (spaceIds.length > 0) await markSpaces(tx, spaceIds, now);
}

/** Where somebody with one of these numbers is called for right now, the status card shows it. */
async function spacesShowing(tx: Tx, hashes: readonly string[]): Promise<string[]> {
  const texted = tx("outbox")
    .whereIn("to_hash", hashes)
    .whereNotNull("space_id")
    .select("space_id");
  const known = tx("roster")
    .join("responders", "responders.id", "roster.responder_id")
    .whereIn("responders.mobile_hash", hashes)
    .select("roster.space_id as space_id");
  const rows = await tx
    .select<{ space_id: string }[]>("space_id")
    .from(texted.union(known).as("places"));
  return rows.map((row) => row.space_id);
}

/** Why no texts go to these numbers, by their hashes as `numbers` keeps them; without the others. */
export async function findOptOuts(
  tx: Tx,
  hashes: readonly string[],
): Promise<Map<string, OptOutSource>> {
  const found = new Map<string, OptOutSource>();
  for (let start = 0; start < hashes.length; start += HASHES_PER_QUERY) {
    const rows = await tx<OptOutRow>("numbers")
      .whereIn("hash", hashes.slice(start, start + HASHES_PER_QUERY))
      .whereNotNull("opted_out_at");
    for (const row of rows) found.set(row.hash, row.opt_out_source ?? "stop");
  }
  return found;
}

/** The roster's lines, each with whether texts may go to its number. */
export async function withOptOuts(
  tx: Tx,
  secrets: Secrets,
  entries: readonly RosterEntry[],
): Promise<readonly RosterEntry[]> {
  const hashes = new Map<string, string>();
  for (const { responder } of entries)
    if (responder.mobile !== undefined)
      hashes.set(responder.id, lookupOf(secrets, "number", responder.mobile));
  const optOuts = await findOptOuts(tx, [...new Set(hashes.values())]);
  if (optOuts.size === 0) return entries;
  return entries.map((entry) => {
    const optOut = optOuts.get(hashes.get(entry.responder.id) ?? "");
    return optOut ? { ...entry, responder: { ...entry.responder, optOut } } : entry;
  });
}

/** What is known of a number; it stays as it is until the commit. */
export async function lockNumber(
  tx: Tx,
  secrets: Secrets,
  number: string,
  now: number,
): Promise<NumberState> {
  await lockNumbers(tx, [lookupOf(secrets, "number", number)], now);
  return readNumber(tx, secrets, number, now);
}

/** The same for who locks what comes before numbers later on; see `inTransaction`. */
export async function readNumber(
  tx: Tx,
  secrets: Secrets,
  number: string,
  now: number,
): Promise<NumberState> {
  const hash = lookupOf(secrets, "number", number);
  const row = await tx<OptOutRow>("numbers").where({ hash }).first();
  return {
    isKnown: await isKnown(tx, hash),
    heard: recent(row?.heard, now),
    answered: recent(row?.answered, now),
    ...(row?.opt_out_source ? { optOut: row.opt_out_source } : {}),
    ...(row?.opted_out_at == null ? {} : { optedOutAt: row.opted_out_at }),
    ...(row?.opted_in_at == null ? {} : { optedInAt: row.opted_in_at }),
    ...(row?.last_hint_at == null ? {} : { lastHintAt: row.last_hint_at }),
  };
}

async function isKnown(tx: Tx, hash: string): Promise<boolean> {
  const [external] = await tx("responders")
    .whereNull("deleted_at")
    .where((where) => void where.where({ mobile_hash: hash }).orWhere({ voice_hash: hash }))
    .limit(1)
    .select<{ id: string }[]>("id");
  if (external) return true;
  // An answer of ours makes a stranger no better known.
  const [called] = await tx("outbox")
    .where({ to_hash: hash })
    .whereNotNull("round_id")
    .limit(1)
    .select<{ id: string }[]>("id");
  return called !== undefined;
}
