import { pick } from "../../src/bot/views/pick";
import type { Candidate } from "../../src/bot/search-people";
import type { KnownExternal } from "../../src/incident/space-state";
import type { Responder } from "../../src/roster/responder";
import {
  anEntry,
  anExternal,
  anIncident,
  aPerson,
  aProgressOf,
  aSettings,
  bo,
  ofKind,
  sends,
} from "../support/builders";
import { anaIsHere, aRig, boIsHere, data, deeds, type RigOptions } from "../support/bot-rig";
import { cardId } from "../support/card-builders";
import { buttonsOf } from "../support/story-cards";

const eve = anExternal({ email: "eve@private.example" });
const eva = anExternal({ id: "r-eva", name: "Eva Dahl", mobile: "+14085550177" });
delete eva.voice;
const ben = aPerson({ personId: "ben", name: "Ben Dahl" });
const roster = [anEntry(eve), anEntry(eva), anEntry(ben)];
const running = { incident: anIncident(), latest: anIncident(), roster };
const both = "r-eve,r-eva";

const withoutSms = (entry: (typeof roster)[number]) => ({
  ...entry,
  channels: { ...entry.channels, sms: false },
});

function aCandidate(responder: Responder, isOnRoster = false): Candidate {
  return { responder, isOnRoster };
}

function known(...responders: Responder[]): KnownExternal[] {
  return responders.map((responder) => ({ responder, rosters: [] }));
}

/** A rig whose search finds these, whatever is searched for. */
function aRigWith(externals: readonly Responder[], options: RigOptions = {}) {
  const rig = aRig({
    ...options,
    tools: {
      ...options.tools,
    },
  });
  rig.decisions.externals = known(...externals);
  return rig;
}

function pickIn(rig: ReturnType<typeof aRig>) {
  const card = ofKind(rig.changes, "card.written").find((one) => one.card.kind === "pick");
  const post = rig.answers.find((one) => one.post.card)?.post;
  const [button] = buttonsOf(post?.card ?? {});
  return {
    id: card?.card.id ?? "",
    personId: card?.card.personId,
    titles: button?.choices.map(({ title }) => title),
    title: button?.title,
  };
}

describe("the card", () => {
  function titles(candidates: Candidate[], isForAdding = true): string[] {
    const post = pick({
      cardId,
      sentence: "Several people fit.",
      button: "Add",
      candidates,
      total: candidates.length,
      isForAdding,
    });
    return buttonsOf(post.card ?? {})[0]!.choices.map(({ title }) => title);
  }

  it("shows where each was found, two digits of numbers, and of an e-mail the domain", () => {
    expect(titles([aCandidate(eve, true), aCandidate(eva), aCandidate(ben, true)])).toEqual([
      "Eve Dahl (with a phone, SMS …01, call …02, private.example, on the roster already)",
      "Eva Dahl (with a phone, SMS …77)",
      "Ben Dahl (on Webex, corp.example, on the roster already)",
    ]);
  });

  it("says nothing of the roster where all are on it", () => {
    expect(titles([aCandidate(ben, true)], false)).toEqual(["Ben Dahl (on Webex, corp.example)"]);
  });

  it("tells people of the same name apart", () => {
    const twins = ["one", "two"].map((personId) => aPerson({ personId, name: "Bo Alm" }));
    const doubles = ["x", "y"].map((id) => anExternal({ id, name: "BO ALM" }));
    expect(titles([...twins, ...doubles].map((one) => aCandidate(one)))).toEqual([
      "Bo Alm (on Webex, one@corp.example)",
      "Bo Alm (on Webex, two@corp.example)",
      "BO ALM (with a phone, SMS …01, call …02, 1 of 2)",
      "BO ALM (with a phone, SMS …01, call …02, 2 of 2)",
    ]);
  });

  it("shows no external's number or e-mail anywhere", () => {
    const post = pick({
      cardId,
      sentence: "Several people fit.",
      button: "Add",
      candidates: [aCandidate(eve), aCandidate(eva)],
      total: 2,
      isForAdding: true,
    });
    expect(JSON.stringify(post)).not.toMatch(/eve@|40855/);
  });

  it("shows twenty and asks to search on", () => {
    const many = Array.from({ length: 25 }, (_, index) => anExternal({ id: `r-${index}` }));
    const input = { cardId, sentence: "Several.", button: "Add", isForAdding: true };
    const post = pick({ ...input, candidates: many.map((one) => aCandidate(one)), total: 40 });
    expect(buttonsOf(post.card ?? {})[0]!.choices).toHaveLength(20);
    expect(post.markdown).toContain("and 20 more: refine your search");
    expect(JSON.stringify(post.card)).toContain("and 20 more: refine your search");
  });
});

