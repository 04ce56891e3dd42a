import { pick } from "../../src/bot/views/pick";
import type { Candidate } from "../../src/bot/search-people";
import type { FoundPerson } from "../../src/directory/directory";
import type { Change } from "../../src/incident/change";
import type { KnownExternal } from "../../src/incident/space-state";
import type { Responder } from "../../src/roster/responder";
import {
  anEntry,
  anExternal,
  anIncident,
  aMember,
  aPerson,
  aProgressOf,
  aSettings,
  bo,
  ofKind,
  sends,
} from "../support/builders";
import {
  anaIsHere,
  aPress,
  aRig,
  boIsHere,
  data,
  deeds,
  type RigOptions,
} from "../support/bot-rig";
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
  return { kind: "known", responder, isOnRoster };
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

  it("shows who is in the directory by domain, and tells them apart by address", () => {
    const people = [
      { personId: "p-1", name: "Zoe Dahl", email: "zoe@corp.example" },
      { personId: "p-2", name: "Ida Dahl" },
      { personId: "p-3", name: "Ben Dahl", email: "ben.dahl@corp.example" },
    ].map((person): Candidate => ({ kind: "directory", person }));
    expect(titles([...people, aCandidate(ben, true)])).toEqual([
      "Zoe Dahl (in the directory, corp.example)",
      "Ida Dahl (in the directory)",
      "Ben Dahl (in the directory, ben.dahl@corp.example)",
      "Ben Dahl (on Webex, ben@corp.example, on the roster already)",
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
    const candidates = many.map((one) => aCandidate(one));
    const post = pick({ ...input, candidates, total: 40 });
    expect(buttonsOf(post.card ?? {})[0]!.choices).toHaveLength(20);
    expect(post.markdown).toContain("and 20 more: refine your search");
    expect(JSON.stringify(post.card)).toContain("and 20 more: refine your search");
    const uncounted = pick({ ...input, candidates, total: 40, isMore: true });
    expect(uncounted.markdown).toContain("There are more than 20: refine your search");
    expect(JSON.stringify(uncounted.card)).toContain("There are more than 20: refine your search");
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
    expect(rig.said[0]).toContain("I cannot find “Zoe Quinn” in the directory, nor among");
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

describe("adding people of the directory", () => {
  const zoe = { personId: "zoe", name: "Zoe Dahl", email: "zoe@corp.example" };
  const ida = { personId: "ida", name: "Ída Dahl", email: "ida@corp.example" };
  const elsewhere = { state: { incident: anIncident(), latest: anIncident() } };

  function aDirectoryRig(
    people: readonly FoundPerson[],
    externals: readonly Responder[] = [],
    options: RigOptions = elsewhere,
  ) {
    const rig = aRigWith(externals, options);
    rig.decisions.people = [...people];
    return rig;
  }

  /** Whom Webex is asked to take in, as "person who asker". */
  function asked(changes: readonly Change[]): string[] {
    return ofKind(changes, "effect.queued").flatMap(({ effect: { effect } }) => {
      if (effect.kind !== "membership-add") return [];
      const { asker, invitee } = effect;
      return [
        invitee.by === "person"
          ? `person ${invitee.personId} ${invitee.name} ${asker.personId}`
          : `address ${invitee.email} ${asker.personId}`,
      ];
    });
  }

  it.each(["Muster add Ída Dahl", "Muster add “ida  DAHL”", "Muster add Ida@Corp.example"])(
    "the one whom it fits exactly is done at once: %s",
    async (line) => {
      const rig = aDirectoryRig([ida, zoe], [eva]);
      await rig.says(line);
      expect(asked(rig.changes)).toEqual(["person ida Ída Dahl ana"]);
      expect(rig.said).toEqual(["Adding Ída Dahl."]);
    },
  );

  it("asks first, and offers each by the person's id and without a number", async () => {
    const rig = aDirectoryRig([zoe, ida], [eve]);
    await rig.says("Muster add dahl");
    expect(deeds(rig.changes)).toEqual([]);
    const { id, titles } = pickIn(rig);
    expect(titles).toEqual([
      "Eve Dahl (with a phone, SMS …01, call …02, private.example)",
      "Ída Dahl (in the directory, corp.example)",
      "Zoe Dahl (in the directory, corp.example)",
    ]);
    expect(rig.decisions.cards.get(id)?.payload).toEqual({
      doing: { verb: "add" },
      ids: ["r-eve"],
      personIds: ["ida", "zoe"],
      who: "dahl",
    });
  });

  it("several who were chosen, some with a phone, are added together", async () => {
    const rig = aDirectoryRig([zoe, ida], [eve]);
    await rig.says("Muster add dahl");
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: "zoe,r-eve,ida" }));
    expect(asked(rig.changes)).toEqual(["person zoe Zoe Dahl ana", "person ida Ída Dahl ana"]);
    expect(sends(rig.changes)).toEqual(["r-eve webex", "r-eve sms", "r-eve voice"]);
    expect(rig.said.at(-1)).toBe(
      "Eve Dahl is on the roster and is told now. Adding Zoe Dahl and Ída Dahl.",
    );
  });

  it("is done once by a press that comes twice", async () => {
    const rig = aDirectoryRig([zoe, ida]);
    await rig.says("Muster add dahl");
    const press = data("roster.pick", pickIn(rig).id, { responders: "zoe" });
    const again = { kind: "inbox", id: "press-again", leaseToken: "lease" } as const;
    await rig.presses(press);
    await rig.handle(aPress({ inputs: press }), again);
    await rig.handle(aPress({ inputs: press }), again);
    expect(asked(rig.changes)).toHaveLength(1);
    expect(rig.said.slice(1)).toEqual([
      "Adding Zoe Dahl.",
      expect.stringContaining("used already"),
    ]);
  });

  it("who is a member already, under whichever name, is said to be", async () => {
    const robert = { personId: "bo", name: "Robert Alm", email: "robert@corp.example" };
    const rig = aDirectoryRig([robert]);
    for (const who of ["Robert Alm", "robert@corp.example", "bo@corp.example"])
      await rig.says(`Muster add ${who}`);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual(Array(3).fill("Bo Alm is in this space already."));
  });

  it("who became a member after the card was posted is said to be", async () => {
    const rig = aDirectoryRig([zoe, ida]);
    await rig.says("Muster add dahl");
    const { members } = rig.decisions.state!;
    rig.decisions.state = {
      ...rig.decisions.state!,
      members: [...members, aMember({ personId: "zoe", name: "Zoe Dahl" })],
    };
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: "zoe,ida" }));
    expect(asked(rig.changes)).toEqual(["person ida Ída Dahl ana"]);
    expect(rig.said.at(-1)).toBe("Zoe Dahl is in this space already. Adding Ída Dahl.");
  });

  it("who is on the roster as an external tied to them is one line, and stays as they are", async () => {
    const tied = anExternal({ name: "Zoe D.", personId: "zoe" });
    const rig = aDirectoryRig([zoe], [], { state: { roster: [anEntry(tied)] } });
    await rig.says("Muster add zoe");
    expect(pickIn(rig).titles).toEqual([
      "Zoe D. (with a phone, SMS …01, call …02, on the roster already)",
    ]);
    await rig.says("Muster add Zoe Dahl");
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toBe("Zoe D. is on the roster already.");
  });

  it("an external with their address is who is added, as they are now", async () => {
    const same = anExternal({ name: "Zoe D.", email: "zoe@corp.example" });
    const rig = aDirectoryRig([zoe], [same]);
    await rig.says("Muster add Zoe Dahl");
    expect(sends(rig.changes)).toEqual(["r-eve webex", "r-eve sms", "r-eve voice"]);
    expect(asked(rig.changes)).toEqual([]);
    const gone = aDirectoryRig([zoe], [], {
      tools: { searchExternals: () => Promise.resolve({ found: [same], total: 1 }) },
    });
    await gone.says("Muster add Zoe Dahl");
    expect(deeds(gone.changes)).toEqual([]);
    expect(gone.said).toEqual(["That person was deleted meanwhile. Nobody was added."]);
  });

  it.each([
    ["zoe", "That person is not in the directory any more. Nobody was added."],
    ["zoe,ida,r-eve", "One of them is not in the directory any more, so nobody was added."],
  ])("who left it meanwhile is not added: %s", async (responders, says) => {
    const rig = aDirectoryRig([zoe, ida], [eve]);
    await rig.says("Muster add dahl");
    rig.decisions.people = [ida];
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain(says);
  });

  it("nobody is added where the bot may not, and the card can be pressed again", async () => {
    const rig = aDirectoryRig([zoe, ida], [eve], { state: { botIsModerator: false } });
    await rig.says("Muster add dahl");
    const { id } = pickIn(rig);
    await rig.presses(data("roster.pick", id, { responders: "zoe,r-eve" }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("I may not add or remove people here");
    await rig.presses(data("roster.pick", id, { responders: "r-eve" }));
    expect(rig.said.at(-1)).toContain("Eve Dahl is on the roster");
  });

  it.each([
    ["a person who is not on the card", "ida"],
    ["one who is and one who is not", "zoe,ida"],
    ["an id that is too long", "z".repeat(201)],
  ])("is not carried out for %s", async (_what, responders) => {
    const rig = aDirectoryRig([zoe], []);
    await rig.says("Muster add dahl");
    rig.decisions.people = [zoe, ida];
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("Ask for a new one");
  });

  it("is nothing that another verb's card does", async () => {
    const rig = aDirectoryRig([zoe], [], { state: running });
    await rig.says("Muster remind dahl");
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: "zoe" }));
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said.at(-1)).toContain("Ask for a new one");
  });

  it("two of the same name are told apart by their address", async () => {
    const twins = ["one", "two"].map((personId) => {
      return { personId, name: "Zoe Dahl", email: `${personId}@corp.example` };
    });
    const rig = aDirectoryRig(twins);
    await rig.says("Muster add zoe dahl");
    expect(deeds(rig.changes)).toEqual([]);
    expect(pickIn(rig).titles).toEqual([
      "Zoe Dahl (in the directory, one@corp.example)",
      "Zoe Dahl (in the directory, two@corp.example)",
    ]);
  });

  it("more than twenty are not all shown", async () => {
    const many = Array.from({ length: 21 }, (_, index) => {
      return { personId: `p-${index}`, name: `Zoe ${index} Dahl` };
    });
    const rig = aDirectoryRig(many);
    await rig.says("Muster add zoe");
    expect(pickIn(rig).titles).toHaveLength(20);
    expect(rig.said[0]).toContain("There are more than 20: refine your search");
  });

  it("a hostile name is shown and passed on, and does nothing", async () => {
    const name = "<@all> [x](http://y) **z** ${who}";
    const rig = aDirectoryRig([{ personId: "mallory", name }]);
    await rig.says("Muster add mall");
    expect(rig.said[0]).not.toContain("<@all>");
    await rig.presses(data("roster.pick", pickIn(rig).id, { responders: "mallory" }));
    expect(asked(rig.changes)).toEqual([`person mallory ${name} ana`]);
    expect(rig.said.at(-1)).not.toMatch(/<@all>|\[x\]\(/u);
  });

  it("is asked for what was written, not for the number that it may be", async () => {
    const terms: string[] = [];
    const rig = aDirectoryRig([], [], {
      tools: {
        searchDirectory: (term) => {
          terms.push(term);
          return Promise.resolve({ found: [], isMore: false });
        },
      },
    });
    await rig.says("Muster add (408) 555-0101");
    expect(terms).toEqual(["(408) 555-0101"]);
  });

  it.each([
    [undefined, "in the directory, nor among the people with a phone. Check the spelling"],
    ["integration", "whoever runs this server can connect it"],
    [
      "grant",
      "an administrator of your organisation can connect it by writing **authorize** to me",
    ],
    ["sync", "The directory was not read yet"],
    ["broken", "I cannot look into the directory"],
  ] as const)(
    "nobody found where its lack is %s is told why, and what to do",
    async (lack, says) => {
      const searchDirectory = () =>
        Promise.resolve({ found: [], isMore: false, ...(lack ? { lack } : {}) });
      const rig = aDirectoryRig([], [], { ...elsewhere, tools: { searchDirectory } });
      await rig.says("Muster add Zoe Quinn");
      expect(rig.said).toEqual([expect.stringContaining(says)]);
      expect(rig.said[0]).toContain("I cannot find “Zoe Quinn”");
      const card = ofKind(rig.changes, "card.written")[0]!.card.id;
      await rig.presses(data("roster.external-form", card));
      const form = rig.answers.find(({ to }) => to.kind === "person")?.post.card;
      expect(buttonsOf(form ?? {})[0]?.fields).toMatchObject({ name: "Zoe Quinn" });
      await rig.says("Muster add zoe@corp.example");
      expect(asked(rig.changes)).toEqual(["address zoe@corp.example ana"]);
    },
  );
});

