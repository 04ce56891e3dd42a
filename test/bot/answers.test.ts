import type { Answer } from "../../src/incident/answer";
import type { Invitation } from "../../src/incident/invitation";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aPerson,
  aProgressOf,
  bo,
  NOW,
  ofKind,
  SPACE,
} from "../support/builders";
import { aRig, boIsHere, data, deeds, DIRECT, type RigOptions } from "../support/bot-rig";
import { buttons } from "../support/card-buttons";
import { buttonsOf } from "../support/story-cards";

const MINUTE = 60_000;
const conference = { link: "https://acme.webex.com/meet/payments", source: "bridge" as const };
const incident = anIncident({ conference });
const eve = anExternal();
const roster = [anEntry(aPerson({ ...ana, id: "r-ana" })), anEntry(), anEntry(eve)];
const directly = { spaceId: DIRECT, spaceKind: "direct" } as const;
const [boProgress, eveProgress] = [aProgressOf(anEntry()), aProgressOf(anEntry(eve))];

function aCall(options: RigOptions = {}) {
  const { state, ...others } = options;
  const progress = [boProgress, eveProgress];
  return aRig({ ...others, state: { incident, latest: incident, roster, progress, ...state } });
}

/** With the card that called Bo, or, without a person, an address of Eve's. */
function anInvited(options: RigOptions = {}, who: "bo" | "eve" = "bo") {
  const rig = aCall(options);
  rig.withCard({
    id: "card-x",
    kind: "invite",
    incidentId: "incident-1",
    responderId: `r-${who}`,
    ...(who === "bo" ? { personId: bo.personId } : {}),
  });
  const press = (answer: "coming" | "declined", by: { personId: string } = bo, at = NOW) =>
    rig.presses(data(`answer.${answer}`, "card-x"), by, { spaceId: DIRECT, at });
  return { ...rig, rig, press };
}

const said = (answer: Answer["answer"], ago: number, by?: typeof ana): Answer => ({
  answer,
  via: by ? "moderator" : "card",
  at: NOW - ago,
  ...(by ? { by } : {}),
});

