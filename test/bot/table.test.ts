import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cardActions, commands } from "../../src/bot/table";
import type { Actor } from "../../src/bot/turn";
import { buttonsOf } from "../support/story-cards";
import { anEntry, anIncident, aProgressOf, bo, ofKind, SPACE } from "../support/builders";
import { janasGrant } from "../support/grant-samples";
import { aRig, boIsHere, data, deeds, DIRECT } from "../support/bot-rig";

/** All that any action could ask for, so that only the person is left to refuse. */
const everything = {
  people: "remove",
  name: "x",
  responders: "r-bo",
  responder: "r-bo",
  message: "x",
  page: 1,
  channel: "sms",
  on: true,
  who: "dan@corp.example",
  answer: "coming",
  incident: 42,
  mobile: "+1 408 555 0101",
  addHere: true,
};

const running = { incident: anIncident(), latest: anIncident() };

const forModerators = commands.filter((command) => command.who === "moderator");
/** On a card that was asked for in a space, what is for keepers is for its moderators. */
const pressesForModerators = cardActions.filter(
  ({ who }) => who === "moderator" || who === "keeper",
);

describe.each([
  ["a member who does not moderate", [boIsHere], "Only moderators of this space"],
  [
    "a moderator of another organisation",
    [{ ...boIsHere, isModerator: true, orgId: "org-other" }],
    "organisation that runs me",
  ],
  ["somebody who is not in the space", [], "You are not in that space any more"],
])("%s", (_who, people, refusal) => {
  test.each(forModerators.map(({ verb, words }) => [verb, words]))(
    "is refused the command %s",
    async (_verb, words) => {
      for (const phrase of words) {
        const rig = aRig({ people, state: running });
        await rig.says(`Muster ${phrase.join(" ")} bo on`, bo);
        expect(deeds(rig.changes)).toEqual([]);
        expect(rig.said).toEqual([expect.stringContaining(refusal)]);
      }
    },
  );

  test.each(pressesForModerators.map(({ name, on }) => [name, on]))(
    "is refused the button %s",
    async (name, on) => {
      for (const kind of on) {
        const rig = aRig({ people, state: running });
        rig.withCard({
          id: "card-x",
          kind,
          incidentId: "incident-1",
          payload: { name: "x", responderId: "r-bo" },
        });
        await rig.presses(data(name, "card-x", everything), bo);
        expect(deeds(rig.changes)).toEqual([]);
        expect(rig.said).toEqual([expect.stringContaining(refusal)]);
      }
    },
  );
});

const forKeepers = commands.filter((command) => command.who === "keeper");
const pressesForKeepers = cardActions.filter((action) => action.who === "keeper");
const aModerator = { ...boIsHere, isModerator: true };

describe.each([
  ["who moderates no space", [boIsHere], {}, "Only people who moderate a space"],
  [
    "who is no operator, where there are some",
    [aModerator],
    { hasOperators: true },
    "Only operators can do that here",
  ],
  ["of another organisation", [{ ...aModerator, orgId: "org-other" }], {}, "runs me"],
])("directly, somebody %s", (_who, people, tools, refusal) => {
  test.each(forKeepers.map(({ verb, words }) => [verb, words]))(
    "is refused the command %s",
    async (_verb, words) => {
      for (const phrase of words) {
        const rig = aRig({ people, tools });
        await rig.says(phrase.join(" "), bo, { spaceId: DIRECT, spaceKind: "direct" });
        expect(deeds(rig.changes)).toEqual([]);
        expect(rig.said).toEqual([expect.stringContaining(refusal)]);
      }
    },
  );

  test.each(pressesForKeepers.map(({ name, on }) => [name, on]))(
    "is refused the button %s",
    async (name, on) => {
      for (const kind of on) {
        const rig = aRig({ people, tools });
        const card = { id: "card-x", kind, responderId: "r-bo", payload: { version: 1, term: "" } };
        rig.decisions.cards.set(card.id, card);
        await rig.presses(data(name, "card-x", everything), bo, { spaceId: DIRECT });
        expect(deeds(rig.changes)).toEqual([]);
        expect(rig.said).toEqual([expect.stringContaining(refusal)]);
      }
    },
  );
});

const forAdmins = commands.filter((command) => command.who === "admin");
const pressesForAdmins = cardActions.filter((action) => action.who === "admin");

