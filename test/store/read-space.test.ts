import type { Effect } from "../../src/notify/outbox-row";
import type { Store } from "../../src/store/store";
import { ana, SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import { anEffect, claimOne, queueEffects, recordOf, seedSpace } from "./seed";

async function pendingSince(store: Store, readAt: number): Promise<string[]> {
  const about = { spaceId: SPACE, personIds: [], readAt };
  const read = await store.forReading({ kind: "reading" }, about, (state) => ({
    changes: [],
    result: [...(state.known?.pendingMemberships ?? [])],
  }));
  return read.isDone ? read.result : [];
}

const removal: Effect = {
  kind: "membership-remove",
  spaceId: SPACE,
  personId: "bo",
  asker: ana,
};
const addition: Effect = {
  kind: "membership-add",
  spaceId: SPACE,
  invitee: { by: "email", email: "dan@corp.example" },
  asker: ana,
};

eachDatabase("a reading of a space", ({ clock, open }) => {
  it.each([
    ["removed", removal, "bo"],
    ["added by e-mail", addition, "dan@corp.example"],
  ])("leaves somebody alone who was %s after it began", async (_what, effect, who) => {
    const store = await open();
    await seedSpace(store);
    const readAt = clock().now();
    await queueEffects(store, anEffect({ effect }));
    expect(await pendingSince(store, readAt)).toEqual([who]);
    const row = await claimOne(store, "talk");
    await store.outbox.record(recordOf(row, "accepted"));
    expect(await pendingSince(store, readAt)).toEqual([who]);
    await clock().advance(1_000);
    expect(await pendingSince(store, clock().now())).toEqual([]);
  });
});
