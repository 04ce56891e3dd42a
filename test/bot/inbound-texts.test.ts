import { InboundTexts } from "../../src/bot/inbound-texts";
import type { CalledFor } from "../../src/incident/called-for";
import type { Change } from "../../src/incident/change";
import type { Trigger } from "../../src/incident/ports";
import type { ProgressState } from "../../src/incident/space-state";
import { loadMessages } from "../../src/notify/messages";
import { createTexts } from "../../src/notify/texts";
import { MemoryDecisions } from "../support/bot-rig";
import {
  anEntry,
  anExternal,
  anIncident,
  aMoment,
  aProgressOf,
  aProgressState,
  aSpace,
  NOW,
  ofKind,
} from "../support/builders";

const PHONE = "+14085550101";
const messages = loadMessages("cards/messages");
const texts = createTexts({
  messages,
  senderName: "Example Bank",
  smsMaxCharacters: 450,
  defaultLanguage: "en",
});

function calledFor(overrides: Partial<CalledFor["incident"]> = {}): CalledFor {
  const { id, name, number } = anIncident();
  return {
    incident: { id, name, number, ...overrides },
    space: { id: aSpace().id, title: "Payments" },
    people: [{ responderId: "r-eve", name: "Eve Dahl" }],
  };
}

interface Rig {
  decisions: MemoryDecisions;
  inbound: InboundTexts;
  says: (text: string, id?: string) => Promise<void>;
  sent: () => string[];
  posted: () => string[];
}

function aRig(
  called: readonly CalledFor[] = [calledFor()],
  state: Partial<ProgressState> = {},
  canText = true,
): Rig {
  const eve = aProgressOf(anEntry(anExternal()));
  const running = aProgressState({ progress: [eve], ...state });
  const decisions = new MemoryDecisions(running, aMoment());
  const inbound = new InboundTexts({
    decisions,
    findCalledFor: (number) => Promise.resolve(number === PHONE ? [...called] : []),
    words: Object.values(messages).map(({ words }) => words),
    ...(canText ? { answerText: (kind, facts) => texts.answerText(kind, facts) } : {}),
  });
  return {
    decisions,
    inbound,
    says: (text, id = "t-1") => inbound.take({ id, from: PHONE, text, at: NOW }, aTrigger(id)),
    sent: () => effects(decisions.changes, "text").map(({ text }) => text),
    posted: () => effects(decisions.changes, "reply").map(({ post }) => post.markdown),
  };
}

function aTrigger(id: string): Trigger {
  return { kind: "inbox", id, leaseToken: `lease ${id}` };
}

function effects<Kind extends "text" | "reply">(changes: readonly Change[], kind: Kind) {
  return ofKind(changes, "effect.queued").flatMap(({ effect: { effect } }) =>
    effect.kind === kind ? [effect as Extract<typeof effect, { kind: Kind }>] : [],
  );
}

