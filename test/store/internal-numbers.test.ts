import type { Change } from "../../src/incident/change";
import type { SpaceState } from "../../src/incident/space-state";
import type { RosterEntry } from "../../src/roster/responder";
import type { Store } from "../../src/store/store";
import { anExternal, aPerson, SPACE } from "../support/builders";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import { directoryNumbers, fill, someone } from "./directory-people";
import {
  ALL_ON,
  anIncidentStopped,
  aNotification,
  outboxRow,
  outboxStates,
  queue,
  seedIncident,
  seedSpace,
  START,
  write,
} from "./seed";

const WEBEX_ONLY = { webex: true, sms: false, voice: false };
const bo = aPerson();
const cy = aPerson({ personId: "cy", name: "Cy" });
const eve = anExternal();
const tied = anExternal({ id: "r-tied", personId: "tied", mobile: "+14085550151" });

const phones = (mobile: string, work: string) => [
  { type: "work", value: work },
  { type: "mobile", value: mobile },
];
const inDirectory = [
  someone("Bo Alm", { personId: "bo", phones: phones("+1 408 555 0131", "(408) 555-0132") }),
  someone("Cy", { personId: "cy", phones: phones("+1 408 555 0133", "911") }),
  someone("Tied", { personId: "tied", phones: phones("+1 408 555 0134", "+1 408 555 0135") }),
];

function switched(responderId: string, channels: RosterEntry["channels"]): Change {
  return { kind: "roster.set", spaceId: SPACE, responderId, channels, at: START };
}

/** A space in which an incident runs; Bo's and the externals' phones are on, Cy's are off. */
async function aSpaceWithPeople({ open }: TestDatabase): Promise<Store> {
  const store = await open({ directoryNumbers });
  await seedSpace(store, [bo, cy, eve, tied]);
  await write(store, switched("r-cy", WEBEX_ONLY));
  await seedIncident(store);
  await fill(store, inDirectory);
  return store;
}

async function numbersIn(
  store: Store,
  about: { withNumbers?: boolean } = {},
): Promise<Record<string, (string | undefined)[]>> {
  const read = await store.inSpace({ kind: "reading" }, { spaceId: SPACE, ...about }, (state) => ({
    changes: [],
    result: told(state),
  }));
  return read.isDone ? read.result : {};
}

function told({ roster }: Pick<SpaceState, "roster">): Record<string, (string | undefined)[]> {
  return Object.fromEntries(
    roster.map(({ responder: { id, mobile, voice } }) => [id, [mobile, voice]]),
  );
}

const externals = {
  "r-eve": ["+14085550101", "+14085550102"],
  "r-tied": ["+14085550151", "+14085550102"],
};

/** What the database says of the numbers of its Webex people. */
async function stored(store: Store): Promise<unknown[]> {
  return store.db
    .write("responders")
    .where({ kind: "internal" })
    .where(
      (where) =>
        void where
          .whereNotNull("mobile_hash")
          .orWhereNotNull("voice_hash")
          .orWhereNotNull("mobile_last4_hash"),
    );
}

eachDatabase("the numbers of Webex people", (database) => {
  it("come from the directory where a phone is on, and an external's from their record", async () => {
    const store = await aSpaceWithPeople(database);
    expect(await numbersIn(store)).toEqual({
      "r-bo": ["+14085550131", "+14085550132"],
      "r-cy": [undefined, undefined],
      ...externals,
    });
  });

  it("come all of them where a decision asks for them; what cannot be dialled is none", async () => {
    const store = await aSpaceWithPeople(database);
    expect(await numbersIn(store, { withNumbers: true })).toEqual({
      "r-bo": ["+14085550131", "+14085550132"],
      "r-cy": ["+14085550133", undefined],
      ...externals,
    });
  });

  it("are those that the directory has now", async () => {
    const store = await aSpaceWithPeople(database);
    await numbersIn(store);
    await fill(store, [
      someone("Bo", { personId: "bo", phones: [{ type: "mobile", value: "4085550139" }] }),
    ]);
    expect((await numbersIn(store))["r-bo"]).toEqual(["+14085550139", undefined]);
    await store.directory.clear();
    expect((await numbersIn(store))["r-bo"]).toEqual([undefined, undefined]);
  });

  it("come with the progress, also of an incident that is over", async () => {
    const store = await aSpaceWithPeople(database);
    const progress = async () => {
      const read = await store.withProgress({ kind: "reading" }, { spaceId: SPACE }, (state) => ({
        changes: [],
        result: told({
          roster: state.progress.map((one) => ({ ...one, channels: ALL_ON, isModerator: false })),
        }),
      }));
      return read.isDone ? read.result["r-bo"] : undefined;
    };
    expect(await progress()).toEqual(["+14085550131", "+14085550132"]);
    await write(
      store,
      {
        kind: "team.kept",
        incidentId: "incident-1",
        members: [{ responderId: "r-bo", channels: ALL_ON }],
      },
      anIncidentStopped(),
    );
    expect(await progress()).toEqual(["+14085550131", "+14085550132"]);
  });

  it("come with a reading where they are asked for", async () => {
    const store = await aSpaceWithPeople(database);
    const numbers = async (withNumbers: boolean) => {
      const about = { spaceId: SPACE, personIds: ["bo", "tied"], withNumbers };
      const read = await store.forReading({ kind: "reading" }, about, ({ responders }) => ({
        changes: [],
        result: [...responders].map(([id, { mobile }]) => `${id} ${mobile ?? "-"}`).sort(),
      }));
      return read.isDone ? read.result : [];
    };
    expect(await numbers(true)).toEqual(["bo +14085550131", "tied +14085550151"]);
    expect(await numbers(false)).toEqual(["bo -", "tied +14085550151"]);
  });

  it("are never kept in their record, whatever a decision does with them", async () => {
    const store = await aSpaceWithPeople(database);
    await store.inSpace({ kind: "reading" }, { spaceId: SPACE, withNumbers: true }, (state) => {
      const people = state.roster.map(({ responder }) => responder);
      return {
        changes: people.map((responder): Change => ({ kind: "responder.edited", responder })),
        result: undefined,
      };
    });
    await write(store, {
      kind: "responder.created",
      responder: aPerson({ personId: "new", mobile: "+14085550131", voice: "+14085550132" }),
      at: START,
    });
    expect(await stored(store)).toEqual([]);
    await store.directory.clear();
    expect(await numbersIn(store)).toMatchObject({ "r-bo": [undefined, undefined], ...externals });
  });
});

