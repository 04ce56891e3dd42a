import { reconcileSpace } from "../../src/incident/reconcile-space";
import type { Store } from "../../src/store/store";
import { aMember, anExternal, aPerson, aSettings, aSpace, SPACE } from "../support/builders";
import { eachDatabase, onlyOn } from "../support/databases";
import {
  ALL_ON,
  anIncidentStopped,
  aNotification,
  queue,
  seedIncident,
  seedSpace,
  somebodyWaits,
  START,
  write,
} from "./seed";

const OTHER = "space-other";
const eve = anExternal({ email: "Eve@Corp.example" });
const onWebex = aPerson({ id: "r-webex", personId: "eve" });
const PHONE_ONLY = { webex: false, sms: true, voice: false };

/** Eve is external in one space; the person works in another one, where an incident runs. */
async function seed(store: Store): Promise<void> {
  await seedSpace(store, [eve]);
  await seedSpace(store, [onWebex], OTHER);
  await seedIncident(store, 1, OTHER);
  await queue(store, aNotification({ responderId: "r-webex", channel: "webex" }));
}

const alone = {
  kind: "responder.joined" as const,
  responderId: "r-eve",
  personId: "eve",
  at: START,
};
const joined = { ...alone, replacesId: "r-webex" };

async function rosters(store: Store): Promise<string[]> {
  const rows = (await store.db.write("roster").orderBy("space_id")) as {
    space_id: string;
    responder_id: string;
    webex: number;
    sms: number;
    voice: number;
  }[];
  return rows.map((row) =>
    [row.space_id, row.responder_id, row.webex, row.sms, row.voice].join(" "),
  );
}

async function responder(store: Store, id: string): Promise<Record<string, unknown>> {
  return (await store.db.write("responders").where({ id }).first()) as Record<string, unknown>;
}

eachDatabase("an external who turns out to be on Webex", ({ open }) => {
  it("gets the person, and keeps name, numbers, language and version", async () => {
    const store = await open();
    await seedSpace(store, [eve]);
    const before = await responder(store, "r-eve");
    await write(store, alone);
    expect(await responder(store, "r-eve")).toEqual({ ...before, person_id: "eve" });
  });

  it("takes over rosters, and what waits or was sent, from the record of before", async () => {
    const store = await open();
    await seed(store);
    await write(store, joined);
    expect(await rosters(store)).toEqual([`${OTHER} r-eve 1 1 1`, `${SPACE} r-eve 1 1 1`]);
    expect(await store.db.write("outbox").select("responder_id")).toEqual([
      { responder_id: "r-eve" },
    ]);
    expect(await responder(store, "r-webex")).toMatchObject({
      person_id: null,
      deleted_at: START,
      contact: null,
    });
  });

  it("has one line where both stood, with Webex on, and nothing sent twice", async () => {
    const store = await open();
    await seed(store);
    const set = { kind: "roster.set" as const, spaceId: OTHER, responderId: "r-eve", at: START };
    await write(store, { ...set, channels: PHONE_ONLY });
    await queue(store, aNotification({ id: "n-2", responderId: "r-eve", channel: "webex" }));
    await write(store, joined);
    expect(await rosters(store)).toContain(`${OTHER} r-eve 1 1 0`);
    expect(await store.db.write("outbox").orderBy("id").select("id", "responder_id")).toEqual([
      { id: "n-1", responder_id: "r-webex" },
      { id: "n-2", responder_id: "r-eve" },
    ]);
  });

  it("is in the teams that the record of before was in", async () => {
    const store = await open();
    await seed(store);
    const members = [{ responderId: "r-webex", channels: ALL_ON }];
    await write(store, anIncidentStopped(), {
      kind: "team.kept",
      incidentId: "incident-1",
      members,
    });
    await write(store, joined);
    const about = { spaceId: OTHER, withTeam: true };
    const team = await store.forStart({ kind: "reading" }, about, ({ lastTeam }) => ({
      changes: [],
      result: lastTeam,
    }));
    expect(team).toMatchObject({
      result: {
        incident: { number: 1 },
        members: [{ responder: { id: "r-eve", personId: "eve" }, isDeleted: false }],
      },
    });
  });

  it("is found by the address, however it is written, until tied to a person or deleted", async () => {
    const store = await open();
    await seedSpace(store, [eve]);
    const found = async () => {
      const about = { spaceId: SPACE, personIds: [], emails: ["EVE@corp.example", "bo@x.example"] };
      const read = await store.forReading({ kind: "reading" }, about, (state) => ({
        changes: [],
        result: [...(state.externals ?? [])].map(([email, all]) => [email, all.length]),
      }));
      return read.isDone ? read.result : undefined;
    };
    expect(await found()).toEqual([["eve@corp.example", 1]]);
    await write(store, alone);
    expect(await found()).toEqual([]);
  });

  it("leaves the person free for a new record when the external is deleted", async () => {
    const store = await open();
    await seedSpace(store, [eve]);
    await write(store, alone, { kind: "responder.deleted", responderId: "r-eve", at: START });
    await write(store, { kind: "responder.created", responder: onWebex, at: START });
    expect(await responder(store, "r-webex")).toMatchObject({ person_id: "eve" });
  });
});

