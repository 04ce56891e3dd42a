import type { Knex } from "knex";
import type { Invitation, InvitedPerson } from "../incident/invitation";
import type { Secrets } from "../secrets";
import { lookupOf } from "./rows";

interface InvitationRow extends Omit<Invitation, "isDrill"> {
  isDrill: number;
}

/**
 * The running incidents that have called this person and whose roster they are on, the newest
 * first. What it answers may be old by the time it is used.
 */
export async function findInvitations(
  db: Knex,
  secrets: Secrets,
  { email, personId }: InvitedPerson,
): Promise<Invitation[]> {
  const rows = await db("responders")
    .join("roster", "roster.responder_id", "responders.id")
    .join("incidents", "incidents.space_id", "roster.space_id")
    .whereNull("responders.deleted_at")
    .where({ "incidents.state": "running" })
    .where((where) => {
      void where.where({ "responders.person_id": personId });
      if (email !== "")
        void where.orWhere({
          "responders.person_id": null,
          "responders.email_hash": lookupOf(secrets, "email", email),
        });
    })
    .whereExists(
      db("outbox")
        .whereRaw("outbox.incident_id = incidents.id AND outbox.responder_id = responders.id")
        .whereNotNull("outbox.round_id")
        .select("outbox.id"),
    )
    .orderBy("incidents.number", "desc")
    .select<InvitationRow[]>(
      "incidents.id as incidentId",
      "incidents.number as number",
      "incidents.name as name",
      "incidents.is_drill as isDrill",
      "incidents.space_id as spaceId",
      "responders.id as responderId",
    );
  return rows.map(({ isDrill, ...row }) => ({ ...row, isDrill: isDrill === 1 }));
}
