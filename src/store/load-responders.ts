import type { Knex } from "knex";
import type { Responder } from "../roster/responder";
import type { Secrets } from "../secrets";
import { lockNumbers } from "./numbers";
import { lookupOf, toResponder, type ResponderRow, type Tx } from "./rows";

interface StoredResponder extends ResponderRow {
  deleted_at: number | null;
  mobile_hash: string | null;
  voice_hash: string | null;
}

const IDS_PER_QUERY = 500;

/** The responders that these persons are already, by person id. */
export async function loadPersons(
  db: Knex,
  secrets: Secrets,
  personIds: readonly string[],
): Promise<Map<string, Responder>> {
  const found = new Map<string, Responder>();
  for (let start = 0; start < personIds.length; start += IDS_PER_QUERY) {
    const ids = personIds.slice(start, start + IDS_PER_QUERY);
    const rows = await db<StoredResponder>("responders")
      .whereIn("person_id", ids)
      .whereNull("deleted_at");
    for (const row of rows)
      if (row.person_id !== null) found.set(row.person_id, toResponder(secrets, row));
  }
  return found;
}

/**
 * An external that has one of these numbers, on whichever channel. The numbers stay locked, so
 * that two people who save the same one at once do not make two externals of it.
 */
export async function findExternalByNumber(
  db: Tx,
  secrets: Secrets,
  numbers: readonly string[],
  now: number,
): Promise<Responder | undefined> {
  const hashes = [...new Set(numbers.map((number) => lookupOf(secrets, "number", number)))].sort();
  if (hashes.length > 0) await lockNumbers(db, hashes, now);
  const row = await db<StoredResponder>("responders")
    .where({ kind: "external" })
    .whereNull("deleted_at")
    .where((where) => void where.whereIn("mobile_hash", hashes).orWhereIn("voice_hash", hashes))
    .first();
  return row && toResponder(secrets, row);
}

/** Whose the numbers are, by number; the numbers stay locked like those of `findExternalByNumber`. */
export async function findOwners(
  db: Tx,
  secrets: Secrets,
  numbers: readonly string[],
  now: number,
): Promise<Map<string, Responder>> {
  const numberOf = new Map(numbers.map((number) => [lookupOf(secrets, "number", number), number]));
  const hashes = [...numberOf.keys()].sort();
  const owners = new Map<string, Responder>();
  for (let start = 0; start < hashes.length; start += IDS_PER_QUERY) {
    const some = hashes.slice(start, start + IDS_PER_QUERY);
    await lockNumbers(db, some, now);
    const rows = await db<StoredResponder>("responders")
      .where({ kind: "external" })
      .whereNull("deleted_at")
      .where((where) => void where.whereIn("mobile_hash", some).orWhereIn("voice_hash", some))
      .orderBy("id");
    for (const row of rows)
      for (const hash of [row.mobile_hash, row.voice_hash]) {
        const number = hash === null ? undefined : numberOf.get(hash);
        if (number !== undefined && !owners.has(number))
          owners.set(number, toResponder(secrets, row));
      }
  }
  return owners;
}

/**
 * Externals who have one of these e-mail addresses and are tied to no person, by address in lower
 * case. They stay as they are until the commit: nobody deletes whom a reading is about to tie to a
 * person, and two readings do not tie the same one.
 */
export async function findExternalsByEmail(
  db: Tx,
  secrets: Secrets,
  emails: readonly string[],
): Promise<Map<string, Responder[]>> {
  const found = new Map<string, Responder[]>();
  const hashes = [...new Set(emails.map((email) => lookupOf(secrets, "email", email)))];
  for (let start = 0; start < hashes.length; start += IDS_PER_QUERY) {
    const rows = await db<StoredResponder>("responders")
      .where({ kind: "external" })
      .whereNull("deleted_at")
      .whereNull("person_id")
      .whereIn("email_hash", hashes.slice(start, start + IDS_PER_QUERY))
      .orderBy("id")
      .forUpdate();
    for (const row of rows) {
      const responder = toResponder(secrets, row);
      const email = responder.email?.toLowerCase() ?? "";
      found.set(email, [...(found.get(email) ?? []), responder]);
    }
  }
  return found;
}
