import type { Change } from "../../src/incident/change";
import type { StatusCard } from "../../src/incident/space-state";
import type { Effect } from "../../src/notify/outbox-row";
import type { Store } from "../../src/store/store";
import { anExternal, SPACE } from "../support/builders";
import { eachDatabase, onlyOn } from "../support/databases";
import {
  aNotification,
  anEffect,
  claimOne,
  claimRows,
  queue,
  queueEffects,
  recordOf,
  seedIncident,
  seedSpace,
  START,
  write,
} from "./seed";

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

async function cardOf(store: Store, spaceId = SPACE): Promise<StatusCard | undefined> {
  const read = await store.inSpace({ kind: "reading" }, { spaceId }, (state) => ({
    changes: [],
    result: state.statusCard,
  }));
  return read.isDone ? read.result : undefined;
}

async function standing(store: Store, spaceId = SPACE): Promise<unknown> {
  const { cardId, messageId } = (await cardOf(store, spaceId)) ?? {};
  return messageId === undefined ? undefined : { cardId, messageId };
}

/** When somebody will look at the space's card. */
async function dueAt(store: Store): Promise<number | undefined> {
  return store.queries.nextStatusCardDueAt();
}

/** A running incident whose card stands, seen by nobody since. */
async function seedStanding(store: Store, responders = [anExternal()]): Promise<void> {
  await seedSpace(store, responders);
  await seedIncident(store);
  await post(store, "card-1", "message-1");
}

async function press(store: Store, cardId: string, messageId: string): Promise<void> {
  await write(store, {
    kind: "status-card.pressed",
    holds: true,
    spaceId: SPACE,
    cardId,
    messageId,
    at: START,
  });
}

async function deletions(store: Store): Promise<unknown[]> {
  const rows = await claimRows(store, "talk");
  return rows.flatMap(({ effect }) => (effect?.kind === "message-delete" ? effect.messageId : []));
}

const switched: Change = {
  kind: "roster.set",
  spaceId: SPACE,
  responderId: "r-eve",
  channels: { webex: false, sms: false, voice: true },
  at: START,
};

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

eachDatabase("a status card that may be out of date", (database) => {
  const { open } = database;

  it("is looked at five seconds after it was posted, however much changes before", async () => {
    const store = await open();
    await seedStanding(store);
    expect(await dueAt(store)).toBeUndefined();
    await write(store, switched);
    await write(store, switched);
    expect(await dueAt(store)).toBe(START + 5_000);
    expect(await store.queries.dueStatusCards(START + 4_999)).toEqual([]);
    expect(await store.queries.dueStatusCards(START + 5_000)).toEqual([
      { spaceId: SPACE, dueAt: START + 5_000 },
    ]);
  });

  it.each<[string, Change]>([
    ["somebody left the roster", { kind: "roster.removed", spaceId: SPACE, responderId: "r-eve" }],
    [
      "the incident has another name",
      { kind: "incident.renamed", incidentId: "incident-1", name: "x" },
    ],
    ["somebody has another name", { kind: "responder.renamed", responderId: "r-eve", name: "Eva" }],
    ["somebody was edited", { kind: "responder.edited", responder: anExternal({ version: 2 }) }],
  ])("is looked at when %s", async (_what, change) => {
    const store = await open();
    await seedStanding(store);
    await write(store, change);
    expect(await dueAt(store)).toBe(START + 5_000);
  });

  it("is looked at when a notification was tried, once for all that are tried until then", async () => {
    const store = await open();
    await seedStanding(store);
    await queue(store, aNotification(), aNotification({ id: "n-2", channel: "voice" }));
    const [text] = await claimRows(store, "sms");
    await store.outbox.record(recordOf(text!, "accepted"));
    expect(await dueAt(store)).toBe(START + 5_000);
    const statements: string[] = [];
    store.db.write.on("query", ({ sql }: { sql: string }) => void statements.push(sql));
    const [call] = await claimRows(store, "voice");
    await store.outbox.record(recordOf(call!, "failed"));
    expect(statements.filter((sql) => /^update .status_cards/.test(sql))).toEqual([]);
  });

  it("is not looked at for what happens while no incident runs", async () => {
    const store = await open();
    await seedSpace(store);
    await post(store, "card-1", "message-1");
    await write(store, switched);
    expect(await dueAt(store)).toBeUndefined();
  });

  it("is not looked at once a new one is queued by the same decision, or by a later one", async () => {
    const store = await open();
    await seedStanding(store);
    await write(store, switched);
    await queueStatusPost(store, "card-2");
    expect(await dueAt(store)).toBeUndefined();
  });

  it("is looked at again when it was said, or sooner when something changes", async () => {
    const store = await open();
    await seedStanding(store);
    const looked = { kind: "status-card.looked" as const, spaceId: SPACE, at: START + 1_000 };
    await write(store, { ...looked, dueAt: START + 60_000 });
    expect(await dueAt(store)).toBe(START + 60_000);
    await write(store, switched);
    expect(await dueAt(store)).toBe(START + 6_000);
    await write(store, looked);
    expect(await dueAt(store)).toBeUndefined();
  });

  it("is looked at by one, even when two processes find it due", async () => {
    const store = await open();
    await seedStanding(store);
    await write(store, switched);
    const [due] = await store.queries.dueStatusCards(START + 5_000);
    const trigger = { kind: "due", table: "status_cards", id: SPACE, dueAt: due!.dueAt } as const;
    const look = () =>
      store.withProgress(trigger, { spaceId: SPACE }, () => ({ changes: [], result: "looked" }));
    const looks = await Promise.all([look(), look()]);
    expect(looks.map(({ isDone }) => isDone).sort()).toEqual([false, true]);
    expect(await dueAt(store)).toBeUndefined();
  });

  it("is looked at later when that has failed", async () => {
    const store = await open();
    await seedStanding(store);
    await write(store, switched);
    await store.queries.postponeStatusCard(SPACE, START + 60_000);
    expect(await dueAt(store)).toBe(START + 60_000);
  });

  it("keeps what its newest one shows, since when, and since when it was pressed", async () => {
    const store = await open();
    await seedStanding(store);
    await press(store, "card-1", "message-1");
    expect(await cardOf(store)).toMatchObject({ picture: "", replacedAt: START, pressedAt: START });
    await queueStatusPost(store, "card-2");
    expect(await cardOf(store)).not.toHaveProperty("pressedAt");
  });

  it("has nothing to wait for when a press on it has changed what it shows", async () => {
    const store = await open();
    await seedStanding(store);
    await write(
      store,
      {
        kind: "status-card.pressed",
        holds: true,
        spaceId: SPACE,
        cardId: "card-1",
        messageId: "message-1",
        at: START,
      },
      switched,
    );
    expect(await cardOf(store)).toMatchObject({ replacedAt: 0 });
    expect(await dueAt(store)).toBe(START);
  });
});

