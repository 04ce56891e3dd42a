import type { NotifyChange } from "../../src/notify/change";
import type { NumberState } from "../../src/incident/space-state";
import type { Store } from "../../src/store/store";
import { anExternal, SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import {
  aNotification,
  claimOne,
  claimRows,
  outboxRow,
  outboxStates,
  queue,
  queueEffects,
  recordOf,
  seedIncident,
  seedSpace,
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

eachDatabase("numbers that take no texts", (database) => {
  async function seeded(): Promise<Store> {
    const store = await database.open();
    await seedSpace(store, [EVE]);
    await seedIncident(store);
    return store;
  }

  it("are shown on every roster, until their owner lets texts come again", async () => {
    const store = await seeded();
    expect(await optOutOnRoster(store)).toBeUndefined();
    await write(store, optOut("stop"));
    expect(await optOutOnRoster(store)).toBe("stop");
    expect(await numberOf(store)).toMatchObject({ optOut: "stop" });
    await write(store, { kind: "number.opted-in", number: NUMBER, source: "stop", at: START });
    expect(await optOutOnRoster(store)).toBeUndefined();
  });

  it("a block never takes the place of STOP, and is not lifted as one", async () => {
    const store = await seeded();
    await write(store, optOut("stop"), optOut("blocked"));
    expect(await numberOf(store)).toMatchObject({ optOut: "stop" });
    await write(store, { kind: "number.opted-in", number: NUMBER, source: "blocked", at: START });
    expect(await numberOf(store)).toMatchObject({ optOut: "stop" });
  });

  it("are sent no text that was queued before, but are called", async () => {
    const store = await seeded();
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
    const store = await seeded();
    await queue(store, aNotification());
    const [row] = await claimRows(store, "sms");
    await store.outbox.record(recordOf(row!, "queued", { dueAt: START }));
    await write(store, optOut("stop"));
    expect(await claimRows(store, "sms")).toEqual([]);
    expect(await outboxRow(store, "n-1")).toMatchObject({
      state: "cancelled",
      last_error: "replied STOP",
    });
  });

  it("answers to a phone take nothing from what may be sent to it in an hour", async () => {
    const store = await database.open({ limits: { textsPerHour: 1, callsPerHour: 1 } });
    await seedSpace(store, [EVE]);
    await seedIncident(store);
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
    const store = await seeded();
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

  it("remember when they were last told that a text fits nothing", async () => {
    const store = await seeded();
    await write(store, { kind: "number.hinted", number: NUMBER, at: START });
    expect(await numberOf(store)).toMatchObject({ lastHintAt: START });
  });
});

eachDatabase("who was called on a number", (database) => {
  async function texted(store: Store, to: string): Promise<void> {
    await queue(store, aNotification());
    const row = await claimOne(store, "sms");
    await store.outbox.record(
      recordOf(row, "accepted", { providerId: "m-1", sent: { to, text: "Come." } }),
    );
  }

  async function seeded(): Promise<Store> {
    const store = await database.open();
    await seedSpace(store, [EVE]);
    await seedIncident(store);
    return store;
  }

  it("is found by the number that they have, in incidents that run", async () => {
    const store = await seeded();
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
    const store = await seeded();
    await texted(store, "+14085550777");
    expect(await store.findCalledFor("+14085550777")).toEqual([]);
  });

  it("is nobody who left the roster, or was deleted", async () => {
    const store = await seeded();
    await texted(store, NUMBER);
    await store.db.write("responders").update({ deleted_at: START });
    expect(await store.findCalledFor(NUMBER)).toEqual([]);
    await store.db.write("responders").update({ deleted_at: null });
    expect(await store.findCalledFor(NUMBER)).toHaveLength(1);
    await store.db.write("roster").delete();
    expect(await store.findCalledFor(NUMBER)).toEqual([]);
  });
});
