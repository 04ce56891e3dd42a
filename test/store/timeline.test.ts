import type { Change } from "../../src/incident/change";
import { readTimeline, type Timeline } from "../../src/store/timeline";
import type { Store } from "../../src/store/store";
import { eachDatabase } from "../support/databases";
import { seedIncident, seedSpace, START, write } from "./seed";

function entry(name: string, incidentId = "incident-1"): Change {
  return {
    kind: "timeline.added",
    incidentId,
    entry: { kind: "renamed", at: START, actor: "ana", payload: { name } },
  };
}

async function seedThree(store: Store): Promise<void> {
  await seedSpace(store);
  await seedIncident(store);
  await write(store, entry("one"));
  await write(store, entry("two"), entry("three"));
}

function read(store: Store, incidentId = "incident-1"): Promise<Timeline> {
  return store.db.write.transaction((tx) => readTimeline(tx, store.secrets, incidentId));
}

function row(store: Store, seq: number) {
  return store.db.write("timeline").where({ incident_id: "incident-1", seq });
}

eachDatabase("an incident's timeline", ({ open }) => {
  it("tells what was decided, in order, and that nothing was changed", async () => {
    const store = await open();
    await seedThree(store);
    const { entries, isIntact } = await read(store);
    expect(isIntact).toBe(true);
    expect(entries).toEqual(
      ["one", "two", "three"].map((name, index) => ({
        seq: index + 1,
        kind: "renamed",
        at: START,
        actor: "ana",
        payload: { name },
      })),
    );
  });

  it("is each incident's own", async () => {
    const store = await open();
    await seedThree(store);
    await seedSpace(store, [], "space-other");
    await seedIncident(store, 2, "space-other");
    await write(store, entry("other", "incident-2"));
    expect((await read(store, "incident-2")).entries).toMatchObject([{ seq: 1 }]);
    expect((await read(store)).entries).toHaveLength(3);
    expect(await read(store, "incident-nobody-knows")).toEqual({ entries: [], isIntact: true });
  });

  it("still proves itself when payload and salt of an entry were erased", async () => {
    const store = await open();
    await seedThree(store);
    await row(store, 2).update({ payload: null, salt: null });
    const { entries, isIntact } = await read(store);
    expect(isIntact).toBe(true);
    expect(entries[1]).toEqual({ seq: 2, kind: "renamed", at: START, actor: "ana" });
    expect(entries[2]).toMatchObject({ payload: { name: "three" } });
  });

  it("grows on after an erasure", async () => {
    const store = await open();
    await seedThree(store);
    await row(store, 3).update({ payload: null, salt: null });
    await write(store, entry("four"));
    expect(await read(store)).toMatchObject({ isIntact: true, entries: [{}, {}, {}, { seq: 4 }] });
  });

  const tampered: [string, (store: Store) => Promise<unknown>][] = [
    ["its actor was changed", (store) => row(store, 2).update({ actor: "bo" })],
    ["its time was changed", (store) => row(store, 2).update({ at: START + 1 })],
    ["its kind was changed", (store) => row(store, 2).update({ kind: "stopped" })],
    ["its payload was changed", (store) => row(store, 2).update({ payload: "v1.AAAA" })],
    [
      "its payload is another one, sealed rightly",
      (store) =>
        row(store, 2).update({
          payload: store.secrets.encrypt("{}", "timeline.payload", "incident-1/2"),
        }),
    ],
    ["its salt was changed", (store) => row(store, 2).update({ salt: "00" })],
    ["it was taken away", (store) => row(store, 2).delete()],
    ["the first was taken away", (store) => row(store, 1).delete()],
    [
      "another stands in its place",
      async (store) => {
        await row(store, 2).update({ seq: 9 });
        await row(store, 3).update({ seq: 2 });
        await row(store, 9).update({ seq: 3 });
      },
    ],
  ];

  it.each(tampered)("shows that an entry is not as it was written: %s", async (_name, tamper) => {
    const store = await open();
    await seedThree(store);
    await tamper(store);
    expect((await read(store)).isIntact).toBe(false);
  });
});
