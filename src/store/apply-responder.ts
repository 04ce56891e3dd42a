import type { RosterChange } from "../roster/change";
import type { Tx } from "./rows";
import { lockSpacesOf } from "./lock-spaces";
import { OvertakenError } from "./transaction";

type Of<K extends RosterChange["kind"]> = Extract<RosterChange, { kind: K }>;

const ROWS_PER_UPDATE = 500;

/** The name stays for the record; numbers and person are free for another responder. */
export async function deleteResponder(
  tx: Tx,
  { responderId, at }: Pick<Of<"responder.deleted">, "responderId" | "at">,
): Promise<void> {
  await tx("responders").where({ id: responderId }).update({
    deleted_at: at,
    person_id: null,
    contact: null,
    email_hash: null,
    mobile_hash: null,
    voice_hash: null,
    mobile_last4_hash: null,
    voice_last4_hash: null,
  });
}

/**
 * Ties an external to a Webex person; the person's record of until now gives way to it. Throws
 * `OvertakenError` where the external is deleted or another person's meanwhile.
 */
export async function joinResponder(
  tx: Tx,
  { at, personId, replacesId, responderId }: Of<"responder.joined">,
): Promise<void> {
  if (replacesId !== undefined) {
    await lockSpacesOf(tx, [replacesId, responderId]);
    await deleteResponder(tx, { responderId: replacesId, at });
  }
  const tied = await tx("responders")
    .where({ id: responderId })
    .whereNull("deleted_at")
    .whereNull("person_id")
    .update({ person_id: personId });
  if (tied === 0) throw new OvertakenError("An external who was to be tied is gone.");
  if (replacesId === undefined) return;
  await moveHistory(tx, replacesId, responderId);
  await moveLines(tx, "teams", "incident_id", replacesId, responderId);
  await moveLines(tx, "roster", "space_id", replacesId, responderId);
}

/**
 * What was sent, what still waits, and what was answered goes on under the other record, so that
 * nobody is called "not reached" or is told nothing. What both were sent in one round stays with
 * each of them.
 */
async function moveHistory(tx: Tx, from: string, to: string): Promise<void> {
  const incidents = () =>
    tx("incidents")
      .whereIn("id", tx("teams").where({ responder_id: from }).select("incident_id"))
      .orWhere(
        (where) =>
          void where
            .where({ state: "running" })
            .whereIn("space_id", tx("roster").where({ responder_id: from }).select("space_id")),
      )
      .select("id");
  const rows = await tx("outbox")
    .where({ responder_id: from })
    .whereIn("incident_id", incidents())
    .whereNotExists(
      tx("outbox as other")
        .where({ "other.responder_id": to })
        .whereRaw("other.round_id = outbox.round_id and other.channel = outbox.channel")
        .select("other.id"),
    )
    .orderBy("id")
    .forUpdate()
    .select<{ id: string }[]>("outbox.id");
  const ids = rows.map(({ id }) => id);
  for (let start = 0; start < ids.length; start += ROWS_PER_UPDATE)
    await tx("outbox")
      .whereIn("id", ids.slice(start, start + ROWS_PER_UPDATE))
      .update({ responder_id: to });
  for (const table of ["cards", "answers"])
    await tx(table)
      .where({ responder_id: from })
      .whereIn("incident_id", incidents())
      .update({ responder_id: to });
}

/** Where both stand, the line of `to` stays, and Webex is switched on. */
async function moveLines(
  tx: Tx,
  table: "roster" | "teams",
  place: "space_id" | "incident_id",
  from: string,
  to: string,
): Promise<void> {
  const places = (responderId: string) =>
    tx(table).where({ responder_id: responderId }).select(place);
  await tx(table).where({ responder_id: to }).whereIn(place, places(from)).update({ webex: 1 });
  await tx(table).where({ responder_id: from }).whereIn(place, places(to)).delete();
  await tx(table).where({ responder_id: from }).update({ responder_id: to });
}
