import { SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import {
  aNotification,
  anEffect,
  claimIds,
  queue,
  queueEffects,
  seedIncident,
  seedSpace,
} from "./seed";
import { anExternal } from "../support/builders";

eachDatabase("a row that cannot be opened", ({ open }) => {
  it("ends alone, and is told of; the others are sent", async () => {
    const unreadable: string[] = [];
    const store = await open({ onUnreadable: (table, id) => unreadable.push(`${table} ${id}`) });
    await seedSpace(store, [anExternal(), anExternal({ id: "r-fay", mobile: "+14085550102" })]);
    await seedIncident(store);
    await queue(
      store,
      aNotification({ id: "n-bad" }),
      aNotification({ id: "n-good", responderId: "r-fay", position: 1 }),
    );
    await store.db.write("responders").where({ id: "r-eve" }).update({ contact: "+14085550101" });
    expect(await claimIds(store, "sms")).toEqual(["n-good"]);
    expect(unreadable).toEqual(["outbox n-bad"]);
    const bad: unknown = await store.db.write("outbox").where({ id: "n-bad" }).first();
    expect(bad).toMatchObject({ state: "failed", last_error: "it cannot be read" });
  });

  it("does not keep answers waiting", async () => {
    const store = await open();
    await seedSpace(store);
    await queueEffects(store, anEffect({ id: "e-bad" }), anEffect({ id: "e-good" }));
    await store.db.write("outbox").where({ id: "e-bad" }).update({ payload: "v1.x.y.z" });
    expect(await claimIds(store, "talk")).toEqual(["e-good"]);
    expect(await claimIds(store, "talk")).toEqual([]);
  });

  it("does not keep other events waiting", async () => {
    const unreadable: string[] = [];
    const store = await open({ onUnreadable: (table) => unreadable.push(table) });
    for (const key of ["bad", "good"])
      await store.inbox.add({
        kind: "message",
        key,
        spaceId: SPACE,
        personId: "ana",
        occurredAt: 1,
        body: { key },
      });
    await store.db.write("inbox").where({ unique_key: "bad" }).update({ body: "changed" });
    expect((await store.inbox.claim(10)).map((row) => row.body)).toEqual([{ key: "good" }]);
    expect(unreadable).toEqual(["inbox"]);
    expect(await store.inbox.nextDueAt()).toBeUndefined();
  });
});
