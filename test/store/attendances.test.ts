import type { Attendance } from "../../src/incident/attendance";
import type { Change } from "../../src/incident/change";
import type { Effect } from "../../src/notify/outbox-row";
import type { Store } from "../../src/store/store";
import { ana, aMeeting, aMeetingsGrant, aPerson, SPACE } from "../support/builders";
import { eachDatabase, onlyOn } from "../support/databases";
import { aLobbyAdmit } from "../support/outbox-builders";
import {
  anEffect,
  anIncidentStopped,
  claimOne,
  claimRows,
  outboxStates,
  queueEffects,
  recordOf,
  seedIncident,
  seedSpace,
  START,
  write,
} from "./seed";

const SECOND = 1_000;
const NOW_READ = { kind: "reading" } as const;
const INCIDENT = "incident-1";
const due = { id: INCIDENT, spaceId: SPACE, dueAt: START };

function grants(id = "grant-1", personId = ana.personId): Change {
  const grant = aMeetingsGrant({ id, personId, accessExpiresAt: START + 60_000 });
  return { kind: "grant.saved", grant, tokens: { access: "a", refresh: "r" } };
}

function meets(id = "meeting-1", incidentId = INCIDENT): Change {
  return { kind: "incident.conference", incidentId, conference: aMeeting({ id }) };
}

/** Its meeting was opened in Ana's name. */
async function running(store: Store): Promise<void> {
  await seedSpace(store, [aPerson()]);
  await seedIncident(store);
  await write(store, grants());
  await write(store, meets());
}

async function known(store: Store): Promise<Attendance | undefined> {
  const read = await store.withProgress(NOW_READ, { spaceId: SPACE }, (state) => ({
    changes: [],
    result: state.attendance,
  }));
  return read.isDone ? read.result : undefined;
}

async function dueAt(store: Store): Promise<number | null | undefined> {
  const row = (await store.db.write("attendances").where({ incident_id: INCIDENT }).first()) as
    { due_at: number | null } | undefined;
  return row?.due_at;
}

function present(...ids: string[]): Change {
  return { kind: "attendance.changed", incidentId: INCIDENT, present: ids };
}

