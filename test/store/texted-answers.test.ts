import { InboundTexts } from "../../src/bot/inbound-texts";
import { InboxWorker } from "../../src/bot/inbox-worker";
import { PhoneEvents } from "../../src/bot/phone-events";
import type { Logger } from "../../src/log";
import { loadMessages } from "../../src/notify/messages";
import { createTexts } from "../../src/notify/texts";
import type { Store } from "../../src/store/store";
import { isTransient } from "../../src/store/transient";
import { anExternal, aPerson, SPACE } from "../support/builders";
import { eachDatabase, type StoreClock } from "../support/databases";
import { directoryNumbers, fill, someone } from "./directory-people";
import {
  aNotification,
  MINUTE,
  outboxStates,
  seedRunning,
  settleFirst,
  START,
  write,
} from "./seed";

const SECOND = 1_000;
const PHONE = "+14085550101";
const messages = loadMessages("cards/messages");
const texts = createTexts({
  messages,
  senderName: "Example Bank",
  smsMaxCharacters: 450,
  defaultLanguage: "en",
});

/** What phones tell, from the inbox to the decision. */
class Phones {
  private readonly reported: string[] = [];
  private texts = 0;

  constructor(
    private readonly store: Store,
    private readonly clock: StoreClock,
  ) {}

  private worker(): InboxWorker {
    const { clock, store } = this;
    const log: Logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
      child: () => log,
    };
    const inbound = new InboundTexts({
      decisions: store,
      findCalledFor: (number) => store.findCalledFor(number),
      words: Object.values(messages).map(({ words }) => words),
      answerText: (kind, facts) => texts.answerText(kind, facts),
    });
    return new InboxWorker({
      clock,
      random: () => 0.5,
      inbox: store.inbox,
      phoneEvents: new PhoneEvents({
        clock,
        takeText: (text, trigger) => inbound.take(text, trigger),
        takeReceipt: () => Promise.resolve("lost"),
        retry: (event, dueAt, why) => store.inbox.retry(event, dueAt, why),
        finish: (event) => store.inbox.finish(event),
        report: () => undefined,
        log,
      }),
      decisions: store,
      log,
      isTransient,
      report: (outcome) => void this.reported.push(outcome),
    });
  }

  /** A text that the provider dates so; gives what became of it, at this look. */
  async says(text: string, at = START): Promise<string | undefined> {
    this.texts += 1;
    const body = { id: `t-${this.texts}`, from: PHONE, text, at };
    await this.store.inbox.add({ kind: "text", key: body.id, occurredAt: at, body });
    return this.look();
  }

  /** Handles what is due. */
  async look(): Promise<string | undefined> {
    const { runner } = this.worker();
    runner.start();
    await runner.idle();
    await runner.stop();
    return this.reported.at(-1);
  }

  async passes(ms: number): Promise<string | undefined> {
    await this.clock.advance(ms);
    return this.look();
  }

  answers(): Promise<string[]> {
    return this.store.db.write("answers").orderBy(["at", "id"]).pluck("answer");
  }

  /** How many texts were queued to answer. */
  async sent(): Promise<number> {
    return Object.keys(await outboxStates(this.store)).length - 1;
  }
}

