import type { KnownExternal } from "../../src/incident/space-state";
import type { Responder } from "../../src/roster/responder";
import { ana, anExternal, anIncident, bo, NOW, ofKind, SPACE } from "../support/builders";
import {
  anaIsHere,
  aRig,
  boIsHere,
  data,
  deeds,
  DIRECT,
  type RigOptions,
} from "../support/bot-rig";

const directly = { spaceId: DIRECT, spaceKind: "direct" } as const;
const pressedDirectly = { spaceId: DIRECT };

/** A rig that knows these people with a phone, as the store does. */
function aRigWith(people: readonly (Responder | KnownExternal)[], options: RigOptions = {}) {
  const searched: string[] = [];
  const rig = aRig({
    ...options,
    tools: {
      searchExternals: (term, { limit, offset }) => {
        searched.push(term);
        const found = rig.decisions.externals.map((one) => one.responder);
        return Promise.resolve({ found: found.slice(offset, offset + limit), total: found.length });
      },
      ...options.tools,
    },
  });
  rig.decisions.externals = people.map((one) =>
    "responder" in one ? one : { responder: one, rosters: [] },
  );
  return Object.assign(rig, { searched });
}

function many(count: number): Responder[] {
  return Array.from({ length: count }, (_, index) =>
    anExternal({ id: `r-${index}`, name: `Person ${index}`, mobile: `+1408555${1000 + index}` }),
  );
}

function lastCard(rig: ReturnType<typeof aRig>) {
  const card = ofKind(rig.changes, "card.written").at(-1)?.card;
  if (!card) throw new Error("No card was written.");
  return card;
}

const toAna = { kind: "person", personId: "ana" };
const inSpace = { kind: "space", spaceId: SPACE, fallbackPersonId: "ana" };

