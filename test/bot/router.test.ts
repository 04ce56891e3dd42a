import { DO_NOW, RUN_SUGGESTION } from "../../src/bot/line-actions";
import type { IncomingMessage } from "../../src/bot/incoming";
import {
  ana,
  anEntry,
  aMember,
  anExternal,
  anIncident,
  aPerson,
  aProgressOf,
  aSpace,
  bo,
  BOT,
  NOW,
  ofKind,
  sends,
  SPACE,
  theBot,
} from "../support/builders";
import { aMessage, anaIsHere, aRig, boIsHere, data, deeds, DIRECT } from "../support/bot-rig";
import { buttons } from "../support/card-buttons";

const MINUTE = 60_000;

/** As Webex joins what was chosen. */
const idsUpTo = (count: number) => Array.from({ length: count }, (_, id) => `r-${id}`).join(",");

describe("a command", () => {
  test("of a moderator is carried out, and answered in the space", async () => {
    const rig = aRig();
    await rig.says("Muster start incident payments down");
    expect(deeds(rig.changes)).toContain("incident.started");
    expect(rig.answers[0]).toMatchObject({
      to: { kind: "space", spaceId: SPACE, fallbackPersonId: "ana" },
    });
    expect(rig.said[0]).toContain("**payments down** is running (incident 42)");
  });

  test.each([
    ["another case and more spaces", "MUSTER   Start  Incident   payments down"],
    ["the mention at the end", "start incident payments down @Muster"],
    ["an alias", "Muster declare incident payments down"],
    ["quotes", "Muster start incident “payments down”"],
  ])("with %s is understood", async (_what, text) => {
    const rig = aRig();
    await rig.says(text);
    const [started] = ofKind(rig.changes, "incident.started");
    expect(started?.incident.name).toBe("payments down");
  });

  test("that is only the bot's name is answered with help", async () => {
    const rig = aRig();
    await rig.says("@Muster", bo);
    expect(ofKind(rig.changes, "card.written").map(({ card }) => card.kind)).toEqual(["help"]);
  });

  test("delivered twice is carried out once", async () => {
    const rig = aRig();
    const trigger = { kind: "inbox", id: "event-x", leaseToken: "lease" } as const;
    const message = aMessage({ text: "Muster start a" });
    await rig.handle(message, trigger);
    const before = rig.changes.length;
    await rig.handle(message, trigger);
    expect(rig.changes).toHaveLength(before);
  });

  test("that the bot itself wrote is finished without a word", async () => {
    const rig = aRig();
    await rig.says("Muster start incident x", { personId: BOT });
    expect(rig.changes).toEqual([]);
    expect(rig.decisions.triggers).toHaveLength(1);
  });

  test("in a space that the bot is no longer in is finished without a word", async () => {
    const rig = aRig({ isGone: true });
    await rig.says("Muster start incident x");
    expect(rig.changes).toEqual([]);
    expect(rig.decisions.triggers).toHaveLength(1);
  });

  test("that runs into a bug is not finished here", async () => {
    const rig = aRig({ tools: { searchExternals: () => Promise.reject(new Error("bug")) } });
    await expect(rig.says("Muster add Eve")).rejects.toThrow("bug");
    expect(rig.decisions.triggers).toEqual([]);
  });
});

