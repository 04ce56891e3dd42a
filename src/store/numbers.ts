import type { Clock } from "../clock";
import type { OptOutSource } from "../notify/change";
import type { Tx } from "./rows";
import { valueByKey } from "./value-by-key";

export interface HourlyLimits {
  textsPerHour: number;
  callsPerHour: number;
}

interface NumberRow {
  hash: string;
  texts: string;
  calls: string;
  opted_out_at: number | null;
  opt_out_source: OptOutSource | null;
}

const HOUR_MS = 3_600_000;

/** A text or call that is about to go to a number. */
export interface PhoneSend {
  channel: "sms" | "voice";
  hash: string;
  /** An answer to a text has limits of its own, and takes nothing from those of alarms. */
  isAnswer?: boolean;
  /** Tried before, the same text to the same number: it was counted then. */
  isRepeated?: boolean;
}

/** Why a number may not be texted or called now. */
export type NumberRefusal = "limit" | OptOutSource;

/**
 * Notes each text or call to its number, and says which may not go: to a number that takes no
 * texts, or that has had its share of the last hour, over all incidents; for these nothing is noted.
 */
export async function takeHourly<Send extends PhoneSend>(
  tx: Tx,
  settings: { clock: Clock; limits: HourlyLimits },
  sends: readonly Send[],
): Promise<Map<Send, NumberRefusal>> {
  const now = settings.clock.now();
  const refused = new Map<Send, NumberRefusal>();
  if (sends.length === 0) return refused;
  const rows = await lockNumbers(tx, [...new Set(sends.map(({ hash }) => hash))].sort(), now);
  const noted = { texts: new Map<string, string>(), calls: new Map<string, string>() };
  for (const send of sends) {
    const { channel, hash } = send;
    const row = rows.get(hash);
    const column = channel === "sms" ? "texts" : "calls";
    const before = noted[column].get(hash) ?? row?.[column];
    const recent = timesIn(before).filter((time) => time > now - HOUR_MS);
    const optOut = channel === "sms" && row?.opted_out_at != null ? row.opt_out_source : null;
    if (optOut !== null) refused.set(send, optOut);
    else if (send.isAnswer || send.isRepeated) continue;
    else if (recent.length >= settings.limits[LIMITS[column]]) refused.set(send, "limit");
    else noted[column].set(hash, JSON.stringify([...recent, now]));
  }
  await noteTimes(tx, noted, now);
  return refused;
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
  await tx<NumberRow & { changed_at: number }>("numbers").insert(fresh).onConflict("hash").ignore();
  return byHash(await locked());
}

function byHash(rows: readonly NumberRow[]): Map<string, NumberRow> {
  return new Map(rows.map((row) => [row.hash, row]));
}

function timesIn(json: string | undefined): number[] {
  return json === undefined ? [] : (JSON.parse(json) as number[]);
}
