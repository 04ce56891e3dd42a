import type { Knex } from "knex";
import type { Clock } from "../clock";
import type { Database } from "./database";

const DAY_MS = 24 * 60 * 60_000;
const KEPT_MS = 7 * DAY_MS;
const CARDS_KEPT_MS = 30 * DAY_MS;
/** Long enough that no press from before is still being carried out. */
const EXPIRED_KEPT_MS = 60 * 60_000;
const NUMBERS_KEPT_MS = DAY_MS;
const STATES_KEPT_MS = DAY_MS;
const RECEIPTS_KEPT_MS = 30 * DAY_MS;
/** Few enough that nobody waits behind one commit. */
const ROWS_PER_COMMIT = 100;
const FINISHED = ["accepted", "delivered", "failed", "cancelled", "expired"];

/**
 * Deletes finished effects and events after seven days, cards thirty days after their incident
 * ended, but not one that stands in a space now. Cards of no incident go an hour after they expired:
 * they may remember people with their numbers. Links to a grant go after a day, what calls were
 * told to do after seven, what a number sent and got after a day. Of receipts the provider's words
 * go after thirty days. Notifications and incidents are history and stay.
 */
export async function cleanUp(db: Database, clock: Clock): Promise<void> {
  const now = clock.now();
  const table = (name: string) => db.write(name);
  await deleteAll(() =>
    table("outbox")
      .whereNull("round_id")
      .whereIn("state", FINISHED)
      .where("changed_at", "<", now - KEPT_MS),
  );
  await deleteAll(() =>
    table("inbox")
      .whereIn("state", ["done", "dead"])
      .where("finished_at", "<", now - KEPT_MS),
  );
  await deleteAll(() => oldCards(db, now));
  await deleteAll(() => expiredCards(db, now));
  await deleteAll(() => table("oauth_states").where("created_at", "<", now - STATES_KEPT_MS));
  await deleteAll(() => table("calls").where("changed_at", "<", now - KEPT_MS), "session_id");
  await inPortions(
    () =>
      table("receipts")
        .whereNotNull("body")
        .where("received_at", "<", now - RECEIPTS_KEPT_MS),
    (portion) => portion.update({ body: null }),
  );
  await forgetNumbers(db, now);
}

/** That a number takes no texts is never forgotten; what it got, wrote and was answered is. */
async function forgetNumbers(db: Database, now: number): Promise<void> {
  const before = now - NUMBERS_KEPT_MS;
  const old = () =>
    db
      .write("numbers")
      .where("changed_at", "<", before)
      .where((where) => void where.whereNull("last_hint_at").orWhere("last_hint_at", "<", before));
  await deleteAll(() => old().whereNull("opted_out_at"), "hash");
  const isFull = (where: Knex.QueryBuilder): void =>
    void where
      .whereNot({ texts: "[]" })
      .orWhereNot({ calls: "[]" })
      .orWhereNotNull("heard")
      .orWhereNotNull("answered")
      .orWhereNotNull("last_hint_at");
  const empty = { texts: "[]", calls: "[]", heard: null, answered: null, last_hint_at: null };
  await inPortions(
    () => old().where(isFull),
    (portion) => portion.update(empty),
    "hash",
  );
}

function oldCards(db: Database, now: number) {
  const before = now - CARDS_KEPT_MS;
  const ended = db.write("incidents").where("stopped_at", "<", before).select("id");
  return db
    .write("cards")
    .where("created_at", "<", before)
    .whereNotIn("id", standing(db))
    .where((where) => void where.whereNull("incident_id").orWhereIn("incident_id", ended));
}

function expiredCards(db: Database, now: number) {
  return db
    .write("cards")
    .whereNull("incident_id")
    .where("expires_at", "<", now - EXPIRED_KEPT_MS)
    .whereNotIn("id", standing(db));
}

/** A quiet space's status card may be pressed years later. */
function standing(db: Database) {
  return db.write("status_cards").whereNotNull("card_id").select("card_id");
}

function deleteAll(old: () => Knex.QueryBuilder, key = "id"): Promise<void> {
  return inPortions(old, (portion) => portion.delete(), key);
}

/** `end` must take the rows out of what `old` finds. */
async function inPortions(
  old: () => Knex.QueryBuilder,
  end: (portion: Knex.QueryBuilder) => PromiseLike<unknown>,
  key = "id",
): Promise<void> {
  for (;;) {
    const keys = (await old().limit(ROWS_PER_COMMIT).pluck(key)) as string[];
    if (keys.length === 0) return;
    // One that was used again meanwhile is not old any more.
    await end(old().whereIn(key, keys));
  }
}
