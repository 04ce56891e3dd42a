import type { Store } from "../../src/store/store";
import { aPerson, SPACE } from "../support/builders";
import { eachDatabase, type TestDatabase } from "../support/databases";
import { directoryNumbers, fill, someone } from "./directory-people";
import { aNotification, seedRunning, settleFirst } from "./seed";

const OLD = "+14085550131";
const NEW = "+14085550139";

/** By the directory Bo now has this mobile number. */
async function boHas(store: Store, mobile: string): Promise<void> {
  const phones = [{ type: "mobile", value: mobile }];
  await fill(store, [someone("Bo Alm", { personId: "bo", phones })]);
}

/** Bo was texted on the number that the directory had then. */
async function boTexted({ open }: TestDatabase): Promise<Store> {
  const store = await open({ directoryNumbers });
  await boHas(store, OLD);
  await seedRunning(store, [aPerson()], aNotification({ responderId: "r-bo" }));
  await settleFirst(store, "sms", "accepted", {
    providerId: "m-1",
    sent: { to: OLD, text: "Come." },
  });
  return store;
}

eachDatabase("a Webex person who was texted", (database) => {
  it("is found by that number while the directory has it", async () => {
    const store = await boTexted(database);
    expect(await store.findCalledFor(OLD)).toMatchObject([
      { incident: { id: "incident-1" }, space: { id: SPACE }, people: [{ responderId: "r-bo" }] },
    ]);
    await boHas(store, NEW);
    expect(await store.findCalledFor(OLD)).toEqual([]);
    await boHas(store, OLD);
    expect(await store.findCalledFor(OLD)).toHaveLength(1);
  });

  it("is not found by a number on which nobody has texted them", async () => {
    const store = await boTexted(database);
    await boHas(store, NEW);
    expect(await store.findCalledFor(NEW)).toEqual([]);
  });
});
