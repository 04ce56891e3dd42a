import type { Knex } from "knex";
import type { Tx } from "./rows";

/**
 * A record locks what was posted before the card's row; so does whoever decides, since what a
 * decision changes here comes after all that it cancels.
 */
interface LobbyCardRow {
  incident_id: string;
  card_id: string;
  waiting: number;
  message_id: string | null;
}

/** How many wait in the lobby as the space was told. */
export async function loadWaiting(db: Knex, incidentId: string): Promise<number> {
  const row = await db<LobbyCardRow>("lobby_cards").where({ incident_id: incidentId }).first();
  return row?.waiting ?? 0;
}

/** A card is queued that tells how many wait; one that still waits to be posted is not needed. */
export async function newLobbyCard(
  tx: Tx,
  { cardId, incidentId, waiting }: { cardId: string; incidentId: string; waiting: number },
  now: number,
): Promise<void> {
  const fresh = { card_id: cardId, waiting };
  await dropQueued(tx, await lockRow(tx, incidentId), now);
  await tx("lobby_cards")
    .insert({ incident_id: incidentId, ...fresh })
    .onConflict("incident_id")
    .merge(fresh);
}

/**
 * The card stands in the space. Gives the message that has to go: the card before, or this very one
 * where it is out of date already.
 */
export async function standLobbyCard(
  tx: Tx,
  incidentId: string,
  posted: { cardId: string; messageId: string },
): Promise<string | undefined> {
  const row = await lockRow(tx, incidentId);
  if (row?.card_id !== posted.cardId) return posted.messageId;
  await tx("lobby_cards")
    .where({ incident_id: incidentId })
    .update({ message_id: posted.messageId });
  return row.message_id ?? undefined;
}

/** Nobody waits any more, or nobody can tell. Gives the message that has to go. */
export async function emptyLobby(
  tx: Tx,
  incidentId: string,
  now: number,
): Promise<string | undefined> {
  const row = await lockRow(tx, incidentId);
  await dropQueued(tx, row, now);
  await tx("lobby_cards").where({ incident_id: incidentId }).delete();
  return row?.message_id ?? undefined;
}

async function dropQueued(tx: Tx, row: LobbyCardRow | undefined, now: number): Promise<void> {
  if (!row) return;
  await tx("outbox")
    // Written out, so that the index of what is due serves.
    .whereRaw("lane = 'talk' AND state = 'queued'")
    .where({ card_id: row.card_id })
    .update({ state: "cancelled", changed_at: now });
}

function lockRow(tx: Tx, incidentId: string): Promise<LobbyCardRow | undefined> {
  return tx<LobbyCardRow>("lobby_cards").where({ incident_id: incidentId }).forUpdate().first();
}
