import type { NotifyChange } from "../../src/notify/change";
import type { NumberState } from "../../src/incident/space-state";
import type { Store } from "../../src/store/store";
import { anExternal, SPACE } from "../support/builders";
import { eachDatabase, type TestDatabase } from "../support/databases";
import {
  ALL_ON,
  aNotification,
  claimRows,
  outboxRow,
  outboxStates,
  queue,
  queueEffects,
  seedIncident,
  seedRunning,
  seedSpace,
  seedStatusCard,
  settleFirst,
  START,
  write,
} from "./seed";

const EVE = anExternal();
const NUMBER = EVE.mobile ?? "";

const optOut = (source: "stop" | "blocked", number = NUMBER): NotifyChange => ({
  kind: "number.opted-out",
  number,
  source,
  at: START,
});

async function numberOf(store: Store, number = NUMBER): Promise<NumberState | undefined> {
  const decided = await store.forNumber({ kind: "reading" }, number, (state) => ({
    changes: [],
    result: state,
  }));
  return decided.isDone ? decided.result : undefined;
}

async function optOutOnRoster(store: Store): Promise<string | undefined> {
  const decided = await store.inSpace({ kind: "reading" }, { spaceId: SPACE }, (state) => ({
    changes: [],
    result: state.roster.find(({ responder }) => responder.id === "r-eve")?.responder.optOut,
  }));
  return decided.isDone ? decided.result : undefined;
}

/** Eve is called in an incident that runs. */
async function seeded(database: TestDatabase): Promise<Store> {
  const store = await database.open();
  await seedRunning(store, [EVE]);
  return store;
}

eachDatabase("numbers that take no texts", (database) => {
  it("are shown on every roster, until their owner lets texts come again", async () => {
    const store = await seeded(database);
    expect(await optOutOnRoster(store)).toBeUndefined();
    await write(store, optOut("stop"));
    expect(await optOutOnRoster(store)).toBe("stop");
    expect(await numberOf(store)).toMatchObject({ optOut: "stop" });
    await write(store, { kind: "number.opted-in", number: NUMBER, source: "stop", at: START });
    expect(await optOutOnRoster(store)).toBeUndefined();
  });

  it("a block never takes the place of STOP, and is not lifted as one", async () => {
    const store = await seeded(database);
    await write(store, optOut("stop"), optOut("blocked"));
    expect(await numberOf(store)).toMatchObject({ optOut: "stop" });
    await write(store, { kind: "number.opted-in", number: NUMBER, source: "blocked", at: START });
    expect(await numberOf(store)).toMatchObject({ optOut: "stop" });
  });

  it("are sent no text that was queued before, but are called", async () => {
    const store = await seeded(database);
    await queue(store, aNotification(), aNotification({ id: "n-call", channel: "voice" }));
    await queueEffects(store, {
      id: "e-1",
      effect: { kind: "text", to: NUMBER, text: "Noted." },
      dueAt: START,
      expiresAt: START + 60_000,
      priority: 0,
    });
    await write(store, optOut("stop"));
    expect(await claimRows(store, "sms")).toEqual([]);
    expect(await claimRows(store, "voice")).toHaveLength(1);
    expect(await outboxStates(store)).toMatchObject({ "n-1": "cancelled", "e-1": "cancelled" });
    expect(await outboxRow(store, "n-1")).toMatchObject({ last_error: "replied STOP" });
  });

  it("are not texted again either where a first attempt came to nothing", async () => {
    const store = await seeded(database);
    await queue(store, aNotification());
    await settleFirst(store, "sms", "queued", { dueAt: START });
    await write(store, optOut("stop"));
    expect(await claimRows(store, "sms")).toEqual([]);
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: "cancelled",
      last_error: "replied STOP",
    });
  });

  it("answers to a phone take nothing from what may be sent to it in an hour", async () => {
    const store = await database.open({ limits: { textsPerHour: 1, callsPerHour: 1 } });
    await seedRunning(store, [EVE]);
    const texts = ["e-1", "e-2", "e-3"].map((id) => ({
      id,
      effect: { kind: "text" as const, to: NUMBER, text: "Noted." },
      dueAt: START,
      expiresAt: START + 60_000,
      priority: 0,
    }));
    await queueEffects(store, ...texts);
    expect(await claimRows(store, "sms")).toHaveLength(3);
    await queue(store, aNotification());
    expect(await claimRows(store, "sms")).toHaveLength(1);
  });

  it("remember what was heard from them in the last hour, and what was answered", async () => {
    const store = await seeded(database);
    const heard = (at: number, isAnswered: boolean) =>
      ({ kind: "number.heard", number: NUMBER, isAnswered, at }) as const;
    await write(store, heard(START - 3_600_000, true), heard(START - 1_000, true));
    await write(store, heard(START, false));
    expect(await numberOf(store)).toMatchObject({
      isKnown: true,
      heard: [START - 1_000, START],
      answered: [START - 1_000],
    });
    expect(await numberOf(store, "+14085550000")).toMatchObject({ isKnown: false, heard: [] });
  });

  it("of strangers become no better known by what we answer them", async () => {
    const store = await seeded(database);
    const stranger = "+14085550000";
    const to = (id: string) => ({
      id,
      effect: { kind: "text" as const, to: stranger, text: "Noted." },
      dueAt: START,
      expiresAt: START + 60_000,
      priority: 0,
    });
    await queueEffects(store, to("e-1"));
    await claimRows(store, "sms");
    expect(await numberOf(store, stranger)).toMatchObject({ isKnown: false });
    await queue(store, aNotification());
    const sent = { to: stranger, text: "Come." };
    await settleFirst(store, "sms", "accepted", { providerId: "m-1", sent });
    expect(await numberOf(store, stranger)).toMatchObject({ isKnown: true });
  });

  it("are shown where else somebody has them, as soon as the provider blocks them", async () => {
    const store = await seeded(database);
    await seedSpace(store, [], "space-2");
    await seedIncident(store, 2, "space-2");
    await write(store, {
      kind: "roster.set",
      spaceId: "space-2",
      responderId: EVE.id,
      channels: ALL_ON,
      at: START,
    });
    await queue(store, aNotification());
    await seedStatusCard(store, { space_id: "space-2", replaced_at: 0, looked_at: 0 });
    const refused = { code: "7720", to: NUMBER };
    await settleFirst(store, "sms", "failed", { refused, error: "blocked" });
    expect(await numberOf(store)).toMatchObject({ optOut: "blocked" });
    expect(await store.queries.nextStatusCardDueAt()).toBe(START);
  });

  it("remember when they were last told that a text fits nothing", async () => {
    const store = await seeded(database);
    await write(store, { kind: "number.hinted", number: NUMBER, at: START });
    expect(await numberOf(store)).toMatchObject({ lastHintAt: START });
  });
});