describe.each([
  ["who is no administrator", [boIsHere], "Only administrators of your organisation"],
  ["who only moderates", [aModerator], "Only administrators of your organisation"],
  ["who is an operator", [{ ...boIsHere, isOperator: true }], "Only administrators"],
  ["of another organisation", [{ ...boIsHere, orgId: "org-other" }], "runs me"],
])("directly, somebody %s", (_who, people, refusal) => {
  test.each(forAdmins.flatMap(({ words }) => words.map((phrase) => phrase.join(" "))))(
    "is refused the command %s",
    async (line) => {
      const rig = aRig({ people });
      rig.decisions.grants = { status: {}, directory: janasGrant() };
      await rig.says(line, bo, { spaceId: DIRECT, spaceKind: "direct" });
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said).toEqual([expect.stringContaining(refusal)]);
    },
  );

  test.each(pressesForAdmins.flatMap(({ name, on }) => on.map((kind) => ({ name, kind }))))(
    "is refused the button $name",
    async ({ name, kind }) => {
      const rig = aRig({ people });
      rig.decisions.grants = { status: {}, directory: janasGrant() };
      rig.decisions.cards.set("card-x", { id: "card-x", kind, payload: { kind: "directory" } });
      await rig.presses(data(name, "card-x", everything), bo, { spaceId: DIRECT });
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said).toEqual([expect.stringContaining(refusal)]);
    },
  );
});

const forResponders = commands.filter((command) => command.who === "responder");
const answers = cardActions.filter((action) => action.who === "responder");

/** All that a card which calls Bo, or asks him by which incident he means, may hold. */
const called = {
  spaceId: SPACE,
  incidentId: "incident-1",
  responderId: "r-bo",
  payload: {
    invitations: [
      { incidentId: "incident-1", number: 42, name: "x", spaceId: SPACE, responderId: "r-bo" },
    ],
  },
};

function aCallOfBo(people: readonly Actor[]) {
  const progress = [aProgressOf(anEntry())];
  return aRig({ people, state: { ...running, progress } });
}

test.each(
  forResponders.flatMap(({ verb, words }) => words.map((phrase) => [phrase.join(" "), verb])),
)("whoever is called, of whatever organisation, may write %s directly", async (line, verb) => {
  const rig = aCallOfBo([{ ...boIsHere, orgId: "org-other" }]);
  const { payload } = called;
  rig.decisions.invitations = payload.invitations.map((one) => ({ ...one, isDrill: false }));
  await rig.says(line, bo, { spaceId: DIRECT, spaceKind: "direct" });
  const [recorded] = ofKind(rig.changes, "answer.recorded");
  expect(recorded).toMatchObject({ responderId: "r-bo", said: { answer: verb, via: "direct" } });
  expect(rig.said).toEqual([expect.stringContaining("Noted: you")]);
});

test.each(forResponders.flatMap(({ words }) => words.map((phrase) => phrase.join(" "))))(
  "who is called by nothing is told so when they write %s",
  async (line) => {
    const rig = aCallOfBo([boIsHere]);
    await rig.says(line, bo, { spaceId: DIRECT, spaceKind: "direct" });
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining("No incident that runs now has called you")]);
  },
);

const answersOnCards = answers.flatMap(({ name, on }) => on.map((kind) => ({ name, kind })));

test.each(answersOnCards)(
  "who is called may press $name on a card $kind, wherever they are by now",
  async ({ kind, name }) => {
    const rig = aCallOfBo([]);
    rig.decisions.cards.set("card-x", { ...called, id: "card-x", kind, personId: bo.personId });
    await rig.presses(data(name, "card-x", everything), bo, { spaceId: DIRECT, at: 0 });
    expect(ofKind(rig.changes, "answer.recorded")).toHaveLength(1);
  },
);

test.each(answersOnCards)("nobody else may press $name on a card $kind", async ({ kind, name }) => {
  for (const by of [
    { ...aModerator, personId: "ana" },
    { ...boIsHere, personId: "eve" },
  ])
    // The second card was written to an address, and is in nobody's conversation but theirs.
    for (const personId of [bo.personId, undefined]) {
      const rig = aCallOfBo([by]);
      const card = { ...called, id: "card-x", kind };
      rig.decisions.cards.set("card-x", personId === undefined ? card : { ...card, personId });
      await rig.presses(data(name, "card-x", everything), by, { spaceId: DIRECT });
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said).toEqual([expect.stringMatching(/somebody else/)]);
    }
});