eachDatabase("texts and calls to Webex people", (database) => {
  /** Where each claimed notification goes. */
  async function claimed(store: Store, lane: "sms" | "voice"): Promise<string[]> {
    const { notifications } = await store.outbox.claim(lane, 100);
    return notifications.map(({ responder: { id, mobile, voice } }) =>
      [id, lane === "sms" ? mobile : voice].join(" "),
    );
  }

  it("go to the number that the directory has when they are sent", async () => {
    const store = await aSpaceWithPeople(database);
    await queue(
      store,
      aNotification({ id: "text", responderId: "r-bo" }),
      aNotification({ id: "call", responderId: "r-bo", channel: "voice" }),
      aNotification({ id: "text-tied", responderId: "r-tied", position: 1 }),
    );
    await fill(store, [
      someone("Bo", { personId: "bo", phones: phones("4085550141", "4085550142") }),
    ]);
    expect(await claimed(store, "sms")).toEqual(["r-bo +14085550141", "r-tied +14085550151"]);
    expect(await claimed(store, "voice")).toEqual(["r-bo +14085550142"]);
  });

  it("count against the limit of that number, whoever has it", async () => {
    const store = await database.open({
      directoryNumbers,
      limits: { textsPerHour: 1, callsPerHour: 1 },
    });
    await seedSpace(store, [bo, anExternal({ mobile: "+14085550131" })]);
    await seedIncident(store);
    await fill(store, inDirectory);
    await queue(
      store,
      aNotification({ id: "first", responderId: "r-bo" }),
      aNotification({ id: "second", position: 1 }),
    );
    expect(await claimed(store, "sms")).toEqual(["r-bo +14085550131"]);
    expect((await outboxRow(store, "second")).last_error).toBe(
      "too many to this number within the hour",
    );
  });

  it("wait while the directory cannot be read, and keep nobody else waiting", async () => {
    const failures: unknown[] = [];
    const store = await database.open({
      directoryNumbers,
      limits: { textsPerHour: 1, callsPerHour: 1 },
      onDirectoryFailed: (error) => failures.push(error),
    });
    await seedSpace(store, [bo, eve]);
    await seedIncident(store);
    await fill(store, inDirectory);
    await queue(
      store,
      aNotification({ id: "bos", responderId: "r-bo" }),
      aNotification({ id: "eves", position: 1 }),
    );
    const broken = new Error("disk I/O error");
    const look = jest.spyOn(store.directory, "numbersOf").mockRejectedValue(broken);
    expect(await claimed(store, "sms")).toEqual(["r-eve +14085550101"]);
    expect(failures).toEqual([broken]);
    expect(await outboxStates(store)).toEqual({ bos: "queued", eves: "sending" });
    expect(await claimed(store, "sms")).toEqual([]);
    look.mockRestore();
    await database.clock().advance(5_000);
    expect(await claimed(store, "sms")).toEqual(["r-bo +14085550131"]);
    // Nothing was tried before: it is the first attempt, and counted as one.
    expect((await outboxRow(store, "bos")).attempts).toBe(1);
  });
});

eachDatabase("a directory that nobody needs", (database) => {
  it("is not looked into", async () => {
    const store = await database.open({ directoryNumbers });
    await seedSpace(store, [bo, eve, tied]);
    await write(store, switched("r-bo", WEBEX_ONLY));
    await seedIncident(store);
    await queue(
      store,
      aNotification({ id: "text" }),
      aNotification({ id: "direct", responderId: "r-bo", channel: "webex" }),
    );
    const look = jest.spyOn(store.directory, "numbersOf");
    await numbersIn(store);
    await store.outbox.claim("sms", 10);
    await store.outbox.claim("webex", 10);
    expect(look).not.toHaveBeenCalled();
  });

  it("and that cannot be read stops no decision", async () => {
    const failures: unknown[] = [];
    const store = await database.open({
      directoryNumbers,
      onDirectoryFailed: (error) => failures.push(error),
    });
    await seedSpace(store, [bo, eve]);
    const broken = new Error("disk I/O error");
    jest.spyOn(store.directory, "numbersOf").mockRejectedValue(broken);
    expect((await numbersIn(store))["r-eve"]).toEqual(externals["r-eve"]);
    expect(failures).toEqual([broken]);
  });
});

onlyOn("postgres", "as many decisions as there are connections", (database) => {
  it("look into the directory without waiting for each other", async () => {
    const store = await database.open({ directoryNumbers });
    const spaces = Array.from({ length: 30 }, (_, index) => `space-${index}`);
    for (const [index, id] of spaces.entries())
      await seedSpace(store, [aPerson({ personId: `p-${index}` })], id);
    await fill(store, inDirectory);
    await Promise.all(
      spaces.map((spaceId) =>
        store.inSpace({ kind: "reading" }, { spaceId }, () => ({ changes: [], result: undefined })),
      ),
    );
  }, 9_000);
});