describe("an unknown command", () => {
  test("one or two letters off is asked about, with a button that does it", async () => {
    const rig = aRig();
    await rig.says("Muster strat incident payments down");
    expect(rig.said).toEqual(["Did you mean **start incident payments down**?"]);
    expect(buttons(rig.answers[0]!.post)).toEqual(["Yes, do it"]);
    const [card] = ofKind(rig.changes, "card.written");
    expect(card?.card.payload).toEqual({ line: "start incident payments down" });

    await rig.presses(data(RUN_SUGGESTION, card!.card.id));
    expect(ofKind(rig.changes, "incident.started")[0]?.incident.name).toBe("payments down");
  });

  test("is carried out once, however often it is pressed", async () => {
    const rig = aRig({ state: { incident: anIncident(), latest: anIncident() } });
    await rig.says("Muster remnd all");
    const [card] = ofKind(rig.changes, "card.written");
    await rig.presses(data(RUN_SUGGESTION, card!.card.id));
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    await rig.presses(data(RUN_SUGGESTION, card!.card.id));
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    expect(rig.said.at(-1)).toContain("This form was used already");
  });

  test("is not carried out for a press that is read late", async () => {
    const rig = aRig();
    await rig.says("Muster strat incident payments down");
    const [card] = ofKind(rig.changes, "card.written");
    await rig.presses(data(RUN_SUGGESTION, card!.card.id), ana, { at: NOW - 5 * MINUTE - 1 });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("You pressed that at 03:04 UTC, I was away");
  });

  test("is for nobody else to press, whatever their rights", async () => {
    const rig = aRig({ people: [anaIsHere, { ...boIsHere, isModerator: true }] });
    await rig.says("Muster strat incident payments down", bo);
    const [card] = ofKind(rig.changes, "card.written");
    await rig.presses(data(RUN_SUGGESTION, card!.card.id));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toBe("This card is for somebody else.");
  });

  test("of somebody who may not give it has no button, and says who may", async () => {
    const rig = aRig();
    await rig.says("Muster strat incident payments down", bo);
    expect(ofKind(rig.changes, "card.written")).toEqual([]);
    expect(rig.said).toEqual([
      expect.stringMatching(
        /^Did you mean \*\*start incident payments down\*\*\? Only moderators of this space/,
      ),
    ]);
  });

  test("with the rights of before, but not at the press, is refused", async () => {
    const people = [{ ...anaIsHere }];
    const rig = aRig({ people });
    await rig.says("Muster strat incident payments down");
    const [card] = ofKind(rig.changes, "card.written");
    people[0]!.isModerator = false;
    await rig.presses(data(RUN_SUGGESTION, card!.card.id));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("Only moderators of this space can do that");
  });

  test.each([
    [200, 1],
    [201, 0],
  ])(
    "of %d characters gets %d button, since nobody presses what they cannot read",
    async (length, count) => {
      const rig = aRig();
      const suggestion = "start incident ".padEnd(length, "x");
      await rig.says(`Muster ${suggestion.replace("start", "strat")}`);
      expect(ofKind(rig.changes, "card.written")).toHaveLength(count);
      expect(rig.said[0]).toContain(count === 1 ? suggestion : "too long for a button");
    },
  );

  test("that ends with the bot's name keeps it when it is carried out", async () => {
    const rig = aRig();
    await rig.says("Muster strat incident loss of Muster");
    const [card] = ofKind(rig.changes, "card.written");
    await rig.presses(data(RUN_SUGGESTION, card!.card.id));
    expect(ofKind(rig.changes, "incident.started")[0]?.incident.name).toBe("loss of Muster");
  });

  test.each([
    ["another organisation", [{ ...anaIsHere, orgId: "org-other" }], "organisation that runs me"],
    ["nobody in the space", [], "You are not in that space any more"],
  ])("of %s is refused without a word about commands", async (_who, people, refusal) => {
    const rig = aRig({ people });
    for (const line of ["make coffee", "strat incident x"]) await rig.says(`Muster ${line}`);
    expect(ofKind(rig.changes, "card.written")).toEqual([]);
    expect(new Set(rig.said)).toEqual(new Set([expect.stringContaining(refusal)]));
  });

  test("far off any command is answered with where to look", async () => {
    const rig = aRig();
    await rig.says("Muster make coffee");
    expect(rig.said[0]).toContain("I do not know the command “make”");
    expect(deeds(rig.changes)).toEqual([]);
  });

  test("of spaces, written directly, is answered with where it works", async () => {
    const rig = aRig();
    await rig.says("start incident x", ana, { spaceId: DIRECT, spaceKind: "direct" });
    expect(rig.said[0]).toContain("That works in a space");
    expect(deeds(rig.changes)).toEqual([]);
  });
});

