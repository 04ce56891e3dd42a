import type { Effect, ReplyNote } from "../notify/outbox-row";
import { deleteMessage } from "./apply-effects";
import { standLobbyCard } from "./lobby-cards";
import type { OutboxRow } from "./outbox-columns";
import type { Held, RecordSettings } from "./outbox-record";
import { openJson, type Tx } from "./rows";
import { loseLine, standLine, standStatusCard } from "./status-cards";
import { valueByKey } from "./value-by-key";

/** Remembers the ids that Webex gave to messages of ours. */
export async function noteMessages(
  tx: Tx,
  settings: RecordSettings,
  held: readonly Held[],
): Promise<void> {
  const messageOfCard = new Map<string, string>();
  for (const { row, record } of held)
    if (row.card_id !== null && record.state === "accepted" && record.providerId !== undefined)
      messageOfCard.set(row.card_id, record.providerId);
  if (messageOfCard.size > 0)
    await tx("cards")
      .whereIn("id", [...messageOfCard.keys()])
      .update({ message_id: valueByKey(tx, "id", "message_id", messageOfCard) });
  for (const { row, record } of held) {
    if (row.kind === "reply" && record.state === "accepted" && record.providerId !== undefined)
      await noteReply(tx, settings, row, record.providerId);
    if (row.kind === "message-edit" && record.state === "failed")
      await noteLostLine(tx, settings, row);
  }
}

/** Webex refused the edit: the line goes, and the next one is posted anew. */
async function noteLostLine(tx: Tx, settings: RecordSettings, row: OutboxRow): Promise<void> {
  const effect = openJson(settings.secrets, row.payload, "outbox", row.id) as Effect;
  if (effect.kind !== "message-edit") return;
  const { messageId, spaceId } = effect;
  if (await loseLine(tx, spaceId, messageId)) await deleteMessage(tx, settings, spaceId, messageId);
}

async function noteReply(
  tx: Tx,
  settings: RecordSettings,
  row: OutboxRow,
  messageId: string,
): Promise<void> {
  const effect = openJson(settings.secrets, row.payload, "outbox", row.id) as Effect;
  if (effect.kind === "reply" && effect.note)
    await followNote(tx, settings, effect.note, row.id, messageId);
}

async function followNote(
  tx: Tx,
  settings: RecordSettings,
  note: ReplyNote,
  rowId: string,
  messageId: string,
): Promise<void> {
  if (note.threadOfIncident !== undefined)
    await tx("incidents")
      .where({ id: note.threadOfIncident })
      .update({ thread_message_id: messageId });
  const { cardId = null, isLineOf, isLobbyCardOf, isStatusCardOf, version = 0 } = note;
  if (isStatusCardOf !== undefined) {
    const posted = { cardId, messageId, version };
    const gone = await standStatusCard(tx, isStatusCardOf, posted);
    await deleteMessage(tx, settings, isStatusCardOf, gone);
  }
  if (isLineOf !== undefined) {
    const gone = await standLine(tx, isLineOf, { messageId, outboxId: rowId });
    await deleteMessage(tx, settings, isLineOf, gone);
  }
  if (isLobbyCardOf !== undefined && cardId !== null) {
    const { incidentId, spaceId } = isLobbyCardOf;
    const gone = await standLobbyCard(tx, incidentId, { cardId, messageId });
    await deleteMessage(tx, settings, spaceId, gone);
  }
}