describe("an answer by SMS", () => {
  it.each([
    ["Y", "coming", "Example Bank: noted, you are coming to the incident payments down."],
    ["N", "declined", "Example Bank: noted, you are not coming to the incident payments down."],
    ["y42", "coming", "Example Bank: noted, you are coming"],
  ] as const)("%s is recorded and confirmed once", async (text, answer, confirmation) => {
    const { decisions, says, sent } = aRig();
    await says(text);
    expect(ofKind(decisions.changes, "answer.recorded").map(({ said }) => said)).toMatchObject([
      { answer, via: "sms" },
    ]);
    expect(sent()).toEqual([expect.stringContaining(confirmation)]);
    expect(effects(decisions.changes, "text")[0]?.to).toBe(PHONE);
  });

  it("delivered twice is decided once", async () => {
    const { decisions, says } = aRig();
    await says("Y");
    await says("Y");
    expect(ofKind(decisions.changes, "answer.recorded")).toHaveLength(1);
  });

  it("that was given before costs no second text", async () => {
    const answer = { answer: "coming" as const, via: "sms" as const, at: NOW };
    const eve = aProgressOf(anEntry(anExternal()), { answer });
    const { decisions, says, sent } = aRig([calledFor()], { progress: [eve] });
    await says("yes");
    expect(sent()).toEqual([]);
    expect(ofKind(decisions.changes, "answer.recorded")).toEqual([]);
  });

  it("that was sent before the last one changes nothing, and is not confirmed", async () => {
    const answer = { answer: "declined" as const, via: "sms" as const, at: NOW, textedAt: NOW + 1 };
    const eve = aProgressOf(anEntry(anExternal()), { answer });
    const { decisions, says, sent } = aRig([calledFor()], { progress: [eve] });
    await says("Y");
    expect(decisions.changes.map(({ kind }) => kind)).toEqual(["number.heard"]);
    expect(sent()).toEqual([]);
  });

  it("after the stop is told so", async () => {
    const { decisions, says, sent } = aRig([calledFor()], {
      latest: anIncident({ state: "stopped" }),
    });
    await says("Y");
    expect(ofKind(decisions.changes, "answer.recorded")).toEqual([]);
    expect(sent()).toEqual(["Example Bank: the incident payments down is over. Thank you."]);
  });

  it("from a phone that two share counts for both, and the space hears of it", async () => {
    const people = [
      { responderId: "r-eve", name: "Eve Dahl" },
      { responderId: "r-bo", name: "Bo Alm" },
    ];
    const progress = [aProgressOf(anEntry(anExternal())), aProgressOf(anEntry())];
    const { decisions, posted, says } = aRig([{ ...calledFor(), people }], { progress });
    await says("Y");
    expect(ofKind(decisions.changes, "answer.recorded").map((one) => one.responderId)).toEqual([
      "r-eve",
      "r-bo",
    ]);
    expect(posted()).toEqual([
      "A text from the phone that Eve Dahl, Bo Alm share says that they are coming.",
    ]);
  });

  it("after they left the roster is not told that the incident is over", async () => {
    const { decisions, says, sent } = aRig([calledFor()], { progress: [] });
    await says("Y");
    expect(ofKind(decisions.changes, "answer.recorded")).toEqual([]);
    expect(sent()).toEqual([expect.stringContaining("fits no incident")]);
  });

  it("with the minutes until they come is an answer", async () => {
    const { decisions, says } = aRig();
    await says("Yes 10 minutes");
    expect(ofKind(decisions.changes, "answer.recorded")).toHaveLength(1);
  });

  it("is recorded also where we cannot text back", async () => {
    const { decisions, says, sent } = aRig([calledFor()], {}, false);
    await says("Y");
    expect(ofKind(decisions.changes, "answer.recorded")).toHaveLength(1);
    expect(sent()).toEqual([]);
  });

  it("speaks the language of who answered", async () => {
    const people = [{ responderId: "r-eve", name: "Eve Dahl", language: "de" }];
    const { says, sent } = aRig([{ ...calledFor(), people }]);
    await says("ja");
    expect(sent()[0]).toMatch(/^Example Bank: notiert, Sie kommen/);
  });
});

describe("an answer to several incidents", () => {
  const two = [calledFor(), calledFor({ id: "incident-2", number: 43, name: "mail down" })];

  it("without a number is asked which", async () => {
    const { decisions, says, sent } = aRig(two);
    await says("Y");
    expect(ofKind(decisions.changes, "answer.recorded")).toEqual([]);
    expect(sent()).toEqual([
      "Example Bank: which incident do you mean? " +
        "Reply Y42 / N42: payments down, Y43 / N43: mail down.",
    ]);
  });

  it("with a number is for that one", async () => {
    const { decisions, says } = aRig(two);
    await says("Y42");
    expect(ofKind(decisions.changes, "answer.recorded")).toMatchObject([
      { incidentId: anIncident().id },
    ]);
  });

  it.each([["Y99", two] as const, ["Y99", [calledFor()]] as const])(
    "with a number that none of them has is asked which",
    async (text, called) => {
      const { decisions, says, sent } = aRig(called);
      await says(text);
      expect(ofKind(decisions.changes, "answer.recorded")).toEqual([]);
      expect(sent()).toEqual([expect.stringMatching(/which incident do you mean\? Reply Y42/)]);
    },
  );
});

