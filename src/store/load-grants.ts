import type { Knex } from "knex";
import type { DirectoryStatus } from "../directory/directory";
import type { Grant, GrantKind, Tokens } from "../grants/grant";
import type { Secrets } from "../secrets";
import { openJson } from "./rows";

interface GrantRow {
  id: string;
  kind: GrantKind;
  holder: string;
  person_id: string;
  person_name: string;
  org_id: string;
  scopes: string;
  is_lent: number;
  tokens: string;
  granted_at: number;
  access_expires_at: number;
  refresh_expires_at: number | null;
  due_at: number | null;
  died_at: number | null;
  last_error: string | null;
  rests_until: number | null;
}

interface SyncRow {
  due_at: number | null;
  asked_by: string | null;
  synced_at: number | null;
  people: number | null;
  without_email: number | null;
  unreadable_numbers: number | null;
  skipped: number | null;
  last_error: string | null;
  failed_at: number | null;
  told_at: number | null;
}

/** The grant and its tokens. */
export async function loadGrant(
  db: Knex,
  secrets: Secrets,
  id: string,
): Promise<{ grant: Grant; tokens: Tokens } | undefined> {
  const row = await db<GrantRow>("grants").where({ id }).first();
  if (!row) return undefined;
  const tokens = openJson(secrets, row.tokens, "grants.tokens", row.id) as Tokens;
  return { grant: toGrant(row), tokens };
}

export async function loadDirectoryGrant(db: Knex): Promise<Grant | undefined> {
  const row = await db<GrantRow>("grants").where({ holder: "directory" }).first();
  return row && toGrant(row);
}

/** Of these persons, in their order, dead ones too. */
export async function loadMeetingsGrants(db: Knex, personIds: readonly string[]): Promise<Grant[]> {
  const rows = await db<GrantRow>("grants")
    .where({ kind: "meetings" })
    .whereIn("person_id", [...personIds]);
  const grants = new Map(rows.map((row) => [row.person_id, toGrant(row)]));
  return personIds.flatMap((personId) => grants.get(personId) ?? []);
}

/** Those that are to be renewed now, the most urgent first. */
export async function loadDueGrants(db: Knex, now: number, limit: number): Promise<Grant[]> {
  const rows = await db<GrantRow>("grants")
    .where("due_at", "<=", now)
    .orderBy("due_at")
    .limit(limit);
  return rows.map(toGrant);
}

export async function loadNextDueGrant(db: Knex): Promise<number | undefined> {
  const row = await db<GrantRow>("grants")
    .whereNotNull("due_at")
    .min<{ due_at: number | null }[]>({ due_at: "due_at" })
    .first();
  return row?.due_at ?? undefined;
}

export async function loadDirectoryStatus(db: Knex): Promise<DirectoryStatus> {
  const row = await db<SyncRow & { id: string }>("directory_sync")
    .where({ id: "directory" })
    .first();
  if (!row) throw new Error("The directory's own row is missing.");
  return {
    ...(row.due_at === null ? {} : { dueAt: row.due_at }),
    ...(row.asked_by === null ? {} : { askedBy: row.asked_by }),
    ...(row.synced_at === null ? {} : { syncedAt: row.synced_at, counts: countsOf(row) }),
    ...(row.last_error === null ? {} : { lastError: row.last_error }),
    ...(row.failed_at === null ? {} : { failedAt: row.failed_at }),
    ...(row.told_at === null ? {} : { toldAt: row.told_at }),
  };
}

function countsOf(row: SyncRow) {
  return {
    people: row.people ?? 0,
    withoutEmail: row.without_email ?? 0,
    undialledNumbers: row.unreadable_numbers ?? 0,
    skipped: row.skipped ?? 0,
  };
}

function toGrant(row: GrantRow): Grant {
  return {
    id: row.id,
    kind: row.kind,
    personId: row.person_id,
    personName: row.person_name,
    orgId: row.org_id,
    scopes: row.scopes.split(" "),
    isLent: row.is_lent === 1,
    grantedAt: row.granted_at,
    accessExpiresAt: row.access_expires_at,
    ...(row.refresh_expires_at === null ? {} : { refreshExpiresAt: row.refresh_expires_at }),
    ...(row.due_at === null ? {} : { dueAt: row.due_at }),
    ...(row.died_at === null ? {} : { diedAt: row.died_at }),
    ...(row.last_error === null ? {} : { lastError: row.last_error }),
    ...(row.rests_until === null ? {} : { restsUntil: row.rests_until }),
  };
}
