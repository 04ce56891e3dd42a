import type { Knex } from "knex";
import { fold } from "../fold";
import type { KnownExternal, RosterOf } from "../incident/space-state";
import type { Found, Page, Responder } from "../roster/responder";
import type { Secrets } from "../secrets";
import { lockSpacesOf } from "./lock-spaces";
import { lookupOf, toResponder, type ResponderRow, type Tx } from "./rows";

interface StoredExternal extends ResponderRow {
  name_folded: string;
  deleted_at: number | null;
}

const IDS_PER_QUERY = 500;
/** SQLite refuses long patterns, and one character may fold to eighteen. */
const MOST_OF_TERM = 200;

/** Externals by id, with the rosters that they are on; both stay as they are until the commit. */
export async function loadExternals(
  tx: Tx,
  secrets: Secrets,
  ids: readonly string[],
): Promise<Map<string, KnownExternal>> {
  const known = new Map<string, KnownExternal>();
  for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
    const some = ids.slice(start, start + IDS_PER_QUERY);
    await lockSpacesOf(tx, some);
    const responders = await lockExternals(tx, secrets, some);
    // While this waited for them, somebody may have added them to another roster.
    await lockSpacesOf(tx, some);
    const rosters = await loadRosters(tx, some);
    for (const [id, responder] of responders)
      known.set(id, { responder, rosters: rosters.get(id) ?? [] });
  }
  return known;
}

/**
 * Externals by id, not those deleted; they stay as they are until the commit. As every decision
 * does, the caller locks spaces before, and outbox rows and numbers after.
 */
export async function lockExternals(
  tx: Tx,
  secrets: Secrets,
  ids: readonly string[],
): Promise<Map<string, Responder>> {
  const locked = new Map<string, Responder>();
  const sorted = [...new Set(ids)].sort();
  for (let start = 0; start < sorted.length; start += IDS_PER_QUERY) {
    const rows = await tx<StoredExternal>("responders")
      .where({ kind: "external" })
      .whereNull("deleted_at")
      .whereIn("id", sorted.slice(start, start + IDS_PER_QUERY))
      .orderBy("id")
      .forUpdate();
    for (const row of rows) locked.set(row.id, toResponder(secrets, row));
  }
  return locked;
}

/**
 * What waits to be sent to them, or is being sent: who locks their numbers next may cancel it. While
 * their spaces are locked nothing is added to it.
 */
export async function lockUnsent(tx: Tx, responderIds: readonly string[]): Promise<void> {
  await tx("outbox")
    .whereIn("responder_id", responderIds)
    .whereIn("state", ["queued", "sending"])
    .orderBy("id")
    .forUpdate()
    .select("id");
}

interface RosterOfRow {
  responder_id: string;
  space_id: string;
  incident_id: string | null;
  webex: number;
  sms: number;
  voice: number;
  member_id: string | null;
}

/** By responder. */
async function loadRosters(tx: Tx, ids: readonly string[]): Promise<Map<string, RosterOf[]>> {
  const rows = await tx("roster")
    .whereIn("responder_id", ids)
    .leftJoin("incidents", (on) =>
      on.on("incidents.space_id", "roster.space_id").andOnVal("incidents.state", "running"),
    )
    .join("responders", "responders.id", "roster.responder_id")
    .leftJoin("members", (on) =>
      on
        .on("members.space_id", "roster.space_id")
        .andOn("members.person_id", "responders.person_id"),
    )
    .orderBy(["roster.responder_id", "roster.space_id"])
    .select<RosterOfRow[]>(
      "roster.*",
      "incidents.id as incident_id",
      "members.person_id as member_id",
    );
  const rosters = new Map<string, RosterOf[]>();
  for (const row of rows)
    rosters.set(row.responder_id, [...(rosters.get(row.responder_id) ?? []), toRosterOf(row)]);
  return rosters;
}

function toRosterOf(row: RosterOfRow): RosterOf {
  return {
    spaceId: row.space_id,
    channels: { webex: row.webex === 1, sms: row.sms === 1, voice: row.voice === 1 },
    isMember: row.member_id !== null,
    ...(row.incident_id === null ? {} : { incidentId: row.incident_id }),
  };
}

/**
 * Externals by part of the name, the whole number, its last four digits, or the whole e-mail
 * address; all of them for an empty term. By name.
 */
export async function searchExternals(
  db: Knex,
  secrets: Secrets,
  term: string,
  { limit, offset }: Page,
): Promise<Found<Responder>> {
  const fitting = () => {
    const all = db<StoredExternal>("responders")
      .where({ kind: "external" })
      .whereNull("deleted_at");
    return fold(term) === "" ? all : all.where((where) => void fits(where, secrets, term));
  };
  const [counted] = (await fitting().count({ total: "*" })) as [{ total: number | string }];
  const rows = await fitting().orderBy(["name_folded", "id"]).limit(limit).offset(offset);
  return { found: rows.map((row) => toResponder(secrets, row)), total: Number(counted.total) };
}

function fits(where: Knex.QueryBuilder, secrets: Secrets, term: string): Knex.QueryBuilder {
  const digits = term.replace(/[\s().-]/g, "");
  const email = lookupOf(secrets, "email", term);
  const part = Array.from(fold(term)).slice(0, MOST_OF_TERM).join("");
  const byName = where.whereRaw("name_folded LIKE ? ESCAPE '!'", [`%${escapeLike(part)}%`]);
  byName.orWhere({ email_hash: email });
  if (/^\d{4}$/.test(digits)) {
    const last4 = secrets.lookup("number.last4", digits);
    byName.orWhere({ mobile_last4_hash: last4 }).orWhere({ voice_last4_hash: last4 });
  }
  if (/^\+?\d{5,15}$/.test(digits)) {
    const number = lookupOf(secrets, "number", digits.startsWith("+") ? digits : `+${digits}`);
    byName.orWhere({ mobile_hash: number }).orWhere({ voice_hash: number });
  }
  return byName;
}

function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, "!$&");
}