describe("a press on what called somebody", () => {
  test("is written down, confirmed directly, and says how to join and how to change it", async () => {
    const { press, rig } = anInvited();
    await press("coming");
    expect(ofKind(rig.changes, "answer.recorded")).toMatchObject([
      { incidentId: "incident-1", responderId: "r-bo", said: { answer: "coming", via: "card" } },
    ]);
    expect(rig.answers).toEqual([
      {
        to: { kind: "space", spaceId: DIRECT },
        post: {
          markdown: [
            "Noted: you are on your way to **payments down** (incident 42).",
            "[Join the meeting](https://acme.webex.com/meet/payments)",
            "Changed your mind? Press Can't join, or write **declined 42**.",
          ].join("  \n"),
        },
      },
    ]);
  });

  test("that declines is not told how to join", async () => {
    const { press, rig } = anInvited();
    await press("declined");
    expect(rig.said[0]).toContain("Noted: you cannot join **payments down** (incident 42)");
    expect(rig.said[0]).toContain("Press On my way, or write **coming 42**");
    expect(rig.said[0]).not.toContain("Join the meeting");
  });

  test("counts however old it is", async () => {
    const { press, rig } = anInvited();
    await press("coming", bo, NOW - 60 * MINUTE);
    expect(deeds(rig.changes)).toContain("answer.recorded");
  });

  test("counts after a change of mind, whatever was said before", async () => {
    const progress = [{ ...boProgress, answer: said("coming", 1) }];
    const { press, rig } = anInvited({ state: { progress } });
    await press("declined");
    expect(ofKind(rig.changes, "answer.recorded")[0]?.said.answer).toBe("declined");
    expect(rig.said).toEqual([expect.stringContaining("you cannot join")]);
  });

  test("in one breath with another is confirmed once, and later once more", async () => {
    for (const [ago, answers] of [
      [9_999, 0],
      [10_000, 1],
    ] as const) {
      const progress = [{ ...boProgress, answer: said("coming", ago) }];
      const { press, rig } = anInvited({ state: { progress } });
      await press("coming");
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said).toHaveLength(answers);
    }
  });

  test("delivered twice is done once", async () => {
    const { rig } = anInvited();
    const trigger = { kind: "inbox", id: "event-x", leaseToken: "lease" } as const;
    const inputs = data("answer.coming", "card-x");
    const press = {
      kind: "action" as const,
      ...{ id: "p", spaceId: DIRECT, personId: "bo", messageId: "m", inputs, at: NOW },
    };
    await rig.handle(press, trigger);
    const before = rig.changes.length;
    await rig.handle(press, trigger);
    expect(rig.changes).toHaveLength(before);
  });

  test("of whoever reads an address counts, unless that is somebody else by now", async () => {
    const stranger = { personId: "zoe" };
    const { press, rig } = anInvited({ people: [] }, "eve");
    await press("coming", stranger);
    expect(ofKind(rig.changes, "answer.recorded")[0]?.responderId).toBe("r-eve");

    const known = aProgressOf(anEntry({ ...eve, personId: "eve" }));
    const other = anInvited({ people: [], state: { progress: [known] } }, "eve");
    await other.press("coming", stranger);
    expect(deeds(other.rig.changes)).toEqual([]);
    expect(other.rig.said).toEqual(["That was written to somebody else, so you cannot answer it."]);
  });

  test.each([
    [
      "the incident is over",
      { incident: undefined as never, latest: anIncident({ state: "stopped" }) },
      "**payments down** (incident 42) is over: nobody waits for you any more.",
    ],
    [
      "another one runs there",
      { incident: anIncident({ id: "i-2" }), latest: anIncident({ id: "i-2" }) },
      "That incident is over: nobody waits for you any more. Thank you all the same. " +
        "Another one runs there now",
    ],
    ["they are off the roster", { progress: [eveProgress] }, "no longer on the roster"],
  ])("is politely too late when %s", async (_when, state, sentence) => {
    const { press, rig } = anInvited({ state });
    await press("coming");
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining(sentence)]);
    expect(rig.refusals).toEqual([]);
  });

  test("is politely too late when the space is gone", async () => {
    const { press, rig } = anInvited({ isGone: true });
    await press("coming");
    expect(rig.said).toEqual([expect.stringContaining("That incident is over")]);
    expect(rig.decisions.triggers).toHaveLength(1);
  });

  test("on a card that names nobody is answered as a forged one", async () => {
    const rig = aCall();
    rig.decisions.cards.set("card-x", { id: "card-x", kind: "told", payload: {} });
    await rig.presses(data("answer.coming", "card-x"), bo, { spaceId: DIRECT });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("used already, or is too old")]);
  });
});

function anInvitation(overrides: Partial<Invitation> = {}): Invitation {
  return {
    incidentId: "incident-1",
    number: 42,
    name: "payments down",
    isDrill: false,
    spaceId: SPACE,
    responderId: "r-bo",
    ...overrides,
  };
}

const cards = anInvitation({ incidentId: "i-43", number: 43, name: "cards down" });

