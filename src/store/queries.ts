import type { DueReminder } from "../incident/reminder-timer";
import type { DueRound } from "../incident/round-timer";
import type { DueStatusCard } from "../incident/status-timer";
import type { SpaceFacts } from "../roster/change";
import type { Database } from "./database";
import { toSpace, type SpaceRow } from "./rows";

/** Questions asked outside of decisions. What they answer may be old by the time it is used. */
export class SpaceQueries {
  constructor(private readonly db: Database) {}

  async findSpace(spaceId: string): Promise<SpaceFacts | undefined> {
    const row = await this.db.read<SpaceRow>("spaces").where({ id: spaceId }).first();
    return row?.gone_at === null ? toSpace(row) : undefined;
  }

  /** Rounds that may be over. */
  async dueRounds(now: number): Promise<DueRound[]> {
    const rows = await this.db
      .read("rounds")
      .join("incidents", "incidents.id", "rounds.incident_id")
      .where("rounds.due_at", "<=", now)
      .orderBy("rounds.due_at")
      .limit(50)
      .select<(Omit<DueRound, "openedBy"> & DueRound["openedBy"])[]>(
        "rounds.id as id",
        "incidents.space_id as spaceId",
        "incidents.id as incidentId",
        "rounds.due_at as dueAt",
        "rounds.trigger as trigger",
        "rounds.opened_by as personId",
        "rounds.opened_by_name as name",
      );
    return rows.map(({ personId, name, ...round }) => ({
      ...round,
      openedBy: { personId, name },
    }));
  }

  async nextRoundDueAt(): Promise<number | undefined> {
    return this.nextDueAt("rounds");
  }

  /** Incidents in which somebody may have to be reminded. */
  async dueReminders(now: number): Promise<DueReminder[]> {
    return this.db
      .read("incidents")
      .where("renotify_due_at", "<=", now)
      .orderBy("renotify_due_at")
      .limit(50)
      .select<DueReminder[]>("id", "space_id as spaceId", "renotify_due_at as dueAt");
  }

  nextReminderDueAt(): Promise<number | undefined> {
    return this.nextDueAt("incidents", "renotify_due_at");
  }

  /** Looks at an incident again later, after that has failed. */
  async postponeReminder(id: string, dueAt: number): Promise<void> {
    await this.db
      .write("incidents")
      .where({ id, state: "running" })
      .where("renotify_due_at", "<=", dueAt)
      .update({ renotify_due_at: dueAt });
  }

  /** Status cards that may be out of date. */
  async dueStatusCards(now: number): Promise<DueStatusCard[]> {
    return this.db
      .read("status_cards")
      .where("due_at", "<=", now)
      .orderBy("due_at")
      .limit(50)
      .select<DueStatusCard[]>("space_id as spaceId", "due_at as dueAt");
  }

  nextStatusCardDueAt(): Promise<number | undefined> {
    return this.nextDueAt("status_cards");
  }

  private async nextDueAt(
    table: "rounds" | "status_cards" | "incidents",
    column = "due_at",
  ): Promise<number | undefined> {
    const row = (await this.db.read(table).whereNotNull(column).min({ due: column }).first()) as
      { due: number | null } | undefined;
    return row?.due ?? undefined;
  }

  /** Group spaces in which a gap is looked for: those with a running incident, and the newest ones. */
  async spacesToCatchUp(most: number): Promise<{ id: string; kind: "group"; since: number }[]> {
    const known = () =>
      this.db
        .read<SpaceRow>("spaces")
        .where({ kind: "group" })
        .whereNull("gone_at")
        .select("id", "last_event_at", "read_at");
    const newest = await known()
      .whereNotNull("last_event_at")
      .orderBy("last_event_at", "desc")
      .limit(most);
    const running = await known().whereIn("id", await this.spacesWithRunningIncident());
    const spaces = new Map([...running, ...newest].map((row) => [row.id, row]));
    return [...spaces.values()].map((row) => ({
      id: row.id,
      kind: "group",
      since: row.last_event_at ?? row.read_at,
    }));
  }

