import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sqlitePath } from "../../src/store/database-url";
import type { Store } from "../../src/store/store";
import { anExternal, SPACE } from "../support/builders";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import {
  anEffect,
  aNotification,
  aRound,
  claimRows,
  externalIn,
  MINUTE,
  queue,
  queueEffects,
  recordOf,
  seedIncident,
  seedSpace,
  START,
  write,
} from "./seed";

const eve = anExternal({
  email: "marker-external@elsewhere.example",
  mobile: "+14085557361",
  voice: "+14085557362",
});
/** None of these may be read in the database by whoever has no key. */
const SECRETS = [
  "marker-external@elsewhere.example",
  "marker-invited@elsewhere.example",
  "4085557361",
  "4085557362",
  "4085557363",
  "7361",
  "marker-round",
  "marker-conference",
  "marker-bridge",
  "marker-card",
  "marker-reply",
  "marker-sent",
  "marker-event",
  "marker-timeline",
];

async function writeSecrets(store: Store): Promise<void> {
  await seedSpace(store, [eve]);
  await seedIncident(store);
  const asker = { personId: "ana", name: "Ana" };
  await write(
    store,
    {
      kind: "incident.conference",
      incidentId: "incident-1",
      conference: {
        link: "https://meet.example/marker-conference",
        phone: "+14085557363",
        source: "bridge",
      },
    },
    { kind: "bridge.set", spaceId: SPACE, bridge: { link: "https://meet.example/marker-bridge" } },
    { kind: "round.opened", round: aRound({ id: "round-2", text: "marker-round" }) },
    {
      kind: "card.written",
      card: { id: "card-1", kind: "notice", spaceId: SPACE, payload: { run: "marker-card" } },
      at: START,
    },
    {
      kind: "timeline.added",
      incidentId: "incident-1",
      entry: { kind: "added", at: START, actor: "ana", payload: { name: "marker-timeline" } },
    },
  );
  await queueEffects(
    store,
    anEffect({
      effect: {
        kind: "reply",
        to: { kind: "space", spaceId: SPACE },
        post: { markdown: "marker-reply" },
      },
    }),
    anEffect({
      id: "e-2",
      effect: {
        kind: "membership-add",
        spaceId: SPACE,
        invitee: { by: "email", email: "marker-invited@elsewhere.example" },
        asker,
      },
    }),
  );
  await queue(store, aNotification({ roundId: "round-2", expiresAt: START + 30 * MINUTE }));
  const [row] = await claimRows(store, "sms");
  const sent = { to: "+14085557361", text: "marker-sent" };
  await store.outbox.record(recordOf(row!, "accepted", { sent }));
  await store.inbox.add({ kind: "message", key: "m-1", occurredAt: 1, body: "marker-event" });
}

/** Everything on the disk, the write-ahead log too. */
async function bytesOf(database: TestDatabase): Promise<Buffer> {
  const folder = dirname(sqlitePath(database.url()));
  const files = await readdir(folder);
  expect(files).toContain("muster.sqlite3-wal");
  return Buffer.concat(await Promise.all(files.map((file) => readFile(join(folder, file)))));
}

/** Every value of every column of every table. */
async function dumpOf(store: Store): Promise<string> {
  const tables = await store.db
    .write("information_schema.tables")
    .where({ table_schema: "public" })
    .select<{ table_name: string }[]>("table_name");
  const rows = await Promise.all(tables.map((table) => store.db.write(table.table_name)));
  return JSON.stringify(rows);
}

/** Digits appear in hashes and times by chance, so four of them count only on their own. */
function readable(text: string): string[] {
  return SECRETS.filter((secret) =>
    secret === "7361" ? /(?<![\w-])7361(?![\w-])/.test(text) : text.includes(secret),
  );
}

onlyOn("sqlite", "what must not be read", (database) => {
  it("is nowhere in the files", async () => {
    const store = await database.open();
    await writeSecrets(store);
    const text = (await bytesOf(database)).toString("latin1");
    // What may be read is there: these are the bytes that were written.
    expect(text).toContain("payments down");
    expect(readable(text)).toEqual([]);
  });
});

onlyOn("postgres", "what must not be read", (database) => {
  it("is nowhere in the tables", async () => {
    const store = await database.open();
    await writeSecrets(store);
    const text = await dumpOf(store);
    expect(text).toContain("payments down");
    expect(readable(text)).toEqual([]);
  });
});

eachDatabase("what is encrypted", ({ open }) => {
  it("comes back as it was", async () => {
    const store = await open();
    await writeSecrets(store);
    const read = await store.inSpace(
      { kind: "reading" },
      { spaceId: SPACE, cardId: "card-1" },
      (state) => ({ changes: [], result: state }),
    );
    expect(read).toMatchObject({
      result: {
        bridge: { link: "https://meet.example/marker-bridge" },
        incident: { conference: { phone: "+14085557363" } },
        card: { payload: { run: "marker-card" } },
        roster: [{ responder: eve }],
        pendingMemberships: new Set(["marker-invited@elsewhere.example"]),
      },
    });
  });

  it("is found by the whole number, on whichever channel, and by no part of it", async () => {
    const store = await open();
    await writeSecrets(store);
    const find = async (number: string): Promise<unknown> => {
      const read = await store.forExternal(
        { kind: "reading" },
        { spaceId: SPACE, numbers: [number] },
        (state) => ({ changes: [], result: state.existing?.id }),
      );
      return read.isDone ? read.result : undefined;
    };
    expect(await find("+14085557361")).toBe("r-eve");
    expect(await find("+14085557362")).toBe("r-eve");
    expect(await find("+1408555736")).toBeUndefined();
    expect(await find("7361")).toBeUndefined();
  });

  it("cannot be moved to another row", async () => {
    const store = await open();
    await writeSecrets(store);
    await write(store, { kind: "responder.created", responder: anExternal({ id: "r-2" }), at: 1 });
    const stored = await store.db
      .write<{ id: string; contact: string }>("responders")
      .where({ id: "r-eve" })
      .first();
    await store.db.write("responders").where({ id: "r-2" }).update({ contact: stored!.contact });
    await expect(externalIn(store, "r-2")).rejects.toThrow("cannot open a sealed");
    expect(await externalIn(store, "r-eve")).toMatchObject({ mobile: eve.mobile });
  });
});
