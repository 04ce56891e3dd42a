import type { Change } from "../../src/incident/change";
import type { NewRound } from "../../src/notify/change";
import type {
  AttemptRecord,
  ClaimedRow,
  Lane,
  NewEffect,
  NewNotification,
} from "../../src/notify/outbox-row";
import type { SendState } from "../../src/notify/notification";
import type { Responder } from "../../src/roster/responder";
import { LEASE_MS } from "../../src/store/outbox-claim";
import type { OutboxRow } from "../../src/store/outbox-columns";
import type { Store } from "../../src/store/store";
import { ana, anExternal, aSpace, SPACE } from "../support/builders";
import type { TestDatabase } from "../support/databases";

export const MINUTE = 60_000;
export const ALL_ON = { webex: true, sms: true, voice: true };
export const START = Date.UTC(2026, 0, 5, 3, 0, 0);

/** Writes changes as a decision does. */
export async function write(store: Store, ...changes: Change[]): Promise<void> {
  await store.anywhere({ kind: "reading" }, () => ({ changes, result: undefined }));
}

/** A space with these responders on its roster, every channel on. */
export async function seedSpace(
  store: Store,
  responders: readonly Responder[] = [anExternal()],
  spaceId = SPACE,
): Promise<void> {
  await write(
    store,
    { kind: "space.saved", space: aSpace({ id: spaceId }), botIsModerator: true, at: START },
    ...responders.flatMap((responder): Change[] => [
      { kind: "responder.created", responder, at: START },
      { kind: "roster.set", spaceId, responderId: responder.id, channels: ALL_ON, at: START },
    ]),
  );
}

/** A running incident, "incident-1" unless told otherwise, with the round "round-1". */
export async function seedIncident(store: Store, number = 1, spaceId = SPACE): Promise<void> {
  await write(store, anIncidentStarted(number, spaceId), {
    kind: "round.opened",
    round: aRound({ id: `round-${number}`, incidentId: `incident-${number}` }),
  });
}

/** A space with these responders, its running incident, and what waits to be sent for it. */
export async function seedRunning(
  store: Store,
  responders?: readonly Responder[],
  ...notifications: NewNotification[]
): Promise<void> {
  await seedSpace(store, responders);
  await seedIncident(store);
  await queue(store, ...notifications);
}

export function anIncidentStarted(number = 1, spaceId = SPACE): Change {
  const id = `incident-${number}`;
  return {
    kind: "incident.started",
    incident: { id, number, spaceId, name: "payments down", isDrill: false, by: ana },
    at: START,
  };
}

/** Ana stopped it. */
export function anIncidentStopped(number = 1, at = START): Change {
  const incidentId = `incident-${number}`;
  return { kind: "incident.stopped", incidentId, by: ana, reason: "command", at };
}

export function aRound(overrides: Partial<NewRound> = {}): NewRound {
  return {
    id: "round-1",
    incidentId: "incident-1",
    kind: "invite",
    trigger: "command",
    openedBy: ana,
    at: START,
    ...overrides,
  };
}

/** A text to Eve, due at once. */
export function aNotification(overrides: Partial<NewNotification> = {}): NewNotification {
  return {
    id: "n-1",
    incidentId: "incident-1",
    roundId: "round-1",
    responderId: "r-eve",
    channel: "sms",
    kind: "invite",
    dueAt: START,
    waitsForConference: false,
    expiresAt: START + 30 * MINUTE,
    position: 0,
    ...overrides,
  };
}

/** A reply in the space, due at once. */
export function anEffect(overrides: Partial<NewEffect> = {}): NewEffect {
  return {
    id: "e-1",
    effect: { kind: "reply", to: { kind: "space", spaceId: SPACE }, post: { markdown: "Done." } },
    spaceId: SPACE,
    dueAt: START,
    expiresAt: START + 2 * MINUTE,
    priority: 0,
    ...overrides,
  };
}

