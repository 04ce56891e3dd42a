import type { Knex } from "knex";
import type { Clock } from "../clock";
import type { Secrets } from "../secrets";
import type { Database } from "./database";
import { GroupCommit } from "./group-commit";
import { finishInbox } from "./inbox-finish";
import { queueOwnEvent } from "./inbox-own-event";
import { LEASE_MS } from "./outbox-claim";
import { openEach } from "./readable";
import { openJson, sealJson, type Tx } from "./rows";
import { inTransaction } from "./transaction";
import type { OwnEvent } from "../incident/change";

export type InboxKind = "message" | "action" | "receipt" | "text" | OwnEvent["kind"];

/** An event as it was received, not yet handled. */
export interface NewInboxRow {
  kind: "message" | "action" | "receipt" | "text";
  /** The same event has the same key however often it is delivered. */
  key: string;
  spaceId?: string;
  personId?: string;
  occurredAt: number;
  body: unknown;
}

/** An event that this process holds under a lease. */
export interface InboxRow {
  id: string;
  leaseToken: string;
  kind: InboxKind;
  spaceId?: string;
  personId?: string;
  occurredAt: number;
  receivedAt: number;
  attempts: number;
  body: unknown;
}

interface StoredRow {
  id: string;
  kind: InboxKind;
  unique_key: string;
  space_id: string | null;
  person_id: string | null;
  occurred_at: number;
  received_at: number;
  body: string;
  state: "waiting" | "handling" | "done" | "dead";
  attempts: number;
  due_at: number;
  again: number;
  lease_until: number | null;
  lease_token: string | null;
  last_error: string | null;
}

export interface InboxSettings {
  secrets: Secrets;
  clock: Clock;
  newId: () => string;
  /** An event that cannot be opened was ended. */
  onUnreadable: (table: "outbox" | "inbox", id: string) => void;
}

/** Received events: kept once, handled under a lease, finished in their decision's transaction. */
export class Inbox {
  private readonly inserts: GroupCommit<NewInboxRow, "stored" | "duplicate">;

  constructor(
    private readonly db: Database,
    private readonly settings: InboxSettings,
    private readonly onStored: () => void,
  ) {
    this.inserts = new GroupCommit(db, (tx, items) => this.insertAll(tx, items));
  }

  /** Resolves once the event is on disk. */
  async add(row: NewInboxRow): Promise<"stored" | "duplicate"> {
    const outcome = await this.inserts.add(row);
    if (outcome === "stored") this.onStored();
    return outcome;
  }

  /** Queues Muster's own work outside a decision: a hint that something changed at Webex. */
  async addOwn(event: OwnEvent): Promise<void> {
    await inTransaction(this.db, (tx) =>
      queueOwnEvent(tx, this.settings, { event, at: this.settings.clock.now() }),
    );
    this.onStored();
  }

  /** What is due, of these kinds or of all. */
  async claim(limit: number, kinds?: readonly InboxKind[]): Promise<InboxRow[]> {
    const { clock, newId } = this.settings;
    if (!(await this.hasWork(kinds))) return [];
    return inTransaction(this.db, async (tx) => {
      await tx<StoredRow>("inbox")
        .whereRaw("state = 'handling'")
        .where("lease_until", "<", this.db.realNow())
        .update({ state: "waiting", lease_until: null, lease_token: null });
      const due = tx<StoredRow>("inbox")
        .whereRaw("state = 'waiting'")
        .where("due_at", "<=", clock.now())
        .orderBy(["due_at", "id"])
        .limit(limit)
        .select("id");
      if (kinds) due.whereIn("kind", kinds);
      const rows = (await tx("inbox")
        .withMaterialized(
          "due",
          this.db.dialect === "postgres" ? due.forUpdate().skipLocked() : due,
        )
        .whereIn("id", tx("due").select("id"))
        .update({
          state: "handling",
          attempts: tx.raw("attempts + 1"),
          again: 0,
          lease_until: tx.raw("? + ?", [this.db.realNow(), LEASE_MS]),
          lease_token: newId(),
        })
        .returning("*")) as StoredRow[];
      const opened = openEach(rows.sort(byReception), (row) => this.toInboxRow(row));
      await this.endUnreadable(tx, opened.unreadable);
      return opened.values;
    });
  }

  /** The worker is woken more often than there is something for it; a look costs less than a commit. */
  private async hasWork(kinds: readonly InboxKind[] | undefined): Promise<boolean> {
    const { read } = this.db;
    const waiting = read("inbox")
      .whereRaw("state = 'waiting'")
      .where("due_at", "<=", this.settings.clock.now());
    if (kinds) waiting.whereIn("kind", kinds);
    const dead = read("inbox")
      .whereRaw("state = 'handling'")
      .where("lease_until", "<", this.db.realNow());
    const first = (rows: Knex.QueryBuilder, as: string) => rows.limit(1).select("id").as(as);
    const [found] = (await read.select(first(waiting, "waiting"), first(dead, "dead"))) as [
      { waiting: string | null; dead: string | null },
    ];
    return found.waiting !== null || found.dead !== null;
  }