describe("stop incident", () => {
  const eve = anEntry(anExternal());
  const members = [
    theBot(),
    aMember({ ...ana, isModerator: true }),
    aMember(),
    aMember({ personId: "olga", name: "Olga Oh" }),
  ];
  const state = { incident: anIncident(), latest: anIncident(), members, roster: [eve] };
  const tools = { findOperators: () => Promise.resolve(new Set(["olga"])) };

  test("asks about those with a phone as well, and never about operators", async () => {
    const rig = aRig({ state, tools });
    await rig.says("Muster stop incident");
    expect(rig.said[0]).toContain("2 people can be removed: Bo Alm, Eve Dahl");
    expect(buttons(rig.answers[0]!.post)[0]).toBe("Stop and remove 2 people");
  });

  test("with removal takes out the one, drops the other, and says so", async () => {
    const rig = aRig({ state, tools });
    rig.withCard({ id: "card-stop", kind: "stop-confirm", incidentId: "incident-1" });
    await rig.presses(data("incident.stop", "card-stop", { people: "remove" }));
    const removed = ofKind(rig.changes, "effect.queued").flatMap(({ effect: { effect } }) =>
      effect.kind === "membership-remove" ? [effect.personId] : [],
    );
    expect(removed).toEqual(["bo"]);
    expect(rig.said[0]).toBe(
      "**payments down** (incident 42) is over. Removing 1 person from the space. " +
        "1 person with a phone is off the roster.",
    );
  });
});

describe("a bridge", () => {
  const start = "https://acme.webex.com/";

  test("of 500 characters is kept, since texts have room for it", async () => {
    const rig = aRig();
    const link = start.padEnd(500, "x");
    await rig.says(`Muster bridge ${link}`);
    expect(ofKind(rig.changes, "bridge.set")[0]?.bridge).toEqual({ link });
  });

  test("of one more is refused with the reason", async () => {
    const rig = aRig();
    await rig.says(`Muster bridge ${start.padEnd(501, "x")}`);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([
      expect.stringContaining("That link has 501 characters; 500 is the most"),
    ]);
  });
});

describe("who may not", () => {
  const start = "Muster start incident x";

  test("a member who does not moderate is told who may, and nothing happens", async () => {
    const rig = aRig();
    await rig.says(start, bo);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([
      expect.stringContaining("Only moderators of this space can do that"),
    ]);
  });

  test("somebody of another organisation is refused, moderator or not", async () => {
    const rig = aRig({ people: [{ ...anaIsHere, orgId: "org-other" }] });
    for (const command of [start, "Muster status", "Muster help"]) await rig.says(command);
    expect(deeds(rig.changes)).toEqual([]);
    expect(new Set(rig.said)).toEqual(
      new Set([expect.stringContaining("only from people of the organisation that runs me")]),
    );
  });

  test("somebody who is not in the space any more is refused", async () => {
    const rig = aRig({ people: [] });
    for (const command of [start, "Muster status"]) await rig.says(command);
    expect(deeds(rig.changes)).toEqual([]);
    const notHere = "You are not in that space any more, so I can do nothing there for you.";
    expect(rig.said).toEqual([notHere, notHere]);
  });

  test("in a space without moderation nobody may, and the refusal explains how to turn it on", async () => {
    const rig = aRig({
      state: { space: aSpace({ isModerated: false }) },
      people: [{ ...anaIsHere, isModerator: false }],
    });
    await rig.says(start);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said[0]).toContain("This space is not moderated");
    expect(rig.said[0]).toContain("Turn moderation on");
  });

  test("but an operator may, though they do not moderate the space", async () => {
    const rig = aRig({ people: [{ ...boIsHere, isOperator: true }] });
    await rig.says(start, bo);
    expect(deeds(rig.changes)).toContain("incident.started");
  });

  test("an operator may not where nobody may, in a space without moderation", async () => {
    const rig = aRig({
      state: { space: aSpace({ isModerated: false }) },
      people: [{ ...boIsHere, isOperator: true }],
    });
    await rig.says(start, bo);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said[0]).toContain("This space is not moderated");
  });

  test("an operator of another organisation may not", async () => {
    const rig = aRig({ people: [{ ...boIsHere, isOperator: true, orgId: "org-other" }] });
    await rig.says(start, bo);
    expect(deeds(rig.changes)).toEqual([]);
  });
});