describe("the list", () => {
  test("goes to the moderator alone; the space reads that it was sent", async () => {
    const rig = aRigWith([anExternal({ email: "eve@out.example", language: "de" })]);
    await rig.says("Muster externals");
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.answers.map(({ to }) => to)).toEqual([toAna, inSpace]);
    const [list, told] = rig.answers;
    expect(list?.post.markdown).toContain("1 person");
    for (const part of ["Eve Dahl", "+1 408 555 0101", "+1 408 555 0102", "Deutsch"])
      expect(JSON.stringify(list?.post)).toContain(part);
    expect(told?.post).toEqual({ markdown: "I sent you the list." });
    expect(lastCard(rig)).toMatchObject({
      kind: "externals",
      spaceId: SPACE,
      personId: "ana",
      payload: { term: "" },
    });
  });

  test("that was asked for directly is about no space, and offers no Add here", async () => {
    const rig = aRigWith([anExternal()]);
    await rig.says("externals eve", ana, directly);
    expect(rig.answers.map(({ to }) => to)).toEqual([toAna]);
    expect(lastCard(rig).spaceId).toBeUndefined();
    expect(JSON.stringify(rig.answers[0]?.post.card)).not.toContain("Add here");
    expect(rig.said[0]).toContain("1 person fitting “eve”");
  });

  test.each([
    ["(408) 555-0101", "+14085550101"],
    ["+1 408 555 0101", "+14085550101"],
    ["0101", "0101"],
    ["Eve", "Eve"],
    ["eve@out.example", "eve@out.example"],
    ["900 555 0101", "900 555 0101"],
  ])("for “%s” searches %s", async (written, term) => {
    const rig = aRigWith([anExternal()]);
    await rig.says(`Muster externals ${written}`);
    expect(rig.searched).toEqual([term]);
  });

  test("of nobody is a sentence that repeats nothing that could be a number", async () => {
    const rig = aRigWith([]);
    await rig.says("Muster externals +1 408 555 0101");
    expect(rig.answers).toEqual([
      { to: inSpace, post: { markdown: expect.stringContaining("Search by part of") as string } },
    ]);
    expect(rig.said[0]).not.toContain("0101");
    await rig.says("externals", ana, directly);
    expect(rig.said[1]).toContain("Nobody with a phone is known yet");
  });

  test("has pages; one that is gone is the last one", async () => {
    const rig = aRigWith(many(23));
    await rig.says("Muster externals person");
    expect(rig.said[0]).toContain("1 to 10 of 23 people fitting “person”");
    const turnTo = (page: number) =>
      rig.presses(data("roster.externals-page", lastCard(rig).id, { page }), ana, pressedDirectly);
    await turnTo(1);
    expect(rig.said.at(-1)).toContain("11 to 20 of 23");
    await turnTo(2);
    expect(rig.said.at(-1)).toContain("21 to 23 of 23");
    await turnTo(7);
    expect(rig.said.at(-1)).toContain("21 to 23 of 23");
    expect(lastCard(rig)).toMatchObject({ spaceId: SPACE, payload: { term: "person" } });
    rig.decisions.externals = [];
    await turnTo(0);
    expect(rig.said.at(-1)).toContain("I find nobody");
  });

  test.each([-1, 0.5, "1", 2_000_000, undefined])("has no page %s", async (page) => {
    const rig = aRigWith([anExternal()]);
    rig.withCard({ id: "card-x", kind: "externals", payload: { term: "" } });
    await rig.presses(data("roster.externals-page", "card-x", { page }), ana, pressedDirectly);
    expect(rig.said).toEqual([expect.stringContaining("Ask for a new one")]);
  });

  test("that somebody else got hold of shows them nothing", async () => {
    const rig = aRigWith([anExternal()], {
      people: [anaIsHere, { ...boIsHere, isModerator: true }],
    });
    await rig.says("Muster externals");
    await rig.presses(data("roster.edit-external", lastCard(rig).id, { responder: "r-eve" }), bo);
    expect(rig.said.at(-1)).toBe("This card is for somebody else.");
  });

  test("pressed in a space by a forged press does nothing there, and shows nothing of it", async () => {
    const rig = aRigWith([anExternal()]);
    await rig.says("externals", ana, directly);
    const button = data("roster.edit-external", lastCard(rig).id, { responder: "r-eve" });
    const before = rig.answers.length;
    await rig.presses(button, ana, { spaceId: SPACE });
    expect(rig.said.slice(before)[0]).toMatch(/This button is no longer valid/);
    expect(rig.said.slice(before).join()).not.toContain("Eve");
    expect(rig.refusals).toEqual(["press card-unknown"]);
  });

  test.each(["roster.edit-external", "roster.delete-external", "roster.add-external-here"])(
    "%s needs somebody who is chosen, and who is still there",
    async (action) => {
      const rig = aRigWith([]);
      rig.withCard({ id: "card-x", kind: "externals", personId: "ana", payload: { term: "" } });
      for (const responder of [undefined, "", "r-eve"])
        await rig.presses(data(action, "card-x", { responder }), ana, pressedDirectly);
      expect(deeds(rig.changes)).toEqual([]);
      const choose = expect.stringContaining("Choose a person") as string;
      expect(rig.said).toEqual([choose, choose, "That person was deleted meanwhile."]);
    },
  );
});

describe("Add here", () => {
  const card = { id: "card-x", kind: "externals", personId: "ana", payload: { term: "" } } as const;
  const add = data("roster.add-external-here", "card-x", { responder: "r-eve" });

  test("adds to the roster of the space of the list, and says one line there", async () => {
    const rig = aRigWith([anExternal()]);
    rig.withCard(card);
    await rig.presses(add, ana, pressedDirectly);
    expect(deeds(rig.changes)).toEqual(["roster.set"]);
    expect(rig.answers.map(({ post, to }) => [to, post.markdown])).toEqual([
      [{ kind: "space", spaceId: DIRECT }, "Eve Dahl is on the roster of Payments now."],
      [inSpace, "Ana Berg added Eve Dahl to the roster."],
    ]);
  });

  test("during an incident invites them", async () => {
    const rig = aRigWith([anExternal()], { state: { incident: anIncident() } });
    rig.withCard(card);
    await rig.presses(add, ana, pressedDirectly);
    expect(ofKind(rig.changes, "notification.queued")).toHaveLength(2);
    expect(rig.said).toEqual([
      "Eve Dahl is on the roster of Payments now. They are told now.",
      "Ana Berg added Eve Dahl to the roster. They are told now.",
    ]);
  });

  test("adds who they are now, not who they were when the list was read", async () => {
    const rig = aRigWith([anExternal({ name: "Eve Holm" })]);
    rig.withCard(card);
    await rig.presses(add, ana, pressedDirectly);
    expect(rig.said[0]).toBe("Eve Holm is on the roster of Payments now.");
  });

  test("of a list that belongs to no space is forged", async () => {
    const rig = aRigWith([anExternal()]);
    rig.decisions.cards.set("card-x", card);
    await rig.presses(add, ana, pressedDirectly);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("Ask for a new one")]);
  });
});

