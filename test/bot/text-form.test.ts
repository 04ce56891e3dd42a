import { MOST_OF_WORDS } from "../../src/incident/tell";
import type { RosterEntry } from "../../src/roster/responder";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aProgressOf,
  bo,
  NOW,
  ofKind,
  sends,
  SPACE,
} from "../support/builders";
import { anaIsHere, aPress, aRig, boIsHere, data, deeds, DIRECT } from "../support/bot-rig";
import { buttonsOf } from "../support/story-cards";

const eve = anEntry(anExternal());
const eva = anEntry(anExternal({ id: "r-eva", name: "Eva Dahl", mobile: "+14085550177" }));
const incident = anIncident();
const MESSAGE = "please call Ana";

function withoutTexts(entry: RosterEntry): RosterEntry {
  return { ...entry, channels: { ...entry.channels, sms: false } };
}

const answered = (entry: RosterEntry) =>
  aProgressOf(entry, { group: "coming", answer: { answer: "coming", via: "sms", at: NOW } });

interface WordOptions {
  roster?: readonly RosterEntry[];
  /** Whom the word names; all of the roster when absent. */
  names?: readonly string[];
  answeredBy?: readonly RosterEntry[];
}

/** The word about who was not reached, in the space. */
function aWord({ roster = [eve, eva], names, answeredBy = [] }: WordOptions = {}) {
  const progress = roster.map((entry) =>
    answeredBy.includes(entry) ? answered(entry) : aProgressOf(entry),
  );
  const rig = aRig({
    people: [anaIsHere, { ...boIsHere, isModerator: true }],
    state: { incident, latest: incident, roster, progress },
  });
  const responderIds = names ?? roster.map(({ responder }) => responder.id);
  rig.withCard({ id: "card-n", incidentId: incident.id, payload: { responderIds } });
  return rig;
}

type Rig = ReturnType<typeof aWord>;

function formIn(rig: Rig) {
  const { card } = ofKind(rig.changes, "card.written").at(-1)!;
  const [send] = buttonsOf(rig.answers.at(-1)!.post.card!);
  return { card, send: send!, to: rig.answers.at(-1)!.to };
}

/** The same rig, Ana having pressed Text on the word. */
async function withForm(options: WordOptions = {}) {
  const rig = aWord(options);
  await rig.presses(data("incident.text-form", "card-n"));
  const { send } = formIn(rig);
  const submit = (inputs: { responder?: string; message?: string }, by = ana) =>
    rig.presses({ ...send.data, ...send.fields, ...inputs }, by);
  return { rig, submit };
}

/** The roster as somebody else has made it meanwhile. */
function changeRoster({ decisions }: Rig, roster: readonly RosterEntry[]): void {
  decisions.state = { ...decisions.state!, roster };
}

describe("Text, on the word about who was not reached", () => {
  test("asks whom of those who can be texted, by name, and what, for who pressed alone", async () => {
    const { rig } = await withForm({ roster: [eve, anEntry(), eva], names: ["r-eve", "r-eva"] });
    const { card, send } = formIn(rig);
    expect(card).toMatchObject({
      ...{ kind: "text-form", incidentId: incident.id, personId: "ana" },
      payload: { responderIds: ["r-eva", "r-eve"] },
    });
    expect(send.title).toBe("Send text");
    expect(send.choices.map(({ title }) => title)).toEqual(["Eva Dahl", "Eve Dahl"]);
    expect(send.fields).toEqual({ responder: "", message: "" });
    expect(deeds(rig.changes)).toEqual([]);
  });

  test("has the only one chosen", async () => {
    const { rig } = await withForm({ roster: [eve] });
    expect(formIn(rig).send.fields).toEqual({ responder: "r-eve", message: "" });
  });

  test("leaves out who cannot be texted, who left the roster, and who has answered since", async () => {
    const cy = anEntry(anExternal({ id: "r-cy", name: "Cy" }));
    const { rig } = await withForm({
      roster: [eve, withoutTexts(eva), cy, anEntry()],
      names: ["r-eve", "r-eva", "r-cy", "r-bo", "r-gone"],
      answeredBy: [cy],
    });
    expect(formIn(rig).send.choices.map(({ value }) => value)).toEqual(["r-eve"]);
  });

  test("of more than a list has room for says so", async () => {
    const many = Array.from({ length: 23 }, (_, index) =>
      anEntry(anExternal({ id: `r-${index}`, name: `Kim ${index}` })),
    );
    const { rig } = await withForm({ roster: many });
    expect(formIn(rig).send.choices).toHaveLength(20);
    expect(rig.said[0]).toContain("and 3 more: for them write **text** in the space");
  });

  test.each([
    [
      "the only one replied STOP",
      { roster: [{ ...eve, responder: { ...eve.responder, optOut: "stop" as const } }] },
      "Eve Dahl replied STOP and gets no texts until they reply START.",
    ],
    ["the only one has no number", { roster: [anEntry()] }, "Bo Alm has no number to text to."],
    [
      "none of several can be texted",
      { roster: [withoutTexts(eve), anEntry()] },
      "None of them can be texted",
    ],
    ["all have answered", { answeredBy: [eve, eva] }, "has answered by now"],
    ["all have left the roster", { names: ["r-x", "r-y"] }, "no longer on the roster"],
  ])("says so where %s", async (_what, options, sentence) => {
    const rig = aWord(options);
    await rig.presses(data("incident.text-form", "card-n"));
    expect(rig.said).toEqual([expect.stringContaining(sentence)]);
    expect(ofKind(rig.changes, "card.written")).toEqual([]);
  });

  test("pressed twice in one breath gives one form, and another to another moderator", async () => {
    const rig = aWord();
    for (const by of [ana, ana, bo]) await rig.presses(data("incident.text-form", "card-n"), by);
    const forms = ofKind(rig.changes, "card.written").map(({ card }) => card.personId);
    expect(forms).toEqual(["ana", "bo"]);
  });

  test("pressed directly is answered directly", async () => {
    const rig = aWord();
    await rig.presses(data("incident.text-form", "card-n"), ana, { spaceId: DIRECT });
    const { card, send, to } = formIn(rig);
    expect(card.spaceId).toBe(SPACE);
    expect(to).toMatchObject({ spaceId: DIRECT });
    const inputs = { ...send.data, responder: "r-eve", message: MESSAGE };
    await rig.presses(inputs, ana, { spaceId: DIRECT });
    expect(sends(rig.changes)).toEqual(["r-eve sms"]);
    expect(rig.answers.at(-1)).toMatchObject({ to: { spaceId: DIRECT } });
  });
});

