import type { Clock } from "../clock";
import type { Secrets } from "../secrets";
import { destinationOf, type SendContext } from "../notify/send-context";
import { lookupOf, type Tx } from "./rows";

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
 * Notes one text or call to the context's number. False, and nothing noted, when the number has
 * had its share of the last hour, over all incidents.
 */
export async function takeHourly(
  tx: Tx,
  settings: { secrets: Secrets; clock: Clock; limits: HourlyLimits },
  context: SendContext,
): Promise<boolean> {
  const number = destinationOf(context);
  if (number === undefined) return true;
  const hash = lookupOf(settings.secrets, "number", number);
  const column = context.row.channel === "sms" ? "texts" : "calls";
  const limit = column === "texts" ? settings.limits.textsPerHour : settings.limits.callsPerHour;
  const now = settings.clock.now();
  const row = await lockNumber(tx, hash, now);
  const recent = timesIn(row?.[column]).filter((time) => time > now - HOUR_MS);
  if (recent.length >= limit) return false;
  const times = JSON.stringify([...recent, now]);
  await tx("numbers")
    .where({ hash })
    .update({ [column]: times, changed_at: now });
  return true;
}

/** Two processes that meet a new number at once must count both of their texts. */
async function lockNumber(tx: Tx, hash: string, now: number): Promise<NumberRow | undefined> {
  const locked = () => tx<NumberRow>("numbers").where({ hash }).forUpdate().first();
  const known = await locked();
  if (known) return known;
  await tx("numbers")
    .insert({ hash, texts: "[]", calls: "[]", changed_at: now })
    .onConflict("hash")
    .ignore();
  return locked();
}

function timesIn(json: string | undefined): number[] {
  return json === undefined ? [] : (JSON.parse(json) as number[]);
}