  private async endUnreadable(tx: Tx, rows: readonly StoredRow[]): Promise<void> {
    if (rows.length === 0) return;
    const ids = rows.map((row) => row.id);
    for (const id of ids) this.settings.onUnreadable("inbox", id);
    await tx("inbox").whereIn("id", ids).update({
      state: "dead",
      last_error: "it cannot be read",
      finished_at: this.settings.clock.now(),
      lease_until: null,
      lease_token: null,
    });
  }

  /** Handled without a decision of its own. */
  async finish(row: Pick<InboxRow, "id" | "leaseToken">): Promise<void> {
    await inTransaction(this.db, (tx) => finishInbox(tx, this.settings.clock, row));
  }

  /** Not handled this time; to be tried again at `dueAt`. */
  async retry(
    row: Pick<InboxRow, "id" | "leaseToken">,
    dueAt: number,
    error: string,
  ): Promise<void> {
    await this.held(row).update({
      state: "waiting",
      due_at: dueAt,
      last_error: error,
      lease_until: null,
      lease_token: null,
    });
  }

  /** When the next event is due, on the moved clock. */
  async nextDueAt(kinds?: readonly InboxKind[]): Promise<number | undefined> {
    const waiting = this.db.read<StoredRow>("inbox").where({ state: "waiting" });
    if (kinds) waiting.whereIn("kind", kinds);
    const row = await waiting.min({ due: "due_at" }).first();
    const due = (row as { due: number | null } | undefined)?.due;
    return due ?? undefined;
  }

  private held(row: Pick<InboxRow, "id" | "leaseToken">) {
    return this.db
      .write<StoredRow>("inbox")
      .where({ id: row.id, state: "handling", lease_token: row.leaseToken });
  }

  private async insertAll(tx: Tx, items: NewInboxRow[]): Promise<("stored" | "duplicate")[]> {
    const now = this.settings.clock.now();
    const rows = items.map((item) => {
      const id = this.settings.newId();
      return {
        id,
        kind: item.kind,
        unique_key: item.key,
        space_id: item.spaceId ?? null,
        person_id: item.personId ?? null,
        occurred_at: item.occurredAt,
        received_at: now,
        body: sealJson(this.settings.secrets, item.body, "inbox", id),
        state: "waiting" as const,
        attempts: 0,
        due_at: now,
        again: 0,
      };
    });
    const inserted = await tx<StoredRow>("inbox")
      .insert(rows)
      .onConflict("unique_key")
      .ignore()
      .returning("id");
    const ids = new Set(inserted.map((row) => row.id));
    await this.noteActivity(
      tx,
      items.filter((_, at) => ids.has(rows[at]?.id ?? "")),
    );
    return rows.map((row) => (ids.has(row.id) ? "stored" : "duplicate"));
  }

  /**
   * How far each space was heard, so that a gap can be read from there. A space that a decision holds
   * is left as it is, since whoever delivers an event does not wait for decisions: then a little more
   * than the gap is read.
   */
  private async noteActivity(tx: Tx, items: readonly NewInboxRow[]): Promise<void> {
    const newest = new Map<string, number>();
    for (const { spaceId, occurredAt } of items)
      if (spaceId !== undefined)
        newest.set(spaceId, Math.max(occurredAt, newest.get(spaceId) ?? 0));
    for (const [id, at] of newest) {
      const free = tx("spaces")
        .where({ id })
        .where((where) => void where.whereNull("last_event_at").orWhere("last_event_at", "<", at))
        .select("id");
      if (this.db.dialect === "postgres") free.forUpdate().skipLocked();
      await tx("spaces").whereIn("id", free).update({ last_event_at: at });
    }
  }

  private toInboxRow(row: StoredRow): InboxRow {
    return {
      id: row.id,
      leaseToken: row.lease_token ?? "",
      kind: row.kind,
      occurredAt: row.occurred_at,
      receivedAt: row.received_at,
      attempts: row.attempts,
      body: openJson(this.settings.secrets, row.body, "inbox", row.id),
      ...(row.space_id === null ? {} : { spaceId: row.space_id }),
      ...(row.person_id === null ? {} : { personId: row.person_id }),
    };
  }
}

/** Ids count up, so they tell the order within one millisecond. */
function byReception(a: StoredRow, b: StoredRow): number {
  return a.received_at - b.received_at || (a.id < b.id ? -1 : 1);
}