eachDatabase("a text", (database) => {
  async function called(isWebexPerson = false): Promise<{ phones: Phones; store: Store }> {
    const store = await database.open({ directoryNumbers });
    const person = isWebexPerson ? aPerson() : anExternal();
    const has = [{ type: "mobile", value: PHONE }];
    await fill(store, [someone("Bo Alm", { personId: "bo", phones: has })]);
    await seedRunning(store, [person], aNotification({ responderId: person.id }));
    const sent = { to: PHONE, text: "Come." };
    await settleFirst(store, "sms", "accepted", { providerId: "m-1", sent });
    return { phones: new Phones(store, database.clock()), store };
  }

  async function group(store: Store): Promise<string | undefined> {
    const decided = await store.withProgress({ kind: "reading" }, { spaceId: SPACE }, (state) => ({
      changes: [],
      result: state.progress[0]?.group,
    }));
    return decided.isDone ? decided.result : undefined;
  }

  async function isStopped(store: Store): Promise<boolean> {
    const stopped = await store.db.write("numbers").whereNotNull("opted_out_at").pluck("hash");
    return stopped.length > 0;
  }

  it("waits while the directory cannot be read, however often, and counts then", async () => {
    const { phones, store } = await called(true);
    const broken = new Error("disk I/O error");
    const look = jest.spyOn(store.directory, "numbersOf").mockRejectedValue(broken);
    expect(await phones.says("Y")).toBe("retried");
    for (let tries = 0; tries < 5; tries += 1) expect(await phones.passes(MINUTE)).toBe("retried");
    expect(await phones.answers()).toEqual([]);
    expect(await phones.sent()).toBe(0);
    look.mockRestore();
    expect(await phones.passes(MINUTE)).toBe("done");
    expect(await phones.answers()).toEqual(["coming"]);
    expect(await phones.sent()).toBe(1);
  });

  it("that was sent before the last answer changes nothing, and is not confirmed", async () => {
    const { phones, store } = await called();
    await phones.says("N", START);
    expect(await phones.says("Y", START - 30 * SECOND)).toBe("done");
    expect(await phones.answers()).toEqual(["declined"]);
    expect(await group(store)).toBe("declined");
    expect(await phones.sent()).toBe(1);
    await phones.says("Y", START + SECOND);
    expect(await group(store)).toBe("coming");
    expect(await phones.sent()).toBe(2);
  });

  it("that says the same again keeps what was sent before it from counting", async () => {
    const { phones, store } = await called();
    await phones.says("N", START);
    await phones.says("N", START + 20 * SECOND);
    await phones.says("Y", START + 10 * SECOND);
    expect(await group(store)).toBe("declined");
    expect(await phones.sent()).toBe(1);
  });

  it("is compared with texts only: by the provider's clock, which may be wrong", async () => {
    const { phones, store } = await called();
    const behind = START - 60 * MINUTE;
    await phones.says("N1", behind);
    const said = { answer: "declined", via: "card", at: START } as const;
    const about = { incidentId: "incident-1", responderId: "r-eve" };
    await write(store, { kind: "answer.recorded", id: "a-card", ...about, said });
    await database.clock().advance(SECOND);
    await phones.says("Y1", behind + SECOND);
    expect(await group(store)).toBe("coming");
    await phones.says("N1", behind);
    expect(await group(store)).toBe("coming");
  });

  it.each([
    ["that was lifted by it", ["STOP", 0, "START", 10, "STOP", 5]],
    ["that comes after it for the first time", ["START", 10, "STOP", 5]],
    ["that comes after it, both twice", ["START", 10, "START", 5, "STOP", 7]],
  ] as const)("START outlives a STOP that was sent before it, %s", async (_what, said) => {
    const { phones, store } = await called();
    for (let index = 0; index < said.length; index += 2)
      await phones.says(said[index] as string, START + (said[index + 1] as number) * SECOND);
    expect(await isStopped(store)).toBe(false);
    await phones.says("STOP", START + 11 * SECOND);
    expect(await isStopped(store)).toBe(true);
  });

  it("START lifts no STOP that was sent after it, whatever older one comes between", async () => {
    const { phones, store } = await called();
    await phones.says("STOP", START - 10 * SECOND);
    await phones.says("STOP", START - 20 * SECOND);
    await phones.says("START", START - 15 * SECOND);
    expect(await isStopped(store)).toBe(true);
  });

  it("START where nothing was ended lifts no block, and is not answered", async () => {
    const { phones, store } = await called();
    await write(store, { kind: "number.opted-out", number: PHONE, source: "blocked", at: START });
    await phones.says("START", START + SECOND);
    expect(await isStopped(store)).toBe(true);
    expect(await phones.sent()).toBe(0);
  });
});