eachDatabase("a press on a status card", ({ open }) => {
  it("deletes nothing where the card is the one that stands", async () => {
    const store = await open();
    await seedStanding(store);
    await press(store, "card-1", "message-1");
    expect(await deletions(store)).toEqual([]);
  });

  it("deletes a card that was replaced but stayed", async () => {
    const store = await open();
    await seedStanding(store);
    await post(store, "card-2", "message-2");
    await store.outbox.record(recordOf(await claimOne(store, "talk"), "failed"));
    await press(store, "card-1", "message-1");
    expect(await deletions(store)).toEqual(["message-1"]);
  });

  it("deletes the message that a crash left behind, with the very card that stands", async () => {
    const store = await open();
    await seedStanding(store);
    await press(store, "card-1", "message-before-the-crash");
    expect(await deletions(store)).toEqual(["message-before-the-crash"]);
  });

  it("leaves a card alone whose message Webex has taken and nobody has recorded yet", async () => {
    const store = await open();
    await seedStanding(store);
    await queueStatusPost(store, "card-2");
    const [row] = await claimRows(store, "talk");
    await press(store, "card-2", "message-2");
    await store.outbox.record(recordOf(row!, "accepted", { providerId: "message-2" }));
    expect(await deletions(store)).toEqual(["message-1"]);
  });

  it("deletes no message of another kind, whatever the press says of its card", async () => {
    const store = await open();
    await seedStanding(store);
    await write(store, {
      kind: "card.written",
      card: { id: "help-1", kind: "help", spaceId: SPACE },
      at: START,
    });
    await store.db.write("cards").where({ id: "help-1" }).update({ message_id: "message-help" });
    await press(store, "card-1", "message-help");
    await press(store, "help-1", "message-unknown");
    await press(store, "", "message-unknown");
    expect(await deletions(store)).toEqual([]);
  });

  it("deletes nothing where no card stands, and nothing of another space", async () => {
    const store = await open();
    await seedSpace(store);
    await press(store, "card-1", "message-1");
    await seedSpace(store, [], "space-other");
    await post(store, "card-1", "message-1");
    await post(store, "card-2", "message-2", "space-other");
    await press(store, "card-2", "message-2");
    expect(await deletions(store)).toEqual([]);
  });
});

