import type { CallAction, CallEvent } from "../../src/incident/call";
import { answerCall, mayAnswer } from "../../src/incident/keypad";
import type { CallTrigger } from "../../src/incident/ports";
import type { KeypadText } from "../../src/notify/keypad-texts";
import type { Store } from "../../src/store/store";
import { anExternal, SPACE } from "../support/builders";
import { eachDatabase, onlyOn, type TestDatabase } from "../support/databases";
import {
  anIncidentStopped,
  aNotification,
  claimOne,
  queue,
  recordOf,
  seedIncident,
  seedSpace,
  somebodyWaits,
  START,
  write,
} from "./seed";

const texts: KeypadText = (part, _kind, facts) => ({
  text: `${part} marker-words ${facts.incident.name} ${facts.language ?? "-"} ${facts.space.title}`,
  language: "en-US",
  voice: "AriaNeural",
  gender: "FEMALE",
});

/** The provider does not say our id. */
const NAMELESS: CallEvent = {
  sessionId: "s-1",
  step: "answered",
  isFailure: false,
  digits: "",
  at: START,
};
const ANSWERED: CallEvent = { ...NAMELESS, notificationId: "n-1" };
const PRESSED: CallEvent = { ...ANSWERED, step: "digits", digits: "1" };

/** A call to Eve has been queued; the provider has taken it if `isAccepted`. */
async function seeded(database: TestDatabase, isAccepted = true): Promise<Store> {
  const store = await database.open();
  await seedSpace(store, [anExternal({ language: "de" })]);
  await seedIncident(store);
  await queue(store, aNotification({ channel: "voice" }));
  const row = await claimOne(store, "voice");
  if (isAccepted) await store.outbox.record(recordOf(row, "accepted", { providerId: "s-1" }));
  return store;
}

function triggerOf(event: CallEvent, eventHash: string): CallTrigger {
  const { sessionId } = event;
  const about = { kind: "call" as const, sessionId, notificationId: "n-1", eventHash };
  return mayAnswer(event) ? { ...about, spaceId: SPACE } : about;
}

function take(store: Store, event: CallEvent, eventHash = JSON.stringify(event)) {
  return store.forCall(triggerOf(event, eventHash), answerCall(event, eventHash, texts));
}

async function wordsOf(store: Store, event: CallEvent): Promise<string> {
  const decided = await take(store, event);
  if (!decided.isDone) return "repeated";
  return wordsIn(decided.result);
}

function wordsIn(action: CallAction | undefined): string {
  return action?.kind === "play" ? action.speech.text : (action?.kind ?? "nothing");
}

async function answersIn(store: Store): Promise<string[]> {
  const rows = await store.db
    .write<{ answer: string; via: string }>("answers")
    .select("answer", "via");
  return rows.map(({ answer, via }) => `${answer} ${via}`);
}

/** These come again to somebody who is coming. */
async function expectNothingNew(store: Store, ...events: CallEvent[]): Promise<void> {
  const before = await store.db.write("calls").select("*");
  for (const event of events) expect(await take(store, event)).toEqual({ isDone: false });
  // Whoever asks is told again what is being said now.
  expect(wordsIn(await store.findLastAction("s-1"))).toMatch(/^coming /);
  expect(await store.db.write("calls").select("*")).toEqual(before);
  expect(await answersIn(store)).toEqual(["coming keypad"]);
}

