import type { Store } from "../../src/store/store";
import { SPACE } from "../support/builders";
import { eachDatabase } from "../support/databases";
import { anEffect, claimOne, claimRows, queueEffects, recordOf, seedSpace, write } from "./seed";

/** Posts a status card and has Webex accept it under this message id. */
async function post(store: Store, card: string, messageId: string, spaceId = SPACE): Promise<void> {
  await queueStatusPost(store, card, spaceId);
  const row = (await claimRows(store, "talk")).find((one) => one.id === `post-${card}`);
  await store.outbox.record(recordOf(row!, "accepted", { providerId: messageId }));
}

async function queueStatusPost(store: Store, card: string, spaceId = SPACE): Promise<void> {
  await write(store, {
    kind: "card.written",
    card: { id: card, kind: "status", spaceId },
    at: 1,
  });
  await queueEffects(
    store,
    anEffect({
      id: `post-${card}`,
      spaceId,
      effect: {
        kind: "reply",
        to: { kind: "space", spaceId },
        post: { markdown: "Status" },
        note: { cardId: card, isStatusCardOf: spaceId },
      },
    }),
  );
}

async function standing(store: Store, spaceId = SPACE): Promise<unknown> {
  const read = await store.inSpace({ kind: "reading" }, { spaceId }, (state) => ({
    changes: [],
    result: state.statusCard,
  }));
  return read.isDone ? read.result : undefined;
}

eachDatabase("a space's status card", ({ open }) => {
  it("is the one whose post was accepted last", async () => {
    const store = await open();
    await seedSpace(store);
    expect(await standing(store)).toBeUndefined();
    await post(store, "card-1", "message-1");
    expect(await standing(store)).toEqual({ cardId: "card-1", messageId: "message-1" });
    await post(store, "card-2", "message-2");
    expect(await standing(store)).toEqual({ cardId: "card-2", messageId: "message-2" });
  });

  it("is not replaced by an older one whose post was answered late", async () => {
    const store = await open();
    await seedSpace(store);
    await queueStatusPost(store, "card-1");
    const [older] = await claimRows(store, "talk");
    await queueStatusPost(store, "card-2");
    const [newer] = await claimRows(store, "talk");
    await store.outbox.record(recordOf(newer!, "accepted", { providerId: "message-2" }));
    await store.outbox.record(recordOf(older!, "accepted", { providerId: "message-1" }));
    expect(await standing(store)).toEqual({ cardId: "card-2", messageId: "message-2" });
    expect(await claimOne(store, "talk")).toMatchObject({ effect: { messageId: "message-1" } });
  });

  it("is not posted any more once a newer one is queued", async () => {
    const store = await open();
    await seedSpace(store);
    await queueStatusPost(store, "card-1");
    await queueStatusPost(store, "card-2");
    expect((await claimRows(store, "talk")).map((row) => row.cardId)).toEqual(["card-2"]);
  });

  it("has the one before it deleted, and only once", async () => {
    const store = await open();
    await seedSpace(store);
    await post(store, "card-1", "message-1");
    expect(await claimRows(store, "talk")).toEqual([]);
    await post(store, "card-2", "message-2");
    expect(await claimOne(store, "talk")).toMatchObject({
      kind: "message-delete",
      effect: { kind: "message-delete", messageId: "message-1" },
    });
    expect(await claimRows(store, "talk")).toEqual([]);
  });

  it("stays when the post of the next one failed", async () => {
    const store = await open();
    await seedSpace(store);
    await post(store, "card-1", "message-1");
    await queueEffects(
      store,
      anEffect({
        effect: {
          kind: "reply",
          to: { kind: "space", spaceId: SPACE },
          post: { markdown: "Status" },
          note: { isStatusCardOf: SPACE },
        },
      }),
    );
    await store.outbox.record(recordOf(await claimOne(store, "talk"), "failed"));
    expect(await standing(store)).toEqual({ cardId: "card-1", messageId: "message-1" });
    expect(await claimRows(store, "talk")).toEqual([]);
  });

  it("is each space's own", async () => {
    const store = await open();
    await seedSpace(store);
    await seedSpace(store, [], "space-other");
    await post(store, "card-1", "message-1");
    await post(store, "card-2", "message-2", "space-other");
    expect(await standing(store)).toMatchObject({ messageId: "message-1" });
    expect(await standing(store, "space-other")).toMatchObject({ messageId: "message-2" });
    expect(await claimRows(store, "talk")).toEqual([]);
  });
});
