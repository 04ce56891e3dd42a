import type { StoredCard } from "../incident/ports";
import type { CardKind, NotifyChange } from "../notify/change";
import type { Secrets } from "../secrets";
import type { Database } from "./database";
import { insertRows, openJson, sealJson, type Tx } from "./rows";

interface CardRow {
  id: string;
  kind: CardKind;
  space_id: string | null;
  incident_id: string | null;
  responder_id: string | null;
  person_id: string | null;
  message_id: string | null;
  payload: string | null;
  expires_at: number | null;
  used_at: number | null;
}

/** The card's row, kept from other decisions until this one is written. */
export async function loadCard(
  tx: Tx,
  secrets: Secrets,
  cardId: string,
): Promise<StoredCard | undefined> {
  const row = await tx<CardRow>("cards").where({ id: cardId }).forUpdate().first();
  return row && toCard(secrets, row);
}

/** The card's row as it is now. */
export async function findCard(
  db: Database,
  secrets: Secrets,
  cardId: string,
): Promise<StoredCard | undefined> {
  const row = await db.write<CardRow>("cards").where({ id: cardId }).first();
  return row && toCard(secrets, row);
}

function toCard(secrets: Secrets, row: CardRow): StoredCard {
  const card: StoredCard = {
    id: row.id,
    kind: row.kind,
    payload:
      row.payload === null
        ? {}
        : (openJson(secrets, row.payload, "cards", row.id) as Record<string, unknown>),
  };
  if (row.space_id !== null) card.spaceId = row.space_id;
  if (row.incident_id !== null) card.incidentId = row.incident_id;
  if (row.responder_id !== null) card.responderId = row.responder_id;
  if (row.person_id !== null) card.personId = row.person_id;
  if (row.message_id !== null) card.messageId = row.message_id;
  if (row.expires_at !== null) card.expiresAt = row.expires_at;
  if (row.used_at !== null) card.usedAt = row.used_at;
  return card;
}

/** Writes the rows of new cards, a hundred an insert. */
export async function insertCards(
  tx: Tx,
  { secrets }: { secrets: Secrets },
  changes: readonly Extract<NotifyChange, { kind: "card.written" }>[],
): Promise<void> {
  const rows = changes.map(({ card, at }) => ({
    id: card.id,
    kind: card.kind,
    space_id: card.spaceId ?? null,
    incident_id: card.incidentId ?? null,
    responder_id: card.responderId ?? null,
    person_id: card.personId ?? null,
    payload: card.payload ? sealJson(secrets, card.payload, "cards", card.id) : null,
    created_at: at,
    expires_at: card.expiresAt ?? null,
  }));
  await insertRows(tx, "cards", rows);
}

/**
 * The card is used up. What one that concerns no space remembers is read by the press that uses it,
 * and by none after; it may be a list of people with their numbers.
 */
export async function useCard(
  tx: Tx,
  { at, cardId }: Extract<NotifyChange, { kind: "card.used" }>,
): Promise<void> {
  await tx("cards").where({ id: cardId }).update({ used_at: at });
  await tx("cards").where({ id: cardId }).whereNull("space_id").update({ payload: null });
}
