import type { Knex } from "knex";
import { fold } from "../fold";
import type { KnownExternal } from "../incident/space-state";
import type { Found, Page, Responder } from "../roster/responder";
import type { Secrets } from "../secrets";
import { lookupOf, toResponder, type ResponderRow, type Tx } from "./rows";

interface StoredExternal extends ResponderRow {
  name_folded: string;
  deleted_at: number | null;
}

const IDS_PER_QUERY = 500;

/** Externals by id, with the rosters that they are on; both stay as they are until the commit. */
export async function loadExternals(
  tx: Tx,
  secrets: Secrets,
  ids: readonly string[],
): Promise<Map<string, KnownExternal>> {
  const known = new Map<string, KnownExternal>();
  for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
    const some = ids.slice(start, start + IDS_PER_QUERY);
    const rosters = await loadRosters(tx, some);
    const rows = await tx<StoredExternal>("responders")
      .where({ kind: "external" })
      .whereNull("deleted_at")
      .whereIn("id", some)
      .orderBy("id")
      .forUpdate();
    for (const row of rows)
      known.set(row.id, {
        responder: toResponder(secrets, row),
        rosters: rosters.filter((one) => one.responderId === row.id),
      });
  }
  return known;
}

interface RosterOf {
  responderId: string;
  spaceId: string;
  incidentId?: string;
}

/** Locks the spaces first, as every decision about a space does. */
async function loadRosters(tx: Tx, ids: readonly string[]): Promise<RosterOf[]> {
  const onRosters = () => tx("roster").whereIn("responder_id", ids);
  await tx("spaces")
    .whereIn("id", onRosters().select("space_id"))
    .orderBy("id")
    .forUpdate()
    .select("id");
  const rows = await onRosters()
    .leftJoin("incidents", (on) =>
      on.on("incidents.space_id", "roster.space_id").andOnVal("incidents.state", "running"),
    )
    .select<{ responderId: string; spaceId: string; incidentId: string | null }[]>(
      "roster.responder_id as responderId",
      "roster.space_id as spaceId",
      "incidents.id as incidentId",
    );
  return rows.map(({ incidentId, ...row }) => ({
    ...row,
    ...(incidentId === null ? {} : { incidentId }),
  }));
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
  const byName = where.whereRaw("name_folded LIKE ? ESCAPE '!'", [`%${escapeLike(fold(term))}%`]);
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
