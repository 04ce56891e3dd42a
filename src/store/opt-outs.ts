import type { NumberState } from "../incident/space-state";
import type { NotifyChange, OptOutSource } from "../notify/change";
import type { RosterEntry } from "../roster/responder";
import type { Secrets } from "../secrets";
import type { ApplyContext } from "./apply-changes";
import { lockNumbers } from "./numbers";
import { lookupOf, type Tx } from "./rows";
import { markSpaces } from "./status-cards";

type NumberChange = Extract<
  NotifyChange,
  { kind: "number.opted-out" | "number.opted-in" | "number.hinted" | "number.heard" }
>;

interface OptOutRow {
  hash: string;
  opted_out_at: number | null;
  opt_out_source: OptOutSource | null;
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
  else await optIn(tx, hash, change.source);
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

/** A receipt says that the provider, or the operator, takes no texts to this number. */
export async function noteBlock(tx: Tx, hash: string, at: number): Promise<void> {
  await lockNumbers(tx, [hash], at);
  await optOut(tx, hash, { at, source: "blocked" });
  await markSpacesOf(tx, hash, at);
}

async function optIn(tx: Tx, hash: string, source?: OptOutSource): Promise<void> {
  await tx<OptOutRow>("numbers")
    .where({ hash, ...(source === undefined ? {} : { opt_out_source: source }) })
    .update({ opted_out_at: null, opt_out_source: null });
}

/** Where somebody with this number is called for right now, the status card shows it. */
async function markSpacesOf(tx: Tx, hash: string, now: number): Promise<void> {
  const texted = tx("outbox").where({ to_hash: hash }).whereNotNull("space_id").select("space_id");
  const known = tx("roster")
    .join("responders", "responders.id", "roster.responder_id")
    .where({ "responders.mobile_hash": hash })
    .select("roster.space_id as space_id");
  const rows = await tx
    .select<{ space_id: string }[]>("space_id")
    .from(texted.union(known).as("places"));
  if (rows.length > 0)
    await markSpaces(
      tx,
      rows.map((row) => row.space_id),
      now,
    );
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
export async function loadNumber(
  tx: Tx,
  secrets: Secrets,
  number: string,
  now: number,
): Promise<NumberState> {
  const hash = lookupOf(secrets, "number", number);
  await lockNumbers(tx, [hash], now);
  const row = await tx<OptOutRow>("numbers").where({ hash }).first();
  return {
    isKnown: await isKnown(tx, hash),
    heard: recent(row?.heard, now),
    answered: recent(row?.answered, now),
    ...(row?.opt_out_source ? { optOut: row.opt_out_source } : {}),
    ...(row?.opted_out_at == null ? {} : { optedOutAt: row.opted_out_at }),
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