describe("an answer that is written", () => {
  function aWriter(...invitations: Invitation[]) {
    const rig = aCall();
    rig.decisions.invitations = invitations;
    const writes = (text: string, more: { at?: number } = {}) =>
      rig.says(text, bo, { ...directly, ...more });
    const recorded = () =>
      ofKind(rig.changes, "answer.recorded").map(({ said: { answer, via } }) => `${answer} ${via}`);
    return { rig, writes, recorded };
  }

  test.each([
    ["coming", "coming"],
    ["Yes!", "coming"],
    ["y", "coming"],
    ["OMW", "coming"],
    ["on my way", "coming"],
    ["coming 42", "coming"],
    ["coming #42.", "coming"],
    ["coming incident 42", "coming"],
    ["coming, ten minutes", "coming"],
    ["coming 10 minutes", "coming"],
    ["coming Bo", "coming"],
    ["coming ...", "coming"],
    ["declined, I am on a plane", "declined"],
    ["declined", "declined"],
    ["No.", "declined"],
    ["n", "declined"],
    ["can't join", "declined"],
    ["Can’t join today", "declined"],
    ["no 42", "declined"],
  ])("as %s means %s", async (text, answer) => {
    const { recorded, rig, writes } = aWriter(anInvitation());
    await writes(text);
    expect(recorded()).toEqual([`${answer} direct`]);
    expect(rig.said).toHaveLength(1);
  });

  test("has no age limit", async () => {
    const { recorded, writes } = aWriter(anInvitation());
    await writes("coming", { at: NOW - 60 * MINUTE });
    expect(recorded()).toEqual(["coming direct"]);
  });

  test("again is confirmed again", async () => {
    const rig = aCall({ state: { progress: [{ ...boProgress, answer: said("coming", 1) }] } });
    rig.decisions.invitations = [anInvitation()];
    await rig.says("coming", bo, directly);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("Noted: you are on your way")]);
  });

  test.each(["no idea what this is", "yes what", "n, well"])(
    "as %s is asked about with both answers",
    async (text) => {
      const { recorded, rig, writes } = aWriter(anInvitation());
      await writes(text);
      expect(recorded()).toEqual([]);
      expect(rig.said).toEqual([
        expect.stringContaining("nothing is noted yet. Are you coming to"),
      ]);
      const post = rig.answers[0]!.post;
      expect(buttons(post)).toEqual(["On my way", "Can't join"]);
      const [, decline] = buttonsOf(post.card!);
      await rig.presses(decline!.data, bo, { spaceId: DIRECT });
      expect(recorded()).toEqual(["declined direct"]);
    },
  );

  test.each([
    "coming Eve",
    "declined eve!",
    "declined eve d",
    "coming for Eve, she told me",
    "declined Ana Berg is ill",
    "omw Eve 42",
  ])("as %s may be somebody else's: that is asked about", async (text) => {
    const { recorded, rig, writes } = aWriter(anInvitation());
    await writes(text);
    expect(recorded()).toEqual([]);
    expect(rig.said).toEqual([
      expect.stringMatching(
        /^I am not sure whom you mean, .* \*\*payments down\*\* \(42\) yourself/,
      ),
    ]);
    const post = rig.answers[0]!.post;
    expect(buttons(post)).toEqual(["On my way", "Can't join"]);
    const [come] = buttonsOf(post.card!);
    await rig.presses(come!.data, bo, { spaceId: DIRECT });
    expect(recorded()).toEqual(["coming direct"]);
  });

  test("with words about somebody else after the stop is told that it is over", async () => {
    const { rig, writes } = aWriter(anInvitation({ incidentId: "i-41", number: 41 }));
    await writes("coming Eve");
    expect(rig.said).toEqual([expect.stringContaining("That incident is over")]);
  });

  test("where several run is asked about, by number, and the press counts", async () => {
    const { recorded, rig, writes } = aWriter(cards, anInvitation());
    await writes("coming");
    expect(recorded()).toEqual([]);
    expect(rig.said[0]).toContain(
      "You are called by **cards down** (43), **payments down** (42). Which one do you mean?",
    );
    const post = rig.answers[0]!.post;
    expect(buttons(post)).toEqual(["On my way: 43, cards down", "On my way: 42, payments down"]);
    const [, second] = buttonsOf(post.card!);
    await rig.presses(second!.data, bo, { spaceId: DIRECT });
    expect(recorded()).toEqual(["coming direct"]);
    await rig.presses({ ...second!.data, incident: 99 }, bo, { spaceId: DIRECT });
    await rig.presses({ ...second!.data, answer: "maybe" }, bo, { spaceId: DIRECT });
    expect(recorded()).toHaveLength(1);
    expect(rig.said.slice(-2)).toEqual(Array(2).fill(expect.stringContaining("used already")));
  });

  test("with the number of one of several counts for that one", async () => {
    const { recorded, writes } = aWriter(cards, anInvitation());
    await writes("declined 42");
    expect(recorded()).toEqual(["declined direct"]);
  });

  test("with a number that called nobody is asked about", async () => {
    const { recorded, rig, writes } = aWriter(anInvitation());
    await writes("coming 10");
    expect(recorded()).toEqual([]);
    expect(rig.said).toEqual([
      "Incident 10 has not called you, or is over. Do you mean **payments down** (42)?",
    ]);
  });

  test("has at most five buttons, however many run", async () => {
    const many = Array.from({ length: 12 }, (_, index) => anInvitation({ number: 60 - index }));
    const { rig, writes } = aWriter(...many);
    await writes("coming");
    expect(buttons(rig.answers[0]!.post)).toHaveLength(5);
    expect(rig.said[0]).toContain("and 2 more. Which one do you mean?");
  });

  test("after the stop is told that it is over", async () => {
    const { rig, writes } = aWriter(anInvitation({ incidentId: "i-41", number: 41 }));
    await writes("coming 41");
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("That incident is over")]);
  });
});