describe("a space that is not ours", () => {
  const foreign = { space: aSpace({ ownerOrgId: "org-other" }) };

  test("is told once, and nothing is done there", async () => {
    const rig = aRig({ state: foreign });
    await rig.says("Muster start incident x");
    expect(rig.changes.map((change) => change.kind)).toEqual([
      "space.foreign-told",
      "effect.queued",
    ]);
    expect(rig.said[0]).toContain("This space belongs to another organisation");

    rig.decisions.state = { ...rig.decisions.state!, isForeignTold: true };
    await rig.says("Muster start incident x");
    expect(rig.said).toHaveLength(1);
  });

  test("is left alone when its title does not begin as configured", async () => {
    const rig = aRig({ router: { spaceTitlePrefix: "INC " } });
    rig.withCard({ id: "card-x" });
    await rig.says("Muster start incident x");
    await rig.presses(data("incident.start-form", "card-x"));
    expect(rig.changes).toEqual([]);
    expect(rig.decisions.triggers).toHaveLength(2);
  });

  test("is served when its title does", async () => {
    const rig = aRig({
      state: { space: aSpace({ title: "INC payments" }) },
      router: { spaceTitlePrefix: "INC " },
    });
    await rig.says("Muster start incident x");
    expect(deeds(rig.changes)).toContain("incident.started");
  });

  test("is served when Webex does not say whose it is", async () => {
    const space = aSpace();
    delete space.ownerOrgId;
    const rig = aRig({ state: { space } });
    await rig.says("Muster start incident x");
    expect(deeds(rig.changes)).toContain("incident.started");
  });
});

describe("a command that is read late", () => {
  const late: Partial<IncomingMessage> = { at: NOW - 5 * MINUTE - 1 };

  test("is not carried out but asked about; the button does it", async () => {
    const rig = aRig();
    await rig.says("Muster start incident payments down", ana, late);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([
      "You wrote **start incident payments down** at 03:04 UTC, I was away. Do it now?",
    ]);
    expect(buttons(rig.answers[0]!.post)).toEqual(["Do it now"]);

    const [card] = ofKind(rig.changes, "card.written");
    await rig.presses(data(DO_NOW, card!.card.id));
    expect(ofKind(rig.changes, "incident.started")[0]?.incident.name).toBe("payments down");
  });

  test("is carried out up to five minutes", async () => {
    const rig = aRig();
    await rig.says("Muster start incident x", ana, { at: NOW - 5 * MINUTE });
    expect(deeds(rig.changes)).toContain("incident.started");
  });

  test("is refused all the same where the person may not", async () => {
    const rig = aRig();
    await rig.says("Muster start incident x", bo, late);
    expect(rig.said[0]).toContain("Only moderators");
  });

  test("is answered where it changes nothing", async () => {
    const rig = aRig();
    await rig.says("Muster status", bo, late);
    expect(ofKind(rig.changes, "card.written").map(({ card }) => card.kind)).toEqual(["status"]);
  });

  test("the button of the question is for the one who wrote it", async () => {
    const rig = aRig({ people: [anaIsHere, { ...boIsHere, isModerator: true }] });
    await rig.says("Muster start incident x", ana, late);
    const [card] = ofKind(rig.changes, "card.written");
    await rig.presses(data(DO_NOW, card!.card.id), bo);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toBe("This card is for somebody else.");
  });

  test("the button of the question works once", async () => {
    const rig = aRig({ state: { incident: anIncident(), latest: anIncident() } });
    await rig.says("Muster rename incident cards down", ana, late);
    const [card] = ofKind(rig.changes, "card.written");
    for (let press = 0; press < 2; press += 1) await rig.presses(data(DO_NOW, card!.card.id));
    expect(deeds(rig.changes).filter((kind) => kind === "incident.renamed")).toHaveLength(1);
    expect(rig.said.at(-1)).toContain("This form was used already");
  });

  test("the button of the question, pressed long ago, does nothing", async () => {
    const rig = aRig();
    await rig.says("Muster start incident x", ana, late);
    const [card] = ofKind(rig.changes, "card.written");
    await rig.presses(data(DO_NOW, card!.card.id), ana, { at: NOW - 5 * MINUTE - 1 });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("You pressed that at 03:04 UTC, I was away");
  });

  test("and is too long to be read to its end is to be written again", async () => {
    const rig = aRig();
    await rig.says(`Muster start incident ${"x".repeat(200)}`, ana, late);
    expect(ofKind(rig.changes, "card.written")).toEqual([]);
    expect(rig.said[0]).toContain("too long for a button");
  });
});