eachDatabase("a meeting that the bot opened", ({ clock, open }) => {
  it("is read at once, and its host is who gave the grant", async () => {
    const store = await open();
    await running(store);
    const { attendances } = store;
    expect(await attendances.due(START - 1)).toEqual([]);
    expect(await attendances.due(START)).toEqual([due]);
    expect(await attendances.nextAt()).toBe(START);
    expect(await known(store)).toEqual({
      ...{ meetingId: "meeting-1", hostPersonId: ana.personId, present: [], waiting: 0 },
    });
  });

  it("is held by one of two who saw that it is due, until it is given back", async () => {
    const store = await open();
    await running(store);
    const { attendances } = store;
    const until = START + 60 * SECOND;
    const holders = await Promise.all([1, 2].map(() => attendances.hold(due, until)));
    const [held, ...others] = holders.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(held).toEqual({
      ...due,
      ...{ dueAt: until, meetingId: "meeting-1", hostPersonId: ana.personId, wasEmpty: true },
    });
    expect(await attendances.due(START)).toEqual([]);
    await attendances.putOff(held!, START + 20 * SECOND);
    expect(await attendances.nextAt()).toBe(START + 20 * SECOND);
    // Whoever died with one leaves it to whoever looks then.
    expect(await attendances.due(until)).toHaveLength(1);
  });

  it("is decided on once for each reading", async () => {
    const store = await open();
    await running(store);
    const held = await store.attendances.hold(due, START + 60 * SECOND);
    const trigger = { kind: "due", table: "attendances", id: INCIDENT } as const;
    const decide = () =>
      store.withProgress({ ...trigger, dueAt: held!.dueAt }, { spaceId: SPACE }, () => ({
        changes: [
          present("r-bo"),
          { kind: "attendance.due", incidentId: INCIDENT, dueAt: START + 20 * SECOND },
        ],
        result: undefined,
      }));
    expect([(await decide()).isDone, (await decide()).isDone]).toEqual([true, false]);
    expect(await dueAt(store)).toBe(START + 20 * SECOND);
    expect(await known(store)).toMatchObject({ present: ["r-bo"] });
  });

  it("shows in the progress of who is in it", async () => {
    const store = await open();
    await running(store);
    await write(store, present("r-bo", "r-gone"));
    const read = await store.withProgress(NOW_READ, { spaceId: SPACE }, ({ progress }) => ({
      changes: [],
      result: progress.map(({ isInMeeting, responder }) => [responder.id, isInMeeting]),
    }));
    expect(read).toMatchObject({ result: [["r-bo", true]] });
  });

  it("makes the status card out of date when somebody comes in or goes", async () => {
    const store = await open();
    await running(store);
    const to = { kind: "space" as const, spaceId: SPACE };
    const note = { cardId: "card-s", isStatusCardOf: SPACE };
    const effect: Effect = { kind: "reply", to, post: { markdown: "x" }, note };
    await write(store, {
      kind: "card.written",
      card: { id: "card-s", kind: "status", spaceId: SPACE },
      at: START,
    });
    await queueEffects(store, anEffect({ effect }));
    expect(await store.queries.nextStatusCardDueAt()).toBeUndefined();
    await write(store, { kind: "attendance.due", incidentId: INCIDENT, dueAt: START + 1 });
    expect(await store.queries.nextStatusCardDueAt()).toBeUndefined();
    await write(store, present("r-bo"));
    expect(await store.queries.nextStatusCardDueAt()).toBeDefined();
  });

  it("asked for again goes on as it was; another one begins anew", async () => {
    const store = await open();
    await running(store);
    await write(store, present("r-bo"), {
      ...{ kind: "attendance.due", incidentId: INCIDENT, dueAt: START + 90 * SECOND },
    });
    await write(store, meets());
    expect(await dueAt(store)).toBe(START + 90 * SECOND);
    expect(await known(store)).toMatchObject({ present: ["r-bo"] });
    await clock().advance(SECOND);
    await write(store, meets("meeting-2"));
    expect(await dueAt(store)).toBe(START + SECOND);
    expect(await known(store)).toMatchObject({ meetingId: "meeting-2", present: [] });
  });

  it("is read no more after the stop, nor where another conference serves", async () => {
    const store = await open();
    await running(store);
    const conference = { ...aMeeting(), source: "bridge" as const };
    await write(store, { kind: "incident.conference", incidentId: INCIDENT, conference });
    expect(await store.attendances.nextAt()).toBeUndefined();
    await write(store, meets());
    expect(await store.attendances.nextAt()).toBe(START);
    await write(store, anIncidentStopped());
    expect(await store.attendances.nextAt()).toBeUndefined();
    expect(await dueAt(store)).toBeUndefined();
    expect(await known(store)).toBeUndefined();
  });

  it("is not read where the grant was gone already", async () => {
    const store = await open();
    await seedSpace(store, [aPerson()]);
    await seedIncident(store);
    await write(store, meets());
    expect(await store.attendances.nextAt()).toBeUndefined();
  });

  it("waits with all others of the same host, and with no other host's", async () => {
    const store = await open();
    await running(store);
    for (const [number, grantId, personId] of [
      [2, "grant-1", ana.personId],
      [3, "grant-3", "carol"],
    ] as const) {
      const spaceId = `space-${number}`;
      await seedSpace(store, [], spaceId);
      await seedIncident(store, number, spaceId);
      if (personId === "carol") await write(store, grants(grantId, personId));
      const conference = aMeeting({ id: `meeting-${number}`, grantId });
      await write(store, {
        kind: "incident.conference",
        incidentId: `incident-${number}`,
        conference,
      });
    }
    await store.attendances.pauseHost(ana.personId, START + 90 * SECOND);
    expect((await store.attendances.due(START)).map(({ id }) => id)).toEqual(["incident-3"]);
    await store.attendances.postpone("incident-3", START + 95 * SECOND);
    expect(await store.attendances.nextAt()).toBe(START + 90 * SECOND);
  });
});