describe("a name that fits several", () => {
  it.each([
    ["remind dahl", "Whom shall I remind?", "Remind"],
    ["remove dahl", "Whom shall I remove?", "Remove"],
    ["sms dahl on", "For whom shall I switch texts on?", "SMS on"],
    ["voice dahl off", "For whom shall I switch calls off?", "Calls off"],
  ])("is asked about before anything is done: %s", async (line, question, button) => {
    const rig = aRig({ state: running });
    await rig.says(`Muster ${line}`);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said[0]).toContain(`Several people fit “dahl”. ${question}`);
    const card = pickIn(rig);
    expect(card).toMatchObject({ personId: "ana", title: button });
    expect(card.titles?.map((title) => title.split(" (")[0])).toEqual([
      "Ben Dahl",
      "Eva Dahl",
      "Eve Dahl",
    ]);
  });

  it("is remembered: the reminder goes to those who are chosen", async () => {
    const rig = aRig({ state: running });
    await rig.says("Muster remind dahl");
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: both }));
    expect(sends(rig.changes)).toEqual(["r-eve webex", "r-eve sms", "r-eve voice", "r-eva sms"]);
    expect(rig.said.at(-1)).toBe("Sending again to 2 people: 1 Webex, 2 SMS, 1 call.");
  });

  it("is remembered: they are removed", async () => {
    const rig = aRig({ state: running });
    await rig.says("Muster remove dahl");
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: "r-eve,r-ben" }));
    expect(rig.said.at(-1)).toBe("Eve Dahl is off the roster. Removing Ben Dahl from the space.");
  });

  it("is remembered: their channel is switched", async () => {
    const rig = aRig({ state: running });
    await rig.says("Muster voice dahl off");
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: "r-eve" }));
    expect(ofKind(rig.changes, "roster.set").map((one) => one.channels)).toEqual([
      { webex: true, sms: true, voice: false },
    ]);
    expect(rig.said.at(-1)).toBe("Calls to Eve Dahl are now off.");
  });

  it("is carried out once", async () => {
    const rig = aRig({ state: running });
    await rig.says("Muster remind dahl");
    const { id } = pickIn(rig);
    for (const responders of ["r-eve", "r-eva"])
      await rig.presses(data("roster.pick", id, { responders }));
    expect(sends(rig.changes)).toEqual(["r-eve webex", "r-eve sms", "r-eve voice"]);
    expect(rig.said.at(-1)).toContain("This form was used already");
  });

  it("stays open when the press is refused", async () => {
    const rig = aRig({ state: running });
    await rig.says("Muster sms dahl on");
    const { id } = pickIn(rig);
    await rig.presses(data("roster.pick", id, { responders: "" }));
    expect(rig.said.at(-1)).toContain("Choose a person in the list first");
    await rig.presses(data("roster.pick", id, { responders: "r-ben" }));
    expect(rig.said.at(-1)).toContain("Ben Dahl has no mobile number");
    await rig.presses(data("roster.pick", id, { responders: "r-eve" }));
    expect(rig.said.at(-1)).toContain("Texts to Eve Dahl are already on.");
  });

  it.each([
    ["who is not on the card", "r-bo", "Ask for a new one"],
    ["one who is and one who is not", "r-eve,r-bo", "Ask for a new one"],
    ["nobody", "", "Choose a person"],
    ["a list without end", "x,".repeat(7_000), "Ask for a new one"],
  ])("is not carried out for %s", async (_what, responders, says) => {
    const state = { ...running, roster: [...roster, anEntry()] };
    const rig = aRig({ state });
    await rig.says("Muster remind dahl");
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain(says);
  });

  it("is not carried out for who left the roster meanwhile", async () => {
    const rig = aRig({ state: running });
    await rig.says("Muster remind dahl");
    rig.decisions.state = { ...rig.decisions.state!, roster: [anEntry(eva)] };
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: both }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("1 of the 2 people you chose is no longer on the roster");
  });

  it("is only for who asked, and only while they moderate", async () => {
    const others = { ...boIsHere, isModerator: true };
    const rig = aRig({ state: running, people: [anaIsHere, others] });
    await rig.says("Muster remind dahl");
    const press = data("roster.pick", pickIn(rig).id, { responders: both });
    await rig.presses(press, bo);
    expect(rig.said.at(-1)).toBe("This card is for somebody else.");
    const later = aRig({ state: running, people: [{ ...anaIsHere, isModerator: false }] });
    later.withCard({ id: "card-x", kind: "pick", personId: "ana", payload: {} });
    await later.presses(data("roster.pick", "card-x", { responders: both }));
    expect(later.said.at(-1)).toContain("Only moderators of this space");
    expect(deeds([...rig.changes, ...later.changes])).toEqual([]);
  });

  it.each([{}, { doing: { verb: "stop" }, ids: ["r-eve"] }, { doing: { verb: "remind" } }])(
    "cannot be pressed on a row that says %j",
    async (payload) => {
      const rig = aRig({ state: running });
      rig.withCard({ id: "card-x", kind: "pick", personId: "ana", payload });
      await rig.presses(data("roster.pick", "card-x", { responders: "r-eve" }));
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said.at(-1)).toContain("Ask for a new one");
    },
  );
});