eachDatabase("a call", (database) => {
  it("is found by our id before the provider has answered the send", async () => {
    const store = await seeded(database, false);
    const found = { notificationId: "n-1", spaceId: SPACE };
    expect(await store.findCall(ANSWERED)).toEqual(found);
    expect(await store.findCall({ ...ANSWERED, notificationId: "n-9" })).toBeUndefined();
    await take(store, ANSWERED);
    expect(await store.findCall({ ...NAMELESS, step: "dropped" })).toEqual(found);
  });

  it("is found by the provider's id, and a text is no call", async () => {
    const store = await seeded(database);
    expect(await store.findCall(NAMELESS)).toEqual({ notificationId: "n-1", spaceId: SPACE });
    await queue(store, aNotification({ id: "n-2" }));
    expect(
      await store.findCall({ ...ANSWERED, sessionId: "s-2", notificationId: "n-2" }),
    ).toBeUndefined();
  });

  it("says what its notification is about, in the responder's language", async () => {
    const store = await seeded(database);
    expect(await wordsOf(store, ANSWERED)).toBe("message marker-words payments down de Payments");
  });

  it("takes a key for an answer, in one transaction with what it says next", async () => {
    const store = await seeded(database);
    await take(store, ANSWERED);
    expect(await wordsOf(store, PRESSED)).toMatch(/^coming /);
    expect(await answersIn(store)).toEqual(["coming keypad"]);
    expect(await store.db.write("calls").first()).toMatchObject({
      session_id: "s-1",
      outbox_id: "n-1",
      step: "closing",
      asked: 1,
    });
  });

  it("gets the same answer to the same event, and nothing is written twice", async () => {
    const store = await seeded(database);
    await take(store, ANSWERED);
    await take(store, PRESSED);
    await expectNothingNew(store, PRESSED);
  });

  it("is not disturbed by an older event that comes again", async () => {
    const store = await seeded(database);
    const wrong = { ...PRESSED, digits: "7" };
    for (const event of [ANSWERED, wrong, PRESSED]) await take(store, event);
    await expectNothingNew(store, ANSWERED, wrong, PRESSED);
  });

  it("whose first event comes several times at once is decided once", async () => {
    const store = await seeded(database);
    const decided = await Promise.all([1, 2, 3, 4].map(() => take(store, ANSWERED)));
    expect(decided.filter(({ isDone }) => isDone)).toHaveLength(1);
    expect(await store.db.write("calls").select("*")).toHaveLength(1);
  });

  it("whose key comes several times at once is answered once", async () => {
    const store = await seeded(database);
    await take(store, ANSWERED);
    const later = { ...PRESSED, at: START + 1 };
    await Promise.all([PRESSED, PRESSED, later, PRESSED].map((event) => take(store, event)));
    expect(await answersIn(store)).toEqual(["coming keypad"]);
  });

  it("writes nothing when its decision fails", async () => {
    const store = await seeded(database);
    const broken = store.forCall(triggerOf(ANSWERED, "h"), () => {
      throw new Error("a bug");
    });
    await expect(broken).rejects.toThrow("a bug");
    expect(await store.db.write("calls").select("*")).toEqual([]);
    expect(await wordsOf(store, ANSWERED)).toMatch(/^message /);
  });

  it("about a stopped incident says that it is over, whatever was pressed", async () => {
    const store = await seeded(database);
    await take(store, ANSWERED);
    await write(store, anIncidentStopped(1, START + 1));
    expect(await wordsOf(store, PRESSED)).toMatch(/^over /);
    expect(await wordsOf(store, { ...ANSWERED, sessionId: "s-2" })).toMatch(/^over /);
    expect(await answersIn(store)).toEqual([]);
  });

  it("in a space that is gone says the same", async () => {
    const store = await seeded(database);
    await take(store, ANSWERED);
    await write(store, { kind: "space.gone", spaceId: SPACE, at: START + 1 });
    expect(await wordsOf(store, PRESSED)).toMatch(/^over /);
  });

  it("of somebody who was removed says so", async () => {
    const store = await seeded(database);
    await take(store, ANSWERED);
    await write(store, { kind: "roster.removed", spaceId: SPACE, responderId: "r-eve" });
    expect(await wordsOf(store, PRESSED)).toMatch(/^notNeeded /);
    expect(await answersIn(store)).toEqual([]);
  });

  it("keeps its words encrypted, and not for ever", async () => {
    const store = await seeded(database);
    await take(store, ANSWERED);
    const [row] = await store.db.write<{ last_action: string }>("calls").select("last_action");
    expect(row?.last_action).not.toContain("marker-words");
    await store.cleanUp();
    expect(await store.db.write("calls").select("*")).toHaveLength(1);
    await database.clock().advance(8 * 24 * 60 * 60_000);
    await store.cleanUp();
    expect(await store.db.write("calls").select("*")).toEqual([]);
  });
});

onlyOn("postgres", "what happens in a call", (database) => {
  it("waits for what is decided about its space, and locks nothing before it", async () => {
    const store = await seeded(database);
    await take(store, ANSWERED);
    const other = await store.db.write.transaction();
    await other("spaces").where({ id: SPACE }).forUpdate().first();
    const pressed = take(store, PRESSED);
    await somebodyWaits(store);
    try {
      // To wait for the call would be a deadlock, after which one of the two just tries again.
      const calls = other<{ session_id: string; step: string }>("calls").where({
        session_id: "s-1",
      });
      expect(await calls.forUpdate().noWait().select("step")).toEqual([{ step: "asking" }]);
    } finally {
      await other.commit();
    }
    expect(await pressed).toMatchObject({ isDone: true });
    expect(await answersIn(store)).toEqual(["coming keypad"]);
  });
});