describe("somebody who texts and texts", () => {
  const hour = 3_600_000;

  it("is answered five times in an hour, and heard all the same", async () => {
    const { decisions, says, sent } = aRig();
    decisions.numbers.set(PHONE, { heard: times(5), answered: times(5) });
    await says("Y");
    expect(ofKind(decisions.changes, "answer.recorded")).toHaveLength(1);
    expect(sent()).toEqual([]);
  });

  it("is heard twenty times in an hour, and then the space is told", async () => {
    const { decisions, posted, says } = aRig();
    decisions.numbers.set(PHONE, { heard: times(19) });
    await says("it burns", "t-20");
    expect(posted()).toEqual([
      "**Eve Dahl**, by SMS: it burns\n\nFurther texts from this phone are not shown for a while.",
    ]);
    decisions.numbers.set(PHONE, { heard: times(20) });
    const before = decisions.changes.length;
    await says("it burns", "t-21");
    expect(decisions.changes.slice(before)).toEqual([]);
  });

  it("can keep nobody from answering, nor from ending texts", async () => {
    const people = [
      { responderId: "r-eve", name: "Eve Dahl" },
      { responderId: "r-bo", name: "Bo Alm" },
    ];
    const progress = [aProgressOf(anEntry(anExternal())), aProgressOf(anEntry())];
    const { decisions, posted, says, sent } = aRig([{ ...calledFor(), people }], { progress });
    decisions.numbers.set(PHONE, { heard: times(20) });
    await says("Y", "t-1");
    expect(ofKind(decisions.changes, "answer.recorded")).toHaveLength(2);
    await says("STOP", "t-2");
    expect(ofKind(decisions.changes, "number.opted-out")).toHaveLength(1);
    expect({ posted: posted(), sent: sent() }).toEqual({ posted: [], sent: [] });
    expect(ofKind(decisions.changes, "number.heard")).toEqual([]);
  });

  it("is not asked again and again which incident is meant", async () => {
    const two = [calledFor(), calledFor({ id: "incident-2", number: 43 })];
    const { decisions, says } = aRig(two);
    decisions.numbers.set(PHONE, { heard: times(20) });
    await says("Y");
    expect(decisions.changes).toEqual([]);
  });

  it("does not make anybody's alarm wait", async () => {
    const { decisions, says } = aRig();
    await says("Y", "t-1");
    await says("Y99", "t-2");
    const priorities = ofKind(decisions.changes, "effect.queued").map(({ effect }) => [
      effect.effect.kind,
      effect.priority,
    ]);
    expect(priorities).toEqual([
      ["text", 2],
      ["text", 5],
    ]);
  });

  function times(count: number): number[] {
    return Array.from({ length: count }, (_, index) => NOW - hour + 1 + index);
  }
});

describe("a text that comes late", () => {
  const began = (startedAt: number) => {
    const incident = anIncident({ startedAt });
    return aRig([calledFor()], { incident, latest: incident });
  };

  it("is asked about for an incident that began after it, which is not called over", async () => {
    const { decisions, says, sent } = began(NOW + 60_001);
    await says("N");
    expect(ofKind(decisions.changes, "answer.recorded")).toEqual([]);
    expect(sent()).toEqual([
      "Example Bank: which incident do you mean? Reply Y42 / N42: payments down.",
    ]);
  });

  it("counts where it names the incident: the provider's clock is wrong", async () => {
    const { decisions, says } = began(NOW + 8 * 3_600_000);
    await says("N42");
    expect(ofKind(decisions.changes, "answer.recorded")).toHaveLength(1);
  });

  it("counts where that clock is behind by a minute", async () => {
    const { decisions, says } = began(NOW + 60_000);
    await says("N");
    expect(ofKind(decisions.changes, "answer.recorded")).toHaveLength(1);
  });

  it("is read in the space in any case", async () => {
    const { posted, says } = began(NOW + 8 * 3_600_000);
    await says("it burns");
    expect(posted()).toHaveLength(1);
  });

  it("lifts no STOP that was sent after it", async () => {
    const { decisions, says } = aRig();
    decisions.numbers.set(PHONE, { optOut: "stop", optedOutAt: NOW + 1 });
    await says("START");
    expect(decisions.changes).toEqual([]);
  });
});