test.each(answersOnCards)("$name on a card $kind in a space is forged", async ({ kind, name }) => {
  const rig = aCallOfBo([boIsHere]);
  rig.withCard({ ...called, id: "card-x", kind, personId: bo.personId });
  await rig.presses(data(name, "card-x", everything), bo);
  expect(deeds(rig.changes)).toEqual([]);
  expect(rig.said[0]).toContain("This button is no longer valid");
});

test.each([
  ["who moderates a space", [aModerator], {}],
  ["who is an operator", [{ ...boIsHere, isOperator: true }], { hasOperators: true }],
])("directly, somebody %s may keep the people with a phone", async (_who, people, tools) => {
  for (const { words } of forKeepers) {
    const rig = aRig({ people, tools });
    await rig.says(words[0]!.join(" "), bo, { spaceId: DIRECT, spaceKind: "direct" });
    expect(rig.said).toHaveLength(1);
    expect(rig.said[0]).not.toContain("Only ");
  }
});

test("everybody in the space may look, and nothing else", () => {
  const verbs = commands.filter(({ who }) => who === "anyone").map(({ verb }) => verb);
  const looking = ["help", "status", "ready", "spaces", "contact"];
  // What they let the bot do in their own name is theirs to say.
  const granting = ["authorize", "authorize meetings", "revoke meetings"];
  expect(new Set(verbs)).toEqual(new Set([...looking, ...granting]));
  const names = cardActions.filter(({ who }) => who === "anyone").map(({ name }) => name);
  expect(new Set(names)).toEqual(
    new Set(["incident.status", "incident.ready", "roster.spaces-page", "grants.new-link"]),
  );
});

test.each(commands.filter(({ who, where }) => who === "anyone" && where === "space"))(
  "a member may say $verb",
  async ({ words }) => {
    const rig = aRig({ state: running });
    await rig.says(`Muster ${words[0]!.join(" ")}`, bo);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.answers).toHaveLength(1);
    expect(rig.answers[0]!.post.card).toBeDefined();
  },
);

test("no command of a place, and no action, is there twice", () => {
  const places = commands.map(({ verb, where }) => `${where} ${verb}`);
  expect(new Set(places).size).toBe(places.length);
  const names = cardActions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("an action is called after its feature and a verb", () => {
  for (const { name } of cardActions)
    expect(name).toMatch(/^(answer|directory|grants|incident|roster)\.[a-z-]+$/);
});

const ROOT = join(__dirname, "../..");

/** "kind action" of every button that a card template of ours holds. */
function buttonsOfTemplates(): string[] {
  const files = readdirSync(join(ROOT, "cards")).filter((file) => file.endsWith(".json"));
  return files.flatMap((file) => {
    const template = JSON.parse(readFileSync(join(ROOT, "cards", file), "utf8")) as object;
    return (
      buttonsOf(template)
        .map((button) => button.data.action)
        // A notice's buttons are named where it is made.
        .filter((action) => typeof action === "string")
        .map((action) => `${file.replace(".json", "")} ${action}`)
    );
  });
}

/** "notice action" of every button that the code puts on a notice. */
function buttonsOfNotices(): string[] {
  const folder = join(ROOT, "src/bot");
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  return files
    .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/action: "(.+?)"/gu)])
    .map(([, action]) => `notice ${action}`);
}

test("every button is an action of the table for its card, and every action has a button", () => {
  const buttons = new Set([...buttonsOfTemplates(), ...buttonsOfNotices()]);
  const actions = new Set(
    cardActions.flatMap(({ name, on }) => on.map((kind) => `${kind} ${name}`)),
  );
  expect([...buttons].sort()).toEqual([...actions].sort());
});

test.each(cardActions.map(({ name, on }) => [name, on]))(
  "%s on a card of another kind is forged, and answered with the present state",
  async (name, on) => {
    const others = (["told", "invite", "ready", "stop-confirm"] as const).filter(
      (kind) => !on.includes(kind),
    );
    for (const kind of others) {
      const rig = aRig({ state: running });
      rig.withCard({ id: "card-x", kind, incidentId: "incident-1" });
      await rig.presses(data(name, "card-x", everything));
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said[0]).toContain("This button is no longer valid");
    }
  },
);

test.each(forModerators.map(({ verb, words }) => [verb, words[0]!]))(
  "a moderator's %s is answered",
  async (_verb, words) => {
    const rig = aRig({ state: running });
    await rig.says(`Muster ${words.join(" ")}`);
    expect(rig.answers.length).toBeGreaterThan(0);
    expect(rig.decisions.triggers).toHaveLength(1);
  },
);
