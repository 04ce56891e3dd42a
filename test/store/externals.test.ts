import { addKnownExternals } from "../../src/incident/add-externals";
import { deleteExternal } from "../../src/incident/delete-external";
import { editExternal, type EditResult } from "../../src/incident/edit-external";
import type { Trigger } from "../../src/incident/ports";
import type { ExternalsState } from "../../src/incident/space-state";
import type { ExternalFacts } from "../../src/roster/external-fields";
import type { Store } from "../../src/store/store";
import { ana, aMember, anExternal, aSettings, SPACE } from "../support/builders";
import { eachDatabase, onlyOn } from "../support/databases";
import {
  ALL_ON,
  aNotification,
  externalIn,
  outboxRow,
  outboxStates,
  queue,
  seedIncident,
  seedSpace,
  START,
  write,
} from "./seed";

const reading: Trigger = { kind: "reading" };

async function search(store: Store, term: string): Promise<string[]> {
  const { found } = await store.searchExternals(term, { limit: 10, offset: 0 });
  return found.map(({ id }) => id);
}

async function stateOf(
  store: Store,
  responderIds: readonly string[],
  numbers: readonly string[] = [],
): Promise<ExternalsState> {
  const about = { responderIds, numbers };
  const read = await store.forExternals(reading, about, (state) => ({
    changes: [],
    result: state,
  }));
  if (!read.isDone) throw new Error("A reading is never finished already.");
  return read.result;
}

const eve: ExternalFacts = {
  name: "Eve Dahl",
  mobile: "+14085550101",
  voice: "+14085550102",
};

async function edit(
  store: Store,
  external: ExternalFacts,
  version = 1,
  trigger: Trigger = reading,
): Promise<EditResult["kind"] | undefined> {
  const numbers = [external.mobile, external.voice].filter((one) => one !== undefined);
  const about = { responderIds: ["r-eve"], numbers };
  const decided = await store.forExternals(trigger, about, (state, at) =>
    editExternal(state, { responderId: "r-eve", version, external, by: ana }, at),
  );
  return decided.isDone ? decided.result.kind : undefined;
}

async function remove(store: Store, numbers: readonly string[] = []): Promise<void> {
  await store.forExternals(reading, { responderIds: ["r-eve"], numbers }, (state, at) =>
    deleteExternal(state, { responderId: "r-eve", by: ana }, at),
  );
}

async function rosterOf(store: Store, spaceId = SPACE): Promise<unknown[]> {
  return store.db
    .write("roster")
    .where({ space_id: spaceId })
    .select("responder_id", "webex", "sms", "voice");
}

async function timeline(store: Store): Promise<string[]> {
  const rows = await store.db.write<{ kind: string }>("timeline").orderBy("seq").select("kind");
  return rows.map(({ kind }) => kind);
}