describe("without a directory to look into", () => {
  const lacks = [
    ["integration", "The directory is not connected: whoever runs this server can connect it."],
    [
      "grant",
      "The directory is not connected: an administrator of your organisation can connect it by writing **authorize** to me, in a direct message.",
    ],
    [
      "sync",
      "The directory was not read yet: **directory**, in a direct message to me, shows an administrator why.",
    ],
    ["broken", "I cannot look into the directory for now."],
  ] as const;

  function aRigWithout(lack: (typeof lacks)[number][0], state: RigOptions["state"] = {}) {
    const searchDirectory = () => Promise.resolve({ found: [], isMore: false, lack });
    return aRigWith([eve], { state, tools: { searchDirectory } });
  }

  it.each(lacks)("a card to choose from says so once: %s", async (lack, says) => {
    const rig = aRigWithout(lack);
    await rig.says("Muster add dahl");
    expect(rig.said).toHaveLength(1);
    expect(rig.said[0]!.split(says)).toHaveLength(2);
    expect(JSON.stringify(rig.answers[0]!.post.card)).toContain(says);
  });

  it.each(lacks)("an address that is asked of Webex says so: %s", async (lack, says) => {
    const rig = aRigWithout(lack);
    await rig.says("Muster add dan@corp.example");
    expect(rig.said).toEqual([`Adding dan@corp.example. ${says}`]);
  });

  it("who is known is added without a word about it", async () => {
    const rig = aRigWithout("grant");
    await rig.says("Muster add eve@private.example");
    await rig.says("Muster add Eve Dahl");
    expect(deeds(rig.changes)).toContain("roster.set");
    expect(rig.said.join()).not.toContain("directory");
  });

  it("a card for another verb says nothing of it", async () => {
    const rig = aRigWithout("grant", running);
    await rig.says("Muster remind dahl");
    expect(pickIn(rig).titles).toHaveLength(3);
    expect(rig.said.join()).not.toContain("directory");
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

  it("say of a block that it is lifted, and of a STOP that it stays, with nothing to send", async () => {
    const optedOut = (optOut: "stop" | "blocked") =>
      roster.map((entry) => ({ ...entry, responder: { ...entry.responder, optOut } }));
    const rig = aStatusRig();
    const on = press("roster.switch", { responders: "r-eve", channel: "sms", on: true });
    rig.decisions.state = { ...rig.decisions.state!, roster: optedOut("blocked") };
    await rig.presses(on);
    expect(rig.said.at(-1)).toBe(
      "Texts to Eve Dahl are already on; the provider let no texts to Eve Dahl pass, " +
        "they are tried again. Nothing was sent.",
    );
    const offers = ofKind(rig.changes, "card.written").length;
    rig.decisions.state = { ...rig.decisions.state, roster: optedOut("stop"), recentPresses: [] };
    await rig.presses(on);
    expect(rig.said.at(-1)).toBe(
      "Texts to Eve Dahl are already on; Eve Dahl replied STOP, " +
        "so no text goes there until START comes from that phone.",
    );
    expect(ofKind(rig.changes, "card.written")).toHaveLength(offers);
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