const form = { name: "Eve Dahl", mobile: "+1 408 555 0101", voice: "+1 408 555 0102" };

async function editFormOf(rig: ReturnType<typeof aRigWith>): Promise<string> {
  await rig.says("Muster externals");
  const edit = data("roster.edit-external", lastCard(rig).id, { responder: "r-eve" });
  await rig.presses(edit, ana, pressedDirectly);
  return lastCard(rig).id;
}

function save(rig: ReturnType<typeof aRigWith>, cardId: string, values: object, by = ana) {
  const inputs = { ...form, ...values, addHere: false };
  return rig.presses(data("roster.save-external", cardId, inputs), by, pressedDirectly);
}

describe("Edit", () => {
  test("sends the form with what is kept, to the moderator alone", async () => {
    const rig = aRigWith([anExternal({ version: 3, language: "de", email: "eve@out.example" })]);
    await editFormOf(rig);
    expect(lastCard(rig)).toMatchObject({
      kind: "external-form",
      spaceId: SPACE,
      personId: "ana",
      responderId: "r-eve",
      payload: { version: 3 },
    });
    const sent = rig.answers.at(-1);
    expect(sent?.to).toEqual(toAna);
    const card = JSON.stringify(sent?.post.card);
    for (const value of ["Eve Dahl", "+1 408 555 0101", "+1 408 555 0102", "eve@out.example", "de"])
      expect(card).toContain(`"value":"${value}"`);
    expect(card).not.toContain("Save and add here");
  });

  test("saves, once", async () => {
    const rig = aRigWith([anExternal()]);
    const cardId = await editFormOf(rig);
    await save(rig, cardId, { name: "Eve Holm", voice: "" });
    expect(deeds(rig.changes)).toEqual([
      "card.used",
      "responder.edited",
      "notifications.cancelled",
    ]);
    expect(rig.said.at(-1)).toBe("Eve Holm is saved. Calls to them are off now.");
    await save(rig, cardId, { name: "Eve Holm" });
    expect(rig.said.at(-1)).toContain("This form was used already");
    expect(ofKind(rig.changes, "responder.edited")).toHaveLength(1);
  });

  test.each([
    [{ name: "" }, "Give a name."],
    [{ mobile: "12" }, "This number cannot be dialled"],
    [{ mobile: "", voice: "" }, "Give at least one number"],
    [{ email: "eve" }, "This is not an e-mail address."],
    [{ language: "tlh" }, "There are no texts in that language"],
  ])("with %j comes back with the reason and the values", async (wrong, reason) => {
    const rig = aRigWith([anExternal()]);
    const cardId = await editFormOf(rig);
    await save(rig, cardId, { ...wrong, name: "name" in wrong ? "" : "Eve Holm" });
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    const again = rig.answers.at(-1);
    expect(again?.to).toEqual(toAna);
    expect(again?.post.markdown).toContain(reason);
    if (!("name" in wrong)) expect(JSON.stringify(again?.post.card)).toContain("Eve Holm");
    await save(rig, lastCard(rig).id, { name: "Eve Holm" });
    expect(ofKind(rig.changes, "responder.edited")).toHaveLength(1);
  });

  test("of what somebody else changed meanwhile tells so, with what is kept now", async () => {
    const rig = aRigWith([anExternal()]);
    const cardId = await editFormOf(rig);
    rig.decisions.externals = [
      { responder: anExternal({ name: "Eve Lund", version: 2 }), rosters: [] },
    ];
    await save(rig, cardId, { name: "Eve Holm" });
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    const again = rig.answers.at(-1);
    expect(again?.post.markdown).toContain("Eve Lund was changed by somebody else");
    expect(JSON.stringify(again?.post.card)).toContain('"value":"Eve Lund"');
    await save(rig, lastCard(rig).id, { name: "Eve Holm" });
    expect(ofKind(rig.changes, "responder.edited")[0]?.responder).toMatchObject({
      name: "Eve Holm",
      version: 3,
    });
  });

  test("to somebody else's number is refused at its field", async () => {
    const dan = anExternal({ id: "r-dan", name: "Dan *Li*", mobile: "+14085550103" });
    const rig = aRigWith([anExternal(), dan]);
    const cardId = await editFormOf(rig);
    await save(rig, cardId, { mobile: "408 555 0103" });
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    const again = rig.answers.at(-1)?.post;
    expect(again?.markdown).toContain("This is the number of Dan \\*Li\\*.");
    expect(JSON.stringify(again?.card)).toContain('"value":"408 555 0103"');
    expect(lastCard(rig)).toMatchObject({ responderId: "r-eve", payload: { version: 1 } });
  });

  test("of somebody who was deleted meanwhile says so", async () => {
    const rig = aRigWith([anExternal()]);
    const cardId = await editFormOf(rig);
    rig.decisions.externals = [];
    await save(rig, cardId, { name: "Eve Holm" });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toBe("That person was deleted meanwhile.");
  });

  test("does not choose the language that the form only shows", async () => {
    const rig = aRigWith([anExternal()]);
    await save(rig, await editFormOf(rig), { language: "en" });
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    expect(rig.said.at(-1)).toBe("Nothing of Eve Dahl was changed.");
    await save(rig, await editFormOf(rig), { language: "de" });
    expect(ofKind(rig.changes, "responder.edited")[0]?.responder.language).toBe("de");
  });

  test("by somebody who is no longer a moderator of the space is refused", async () => {
    const rig = aRigWith([anExternal()], { people: [{ ...anaIsHere, isModerator: false }] });
    rig.withCard({
      id: "card-x",
      kind: "external-form",
      personId: "ana",
      responderId: "r-eve",
      payload: { version: 1 },
    });
    await save(rig, "card-x", { name: "Eve Holm" });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("Only moderators of this space")]);
  });
});