describe("an answer that a moderator gives for somebody", () => {
  const recorded = (rig: ReturnType<typeof aCall>) =>
    ofKind(rig.changes, "answer.recorded").map((one) => [
      one.responderId,
      one.said.answer,
      one.said.by?.name,
    ]);

  test.each([
    ["coming Bo", "r-bo", "coming", "Ana Berg: Bo Alm is coming."],
    ["declined eve", "r-eve", "declined", "Ana Berg: Eve Dahl cannot join."],
  ])("as %s is written down with who said it, and told", async (line, id, answer, sentence) => {
    const rig = aCall();
    await rig.says(`Muster ${line}`);
    expect(recorded(rig)).toEqual([[id, answer, "Ana Berg"]]);
    expect(rig.said).toEqual([sentence]);
    expect(rig.answers[0]?.to).toMatchObject({ kind: "space", spaceId: SPACE });
  });

  test("that is known says so", async () => {
    const rig = aCall({ state: { progress: [{ ...boProgress, answer: said("declined", 1) }] } });
    await rig.says("Muster declined Bo");
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual(["Bo Alm is down as not coming already."]);
  });

  test.each([
    ["coming", "Write whom you mean"],
    ["coming Zoe", "I find nobody called “Zoe”"],
  ])("as %s is refused", async (line, refusal) => {
    const rig = aCall();
    await rig.says(`Muster ${line}`);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining(refusal)]);
  });

  test("where nothing runs is refused", async () => {
    const rig = aRig();
    await rig.says("Muster coming Bo");
    expect(rig.said).toEqual(["No incident is running in this space."]);
  });

  test("of several of that name asks which, and records those chosen once", async () => {
    const bob = anEntry(aPerson({ personId: "bob", name: "Bo Berg" }));
    const progress = [boProgress, aProgressOf(bob)];
    const rig = aCall({ state: { roster: [...roster, bob], progress } });
    await rig.says("Muster coming bo");
    expect(recorded(rig)).toEqual([]);
    expect(rig.said[0]).toContain("Who is coming?");
    const [mark] = buttonsOf(rig.answers[0]!.post.card!);
    expect(mark?.title).toBe("Mark coming");
    const inputs = { ...mark!.data, responders: "r-bo,r-bob" };
    await rig.presses(inputs);
    await rig.presses(inputs);
    expect(recorded(rig).map(([id]) => id)).toEqual(["r-bo", "r-bob"]);
    expect(rig.said.slice(1)).toEqual([
      "Ana Berg: Bo Alm, Bo Berg are coming.",
      expect.stringContaining("used already"),
    ]);
  });

  function withStatus(options: RigOptions = {}, incidentId = "incident-1") {
    const rig = aCall(options);
    rig.withCard({ id: "card-s", kind: "status", incidentId });
    return rig;
  }

  test("on the status card is for those who were chosen there", async () => {
    const progress = [boProgress, { ...eveProgress, answer: said("coming", 20_000) }];
    const rig = withStatus({ state: { progress } });
    await rig.presses(data("answer.mark", "card-s", { responders: "r-bo,r-eve" }));
    expect(recorded(rig).map(([id]) => id)).toEqual(["r-bo"]);
    expect(rig.said).toEqual(["Ana Berg: Bo Alm is coming. Eve Dahl is down as coming already."]);
    await rig.presses(data("answer.mark", "card-s", { responders: "" }));
    expect(rig.said.at(-1)).toContain("Choose a person in the list first");
  });

  test("pressed twice in one breath is told once", async () => {
    const progress = [{ ...boProgress, answer: said("coming", 9_999, ana) }];
    const rig = withStatus({ state: { progress } });
    await rig.presses(data("answer.mark", "card-s", { responders: "r-bo" }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([]);
  });

  test("on a card of an incident before this one is refused", async () => {
    const rig = withStatus({}, "incident-0");
    await rig.presses(data("answer.mark", "card-s", { responders: "r-bo" }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("too old")]);
  });

  test("on a page of the roster is told to the space as well", async () => {
    const rig = aCall();
    rig.withCard({ id: "card-r", kind: "roster", incidentId: "incident-1" });
    const inputs = data("answer.mark", "card-r", { responders: "r-bo" });
    await rig.presses(inputs, ana, { spaceId: DIRECT });
    expect(rig.answers.map(({ to }) => to)).toMatchObject([
      { spaceId: SPACE },
      { spaceId: DIRECT },
    ]);
    expect(new Set(rig.said)).toEqual(new Set(["Ana Berg: Bo Alm is coming."]));
  });

  describe("on the word about who was not reached", () => {
    const wordActions = ["answer.mark", "incident.remind", "incident.text-form"];

    function aWord(responderIds: readonly string[], incidentId = "incident-1") {
      const rig = aCall();
      rig.withCard({ id: "card-n", incidentId, payload: { responderIds } });
      return rig;
    }

    test("is for the only one named", async () => {
      const rig = aWord(["r-eve"]);
      await rig.presses(data("answer.mark", "card-n"));
      expect(recorded(rig)).toEqual([["r-eve", "coming", "Ana Berg"]]);
    });

    test("asks which of several, and leaves out who left the roster", async () => {
      const rig = aWord(["r-bo", "r-eve", "r-gone"]);
      await rig.presses(data("answer.mark", "card-n"));
      expect(recorded(rig)).toEqual([]);
      expect(rig.said).toEqual([expect.stringMatching(/^Who is coming\?/)]);
      const [mark] = buttonsOf(rig.answers[0]!.post.card!);
      expect(mark?.choices.map(({ value }) => value)).toEqual(["r-bo", "r-eve"]);
      await rig.presses({ ...mark!.data, responders: "r-eve" });
      expect(recorded(rig).map(([id]) => id)).toEqual(["r-eve"]);
    });

    test("Remind sends again to those named", async () => {
      const rig = aWord(["r-eve", "r-gone"]);
      await rig.presses(data("incident.remind", "card-n"));
      expect(rig.said).toEqual([expect.stringContaining("Sending again to 1 person")]);
    });

    test.each(wordActions)("%s fits no other incident", async (name) => {
      const rig = aWord(["r-eve"], "incident-0");
      await rig.presses(data(name, "card-n"));
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said).toEqual([expect.stringContaining("too old")]);
    });

    test.each(wordActions)("%s of nobody is refused", async (name) => {
      const rig = aWord(["r-gone"]);
      await rig.presses(data(name, "card-n"));
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said).toEqual([expect.stringContaining("no longer on the roster")]);
    });
  });

  test("that is read late is asked about first", async () => {
    const rig = aCall();
    await rig.says("Muster coming Bo", ana, { at: NOW - 6 * MINUTE });
    expect(deeds(rig.changes)).toEqual([]);
    expect(buttons(rig.answers[0]!.post)).toEqual(["Do it now"]);
  });

  test("is no member's to give", async () => {
    const rig = aCall({ people: [boIsHere] });
    await rig.says("Muster coming Eve", bo);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("Only moderators of this space")]);
  });
});
