import type { Secrets } from "../secrets";
import type { Channel, NotificationKind, SendState } from "../notify/notification";
import type { ClaimedRow, Effect, EffectKind, Lane } from "../notify/outbox-row";
import { openJson } from "./rows";

export interface OutboxRow {
  id: string;
  lane: Lane;
  kind: NotificationKind | EffectKind;
  space_id: string | null;
  incident_id: string | null;
  round_id: string | null;
  responder_id: string | null;
  channel: Channel | null;
  card_id: string | null;
  state: SendState;
  due_at: number;
  hold_until: number | null;
  expires_at: number;
  priority: number;
  position: number;
  attempts: number;
  key_number: number;
  unclear_since: number | null;
  cancel_requested: number;
  maybe_sent: number;
  lease_until: number | null;
  lease_token: string | null;
  provider_id: string | null;
  last_error: string | null;
  call_seconds: number | null;
  failure_code: string | null;
  to_hash: string | null;
  asked_at: number | null;
  payload: string;
  changed_at: number;
}

export function toClaimedRow(secrets: Secrets, row: OutboxRow): ClaimedRow {
  return {
    id: row.id,
    leaseToken: row.lease_token ?? "",
    lane: row.lane,
    kind: row.kind,
    attempts: row.attempts,
    keyNumber: row.key_number,
    maybeSent: row.maybe_sent === 1,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    ...optional("unclearSince", row.unclear_since),
    ...optional("cardId", row.card_id),
    ...optional("spaceId", row.space_id),
    ...optional("incidentId", row.incident_id),
    ...optional("roundId", row.round_id),
    ...(row.round_id === null
      ? { effect: openJson(secrets, row.payload, "outbox", row.id) as Effect }
      : {}),
  };
}

function optional<K extends string, V>(key: K, value: V | null): Partial<Record<K, V>> {
  return value === null ? {} : ({ [key]: value } as Record<K, V>);
}

/** A row as it is queued. */
export function queuedColumns(now: number) {
  return {
    state: "queued" satisfies SendState,
    attempts: 0,
    key_number: 1,
    cancel_requested: 0,
    maybe_sent: 0,
    created_at: now,
    changed_at: now,
  };
}