describe("Delete", () => {
  const known: KnownExternal = {
    responder: anExternal(),
    rosters: [
      {
        spaceId: SPACE,
        incidentId: "incident-1",
        channels: { webex: false, sms: true, voice: true },
        isMember: false,
      },
    ],
  };

  async function ask(rig: ReturnType<typeof aRigWith>): Promise<string> {
    await rig.says("Muster externals");
    const button = data("roster.delete-external", lastCard(rig).id, { responder: "r-eve" });
    await rig.presses(button, ana, pressedDirectly);
    return lastCard(rig).id;
  }

  test("asks once more, with the rosters that they are on", async () => {
    const rig = aRigWith([known]);
    await ask(rig);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("Delete **Eve Dahl**? They are on 1 roster.");
    expect(rig.said.at(-1)).toContain("An incident runs in 1 space");
    expect(lastCard(rig)).toMatchObject({ kind: "notice", personId: "ana", responderId: "r-eve" });
  });

  test("deletes once, and says so where an incident runs", async () => {
    const rig = aRigWith([known]);
    const cardId = await ask(rig);
    const before = rig.answers.length;
    await rig.presses(data("roster.delete-external-now", cardId), ana, pressedDirectly);
    expect(deeds(rig.changes)).toEqual([
      "card.used",
      "roster.removed",
      "notifications.cancelled",
      "timeline.added",
      "notifications.cancelled",
      "responder.deleted",
    ]);
    expect(rig.answers.slice(before).map(({ post, to }) => [to, post.markdown])).toEqual([
      [{ kind: "space", spaceId: DIRECT }, "Eve Dahl is deleted, and off 1 roster."],
      [inSpace, expect.stringContaining("Ana Berg deleted Eve Dahl")],
    ]);
    await rig.presses(data("roster.delete-external-now", cardId), ana, pressedDirectly);
    expect(rig.said.at(-1)).toContain("used already");
    expect(ofKind(rig.changes, "responder.deleted")).toHaveLength(1);
  });

  test("of somebody who is deleted already says so", async () => {
    const rig = aRigWith([known]);
    const cardId = await ask(rig);
    rig.decisions.externals = [];
    await rig.presses(data("roster.delete-external-now", cardId), ana, pressedDirectly);
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    expect(rig.said.at(-1)).toBe("That person was deleted meanwhile.");
  });

  test("answered with Keep deletes nobody, then or later", async () => {
    const rig = aRigWith([known]);
    const cardId = await ask(rig);
    await rig.presses(data("roster.keep-external", cardId), ana, pressedDirectly);
    expect(rig.said.at(-1)).toBe("Nobody was deleted.");
    await rig.presses(data("roster.delete-external-now", cardId), ana, pressedDirectly);
    expect(deeds(rig.changes)).toEqual(["card.used"]);
  });

  test.each(["roster.delete-external-now", "roster.edit-external"])(
    "%s on a notice that is about nobody does nothing",
    async (action) => {
      const rig = aRigWith([known]);
      rig.withCard({ id: "card-x" });
      await rig.presses(data(action, "card-x"));
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.answers).toHaveLength(1);
    },
  );
});

