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
  const limit =
    column === "texts" ? settings.limits.textsPerHour : settings.limits.callsPerHour;
  const row = await tx<NumberRow>("numbers").where({ hash }).forUpdate().first();
  const now = settings.clock.now();
  const recent = timesIn(row?.[column]).filter((time) => time > now - HOUR_MS);
  if (recent.length >= limit) return false;
  const times = JSON.stringify([...recent, now]);
  await tx("numbers")
    .insert({ hash, texts: "[]", calls: "[]", [column]: times, changed_at: now })
    .onConflict("hash")
    .merge({ [column]: times, changed_at: now });
  return true;
}

function timesIn(json: string | undefined): number[] {
  return json === undefined ? [] : (JSON.parse(json) as number[]);
}