eachDatabase("who was called on a number", (database) => {
  async function texted(store: Store, to: string): Promise<void> {
    await queue(store, aNotification());
    const sent = { to, text: "Come." };
    await settleFirst(store, "sms", "accepted", { providerId: "m-1", sent });
  }

  it("is found by the number that they have, in incidents that run", async () => {
    const store = await seeded(database);
    expect(await store.findCalledFor(NUMBER)).toEqual([]);
    await texted(store, NUMBER);
    expect(await store.findCalledFor(NUMBER)).toMatchObject([
      {
        incident: { id: "incident-1", number: 1 },
        space: { id: SPACE },
        people: [{ responderId: "r-eve", name: EVE.name }],
      },
    ]);
    expect(await store.findCalledFor("+14085550000")).toEqual([]);
    await store.db.write("incidents").update({ state: "stopped" });
    expect(await store.findCalledFor(NUMBER)).toEqual([]);
  });

  it("is nobody for a number that was corrected since: it may be a stranger's", async () => {
    const store = await seeded(database);
    await texted(store, "+14085550777");
    expect(await store.findCalledFor("+14085550777")).toEqual([]);
  });

  it("is nobody who left the roster, or was deleted", async () => {
    const store = await seeded(database);
    await texted(store, NUMBER);
    await store.db.write("responders").update({ deleted_at: START });
    expect(await store.findCalledFor(NUMBER)).toEqual([]);
    await store.db.write("responders").update({ deleted_at: null });
    expect(await store.findCalledFor(NUMBER)).toHaveLength(1);
    await store.db.write("roster").delete();
    expect(await store.findCalledFor(NUMBER)).toEqual([]);
  });
});
