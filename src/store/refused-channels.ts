import type { Channel } from "../notify/notification";
import { failureInWords, forGoodCodes } from "../notify/receipt";
import { destinationOf, type SendContext } from "../notify/send-context";
import type { RosterEntry } from "../roster/responder";
import type { Secrets } from "../secrets";
import type { OutboxRow } from "./outbox-columns";
import { lookupOf, type Tx } from "./rows";

/** A text or call whose number was refused for good. */
interface RefusedRow {
  incident_id: string;
  responder_id: string;
  channel: "sms" | "voice";
  failure_code: string;
  to_hash: string | null;
}

/**
 * The roster's lines, each with the channels whose number was refused for good in this incident. A
 * number that was changed since is another number.
 */
export async function withRefusedChannels(
  tx: Tx,
  secrets: Secrets,
  incidentId: string,
  entries: readonly RosterEntry[],
): Promise<readonly RosterEntry[]> {
  const rows = await refusedIn(tx, [incidentId]);
  if (rows.length === 0) return entries;
  return entries.map((entry) => {
    const { id, mobile, voice } = entry.responder;
    const numbers = { sms: mobile, voice };
    const refused: Partial<Record<Channel, string>> = {};
    for (const { channel, failure_code: code, responder_id, to_hash } of rows) {
      const number = responder_id === id ? numbers[channel] : undefined;
      if (number !== undefined && lookupOf(secrets, "number", number) === to_hash)
        refused[channel] = failureInWords(channel, code);
    }
    return Object.keys(refused).length === 0 ? entry : { ...entry, refused };
  });
}

/** Why some of these would come to nothing, by their ids: their number was refused for good since. */
export async function findRefused(
  tx: Tx,
  secrets: Secrets,
  contexts: readonly SendContext[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const toPhones = contexts.filter(({ row }) => row.channel !== "webex");
  const rows = await refusedIn(tx, [...new Set(toPhones.map(({ incident }) => incident.id))]);
  for (const context of rows.length === 0 ? [] : toPhones) {
    const { channel, id } = context.row;
    const number = destinationOf(context);
    const hash = number === undefined ? undefined : lookupOf(secrets, "number", number);
    const refused = rows.find(
      (row) =>
        row.incident_id === context.incident.id &&
        row.responder_id === context.responder.id &&
        row.channel === channel &&
        row.to_hash === hash,
    );
    if (refused) found.set(id, failureInWords(refused.channel, refused.failure_code));
  }
  return found;
}

async function refusedIn(tx: Tx, incidentIds: readonly string[]): Promise<RefusedRow[]> {
  if (incidentIds.length === 0) return [];
  const rows = await tx<OutboxRow>("outbox")
    .whereIn("incident_id", incidentIds)
    .whereNotNull("failure_code")
    .whereIn("channel", ["sms", "voice"])
    .select<RefusedRow[]>("incident_id", "responder_id", "channel", "failure_code", "to_hash");
  return rows.filter(({ channel, failure_code: code }) => forGoodCodes[channel].includes(code));
}