eachDatabase("the line between two status cards", ({ open }) => {
  const edit = (markdown: string): Effect => ({
    kind: "message-edit",
    spaceId: SPACE,
    messageId: "line-1",
    markdown,
  });

  async function queueLine(store: Store, id: string, markdown = "1 of 2 invited"): Promise<void> {
    const to = { kind: "space", spaceId: SPACE, parentId: "thread" } as const;
    const effect: Effect = { kind: "reply", to, post: { markdown }, note: { isLineOf: SPACE } };
    await queueEffects(store, anEffect({ id, effect }));
  }

  async function postLine(store: Store, id: string, messageId: string): Promise<void> {
    await queueLine(store, id);
    const row = await claimOne(store, "talk");
    await store.outbox.record(recordOf(row, "accepted", { providerId: messageId }));
  }

  it("is under way until Webex says its id, and is then the space's line", async () => {
    const store = await open();
    await seedStanding(store);
    await queueLine(store, "post-1");
    const line = { text: "1 of 2 invited", edits: 0 };
    expect((await cardOf(store))?.line).toEqual({ ...line, isUnderWay: true });
    const row = await claimOne(store, "talk");
    await store.outbox.record(recordOf(row, "accepted", { providerId: "line-1" }));
    const posted = { ...line, isUnderWay: false, messageId: "line-1" };
    expect((await cardOf(store))?.line).toEqual(posted);
  });

  it("counts its edits", async () => {
    const store = await open();
    await seedStanding(store);
    await postLine(store, "post-1", "line-1");
    await queueEffects(store, anEffect({ id: "edit-1", effect: edit("2 of 2 invited") }));
    expect((await cardOf(store))?.line).toMatchObject({ text: "2 of 2 invited", edits: 1 });
  });

  it("posted anew has the one before it deleted", async () => {
    const store = await open();
    await seedStanding(store);
    await postLine(store, "post-1", "line-1");
    await postLine(store, "post-2", "line-2");
    expect((await cardOf(store))?.line).toMatchObject({ messageId: "line-2", edits: 0 });
    expect(await deletions(store)).toEqual(["line-1"]);
  });

  it("that was dropped is deleted, also when Webex says its id only later", async () => {
    const store = await open();
    await seedStanding(store);
    await postLine(store, "post-1", "line-1");
    await write(store, { kind: "status-line.dropped", spaceId: SPACE });
    expect(await deletions(store)).toEqual(["line-1"]);
    await queueLine(store, "post-2");
    const row = await claimOne(store, "talk");
    await write(store, { kind: "status-line.dropped", spaceId: SPACE });
    await store.outbox.record(recordOf(row, "accepted", { providerId: "line-2" }));
    expect(await deletions(store)).toEqual(["line-2"]);
    expect(await cardOf(store)).not.toHaveProperty("line");
  });

  it("that Webex does not let be edited is posted anew the next time", async () => {
    const store = await open();
    await seedStanding(store);
    await postLine(store, "post-1", "line-1");
    await queueEffects(store, anEffect({ id: "edit-1", effect: edit("2 of 2 invited") }));
    await store.outbox.record(recordOf(await claimOne(store, "talk"), "expired"));
    expect(await cardOf(store)).toHaveProperty("line");
    await queueEffects(store, anEffect({ id: "edit-2", effect: edit("2 of 2 invited") }));
    await store.outbox.record(recordOf(await claimOne(store, "talk"), "failed"));
    expect(await cardOf(store)).not.toHaveProperty("line");
    expect(await deletions(store)).toEqual(["line-1"]);
  });
});

onlyOn("postgres", "a status card that two processes replace", ({ open }) => {
  it("is one in the end, whichever post Webex answers first", async () => {
    const [one, two] = [await open(), await open()];
    await seedStanding(one);
    await Promise.all([queueStatusPost(one, "card-2"), queueStatusPost(two, "card-3")]);
    const rows = [...(await claimRows(one, "talk")), ...(await claimRows(two, "talk"))];
    await Promise.all(
      rows.map((row, index) =>
        (index % 2 === 0 ? one : two).outbox.record(
          recordOf(row, "accepted", { providerId: `message-of-${row.cardId!}` }),
        ),
      ),
    );
    const stands = (await cardOf(one))?.messageId;
    const posted = ["message-1", ...rows.map((row) => `message-of-${row.cardId!}`)];
    const gone = await deletions(two);
    expect([...gone, stands].sort()).toEqual(posted.sort());
  });
});