describe("add external, written directly", () => {
  test("sends a form that is about no space", async () => {
    const rig = aRigWith([]);
    await rig.says("add external Eve", ana, directly);
    expect(rig.answers.map(({ to }) => to)).toEqual([toAna]);
    expect(lastCard(rig)).toMatchObject({ kind: "external-form", personId: "ana" });
    expect(lastCard(rig).spaceId).toBeUndefined();
    const card = JSON.stringify(rig.answers[0]?.post.card);
    expect(card).toContain('"value":"Eve"');
    expect(card).not.toContain("Save and add here");
    expect(card).not.toContain("For the space");
  });

  async function directForm(people: readonly Responder[] = []) {
    const rig = aRigWith(people);
    await rig.says("add external", ana, directly);
    return { rig, cardId: lastCard(rig).id };
  }

  test.each([false, true])("keeps the person on no roster (addHere: %s)", async (addHere) => {
    const { rig, cardId } = await directForm();
    const inputs = { ...form, addHere };
    await rig.presses(data("roster.save-external", cardId, inputs), ana, pressedDirectly);
    expect(deeds(rig.changes)).toEqual(["card.used", "responder.created"]);
    expect(rig.said.at(-1)).toContain("Eve Dahl is saved. To put them on a roster");
  });

  test("comes back with a mistake, and is used once", async () => {
    const { rig, cardId } = await directForm();
    await save(rig, cardId, { mobile: "12" });
    expect(rig.said.at(-1)).toContain("This number cannot be dialled");
    await save(rig, cardId, {});
    expect(rig.said.at(-1)).toContain("used already");
    await save(rig, lastCard(rig).id, {});
    expect(ofKind(rig.changes, "responder.created")).toHaveLength(1);
  });

  test("offers to edit whoever has the number already", async () => {
    const { rig, cardId } = await directForm([anExternal()]);
    await save(rig, cardId, { name: "Bob", voice: "" });
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    expect(rig.said.at(-1)).toContain("it is Eve Dahl's. Nothing was saved.");
    await rig.presses(data("roster.edit-external", lastCard(rig).id), ana, pressedDirectly);
    expect(lastCard(rig)).toMatchObject({ kind: "external-form", responderId: "r-eve" });
  });
});

describe("a second delivery", () => {
  const trigger = { kind: "inbox", id: "event-x", leaseToken: "lease" } as const;

  test.each(["externals", "add external"])("of %s, written directly, is one", async (text) => {
    const rig = aRigWith([anExternal()]);
    const message = {
      kind: "message" as const,
      id: "message-1",
      spaceId: DIRECT,
      spaceKind: "direct" as const,
      personId: "ana",
      personEmail: "ana@corp.example",
      text,
      at: NOW,
    };
    for (let delivery = 0; delivery < 2; delivery += 1) await rig.handle(message, trigger);
    expect(ofKind(rig.changes, "card.written")).toHaveLength(1);
    expect(rig.answers).toHaveLength(1);
  });
});