describe("adding", () => {
  const elsewhere = { state: { incident: anIncident(), latest: anIncident() } };

  it.each([
    ["Muster add Eve Dahl", [eve, eva]],
    ["Muster add “eve dahl”", [eve, eva]],
    ["Muster add EVE@private.example", [eve]],
    ["Muster add (408) 555-0102", [eve]],
  ])("the one whom it fits exactly is done at once: %s", async (line, externals) => {
    const rig = aRigWith(externals, elsewhere);
    await rig.says(line);
    expect(sends(rig.changes)).toEqual(["r-eve webex", "r-eve sms", "r-eve voice"]);
    expect(rig.said).toEqual(["Eve Dahl is on the roster and is told now."]);
  });

  it.each([
    ["a part of a name", "Muster add dahl", [eve, eva], 2],
    ["the last four digits", "Muster add 0101", [eve], 1],
    ["two of the same name", "Muster add eve dahl", [eve, anExternal({ id: "r-2" }), eva], 2],
    [
      "two of the same address",
      "Muster add x@y.example",
      ["r-1", "r-2"].map((id) => anExternal({ id, email: "x@y.example" })),
      2,
    ],
  ])("asks first for %s", async (_what, line, externals, count) => {
    const rig = aRigWith(externals, elsewhere);
    await rig.says(line);
    expect(deeds(rig.changes)).toEqual([]);
    expect(pickIn(rig).titles).toHaveLength(count);
  });

  it("several who were chosen are told in one round", async () => {
    const rig = aRigWith([eve, eva], elsewhere);
    await rig.says("Muster add dahl");
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: both }));
    expect(ofKind(rig.changes, "round.opened")).toHaveLength(1);
    expect(sends(rig.changes)).toEqual(["r-eve webex", "r-eve sms", "r-eve voice", "r-eva sms"]);
    expect(rig.said.at(-1)).toBe("Eve Dahl and Eva Dahl are on the roster and are told now.");
  });

  it("who is on the roster already stays as they are", async () => {
    const state = { roster: [anEntry(eve), anEntry(ben)] };
    const rig = aRigWith([eve, eva], { state });
    await rig.says("Muster add dahl");
    expect(pickIn(rig).titles).toHaveLength(3);
    const responders = `${both},r-ben`;
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders }));
    expect(ofKind(rig.changes, "roster.set").map((one) => one.responderId)).toEqual(["r-eva"]);
    expect(rig.said.at(-1)).toBe(
      "Eva Dahl is on the roster. Eve Dahl is on the roster already. " +
        "Ben Dahl is in this space already.",
    );
  });

  it("whoever was deleted meanwhile is not added, and nobody with them", async () => {
    const rig = aRigWith([eve, eva], elsewhere);
    await rig.says("Muster add dahl");
    rig.decisions.externals = known(eve);
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: both }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("One of them was deleted meanwhile, so nobody was added.");
  });

  it("who was edited meanwhile is added as they are now", async () => {
    const rig = aRigWith([eve, eva], elsewhere);
    await rig.says("Muster add dahl");
    const edited = anExternal({ version: 2 });
    delete edited.voice;
    rig.decisions.externals = known(edited, eva);
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: "r-eve" }));
    expect(sends(rig.changes)).toEqual(["r-eve sms"]);
  });

  describe("the one whom it fits exactly", () => {
    /** What became of Eve between the search and the decision. */
    async function adding(line: string, now: readonly Responder[]) {
      const rig = aRigWith(now, {
        ...elsewhere,
        tools: { searchExternals: () => Promise.resolve({ found: [eve], total: 1 }) },
      });
      await rig.says(line);
      return rig;
    }

    it.each(["Muster add Eve Dahl", "Muster add eve@private.example"])(
      "and who was deleted meanwhile is not added: %s",
      async (line) => {
        const rig = await adding(line, []);
        expect(deeds(rig.changes)).toEqual([]);
        expect(rig.said).toEqual(["That person was deleted meanwhile. Nobody was added."]);
      },
    );

    it("and who was edited meanwhile is added as they are now", async () => {
      const edited = anExternal({ version: 2 });
      delete edited.voice;
      const rig = await adding("Muster add Eve Dahl", [edited]);
      expect(sends(rig.changes)).toEqual(["r-eve sms"]);
    });

    it("and who is called otherwise meanwhile is asked about", async () => {
      const rig = await adding("Muster add Eve Dahl", [anExternal({ name: "Eve Holm" })]);
      expect(deeds(rig.changes)).toEqual([]);
      expect(pickIn(rig).titles).toEqual([expect.stringContaining("Eve Holm")]);
    });
  });

  it("is searched for by so much of a line as a name may have", async () => {
    const terms: string[] = [];
    const search = (term: string) => {
      terms.push(term);
      return Promise.resolve({ found: [], total: 0 });
    };
    const rig = aRigWith([], { ...elsewhere, tools: { searchExternals: search } });
    await rig.says(`Muster add ${"\uFDFA".repeat(2_400)}`);
    const email = `${"x".repeat(200)}@corp.example`;
    await rig.says(`Muster add ${email}`);
    expect(Array.from(terms[0] ?? "")).toHaveLength(100);
    expect(terms[1]).toBe(email);
  });

  it.each(["bo", "  é ", "1"])("with so little as “%s” is refused", async (who) => {
    const rig = aRigWith([eve], elsewhere);
    await rig.says(`Muster add ${who}`);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("Write at least 3 letters")]);
  });

  it("an address that nobody known has is asked of Webex", async () => {
    const rig = aRigWith([eve], elsewhere);
    await rig.says("Muster add dan@corp.example");
    expect(rig.said).toEqual(["Adding dan@corp.example."]);
  });

  it("an address that a member has is not an external's", async () => {
    const shared = anExternal({ email: "bo@corp.example" });
    const rig = aRigWith([shared], elsewhere);
    await rig.says("Muster add BO@Corp.example");
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual(["Bo Alm is in this space already."]);
  });

  it("nobody found is offered as somebody new, with the name that was written", async () => {
    const rig = aRigWith([], elsewhere);
    await rig.says("Muster add Zoe Quinn");
    expect(rig.said[0]).toContain("I cannot find “Zoe Quinn”. People on Webex are added by");
    const card = ofKind(rig.changes, "card.written")[0]!.card.id;
    await rig.presses(data("roster.external-form", card));
    const form = rig.answers.find(({ to }) => to.kind === "person")?.post.card;
    expect(buttonsOf(form ?? {})[0]?.fields).toMatchObject({ name: "Zoe Quinn" });
  });

  it("a number that nobody has is neither repeated nor taken for a name", async () => {
    const rig = aRigWith([], elsewhere);
    await rig.says("Muster add +1 408 555 0199");
    expect(rig.said[0]).toContain("I cannot find “…99”");
    const card = ofKind(rig.changes, "card.written")[0]!.card.id;
    await rig.presses(data("roster.external-form", card));
    const form = rig.answers.find(({ to }) => to.kind === "person")?.post.card;
    expect(buttonsOf(form ?? {})[0]?.fields).toMatchObject({ name: "" });
  });

  it.each(["0101", "(01) 01", "+01-01"])("“%s” is not repeated beside who has it", async (who) => {
    const rig = aRigWith([eve], elsewhere);
    await rig.says(`Muster add ${who}`);
    expect(rig.said).toEqual([expect.stringContaining("One person fits “…01”.")]);
    for (const line of ["remind", "remove", "sms 0101 on", "voice 0101 off"])
      await rig.says(`Muster ${/\d/u.test(line) ? line.replace("0101", who) : `${line} ${who}`}`);
    for (const said of rig.said.slice(1)) expect(said).toContain("find nobody called “…01” on");
    expect(rig.said).toHaveLength(5);
  });

  it("says whom nothing can reach", async () => {
    const settings = { ...aSettings(), isSmsReady: false };
    const rig = aRigWith([eva], { ...elsewhere, tools: { settings } });
    await rig.says("Muster add eva dahl");
    expect(rig.said).toEqual([
      "Eva Dahl is on the roster. Nobody can reach Eva Dahl (SMS is not set up).",
    ]);
  });
});