eachDatabase("an external who is gone when a decision ties them", ({ open }) => {
  it("stays gone: the decision is made again, and the person keeps their record", async () => {
    const store = await open();
    await seed(store);
    await write(store, { kind: "responder.deleted", responderId: "r-eve", at: START });
    let tries = 0;
    await store.anywhere({ kind: "reading" }, () => {
      tries += 1;
      return { changes: tries === 1 ? [joined] : [], result: undefined };
    });
    expect(tries).toBe(2);
    expect(await responder(store, "r-eve")).toMatchObject({ person_id: null, deleted_at: START });
    expect(await responder(store, "r-webex")).toMatchObject({ person_id: "eve", deleted_at: null });
    expect(await rosters(store)).toContain(`${OTHER} r-webex 1 1 1`);
    expect(await store.db.write("outbox").select("responder_id")).toEqual([
      { responder_id: "r-webex" },
    ]);
  });

  it("is not tied to a second person either", async () => {
    const store = await open();
    await seedSpace(store, [eve]);
    await write(store, alone);
    await expect(write(store, { ...alone, personId: "dan" })).rejects.toThrow(/is gone/);
    expect(await responder(store, "r-eve")).toMatchObject({ person_id: "eve" });
  });

  it("is no record of a person who is looked up, whatever the row says", async () => {
    const store = await open();
    await seedSpace(store, [onWebex]);
    await store.db.write("responders").where({ id: "r-webex" }).update({ deleted_at: START });
    const about = { spaceId: SPACE, personIds: ["eve"] };
    const read = await store.forReading({ kind: "reading" }, about, (state) => ({
      changes: [],
      result: state.responders.size,
    }));
    expect(read).toMatchObject({ result: 0 });
  });
});

onlyOn("postgres", "a reading that meets a delete", ({ open }) => {
  it("waits for it, and the member is on the roster with a record of their own", async () => {
    const [store, other] = [await open(), await open()];
    await seedSpace(store, [eve], OTHER);
    await seedSpace(store, []);
    const deleting = await store.db.write.transaction();
    await deleting("responders")
      .where({ id: "r-eve" })
      .update({ deleted_at: START, contact: null, email_hash: null });
    const member = aMember({ personId: "eve", name: "Eve Webex", email: "eve@corp.example" });
    const input = { space: aSpace(), members: [member], settings: aSettings() };
    const about = { spaceId: SPACE, personIds: ["eve"], emails: [member.email] };
    const seen: number[] = [];
    const reading = other.forReading({ kind: "reading" }, about, (state, at) => {
      seen.push(state.externals?.size ?? 0);
      return reconcileSpace(state, input, at);
    });
    await somebodyWaits(store);
    await deleting.commit();
    await reading;
    expect(seen).toEqual([0]);
    expect(await responder(store, "r-eve")).toMatchObject({ person_id: null });
    const roster = await store.db
      .write("roster")
      .join("responders", "responders.id", "roster.responder_id")
      .where({ space_id: SPACE })
      .select("kind", "person_id", "deleted_at");
    expect(roster).toEqual([{ kind: "internal", person_id: "eve", deleted_at: null }]);
  });
});

eachDatabase("the last team of a space", ({ open }) => {
  it("is that of the newest stopped incident, and names who was deleted", async () => {
    const store = await open();
    await write(store, {
      kind: "space.saved",
      space: aSpace(),
      botIsModerator: true,
      at: START,
    });
    const teamIn = async (withTeam?: boolean) => {
      const about = { spaceId: SPACE, ...(withTeam === undefined ? {} : { withTeam }) };
      const read = await store.forStart({ kind: "reading" }, about, ({ lastTeam }) => ({
        changes: [],
        result: lastTeam,
      }));
      return read.isDone ? read.result : undefined;
    };
    expect(await teamIn(true)).toBeUndefined();
    await write(store, { kind: "responder.created", responder: eve, at: START });
    for (const number of [1, 2, 3]) await stopped(store, number, number === 3);
    await write(store, { kind: "responder.deleted", responderId: "r-eve", at: START });
    expect(await teamIn()).toMatchObject({
      incident: { number: 2 },
      members: [{ responder: { name: "Eve Dahl" }, isDeleted: true, channels: PHONE_ONLY }],
    });
    expect(await teamIn(false)).toBeUndefined();
  });

  async function stopped(store: Store, number: number, isRunning: boolean): Promise<void> {
    await seedIncident(store, number);
    if (isRunning) return;
    const members = [{ responderId: "r-eve", channels: PHONE_ONLY }];
    await write(store, anIncidentStopped(number), {
      kind: "team.kept",
      incidentId: `incident-${number}`,
      members,
    });
  }
});
