import type { Store } from "../../src/store/store";
import { anExternal } from "../support/builders";
import { eachDatabase, onlyOn } from "../support/databases";
import {
  aNotification,
  claimIds,
  queue,
  queueEffects,
  anEffect,
  seedIncident,
  seedSpace,
} from "./seed";

/** Four at a time, then one every 50 ms. */
const rates = { sms: { perSecond: 20 } };

async function seedTexts(store: Store, count: number): Promise<void> {
  const responders = Array.from({ length: count }, (_, index) =>
    anExternal({ id: `r-${index}`, mobile: `+1408555${1000 + index}` }),
  );
  await seedSpace(store, responders);
  await seedIncident(store);
  await queue(
    store,
    ...responders.map(({ id: responderId }, position) =>
      aNotification({ id: `n-${position}`, responderId, position }),
    ),
  );
}

eachDatabase("the rate of a lane", (database) => {
  const { open } = database;

  it("allows a fifth of a second's worth at a time", async () => {
    const store = await open({ rates });
    await seedTexts(store, 10);
    expect(await claimIds(store, "sms")).toHaveLength(4);
    expect(await claimIds(store, "sms")).toEqual([]);
  });

  it("allows the next when real time has passed, whatever the moved clock says", async () => {
    const store = await open({ rates });
    await seedTexts(store, 10);
    await claimIds(store, "sms");
    await database.clock().advance(60_000);
    expect(await claimIds(store, "sms")).toEqual([]);
    database.clock().passReal(50);
    expect(await claimIds(store, "sms")).toEqual(["n-4"]);
    database.clock().passReal(99);
    expect(await claimIds(store, "sms")).toEqual(["n-5"]);
    database.clock().passReal(1);
    expect(await claimIds(store, "sms")).toEqual(["n-6"]);
  });

  it("saves up no more than one burst", async () => {
    const store = await open({ rates });
    await seedTexts(store, 12);
    await claimIds(store, "sms");
    database.clock().passReal(60_000);
    expect(await claimIds(store, "sms")).toHaveLength(4);
  });

  it("is not used up by looking where nothing is due", async () => {
    const store = await open({ rates });
    for (let look = 0; look < 10; look += 1) await claimIds(store, "sms");
    await seedTexts(store, 10);
    expect(await claimIds(store, "sms")).toHaveLength(4);
  });

  it("counts only the rows that were there", async () => {
    const store = await open({ rates });
    await seedTexts(store, 10);
    expect(await claimIds(store, "sms", 1)).toHaveLength(1);
    expect(await claimIds(store, "sms", 100)).toHaveLength(3);
  });

  it("lets even the slowest lane send one at a time", async () => {
    const store = await open({ rates: { sms: { perSecond: 1 } } });
    await seedTexts(store, 2);
    expect(await claimIds(store, "sms")).toEqual(["n-0"]);
    expect(await claimIds(store, "sms")).toEqual([]);
    database.clock().passReal(1_000);
    expect(await claimIds(store, "sms")).toEqual(["n-1"]);
  });

  it("tells when the next token comes", async () => {
    const store = await open({ rates });
    await seedTexts(store, 10);
    await claimIds(store, "sms");
    expect(await store.outbox.nextLook("sms")).toEqual({ realAt: database.clock().real() + 50 });
  });

  it("has a row that waited long enough wait for the token only", async () => {
    const store = await open({ rates });
    await seedTexts(store, 5);
    await claimIds(store, "sms");
    await store.db.write("outbox").where({ state: "queued" }).update({ hold_until: 1 });
    expect(await store.outbox.nextLook("sms")).toEqual({ realAt: database.clock().real() + 50 });
  });

  it("holds no other lane back", async () => {
    const store = await open({ rates: { sms: { perSecond: 1 } } });
    await seedTexts(store, 2);
    await claimIds(store, "sms");
    await queueEffects(store, anEffect());
    expect(await claimIds(store, "talk")).toEqual(["e-1"]);
  });
});

eachDatabase("a paused lane", (database) => {
  const { open } = database;

  it("gives nothing out until the pause is over", async () => {
    const store = await open();
    await seedTexts(store, 1);
    const until = database.clock().now() + 5_000;
    await store.outbox.pause("sms", until);
    expect(await claimIds(store, "sms")).toEqual([]);
    expect(await store.outbox.nextLook("sms")).toEqual({ dueAt: until });
    await database.clock().advance(5_000);
    expect(await claimIds(store, "sms")).toEqual(["n-0"]);
  });

  it("is never woken early by a shorter pause", async () => {
    const store = await open();
    await seedTexts(store, 1);
    await store.outbox.pause("sms", database.clock().now() + 5_000);
    await store.outbox.pause("sms", database.clock().now() + 1_000);
    await database.clock().advance(1_000);
    expect(await claimIds(store, "sms")).toEqual([]);
  });

  it("keeps its tokens", async () => {
    const store = await open({ rates });
    await seedTexts(store, 10);
    await store.outbox.pause("sms", database.clock().now() + 1_000);
    await database.clock().advance(1_000);
    expect(await claimIds(store, "sms")).toHaveLength(4);
  });

  it("does not look at held rows over and over", async () => {
    const store = await open();
    await seedTexts(store, 1);
    const until = database.clock().now() + 5_000;
    await store.outbox.pause("sms", until);
    await store.db.write("outbox").update({ hold_until: 1 });
    expect(await store.outbox.nextLook("sms")).toEqual({ dueAt: until });
  });

  it("leaves the other lanes running", async () => {
    const store = await open();
    await seedTexts(store, 1);
    await queueEffects(store, anEffect());
    await store.outbox.pause("sms", database.clock().now() + 5_000);
    expect(await claimIds(store, "talk")).toEqual(["e-1"]);
  });
});

onlyOn("postgres", "the rate of a lane in several processes", ({ open }) => {
  it("holds for all of them together", async () => {
    const stores = [await open({ rates }), await open({ rates })];
    await seedTexts(stores[0]!, 12);
    const claims = await Promise.all(
      [0, 1, 0, 1, 0, 1].map((index) => claimIds(stores[index]!, "sms", 3)),
    );
    expect(claims.flat()).toHaveLength(4);
  });

  it("is paused for all of them", async () => {
    const stores = [await open(), await open()];
    await seedTexts(stores[0]!, 1);
    await stores[0]!.outbox.pause("sms", Number.MAX_SAFE_INTEGER);
    expect(await claimIds(stores[1]!, "sms")).toEqual([]);
  });
});