describe("several on the status card", () => {
  const all = "r-eve,r-eva,r-ben";
  const press = (action: string, more: object) => data(action, "card-status", more);

  function aStatusRig() {
    const progress = roster.map((entry) => aProgressOf(entry));
    const rig = aRig({ state: { ...running, progress } });
    rig.withCard({ id: "card-status", kind: "status" });
    return rig;
  }

  it("are reminded in one round", async () => {
    const rig = aStatusRig();
    await rig.presses(press("incident.remind", { responders: all }));
    expect(ofKind(rig.changes, "round.opened")).toHaveLength(1);
    expect(rig.said).toEqual(["Sending again to 3 people: 2 Webex, 2 SMS, 1 call."]);
  });

  it("in another order, or chosen twice, are the same press", async () => {
    const rig = aStatusRig();
    await rig.presses(press("incident.remind", { responders: all }));
    await rig.presses(press("incident.remind", { responders: "r-ben, r-eve,r-eva,r-eve" }));
    expect(ofKind(rig.changes, "round.opened")).toHaveLength(1);
    expect(rig.said).toHaveLength(1);
    await rig.presses(press("incident.remind", { responders: both }));
    expect(ofKind(rig.changes, "round.opened")).toHaveLength(2);
  });

  it("are switched where they have a number, and Send now is for those", async () => {
    const rig = aStatusRig();
    const sms = { responders: all, channel: "sms" };
    await rig.presses(press("roster.switch", { ...sms, on: false }));
    expect(rig.said.at(-1)).toBe(
      "Texts to Eve Dahl and Eva Dahl are now off; texts to Ben Dahl are already off.",
    );
    rig.decisions.state = { ...rig.decisions.state!, roster: roster.map(withoutSms) };
    await rig.presses(press("roster.switch", { ...sms, on: true }));
    expect(rig.said.at(-1)).toBe(
      "Texts to Eve Dahl and Eva Dahl are now on; Ben Dahl has no mobile number. Nothing was sent.",
    );
    rig.decisions.state = { ...rig.decisions.state, roster };
    const offer = ofKind(rig.changes, "card.written").at(-1)!.card;
    expect(offer.payload).toEqual({ responderIds: ["r-eve", "r-eva"] });
    await rig.presses(data("incident.send-now", offer.id, { channel: "sms" }));
    expect(sends(rig.changes)).toEqual(["r-eve sms", "r-eva sms"]);
  });

  it("are sent to now although they were reminded a moment before", async () => {
    const rig = aStatusRig();
    rig.withCard({ id: "card-x", payload: { responderIds: ["r-eva"] } });
    await rig.presses(press("incident.remind", { responders: "r-eva" }));
    await rig.presses(data("incident.send-now", "card-x", { channel: "sms" }));
    await rig.presses(data("incident.send-now", "card-x", { channel: "sms" }));
    expect(sends(rig.changes)).toEqual(["r-eva sms", "r-eva sms"]);
  });

  it("are sent to now without who left the roster since", async () => {
    const rig = aStatusRig();
    const payload = { responderIds: ["r-gone", "r-eva"] };
    rig.withCard({ id: "card-x", payload });
    await rig.presses(data("incident.send-now", "card-x", { channel: "sms" }));
    expect(sends(rig.changes)).toEqual(["r-eva sms"]);
    rig.withCard({ id: "card-y", payload: { responderIds: ["r-gone"] } });
    await rig.presses(data("incident.send-now", "card-y", { channel: "sms" }));
    expect(rig.said.at(-1)).toBe("That person is no longer on the roster.");
  });

  it("are removed, each in their way", async () => {
    const rig = aStatusRig();
    await rig.presses(press("roster.remove", { responders: all }));
    expect(rig.said).toEqual([
      "Eve Dahl and Eva Dahl are off the roster. Removing Ben Dahl from the space.",
    ]);
  });

  it.each(["incident.remind", "roster.remove", "roster.switch"])(
    "with one who is forged: %s does nothing to anybody",
    async (action) => {
      const rig = aStatusRig();
      const inputs = { responders: `${all},r-forged`, channel: "sms", on: false };
      await rig.presses(press(action, inputs));
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said.at(-1)).toContain("1 of the 4 people you chose is no longer on the roster");
    },
  );
});
