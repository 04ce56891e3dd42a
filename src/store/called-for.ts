import type { Knex } from "knex";
import type { CalledFor } from "../incident/called-for";
import type { Responder } from "../roster/responder";
import type { Secrets } from "../secrets";
import { NumbersUnreadError, type Numbers, type NumbersOf } from "./internal-numbers";
import { lookupOf } from "./rows";

interface CalledRow {
  incident_id: string;
  number: number;
  name: string;
  space_id: string;
  space_title: string;
  responder_id: string;
  responder_name: string;
  language: string | null;
  kind: Responder["kind"];
  person_id: string | null;
}

const TOLD = ["sending", "queued", "accepted", "delivered", "failed", "expired"];

/**
 * The running incidents for which somebody with this number was called, the newest first, each with
 * who that is: people outside Webex who have it now, and Webex people who were texted or called on
 * it and whose number it still is. A number that was corrected since speaks for nobody. Throws
 * `NumbersUnreadError` where only the directory could tell.
 */
export async function findCalledFor(
  db: Knex,
  secrets: Secrets,
  number: string,
  numbersOf: NumbersOf,
): Promise<CalledFor[]> {
  const hash = lookupOf(secrets, "number", number);
  const rows = await db("incidents")
    .join("outbox", "outbox.incident_id", "incidents.id")
    .join("responders", "responders.id", "outbox.responder_id")
    .join("spaces", "spaces.id", "incidents.space_id")
    .where({ "incidents.state": "running" })
    .whereIn("outbox.state", TOLD)
    .where(
      (where) =>
        void where
          .where((texted) => {
            void texted.where({ "outbox.to_hash": hash, "responders.kind": "internal" });
          })
          .orWhere({ "responders.mobile_hash": hash })
          .orWhere({ "responders.voice_hash": hash }),
    )
    .whereNull("responders.deleted_at")
    .whereExists(
      db("roster")
        .whereRaw("roster.space_id = incidents.space_id AND roster.responder_id = responders.id")
        .select("roster.space_id"),
    )
    .distinct<CalledRow[]>(
      "incidents.id as incident_id",
      "incidents.number",
      "incidents.name",
      "incidents.space_id",
      "spaces.title as space_title",
      "responders.id as responder_id",
      "responders.name as responder_name",
      "responders.language",
      "responders.kind",
      "responders.person_id",
    )
    .orderBy([{ column: "incidents.number", order: "desc" }, { column: "responders.id" }]);
  const isTheirs = await whoHasNow(rows, number, numbersOf);
  const found = new Map<string, CalledFor>();
  for (const row of rows.filter(isTheirs)) {
    const known = found.get(row.incident_id) ?? {
      incident: { id: row.incident_id, number: row.number, name: row.name },
      space: { id: row.space_id, title: row.space_title },
      people: [],
    };
    known.people.push({
      responderId: row.responder_id,
      name: row.responder_name,
      ...(row.language === null ? {} : { language: row.language }),
    });
    found.set(row.incident_id, known);
  }
  return [...found.values()];
}

/** What the directory says at this moment. Without it nobody knows whether they were called. */
async function whoHasNow(
  rows: readonly CalledRow[],
  number: string,
  numbersOf: NumbersOf,
): Promise<(row: CalledRow) => boolean> {
  const persons = rows.flatMap((row) => (row.kind === "internal" ? (row.person_id ?? []) : []));
  const numbers: Numbers =
    persons.length === 0 ? new Map() : await numbersIn(numbersOf, [...new Set(persons)]);
  return ({ kind, person_id: personId }) => {
    if (kind === "external") return true;
    const { mobile, voice } = numbers.get(personId ?? "") ?? {};
    return mobile === number || voice === number;
  };
}

async function numbersIn(numbersOf: NumbersOf, personIds: readonly string[]): Promise<Numbers> {
  try {
    return await numbersOf(personIds);
  } catch (error) {
    throw new NumbersUnreadError("The directory cannot be read.", { cause: error });
  }
}