/** A status card that stands in the space, just posted and looked at; columns as they are. */
export async function seedStatusCard(store: Store, columns: object = {}): Promise<void> {
  await store.db.write("status_cards").insert({
    space_id: SPACE,
    card_id: "card-1",
    message_id: "message-1",
    wanted_version: 1,
    posted_version: 1,
    picture: "",
    replaced_at: START,
    looked_at: START,
    line_edits: 0,
    ...columns,
  });
}

export async function queue(store: Store, ...notifications: NewNotification[]): Promise<void> {
  await write(
    store,
    ...notifications.map((notification): Change => ({ kind: "notification.queued", notification })),
  );
}

export async function queueEffects(store: Store, ...effects: NewEffect[]): Promise<void> {
  await write(store, ...effects.map((effect): Change => ({ kind: "effect.queued", effect })));
}

/** What its sender writes back about a claimed row. */
export function recordOf(
  row: ClaimedRow,
  state: SendState,
  more: Partial<AttemptRecord> = {},
): AttemptRecord {
  return {
    id: row.id,
    leaseToken: row.leaseToken,
    state,
    keyNumber: row.keyNumber,
    unclearSince: row.unclearSince ?? null,
    maybeSent: row.maybeSent,
    ...more,
  };
}

/** Claims and returns the rows alone, notifications first. */
export async function claimRows(store: Store, lane: Lane, limit = 100): Promise<ClaimedRow[]> {
  const claim = await store.outbox.claim(lane, limit);
  return [...claim.notifications.map((context) => context.row), ...claim.effects];
}

/** Claims the lane's first row and records what came of it; false where nobody heard it. */
export async function settleFirst(
  store: Store,
  lane: Lane,
  state: SendState,
  more?: Partial<AttemptRecord>,
): Promise<boolean> {
  const [row] = await claimRows(store, lane, 1);
  if (!row) throw new Error("No row was due.");
  return store.outbox.record(recordOf(row, state, more));
}

export async function claimIds(store: Store, lane: Lane, limit = 100): Promise<string[]> {
  return (await claimRows(store, lane, limit)).map((row) => row.id);
}

/** Claims the one row that is due in the lane. */
export async function claimOne(store: Store, lane: Lane): Promise<ClaimedRow> {
  const [row, ...others] = await claimRows(store, lane);
  if (!row || others.length > 0) throw new Error("Not exactly one row was due.");
  return row;
}

export async function outboxRow(store: Store, id: string): Promise<OutboxRow> {
  const row = await store.db.write<OutboxRow>("outbox").where({ id }).first();
  if (!row) throw new Error(`There is no outbox row ${id}.`);
  return row;
}

/** Every outbox row's state, by id. */
export async function outboxStates(store: Store): Promise<Record<string, SendState>> {
  const rows = await store.db.write<OutboxRow>("outbox").select("id", "state").orderBy("id");
  return Object.fromEntries(rows.map((row) => [row.id, row.state]));
}

/** Lets so much time pass that nobody holds a lease any more. */
export async function letLeasesExpire(store: Store, database: TestDatabase): Promise<void> {
  if (database.dialect === "sqlite") database.clock().passReal(LEASE_MS + 1);
  // Nobody can move the clock of a PostgreSQL server.
  else
    for (const table of ["outbox", "inbox"])
      await store.db
        .write(table)
        .whereNotNull("lease_until")
        .decrement("lease_until", LEASE_MS + 1);
}

/** Resolves when some connection to this PostgreSQL database waits for another one's lock. */
export async function somebodyWaits(store: Store): Promise<void> {
  const waiting = () =>
    store.db
      .write("pg_stat_activity")
      .where({ wait_event_type: "Lock" })
      .where("datname", store.db.write.raw("current_database()"))
      .first();
  while ((await waiting()) === undefined);
}

/** An external as a decision about them would see them. */
export async function externalIn(store: Store, id: string): Promise<Responder | undefined> {
  const decided = await store.forExternals(
    { kind: "reading" },
    { responderIds: [id] },
    (state) => ({
      changes: [],
      result: state.externals.get(id)?.responder,
    }),
  );
  return decided.isDone ? decided.result : undefined;
}
