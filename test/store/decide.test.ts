import type { Decide } from "../../src/decision";
import type { Change } from "../../src/incident/change";
import { UnknownSpaceError, type Trigger } from "../../src/incident/ports";
import type { StartState } from "../../src/incident/space-state";
import type { InboxRow } from "../../src/store/inbox";
import type { Store } from "../../src/store/store";
import { ana, aPerson, SPACE } from "../support/builders";
import { eachDatabase, onlyOn } from "../support/databases";
import {
  anEffect,
  anIncidentStarted,
  claimOne,
  letLeasesExpire,
  outboxStates,
  queueEffects,
  recordOf,
  seedIncident,
  seedSpace,
  somebodyWaits,
  write,
} from "./seed";

async function receive(store: Store, key = "m-1"): Promise<InboxRow> {
  await store.inbox.add({ kind: "message", key, occurredAt: 1, body: { text: "start" } });
  const [row] = await store.inbox.claim(1);
  if (!row) throw new Error("Nothing was claimed.");
  return row;
}

function because(row: InboxRow): Trigger {
  return { kind: "inbox", id: row.id, leaseToken: row.leaseToken };
}

const replies: Decide<unknown, Change, string> = (_state, at) => ({
  changes: [{ kind: "effect.queued", effect: anEffect({ id: at.newId() }) }],
  result: "replied",
});

/** A rule that starts an incident unless one runs, as the real one does. */
const starts: Decide<StartState, Change, number | undefined> = (state, at) => {
  if (state.incident) return { changes: [], result: undefined };
  const number = state.nextIncidentNumber;
  const id = at.newId();
  const incident = { id, number, spaceId: state.space.id, name: "down", isDrill: false, by: ana };
  return { changes: [{ kind: "incident.started", incident, at: at.now }], result: number };
};

async function replyCount(store: Store): Promise<number> {
  return Object.keys(await outboxStates(store)).length;
}

async function inboxState(store: Store, row: InboxRow): Promise<string | undefined> {
  const found = await store.db
    .write<{ id: string; state: string }>("inbox")
    .where({ id: row.id })
    .first();
  return found?.state;
}