eachDatabase("externals", ({ open }) => {
  it("are found by what they have now, not by what they had", async () => {
    const store = await open();
    await seedSpace(store, [anExternal({ email: "old@out.example" })]);
    const facts = {
      ...eve,
      name: "Eve Holm",
      mobile: "+14085550199",
      email: "New@out.example",
    };
    expect(await edit(store, facts)).toBe("saved");
    for (const term of ["holm", "+14085550199", "14085550199", "0199", "new@OUT.example"])
      expect(await search(store, term)).toEqual(["r-eve"]);
    for (const term of ["dahl", "+14085550101", "0101", "old@out.example"])
      expect(await search(store, term)).toEqual([]);
    expect(await externalIn(store, "r-eve")).toEqual({
      id: "r-eve",
      kind: "external",
      version: 2,
      ...facts,
    });
  });

  it("are loaded with every roster, its channels, and the incident that runs there", async () => {
    const store = await open();
    await seedSpace(store);
    await seedSpace(store, [], "space-other");
    await seedIncident(store);
    const channels = { ...ALL_ON, voice: false };
    await write(
      store,
      { kind: "roster.set", spaceId: "space-other", responderId: "r-eve", channels, at: START },
      {
        kind: "responder.created",
        responder: {
          id: "r-bo",
          kind: "internal",
          name: "Bo",
          personId: "bo",
          email: "bo@corp.example",
          version: 1,
        },
        at: START,
      },
    );
    const { externals } = await stateOf(store, ["r-eve", "r-bo", "r-nobody"]);
    expect([...externals.keys()]).toEqual(["r-eve"]);
    expect(externals.get("r-eve")?.rosters).toEqual([
      { spaceId: "space-other", channels, isMember: false },
      { spaceId: SPACE, channels: ALL_ON, isMember: false, incidentId: "incident-1" },
    ]);
  });

  it("who are members of a space as Webex people are told apart there", async () => {
    const store = await open();
    await seedSpace(store, [anExternal({ personId: "eve" })]);
    const member = {
      personId: "eve",
      email: "eve@corp.example",
      name: "Eve",
      orgId: "org",
      isModerator: false,
      isBot: false,
    };
    await write(store, { kind: "member.saved", spaceId: SPACE, member });
    const { externals } = await stateOf(store, ["r-eve"]);
    expect(externals.get("r-eve")?.rosters[0]?.isMember).toBe(true);
  });

  it("lose a channel with its number on every roster, with what waits on it", async () => {
    const store = await open();
    await seedSpace(store);
    await seedIncident(store);
    await queue(
      store,
      aNotification(),
      aNotification({ id: "n-2", channel: "voice", dueAt: START + 15_000 }),
    );
    expect(await edit(store, { name: "Eve Dahl", mobile: "+14085550101" })).toBe("saved");
    expect(await rosterOf(store)).toEqual([{ responder_id: "r-eve", webex: 1, sms: 1, voice: 0 }]);
    expect(await outboxStates(store)).toEqual({ "n-1": "queued", "n-2": "cancelled" });
    expect((await outboxRow(store, "n-2")).last_error).toBe("number removed");
    expect(await timeline(store)).toEqual(["edited"]);
  });

  it("that two people edit at once are saved once", async () => {
    const store = await open();
    await seedSpace(store);
    const results = await Promise.all([
      edit(store, { ...eve, name: "Eve One" }),
      edit(store, { ...eve, name: "Eve Two" }),
      edit(store, { ...eve, name: "Eve Three" }),
    ]);
    expect(results.sort()).toEqual(["changed-meanwhile", "changed-meanwhile", "saved"]);
    expect((await externalIn(store, "r-eve"))?.version).toBe(2);
  });

  it("on no roster, edited at once to different numbers, are saved once", async () => {
    const store = await open();
    await write(store, { kind: "responder.created", responder: anExternal(), at: START });
    const results = await Promise.all([
      edit(store, { name: "Eve One", mobile: "+14085550111" }),
      edit(store, { name: "Eve Two", mobile: "+14085550112" }),
    ]);
    expect(results.sort()).toEqual(["changed-meanwhile", "saved"]);
  });

  it("do not get a number that another one got at the same moment", async () => {
    const store = await open();
    const dan = { id: "r-dan", kind: "external", name: "Dan", mobile: "+14085550103" } as const;
    await seedSpace(store, [anExternal(), { ...dan, version: 1 }]);
    const number = "+14085550177";
    const about = { responderIds: ["r-dan"], numbers: [number] };
    const results = await Promise.all([
      edit(store, { ...eve, mobile: number }),
      store.forExternals(reading, about, (state, at) => {
        const input = { responderId: "r-dan", version: 1, by: ana };
        return editExternal(state, { ...input, external: { name: "Dan", mobile: number } }, at);
      }),
    ]);
    const kinds = results.map((one) =>
      typeof one === "object" && one.isDone ? one.result.kind : one,
    );
    expect(kinds.sort()).toEqual(["number-taken", "saved"]);
  });

  it("who are deleted are off every roster, found by nobody, and their number is free", async () => {
    const store = await open();
    await seedSpace(store);
    await seedSpace(store, [], "space-other");
    await write(store, {
      kind: "roster.set",
      spaceId: "space-other",
      responderId: "r-eve",
      channels: ALL_ON,
      at: START,
    });
    await seedIncident(store);
    await queue(store, aNotification(), aNotification({ id: "n-2", channel: "voice" }));
    await remove(store);
    expect(await rosterOf(store)).toEqual([]);
    expect(await rosterOf(store, "space-other")).toEqual([]);
    expect(await outboxStates(store)).toEqual({ "n-1": "cancelled", "n-2": "cancelled" });
    expect(await timeline(store)).toEqual(["removed"]);
    for (const term of ["", "eve", "+14085550101", "0101"])
      expect(await search(store, term)).toEqual([]);
    expect(await externalIn(store, "r-eve")).toBeUndefined();
    const { externals, owners } = await stateOf(store, ["r-eve"], ["+14085550101"]);
    expect([externals.size, owners.size]).toEqual([0, 0]);
    const row: unknown = await store.db.write("responders").where({ id: "r-eve" }).first();
    expect(row).toMatchObject({ name: "Eve Dahl", contact: null });
    const again = anExternal({ id: "r-eve-2" });
    await write(store, { kind: "responder.created", responder: again, at: START });
    expect(await search(store, "+14085550101")).toEqual(["r-eve-2"]);
    await remove(store);
    expect(await timeline(store)).toEqual(["removed"]);
  });

  it("who are deleted stay where they are a member: Webex goes on, the phone does not", async () => {
    const store = await open();
    const email = "eve@corp.example";
    await seedSpace(store, [anExternal({ personId: "eve", email })]);
    const member = aMember({ personId: "eve", email });
    await write(store, { kind: "member.saved", spaceId: SPACE, member });
    await seedIncident(store);
    await queue(
      store,
      aNotification(),
      aNotification({ id: "n-2", channel: "voice" }),
      aNotification({ id: "n-3", channel: "webex" }),
    );
    await remove(store);
    expect(await rosterOf(store)).toEqual([{ responder_id: "r-eve", webex: 1, sms: 0, voice: 0 }]);
    expect(await outboxStates(store)).toEqual({
      "n-1": "cancelled",
      "n-2": "cancelled",
      "n-3": "queued",
    });
    expect(await timeline(store)).toEqual(["edited"]);
    expect(await search(store, "")).toEqual([]);
    const row: unknown = await store.db.write("responders").where({ id: "r-eve" }).first();
    expect(row).toMatchObject({
      kind: "internal",
      person_id: "eve",
      mobile_hash: null,
      voice_last4_hash: null,
      deleted_at: null,
    });
    const { owners } = await stateOf(store, [], ["+14085550101"]);
    expect(owners.size).toBe(0);
    await remove(store);
    expect(await timeline(store)).toEqual(["edited"]);
  });

  it("who are deleted while somebody adds them to a roster are on none", async () => {
    const store = await open();
    await seedSpace(store);
    await seedSpace(store, [], "space-other");
    const about = { spaceId: "space-other", externalIds: ["r-eve"] };
    const adding = () =>
      store.inSpace(reading, about, (state, at) => {
        const input = { by: ana, settings: aSettings() };
        const eve = state.externals?.get("r-eve");
        return eve
          ? { ...addKnownExternals(state, [eve], input, at), result: undefined }
          : { changes: [], result: undefined };
      });
    await Promise.all([adding(), remove(store), adding()]);
    expect(await rosterOf(store)).toEqual([]);
    expect(await rosterOf(store, "space-other")).toEqual([]);
  });

  it("are loaded for a decision about a space as they are now, without those deleted", async () => {
    const store = await open();
    const bo = { ...anExternal(), id: "r-bo", mobile: "+14085550103", voice: "+14085550104" };
    await seedSpace(store, [anExternal(), bo]);
    await edit(store, { ...eve, name: "Eve Holm" });
    const load = async (externalIds?: readonly string[]) => {
      const about = { spaceId: SPACE, ...(externalIds ? { externalIds } : {}) };
      const read = await store.inSpace(reading, about, (state) => ({ changes: [], result: state }));
      return read.isDone ? read.result.externals : undefined;
    };
    const known = await load(["r-bo", "r-eve", "r-nobody"]);
    expect([...(known?.values() ?? [])].map(({ name }) => name)).toEqual(["Eve Dahl", "Eve Holm"]);
    await remove(store);
    expect([...((await load(["r-bo", "r-eve"])) ?? []).keys()]).toEqual(["r-bo"]);
    expect(await load()).toBeUndefined();
  });

  it("are searched for by a term that grows when it is folded", async () => {
    const store = await open();
    await seedSpace(store, [anExternal({ name: "\uFDFA".repeat(100) })]);
    expect(await search(store, "\uFDFA".repeat(2_400))).toEqual(["r-eve"]);
    expect(await search(store, "x".repeat(60_000))).toEqual([]);
  });

  it("are decided about once for each event, apart from any space", async () => {
    const store = await open();
    await seedSpace(store);
    await store.inbox.add({ kind: "action", key: "event-1", occurredAt: START, body: {} });
    const [held] = await store.inbox.claim(1);
    const trigger: Trigger = {
      kind: "inbox",
      id: held?.id ?? "",
      leaseToken: held?.leaseToken ?? "",
    };
    expect(await edit(store, { ...eve, name: "Eve Holm" }, 1, trigger)).toBe("saved");
    expect(await edit(store, { ...eve, name: "Eve Lund" }, 2, trigger)).toBeUndefined();
    expect(await externalIn(store, "r-eve")).toMatchObject({ name: "Eve Holm", version: 2 });
  });
});

onlyOn("postgres", "somebody outside Webex", ({ open }) => {
  it("whose deletion waits until they are on another roster is off that one, too", async () => {
    const store = await open();
    await seedSpace(store);
    await seedSpace(store, [], "space-other");
    const adding = await store.db.write.transaction();
    await adding("responders").where({ id: "r-eve" }).forUpdate();
    await adding("roster").insert({
      ...{ space_id: "space-other", responder_id: "r-eve", added_at: START },
      ...{ webex: 1, sms: 1, voice: 1 },
    });
    const removing = remove(store);
    while (!(await isSomebodyWaiting(store))) continue;
    await adding.commit();
    await removing;
    expect(await rosterOf(store)).toEqual([]);
    expect(await rosterOf(store, "space-other")).toEqual([]);
  });
});

async function isSomebodyWaiting(store: Store): Promise<boolean> {
  const waiting: unknown = await store.db
    .read("pg_stat_activity")
    .whereRaw("datname = current_database()")
    .where({ wait_event_type: "Lock" })
    .first("pid");
  return waiting !== undefined;
}
