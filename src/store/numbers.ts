import type { Clock } from "../clock";
import type { Secrets } from "../secrets";
import { destinationOf, type SendContext } from "../notify/send-context";
import { lookupOf, type Tx } from "./rows";
import { valueByKey } from "./value-by-key";

export interface HourlyLimits {
  textsPerHour: number;
  callsPerHour: number;
}

interface NumberRow {
  hash: string;
  texts: string;
  calls: string;
}

const HOUR_MS = 3_600_000;

/**
 * Notes a text or call to each context's number, and returns those whose number has had its share
 * of the last hour, over all incidents; for these nothing is noted.
 */
export async function takeHourly(
  tx: Tx,
  settings: { secrets: Secrets; clock: Clock; limits: HourlyLimits },
  contexts: readonly SendContext[],
): Promise<Set<SendContext>> {
  const now = settings.clock.now();
  const hashes = new Map<SendContext, string>();
  for (const context of contexts) {
    const number = destinationOf(context);
    if (number !== undefined) hashes.set(context, lookupOf(settings.secrets, "number", number));
  }
  if (hashes.size === 0) return new Set();
  const rows = await lockNumbers(tx, [...new Set(hashes.values())].sort(), now);
  const overLimit = new Set<SendContext>();
  const noted = { texts: new Map<string, string>(), calls: new Map<string, string>() };
  for (const [context, hash] of hashes) {
    const column = context.row.channel === "sms" ? "texts" : "calls";
    const before = noted[column].get(hash) ?? rows.get(hash)?.[column];
    const recent = timesIn(before).filter((time) => time > now - HOUR_MS);
    if (recent.length >= settings.limits[LIMITS[column]]) overLimit.add(context);
    else noted[column].set(hash, JSON.stringify([...recent, now]));
  }
  await noteTimes(tx, noted, now);
  return overLimit;
}

const LIMITS = { texts: "textsPerHour", calls: "callsPerHour" } as const;

async function noteTimes(
  tx: Tx,
  { texts, calls }: { texts: Map<string, string>; calls: Map<string, string> },
  now: number,
): Promise<void> {
  if (texts.size + calls.size === 0) return;
  await tx("numbers")
    .whereIn("hash", [...texts.keys(), ...calls.keys()])
    .update({
      texts: valueByKey(tx, "hash", "texts", texts),
      calls: valueByKey(tx, "hash", "calls", calls),
      changed_at: now,
    });
}

/** Two processes that meet a new number at once must count both of their texts. */
export async function lockNumbers(
  tx: Tx,
  hashes: string[],
  now: number,
): Promise<Map<string, NumberRow>> {
  const locked = () => tx<NumberRow>("numbers").whereIn("hash", hashes).orderBy("hash").forUpdate();
  const known = await locked();
  if (known.length === hashes.length) return byHash(known);
  const fresh = hashes.map((hash) => ({ hash, texts: "[]", calls: "[]", changed_at: now }));
  await tx("numbers").insert(fresh).onConflict("hash").ignore();
  return byHash(await locked());
}

function byHash(rows: readonly NumberRow[]): Map<string, NumberRow> {
  return new Map(rows.map((row) => [row.hash, row]));
}

function timesIn(json: string | undefined): number[] {
  return json === undefined ? [] : (JSON.parse(json) as number[]);
}