eachDatabase("a decision", (database) => {
  const { open } = database;

  it("writes its changes and finishes its trigger together", async () => {
    const store = await open();
    await seedSpace(store);
    const row = await receive(store);
    const decided = await store.inSpace(because(row), { spaceId: SPACE }, replies);
    expect(decided).toEqual({ isDone: true, result: "replied" });
    expect(await replyCount(store)).toBe(1);
    expect(await inboxState(store, row)).toBe("done");
  });

  it("does nothing when its trigger comes a second time", async () => {
    const store = await open();
    await seedSpace(store);
    const row = await receive(store);
    await store.inSpace(because(row), { spaceId: SPACE }, replies);
    const again = await store.inSpace(because(row), { spaceId: SPACE }, replies);
    expect(again).toEqual({ isDone: false });
    expect(await replyCount(store)).toBe(1);
  });

  it("is made once when the same trigger is decided twice at the same moment", async () => {
    const store = await open();
    await seedSpace(store);
    const row = await receive(store);
    const decided = await Promise.all(
      [1, 2, 3].map(() => store.inSpace(because(row), { spaceId: SPACE }, replies)),
    );
    expect(decided.filter(({ isDone }) => isDone)).toHaveLength(1);
    expect(await replyCount(store)).toBe(1);
  });

  it("whose rule refuses writes nothing and leaves the trigger open", async () => {
    const store = await open();
    await seedSpace(store);
    const row = await receive(store);
    const refused = store.inSpace(because(row), { spaceId: SPACE }, () => {
      throw new Error("refused");
    });
    await expect(refused).rejects.toThrow("refused");
    expect(await replyCount(store)).toBe(0);
    expect(await inboxState(store, row)).toBe("handling");
    const decided = await store.inSpace(because(row), { spaceId: SPACE }, replies);
    expect(decided.isDone).toBe(true);
  });

  it("whose last change cannot be written writes none of them", async () => {
    const store = await open();
    await seedSpace(store);
    const row = await receive(store);
    const broken = store.inSpace(because(row), { spaceId: SPACE }, () => ({
      changes: [
        anIncidentStarted(),
        { kind: "effect.queued", effect: anEffect() },
        {
          kind: "timeline.added",
          incidentId: "incident-nobody-knows",
          entry: { kind: "started", at: 1, actor: "ana", payload: {} },
        },
      ],
      result: undefined,
    }));
    await expect(broken).rejects.toThrow(/foreign key/i);
    expect(await replyCount(store)).toBe(0);
    expect(await store.db.write("incidents")).toEqual([]);
    expect(await store.db.write("counters").first()).toMatchObject({ value: 0 });
    expect(await inboxState(store, row)).toBe("handling");
  });

  it("is not made by whoever has lost the event's lease", async () => {
    const store = await open();
    await seedSpace(store);
    const lost = await receive(store);
    await letLeasesExpire(store, database);
    const [taken] = await store.inbox.claim(1);
    expect(await store.inSpace(because(lost), { spaceId: SPACE }, replies)).toEqual({
      isDone: false,
    });
    expect(await replyCount(store)).toBe(0);
    const decided = await store.inSpace(because(taken!), { spaceId: SPACE }, replies);
    expect(decided.isDone).toBe(true);
  });

  it("about an effect's result records the result with it, once", async () => {
    const store = await open();
    await seedSpace(store);
    await queueEffects(store, anEffect());
    const record = recordOf(await claimOne(store, "talk"), "accepted");
    const trigger: Trigger = { kind: "effect", record };
    expect((await store.inSpace(trigger, { spaceId: SPACE }, replies)).isDone).toBe(true);
    expect((await store.inSpace(trigger, { spaceId: SPACE }, replies)).isDone).toBe(false);
    expect(Object.values(await outboxStates(store)).sort()).toEqual(["accepted", "queued"]);
  });

  it("about a due row is made only for the due time that was seen", async () => {
    const store = await open();
    await seedSpace(store);
    await seedIncident(store);
    const [due] = await store.queries.dueRounds(database.clock().now());
    const trigger: Trigger = { kind: "due", table: "rounds", id: due!.id, dueAt: due!.dueAt };
    const early: Trigger = { ...trigger, dueAt: due!.dueAt - 1 };
    expect((await store.inSpace(early, { spaceId: SPACE }, replies)).isDone).toBe(false);
    expect((await store.inSpace(trigger, { spaceId: SPACE }, replies)).isDone).toBe(true);
    expect((await store.inSpace(trigger, { spaceId: SPACE }, replies)).isDone).toBe(false);
    expect(await store.queries.dueRounds(database.clock().now())).toEqual([]);
  });

  it("about a space that was never read, or is gone, is not made", async () => {
    const store = await open();
    const inSpace = () => store.inSpace({ kind: "reading" }, { spaceId: SPACE }, replies);
    await expect(inSpace()).rejects.toBeInstanceOf(UnknownSpaceError);
    await seedSpace(store);
    await write(store, { kind: "space.gone", spaceId: SPACE, at: 1 });
    await expect(inSpace()).rejects.toBeInstanceOf(UnknownSpaceError);
    const decided = await store.forReading(
      { kind: "reading" },
      { spaceId: SPACE, personIds: [] },
      (state) => ({ changes: [], result: state.known }),
    );
    expect(decided).toEqual({ isDone: true, result: undefined });
  });

  it("starts one incident when two people start one in a space at once", async () => {
    const store = await open();
    await seedSpace(store);
    const start = () => store.forStart({ kind: "reading" }, { spaceId: SPACE }, starts);
    const results = await Promise.all([start(), start(), start()]);
    const numbers = results.map((one) => (one.isDone ? one.result : undefined));
    expect(numbers.filter((number) => number !== undefined)).toEqual([1]);
    expect(await store.queries.spacesWithRunningIncident()).toEqual([SPACE]);
  });

  it("numbers incidents one after the other when many spaces start at once", async () => {
    const store = await open();
    const spaces = Array.from({ length: 12 }, (_, index) => `space-${index}`);
    for (const spaceId of spaces) await seedSpace(store, [], spaceId);
    const results = await Promise.all(
      spaces.map((spaceId) => store.forStart({ kind: "reading" }, { spaceId }, starts)),
    );
    const numbers = results.map((one) => (one.isDone ? one.result! : 0));
    expect(numbers.sort((a, b) => a - b)).toEqual(spaces.map((_, index) => index + 1));
  });

  it("tells those who listen only when something was decided", async () => {
    const store = await open();
    await seedSpace(store);
    const row = await receive(store);
    const heard = jest.fn();
    const stopListening = store.onCommit(heard);
    await store.inSpace(because(row), { spaceId: SPACE }, replies);
    await store.inSpace(because(row), { spaceId: SPACE }, replies);
    expect(heard).toHaveBeenCalledTimes(1);
    stopListening();
    await write(store);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("about one space leaves the others as they are", async () => {
    const store = await open();
    await seedSpace(store, [aPerson()]);
    await seedSpace(store, [aPerson({ personId: "cy" })], "space-other");
    await store.forStart({ kind: "reading" }, { spaceId: SPACE }, starts);
    const other = await store.inSpace({ kind: "reading" }, { spaceId: "space-other" }, (state) => ({
      changes: [],
      result: state,
    }));
    expect(other).toMatchObject({
      isDone: true,
      result: { space: { id: "space-other" }, roster: [{ responder: { personId: "cy" } }] },
    });
    expect(other.isDone && other.result.incident).toBeUndefined();
  });
});

onlyOn("postgres", "a decision that met another one's new row", ({ open }) => {
  it("is made again from its start, and sees that row", async () => {
    const store = await open();
    const bo = aPerson();
    const other = await store.db.write.transaction();
    await other("responders").insert({
      id: "r-first",
      kind: "internal",
      person_id: bo.personId,
      name: bo.name,
      name_folded: bo.name,
      version: 1,
      created_at: 1,
    });
    const decided = store.forReading(
      { kind: "reading" },
      { spaceId: SPACE, personIds: ["bo"] },
      ({ responders }) => {
        const known = responders.get("bo");
        return known
          ? { changes: [], result: known.id }
          : { changes: [{ kind: "responder.created", responder: bo, at: 1 }], result: "created" };
      },
    );
    await somebodyWaits(store);
    await other.commit();
    expect(await decided).toEqual({ isDone: true, result: "r-first" });
  });
});

onlyOn("postgres", "decisions that are made at the same moment", ({ open }) => {
  it("about one space wait for one another before they look at it", async () => {
    const store = await open();
    await seedSpace(store);
    const other = await store.db.write.transaction();
    await other("spaces").where({ id: SPACE }).forUpdate().first();
    const rule = jest.fn(starts);
    const decided = store.forStart({ kind: "reading" }, { spaceId: SPACE }, rule);
    await somebodyWaits(store);
    expect(rule).not.toHaveBeenCalled();
    await other.commit();
    expect(await decided).toMatchObject({ isDone: true, result: 1 });
  });

  it("and start incidents in two spaces wait for each other's number", async () => {
    const store = await open();
    await seedSpace(store);
    const other = await store.db.write.transaction();
    await other("counters").where({ name: "incident" }).update({ value: 41 });
    const rule = jest.fn(starts);
    const decided = store.forStart({ kind: "reading" }, { spaceId: SPACE }, rule);
    await somebodyWaits(store);
    expect(rule).not.toHaveBeenCalled();
    await other.commit();
    expect(await decided).toMatchObject({ isDone: true, result: 42 });
  });
});
