import type { Channel } from "../notify/notification";
import { deadNumberCodes, failureInWords } from "../notify/receipt";
import type { RosterEntry } from "../roster/responder";
import type { Secrets } from "../secrets";
import type { OutboxRow } from "./outbox-columns";
import { lookupOf, type Tx } from "./rows";

/** A text or call whose number is nobody's. */
interface RefusedRow {
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
  const rows = await tx<OutboxRow>("outbox")
    .where({ incident_id: incidentId })
    .whereNotNull("failure_code")
    .whereIn("failure_code", deadNumberCodes)
    .whereIn("channel", ["sms", "voice"])
    .select<RefusedRow[]>("responder_id", "channel", "failure_code", "to_hash");
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