  /** Persons whom a running incident invited, with when: they may have written directly since. */
  async invitedPersons(): Promise<{ id: string; since: number }[]> {
    return this.db
      .read("outbox")
      .join("responders", "responders.id", "outbox.responder_id")
      .whereIn(
        "outbox.incident_id",
        this.db.read("incidents").where({ state: "running" }).select("id"),
      )
      .where({ "outbox.channel": "webex" })
      .whereIn("outbox.state", ["accepted", "delivered"])
      .whereNotNull("responders.person_id")
      .groupBy("responders.person_id")
      .select("responders.person_id as id")
      .min<{ id: string; since: number }[]>({ since: "outbox.created_at" });
  }

  /** Looks at a round again later, after it could not be closed. */
  async postponeRound(id: string, dueAt: number): Promise<void> {
    await this.db.write("rounds").where({ id }).whereNull("closed_at").update({ due_at: dueAt });
  }

  /** Looks at a status card again later, after that has failed. */
  async postponeStatusCard(spaceId: string, dueAt: number): Promise<void> {
    await this.db
      .write("status_cards")
      .where({ space_id: spaceId })
      .where("due_at", "<=", dueAt)
      .update({ due_at: dueAt });
  }

  async spacesWithRunningIncident(): Promise<string[]> {
    const rows = await this.db
      .read("incidents")
      .where({ state: "running" })
      .select<{ space_id: string }[]>("space_id");
    return rows.map((row) => row.space_id);
  }

  /** Group spaces of an organisation that the person moderates as far as we know, the liveliest first. */
  async spacesModeratedBy(personId: string, orgId: string, most: number): Promise<string[]> {
    const rows = await this.db
      .read("members")
      .join("spaces", "spaces.id", "members.space_id")
      .where({ "members.person_id": personId, "members.is_moderator": 1, "spaces.kind": "group" })
      .whereNull("spaces.gone_at")
      .where(
        (where) =>
          void where.whereNull("spaces.owner_org_id").orWhere({ "spaces.owner_org_id": orgId }),
      )
      .orderByRaw("spaces.last_event_at IS NULL, spaces.last_event_at DESC, spaces.id")
      .limit(most)
      .select<{ id: string }[]>("spaces.id as id");
    return rows.map(({ id }) => id);
  }

  /** Who moderates the space as far as we know; a bot does not count. */
  async moderatorsOf(spaceId: string): Promise<string[]> {
    const rows = await this.db
      .read("members")
      .where({ space_id: spaceId, is_moderator: 1, is_bot: 0 })
      .orderBy("person_id")
      .select<{ id: string }[]>("person_id as id");
    return rows.map(({ id }) => id);
  }

  /** Ages for the metrics: how long the oldest event and the oldest due notification have waited. */
  async oldestWaiting(now: number): Promise<{ inboxMs: number; outboxMs: number }> {
    const inbox = await this.least("inbox", "received_at", { state: "waiting" });
    const outbox = await this.least("outbox", "due_at", { state: "queued" });
    return {
      inboxMs: inbox === undefined ? 0 : Math.max(0, now - inbox),
      outboxMs: outbox === undefined ? 0 : Math.max(0, now - outbox),
    };
  }

  /** How many are queued or being sent; replies do not count. */
  async openNotifications(): Promise<number> {
    // The states are written out: SQLite proves nothing of a partial index from a bound value.
    const [row] = (await this.db
      .read("outbox")
      .whereRaw("state IN ('queued', 'sending')")
      .whereIn("lane", ["webex", "sms", "voice"])
      .whereNotNull("round_id")
      .count({ open: "*" })) as [{ open: number | string }];
    return Number(row.open);
  }

  private async least(
    table: string,
    column: string,
    where: Record<string, string>,
  ): Promise<number | undefined> {
    const row = (await this.db.read(table).where(where).min({ least: column }).first()) as
      { least: number | null } | undefined;
    return row?.least ?? undefined;
  }
}
