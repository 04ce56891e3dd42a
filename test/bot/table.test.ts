import { cardActions, commands } from "../../src/bot/table";
import { anIncident, bo } from "../support/builders";
import { aRig, boIsHere, data, deeds } from "../support/bot-rig";

/** All that any action could ask for, so that only the person is left to refuse. */
const everything = {
  people: "remove",
  name: "x",
  responder: "r-bo",
  channel: "sms",
  on: true,
  who: "dan@corp.example",
  mobile: "+1 408 555 0101",
  addHere: true,
};

const running = { incident: anIncident(), latest: anIncident() };

const forModerators = commands.filter((command) => command.who === "moderator");
const pressesForModerators = cardActions.filter((action) => action.who === "moderator");

describe.each([
  ["a member who does not moderate", [boIsHere], "Only moderators of this space"],
  [
    "a moderator of another organisation",
    [{ ...boIsHere, isModerator: true, orgId: "org-other" }],
    "organisation that runs me",
  ],
  ["somebody who is not in the space", [], "organisation that runs me"],
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

  test.each(pressesForModerators.map(({ name }) => [name]))(
    "is refused the button %s",
    async (name) => {
      const rig = aRig({ people, state: running });
      rig.withCard({
        id: "card-x",
        incidentId: "incident-1",
        payload: { name: "x", responderId: "r-bo" },
      });
      await rig.presses(data(name, "card-x", everything), bo);
      expect(deeds(rig.changes)).toEqual([]);
      expect(rig.said).toEqual([expect.stringContaining(refusal)]);
    },
  );
});

test("everybody in the space may look, and nothing else", () => {
  const verbs = commands.filter(({ who }) => who === "anyone").map(({ verb }) => verb);
  expect(new Set(verbs)).toEqual(new Set(["help", "status", "ready"]));
  const names = cardActions.filter(({ who }) => who === "anyone").map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set(["incident.status", "incident.ready"]));
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
  for (const { name } of cardActions) expect(name).toMatch(/^(incident|roster)\.[a-z-]+$/);
});

test.each(forModerators.map(({ verb, words }) => [verb, words[0]!]))(
  "a moderator's %s is answered",
  async (_verb, words) => {
    const rig = aRig({ state: running });
    await rig.says(`Muster ${words.join(" ")}`);
    expect(rig.answers.length).toBeGreaterThan(0);
    expect(rig.decisions.triggers).toHaveLength(1);
  },
);
