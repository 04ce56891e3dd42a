import { createHash, randomBytes } from "node:crypto";
import { UnsealError, type Secrets } from "../secrets";
import type { Change } from "../incident/change";
import type { Tx } from "./rows";

type Entry = Extract<Change, { kind: "timeline.added" }>;

interface TimelineRow {
  incident_id: string;
  seq: number;
  kind: string;
  at: number;
  actor: string;
  payload: string | null;
  salt: string | null;
  payload_hash: string;
  prev_hash: string;
  hash: string;
}

const CHAIN_START = "0".repeat(64);

/**
 * Appends to an incident's record. Each row's hash covers the one before it, and of the payload
 * only a salted hash: payload and salt can be erased later, and the chain still verifies.
 */
export async function addToTimeline(tx: Tx, secrets: Secrets, entry: Entry): Promise<void> {
  const last = await tx<TimelineRow>("timeline")
    .where({ incident_id: entry.incidentId })
    .orderBy("seq", "desc")
    .first();
  const payload = JSON.stringify(entry.entry.payload);
  const salt = randomBytes(16).toString("hex");
  const row = {
    incident_id: entry.incidentId,
    seq: (last?.seq ?? 0) + 1,
    kind: entry.entry.kind,
    at: entry.entry.at,
    actor: entry.entry.actor,
    payload_hash: sha256(salt, payload),
    prev_hash: last?.hash ?? CHAIN_START,
  };
  await tx("timeline").insert({
    ...row,
    payload: secrets.encrypt(payload, "timeline.payload", rowId(row)),
    salt,
    hash: chainHash(row),
  });
}

export interface TimelineEntry {
  seq: number;
  kind: string;
  at: number;
  actor: string;
  /** Absent once it was erased, or when it was tampered with. */
  payload?: Record<string, unknown>;
}

export interface Timeline {
  entries: TimelineEntry[];
  /** False when a row was changed, added or taken away behind Muster's back. */
  isIntact: boolean;
}

/** An incident's record, oldest first, with the verdict on its chain. */
export async function readTimeline(
  tx: Tx,
  secrets: Secrets,
  incidentId: string,
): Promise<Timeline> {
  const rows = await tx<TimelineRow>("timeline")
    .where({ incident_id: incidentId })
    .orderBy("seq", "asc");
  let previous = CHAIN_START;
  let isIntact = true;
  const entries: TimelineEntry[] = [];
  for (const [index, row] of rows.entries()) {
    const payload = openPayload(secrets, row);
    isIntact &&= row.seq === index + 1 && row.prev_hash === previous && row.hash === chainHash(row);
    isIntact &&= row.payload === null || isPayloadOf(row, payload);
    previous = row.hash;
    entries.push(toEntry(row, payload));
  }
  return { entries, isIntact };
}

function toEntry(row: TimelineRow, payload: string | undefined): TimelineEntry {
  const { seq, kind, at, actor } = row;
  return payload === undefined
    ? { seq, kind, at, actor }
    : { seq, kind, at, actor, payload: JSON.parse(payload) as Record<string, unknown> };
}

function openPayload(secrets: Secrets, row: TimelineRow): string | undefined {
  if (row.payload === null) return undefined;
  try {
    return secrets.decrypt(row.payload, "timeline.payload", rowId(row));
  } catch (error) {
    if (error instanceof UnsealError) return undefined;
    throw error;
  }
}

function isPayloadOf(row: TimelineRow, payload: string | undefined): boolean {
  return payload !== undefined && sha256(row.salt ?? "", payload) === row.payload_hash;
}

type Chained = Pick<
  TimelineRow,
  "incident_id" | "seq" | "kind" | "at" | "actor" | "payload_hash" | "prev_hash"
>;

function chainHash(row: Chained): string {
  const { incident_id, seq, kind, at, actor, payload_hash, prev_hash } = row;
  return sha256(JSON.stringify([incident_id, seq, kind, at, actor, payload_hash, prev_hash]));
}

function rowId(row: { incident_id: string; seq: number }): string {
  return `${row.incident_id}/${row.seq}`;
}

function sha256(...parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