describe("a press", () => {
  const running = { incident: anIncident(), latest: anIncident() };
  const confirm = {
    id: "card-stop",
    kind: "stop-confirm",
    incidentId: "incident-1",
    expiresAt: NOW + 5 * MINUTE,
  } as const;
  const stop = data("incident.stop", "card-stop", { people: "keep" });

  test("is carried out by who may, on the space of its card", async () => {
    const rig = aRig({ state: running });
    rig.withCard(confirm);
    await rig.presses(stop);
    expect(deeds(rig.changes)).toContain("incident.stopped");
    expect(deeds(rig.changes)).toContain("card.used");
  });

  test("on a confirmation works once", async () => {
    const rig = aRig({ state: running });
    rig.withCard(confirm);
    await rig.presses(stop);
    const count = deeds(rig.changes).length;
    await rig.presses(stop);
    expect(deeds(rig.changes)).toHaveLength(count);
    expect(rig.said.at(-1)).toContain("This form was used already");
  });

  test("that is read late is not carried out", async () => {
    const rig = aRig({ state: running });
    rig.withCard(confirm);
    await rig.presses(stop, ana, { at: NOW - 5 * MINUTE - 1 });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said[0]).toContain("You pressed that at 03:04 UTC, I was away");
  });

  test.each([
    ["a card that nobody knows", data("incident.stop", "card-unknown", { people: "keep" })],
    ["a card of another version", { ...stop, v: 2 }],
    ["a press without a card", { action: "incident.stop", v: 1, people: "keep" }],
    ["a press without anything", {}],
    ["an action that is no text", { ...stop, action: { toString: "incident.stop" } }],
    ["an action that nobody knows", data("incident.explode", "card-stop")],
    ["an action that is a command", data("stop", "card-stop", { people: "keep" })],
    ["an action of the prototype", data("__proto__", "card-stop")],
    ["an action of every object", data("constructor", "card-stop")],
    [
      "an action of another kind of card",
      data("roster.remove", "card-stop", { responders: "r-bo" }),
    ],
    ["a card id that no database takes", data("incident.stop", "card-stop\0", { people: "keep" })],
  ])("of %s gets an answer and the present state, and changes nothing", async (_what, inputs) => {
    const rig = aRig({ state: running });
    rig.withCard(confirm);
    await rig.presses(inputs);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said[0]).toBe("This button is no longer valid. Here is the present state.");
    expect(ofKind(rig.changes, "card.written").map(({ card }) => card.kind)).toEqual(["status"]);
  });

  test("of an expired card changes nothing", async () => {
    const rig = aRig({ state: running });
    rig.withCard({ ...confirm, expiresAt: NOW });
    await rig.presses(stop);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said[0]).toContain("no longer valid");
  });

  test("of somebody else's card is refused, even for a moderator", async () => {
    const rig = aRig();
    rig.withCard({ id: "card-form", kind: "external-form", personId: "bo" });
    const form = { name: "Eve", mobile: "+1 408 555 0101", addHere: true };
    await rig.presses(data("roster.save-external", "card-form", form));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual(["This card is for somebody else."]);
  });

  test.each([
    ["a missing field", "stop-confirm", "incident.stop", {}],
    ["a wrong value", "stop-confirm", "incident.stop", { people: "everyone" }],
    ["a wrong type", "stop-confirm", "incident.stop", { people: ["remove"] }],
    ["a switch without its value", "status", "roster.switch", { channel: "sms" }],
    ["a switch to a text", "status", "roster.switch", { channel: "sms", on: "true" }],
    ["an unknown channel", "status", "roster.switch", { channel: "webex", on: true }],
    ["a text without end", "notice", "incident.rename", { name: "x".repeat(1_001) }],
    ["an id without end", "status", "incident.remind", { responders: "x".repeat(65) }],
    ["a list without end", "status", "incident.remind", { responders: idsUpTo(201) }],
    ["a list that is none", "status", "roster.remove", { responders: ["r-bo"] }],
  ] as const)("with %s is refused", async (_what, kind, action, inputs) => {
    const rig = aRig({ state: running });
    rig.withCard({ id: "card-x", kind, incidentId: "incident-1" });
    await rig.presses(data(action, "card-x", inputs));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("Ask for a new one")]);
  });

  test.each([
    ["left", [], "You are not in that space any more"],
    [
      "belongs to another organisation",
      [{ ...anaIsHere, orgId: "org-other" }],
      "organisation that runs me",
    ],
  ])("of somebody who %s is refused", async (_what, people, refusal) => {
    const rig = aRig({ state: running, people });
    rig.withCard(confirm);
    await rig.presses(stop);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining(refusal)]);
  });

  test("on a field keeps one line, without what no database takes", async () => {
    const rig = aRig();
    rig.withCard({ id: "card-form", kind: "start-form" });
    await rig.presses(data("incident.start", "card-form", { name: " pay\0ments\n\u202edown " }));
    expect(ofKind(rig.changes, "incident.started")[0]?.incident.name).toBe("payments down");
  });

  test("of Start all the same starts one incident, however often", async () => {
    const alone = [anEntry(aPerson({ ...ana, id: "r-ana" }), { isModerator: true })];
    const rig = aRig({ state: { roster: alone } });
    await rig.says("Muster start incident x");
    const [card] = ofKind(rig.changes, "card.written");
    for (let press = 0; press < 2; press += 1)
      await rig.presses(data("incident.start-alone", card!.card.id));
    expect(ofKind(rig.changes, "incident.started")).toHaveLength(1);
    expect(rig.said.at(-1)).toContain("This form was used already");
  });

  test("of Add on somebody who is known adds them once, however often", async () => {
    const rig = aRig();
    rig.decisions.externals = [{ responder: anExternal(), rosters: [] }];
    rig.withCard({ id: "card-x", responderId: "r-eve" });
    for (let press = 0; press < 2; press += 1)
      await rig.presses(data("roster.add-existing", "card-x"));
    expect(deeds(rig.changes)).toEqual(["card.used", "roster.set"]);
    expect(rig.said.at(-1)).toContain("This form was used already");
  });

  test("of Add on somebody who was deleted meanwhile adds nobody", async () => {
    const rig = aRig();
    rig.withCard({ id: "card-x", responderId: "r-eve" });
    await rig.presses(data("roster.add-existing", "card-x"));
    expect(rig.changes.filter(({ kind }) => kind !== "effect.queued")).toEqual([]);
    expect(rig.said).toEqual(["That person was deleted meanwhile."]);
  });

  test("in a direct message acts on the space that its card is about", async () => {
    const rig = aRig();
    rig.withCard({ id: "card-form", kind: "external-form", personId: "ana" });
    const form = { name: "Eve", mobile: "+1 408 555 0101", addHere: true };
    await rig.presses(data("roster.save-external", "card-form", form), ana, { spaceId: DIRECT });
    expect(deeds(rig.changes)).toEqual(["card.used", "responder.created", "roster.set"]);
    expect(ofKind(rig.changes, "roster.set")[0]?.spaceId).toBe(SPACE);
    expect(rig.answers.map(({ to }) => to)).toEqual([
      { kind: "space", spaceId: DIRECT },
      { kind: "space", spaceId: SPACE, fallbackPersonId: "ana" },
    ]);
  });

  test.each([
    ["de", "de"],
    ["", undefined],
  ])("on a form with the language “%s” keeps %s", async (language, expected) => {
    const rig = aRig();
    rig.withCard({ id: "card-form", kind: "external-form", personId: "ana" });
    const form = { name: "Eve", mobile: "+1 408 555 0101", language, addHere: true };
    await rig.presses(data("roster.save-external", "card-form", form), ana, { spaceId: DIRECT });
    const [created] = ofKind(rig.changes, "responder.created");
    expect(created?.responder.language).toBe(expected);
  });

  test("on a form with a language that is not there comes back with a sentence at the field", async () => {
    const rig = aRig();
    rig.withCard({ id: "card-form", kind: "external-form", personId: "ana" });
    const form = { name: "Eve", mobile: "+1 408 555 0101", language: "it", addHere: true };
    await rig.presses(data("roster.save-external", "card-form", form), ana, { spaceId: DIRECT });
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    expect(rig.said[0]).toContain(
      "There are no texts in that language. Choose en (English) or de (Deutsch).",
    );
    expect(JSON.stringify(rig.answers[0]?.post.card)).toContain("+1 408 555 0101");
  });

  test("in a direct message on a card of a space that is gone is finished without a word", async () => {
    const rig = aRig();
    rig.withCard({ id: "card-form", kind: "external-form", spaceId: "space-gone" });
    await rig.presses(data("roster.external-form", "card-form"), ana, { spaceId: DIRECT });
    expect(rig.changes).toEqual([]);
    expect(rig.decisions.triggers).toHaveLength(1);
  });

  test("in a direct message on an unknown card says so there, and shows no space's state", async () => {
    const rig = aRig();
    await rig.presses(data("incident.status", "card-unknown"), ana, { spaceId: DIRECT });
    expect(rig.said).toEqual([expect.stringContaining("Ask for a new one")]);
    expect(ofKind(rig.changes, "card.written")).toEqual([]);
  });

  test("that needs a person says so when none was chosen", async () => {
    const rig = aRig({ state: running });
    rig.withCard({ id: "card-status", kind: "status" });
    for (const action of ["incident.remind", "roster.remove"])
      for (const responders of [undefined, "", " , "])
        await rig.presses(data(action, "card-status", { responders }));
    expect(new Set(rig.said)).toEqual(new Set([expect.stringContaining("Choose a person")]));
  });

  test("of Remind twice within ten seconds by the same person is one", async () => {
    const eves = anEntry(anExternal());
    const rig = aRig({
      state: { ...running, roster: [eves], progress: [aProgressOf(eves)] },
      people: [anaIsHere, { ...boIsHere, isModerator: true }],
    });
    rig.withCard({ id: "card-status", kind: "status" });
    const remind = data("incident.remind", "card-status", { responders: "r-eve" });
    await rig.presses(remind);
    await rig.presses(remind);
    expect(sends(rig.changes)).toEqual(["r-eve sms", "r-eve voice"]);
    await rig.presses(remind, bo);
    expect(sends(rig.changes)).toHaveLength(4);
  });
});