describe("the form for a text", () => {
  test("sends one text to the one who was chosen, as the command does", async () => {
    const { rig, submit } = await withForm();
    await submit({ responder: "r-eve", message: ` ${MESSAGE}\nor Bo ` });
    expect(sends(rig.changes)).toEqual(["r-eve sms"]);
    expect(ofKind(rig.changes, "round.opened")[0]?.round).toMatchObject({
      ...{ kind: "message", trigger: "press", text: `${MESSAGE} or Bo` },
      openedBy: { personId: "ana" },
    });
    expect(rig.said.at(-1)).toBe("Texting Eve Dahl.");
  });

  test("works once", async () => {
    const { rig, submit } = await withForm();
    for (let presses = 0; presses < 2; presses += 1)
      await submit({ responder: "r-eve", message: MESSAGE });
    expect(sends(rig.changes)).toEqual(["r-eve sms"]);
    expect(rig.said.at(-1)).toContain("used already");
  });

  test("is for who asked for it", async () => {
    const { rig, submit } = await withForm();
    await submit({ responder: "r-eve", message: MESSAGE }, bo);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toBe("This card is for somebody else.");
  });

  const tooLong = "x".repeat(MOST_OF_WORDS + 1);
  test.each([
    ["nobody", { responder: "", message: MESSAGE }, "Choose a person"],
    ["no message", { responder: "r-eva", message: " \n " }, "Write what I shall text."],
    ["too long a message", { responder: "r-eva", message: tooLong }, "That has 301 characters"],
  ])("with %s comes back with what is wrong, and is used up", async (_what, inputs, why) => {
    const { rig, submit } = await withForm();
    await submit(inputs);
    expect(deeds(rig.changes)).toEqual(["card.used"]);
    expect(rig.said.at(-1)).toContain(why);
    const { send } = formIn(rig);
    expect(send.fields).toEqual({ ...inputs, message: inputs.message.trim() });
    await submit({ responder: "r-eva", message: MESSAGE });
    expect(rig.said.at(-1)).toContain("used already");
    await rig.presses({ ...send.data, responder: "r-eva", message: MESSAGE });
    expect(sends(rig.changes)).toEqual(["r-eva sms"]);
  });

  test("with a message that no form would send is not carried out", async () => {
    const { rig, submit } = await withForm();
    await submit({ responder: "r-eve", message: "x".repeat(7_001) });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("Ask for a new one");
  });

  test("for somebody who left the roster meanwhile says so, and can still be used", async () => {
    const { rig, submit } = await withForm();
    changeRoster(rig, [eva]);
    await submit({ responder: "r-eve", message: MESSAGE });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toBe("That person is no longer on the roster.");
    await submit({ responder: "r-eva", message: MESSAGE });
    expect(sends(rig.changes)).toEqual(["r-eva sms"]);
  });

  test("for somebody who can be texted no more says why", async () => {
    const { rig, submit } = await withForm();
    changeRoster(rig, [withoutTexts(eve), eva]);
    await submit({ responder: "r-eve", message: MESSAGE });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("Texts to Eve Dahl are switched off here");
  });

  test("for somebody whom it does not name is forged", async () => {
    const { rig, submit } = await withForm({ names: ["r-eva"] });
    await submit({ responder: "r-eve", message: MESSAGE });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("Ask for a new one");
  });

  test.each([
    ["after the incident's end", undefined, "No incident is running in this space."],
    ["once another runs", anIncident({ id: "incident-2" }), "too old"],
  ])("%s sends nothing", async (_when, now, sentence) => {
    const { rig, submit } = await withForm();
    const state = { ...rig.decisions.state! };
    delete state.incident;
    rig.decisions.state = now ? { ...state, incident: now, latest: now } : state;
    await submit({ responder: "r-eve", message: MESSAGE });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain(sentence);
  });

  test("that arrives twice is carried out once", async () => {
    const rig = aWord();
    await rig.presses(data("incident.text-form", "card-n"));
    const { send } = formIn(rig);
    const inputs = { ...send.data, responder: "r-eve", message: "" };
    const trigger = { kind: "inbox", id: "press-7", leaseToken: "lease" } as const;
    for (let times = 0; times < 2; times += 1) await rig.handle(aPress({ inputs }), trigger);
    expect(rig.said.filter((line) => line.includes("Write what I shall text"))).toHaveLength(1);
  });
});