/** A card that tells how many wait, queued as a decision does it. */
async function tell(store: Store, card: string, waiting: number): Promise<void> {
  const isLobbyCardOf = { incidentId: INCIDENT, spaceId: SPACE, waiting };
  const effect: Effect = {
    kind: "reply",
    to: { kind: "space", spaceId: SPACE },
    post: { markdown: String(waiting) },
    note: { cardId: card, isLobbyCardOf },
  };
  const about = { spaceId: SPACE, incidentId: INCIDENT };
  await write(store, { kind: "card.written", card: { id: card, kind: "notice", ...about }, at: 1 });
  await queueEffects(store, anEffect({ id: `post-${card}`, effect }));
}

/** Webex takes what is queued. */
async function stands(store: Store, messageId: string): Promise<void> {
  const row = (await claimRows(store, "talk")).find(({ kind }) => kind === "reply");
  await store.outbox.record(recordOf(row!, "accepted", { providerId: messageId }));
}

async function deleted(store: Store): Promise<unknown[]> {
  return (await claimRows(store, "talk")).map(({ effect }) =>
    effect?.kind === "message-delete" ? effect.messageId : effect?.kind,
  );
}

const emptied: Change = { kind: "lobby.emptied", spaceId: SPACE, incidentId: INCIDENT };

eachDatabase("the card of a lobby", ({ open }) => {
  it("is known with how many it tells of, and replaces the one before it", async () => {
    const store = await open();
    await running(store);
    await tell(store, "card-1", 3);
    expect(await known(store)).toMatchObject({ waiting: 3 });
    await stands(store, "message-1");
    expect(await deleted(store)).toEqual([]);
    await tell(store, "card-2", 2);
    await stands(store, "message-2");
    expect(await known(store)).toMatchObject({ waiting: 2 });
    expect(await deleted(store)).toEqual(["message-1"]);
    const held = await store.attendances.hold(due, START + 60 * SECOND);
    expect(held).toMatchObject({ wasEmpty: false });
  });

  it("is not posted any more when it is out of date before that", async () => {
    const store = await open();
    await running(store);
    await tell(store, "card-1", 1);
    await tell(store, "card-2", 2);
    expect(await outboxStates(store)).toMatchObject({
      "post-card-1": "cancelled",
      "post-card-2": "queued",
    });
    await write(store, emptied);
    expect(await outboxStates(store)).toMatchObject({ "post-card-2": "cancelled" });
    expect(await deleted(store)).toEqual([]);
  });

  it("goes with the last who waits, also one that was just being posted", async () => {
    const store = await open();
    await running(store);
    await tell(store, "card-1", 1);
    await stands(store, "message-1");
    await write(store, emptied);
    expect(await known(store)).toMatchObject({ waiting: 0 });
    expect(await deleted(store)).toEqual(["message-1"]);
    await tell(store, "card-2", 1);
    const row = await claimOne(store, "talk");
    await write(store, emptied);
    await store.outbox.record(recordOf(row, "accepted", { providerId: "message-2" }));
    expect(await deleted(store)).toEqual(["message-2"]);
    expect(await known(store)).toMatchObject({ waiting: 0 });
  });

  it("that was overtaken while it was posted goes, and the newer one stays", async () => {
    const store = await open();
    await running(store);
    await tell(store, "card-1", 1);
    const first = await claimOne(store, "talk");
    await tell(store, "card-2", 2);
    await stands(store, "message-2");
    await store.outbox.record(recordOf(first, "accepted", { providerId: "message-1" }));
    expect(await deleted(store)).toEqual(["message-1"]);
  });
});

onlyOn("sqlite", "letting in from a lobby", ({ clock, open }) => {
  it("is told to whoever asked, however late", async () => {
    const store = await open();
    await running(store);
    const effect = aLobbyAdmit();
    await queueEffects(store, anEffect({ effect, expiresAt: START + 30 * SECOND }));
    await clock().advance(60 * SECOND);
    expect((await claimOne(store, "talk")).effect).toEqual(effect);
  });
});
