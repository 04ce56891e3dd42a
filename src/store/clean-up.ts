import type { Clock } from "../clock";
import type { Database } from "./database";

const DAY_MS = 24 * 60 * 60_000;
const KEPT_MS = 7 * DAY_MS;
const CARDS_KEPT_MS = 30 * DAY_MS;
/** Long enough that no press from before is still being carried out. */
const EXPIRED_KEPT_MS = 60 * 60_000;
const NUMBERS_KEPT_MS = DAY_MS;
const STATES_KEPT_MS = DAY_MS;
/** Few enough that nobody waits behind one commit. */
const ROWS_PER_COMMIT = 100;
const FINISHED = ["accepted", "delivered", "failed", "cancelled", "expired"];

/**
 * Deletes finished effects and events after seven days, cards thirty days after their incident
 * ended, but not one that stands in a space now. Cards of no incident go an hour after they expired:
 * they may remember people with their numbers. Links to a grant go after a day, what calls were
 * told to do after seven. Notifications and incidents are history and stay.
 */
export async function cleanUp(db: Database, clock: Clock): Promise<void> {
  const now = clock.now();
  await inPortions(db, "outbox", () =>
    db
      .write("outbox")
      .whereNull("round_id")
      .whereIn("state", FINISHED)
      .where("changed_at", "<", now - KEPT_MS),
  );
  await inPortions(db, "inbox", () =>
    db
      .write("inbox")
      .whereIn("state", ["done", "dead"])
      .where("finished_at", "<", now - KEPT_MS),
  );
  await inPortions(db, "cards", () => oldCards(db, now));
  await inPortions(db, "cards", () => expiredCards(db, now));
  await db
    .write("oauth_states")
    .where("created_at", "<", now - STATES_KEPT_MS)
    .delete();
  await db
    .write("calls")
    .where("changed_at", "<", now - KEPT_MS)
    .delete();
  await db
    .write("numbers")
    .whereNull("opted_out_at")
    .where("changed_at", "<", now - NUMBERS_KEPT_MS)
    .delete();
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

async function inPortions(
  db: Database,
  table: string,
  old: () => ReturnType<typeof oldCards>,
): Promise<void> {
  for (;;) {
    const ids = await old().select<{ id: string }[]>("id").limit(ROWS_PER_COMMIT);
    if (ids.length === 0) return;
    await db
      .write(table)
      .whereIn(
        "id",
        ids.map((row) => row.id),
      )
      .delete();
  }
}