describe("what is no answer", () => {
  it("goes into the space in the sender's name, and nothing in it takes effect", async () => {
    const { decisions, posted, says, sent } = aRig();
    await says("<@all> I take the **train**, [link](https://evil.example) $(x)");
    expect(posted()).toHaveLength(1);
    expect(posted()[0]).toMatch(/^\*\*Eve Dahl\*\*, by SMS: /);
    expect(posted()[0]).not.toContain("<@all>");
    expect(posted()[0]).not.toMatch(/(?<!\\)\*\*train/);
    expect(posted()[0]).not.toMatch(/(?<!\\)\]\(https/);
    expect(sent()).toEqual([]);
    expect(ofKind(decisions.changes, "timeline.added").map(({ entry }) => entry.kind)).toEqual([
      "texted",
    ]);
  });

  it("goes to who started the incident where the bot may not write in the space", async () => {
    const { decisions, says } = aRig();
    await says("it burns");
    expect(effects(decisions.changes, "reply").map(({ to }) => to)).toMatchObject([
      { kind: "space", fallbackPersonId: "ana" },
    ]);
  });

  it("is shortened", async () => {
    const { posted, says } = aRig();
    await says("word ".repeat(1_000));
    expect(posted()[0]?.length).toBeLessThan(560);
    expect(posted()[0]).toMatch(/…$/);
  });

  it("from nobody who was called gets one polite answer a day, then silence", async () => {
    const { decisions, posted, says, sent } = aRig([]);
    await says("hello?", "t-1");
    expect(sent()).toEqual([
      "Example Bank: your text fits no incident that is going on, and nobody reads it.",
    ]);
    expect(ofKind(decisions.changes, "number.hinted")).toEqual([
      { kind: "number.hinted", number: PHONE, at: NOW },
    ]);
    decisions.numbers.set(PHONE, { lastHintAt: NOW - 23 * 60 * 60_000 });
    await says("hello??", "t-2");
    expect(sent()).toHaveLength(1);
    decisions.numbers.set(PHONE, { lastHintAt: NOW - 24 * 60 * 60_000 });
    await says("hello???", "t-3");
    expect(sent()).toHaveLength(2);
    expect(posted()).toEqual([]);
  });
});

describe("STOP and START", () => {
  it("ends texts, without one more", async () => {
    const { decisions, says, sent } = aRig();
    await says("STOP");
    expect(decisions.changes).toEqual([
      { kind: "number.opted-out", number: PHONE, source: "stop", at: NOW },
    ]);
    expect(sent()).toEqual([]);
  });

  it.each([
    ["by a clock that is ahead", 3_600_000, 0],
    ["some time ago", -3_600_000, -3_600_000],
  ])("sent %s counts from then, and never from later than now", async (_when, ahead, counted) => {
    const { decisions, inbound } = aRig();
    await inbound.take({ from: PHONE, text: "STOP", at: NOW + ahead }, aTrigger("t-1"));
    expect(ofKind(decisions.changes, "number.opted-out")).toMatchObject([{ at: NOW + counted }]);
  });

  it("are no way to make us text a stranger", async () => {
    const { decisions, says, sent } = aRig([]);
    decisions.numbers.set(PHONE, { isKnown: false, optOut: "stop" });
    await says("START");
    expect(ofKind(decisions.changes, "number.opted-in")).toHaveLength(1);
    expect(sent()).toEqual([]);
  });

  it("lets them come again, and says so", async () => {
    const { decisions, says, sent } = aRig();
    decisions.numbers.set(PHONE, { optOut: "stop" });
    await says("START");
    expect(ofKind(decisions.changes, "number.opted-in")).toMatchObject([
      { number: PHONE, source: "stop" },
    ]);
    expect(sent()).toEqual(["Example Bank: you will get texts again."]);
  });

  it.each([
    ["nothing ended", {}],
    ["the provider's block", { optOut: "blocked" as const }],
  ])("START with %s is only remembered, for a STOP that comes late", async (_what, state) => {
    const { decisions, says } = aRig();
    decisions.numbers.set(PHONE, state);
    await says("START");
    expect(decisions.changes).toEqual([
      { kind: "number.opted-in", number: PHONE, source: "stop", at: NOW, saidAt: NOW },
    ]);
  });

  it.each([
    ["before START does nothing", 1, 0],
    ["in the same moment as START counts", 0, 1],
  ])("a STOP that was sent %s", async (_when, ahead, counted) => {
    const { decisions, says } = aRig();
    decisions.numbers.set(PHONE, { optedInAt: NOW + ahead });
    await says("STOP");
    expect(ofKind(decisions.changes, "number.opted-out")).toHaveLength(counted);
  });

  it("an older START does not take the place of a newer one", async () => {
    const { decisions, says } = aRig();
    decisions.numbers.set(PHONE, { optedInAt: NOW + 1 });
    await says("START");
    expect(ofKind(decisions.changes, "number.opted-in")).toMatchObject([{ saidAt: NOW + 1 }]);
  });

  it("a stranger gets no answer", async () => {
    const { decisions, says, sent } = aRig([]);
    decisions.numbers.set(PHONE, { isKnown: false });
    await says("hello?");
    expect(sent()).toEqual([]);
  });

  it("nobody who wants no texts is sent a hint", async () => {
    const { decisions, says, sent } = aRig([]);
    decisions.numbers.set(PHONE, { optOut: "stop" });
    await says("hello?");
    expect(sent()).toEqual([]);
  });
});
