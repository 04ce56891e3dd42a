import type { SpaceLine } from "../../src/incident/space-line";
import { spaces } from "../../src/bot/views/spaces";
import { NOW, ofKind, SPACE } from "../support/builders";
import { aRig, anaIsHere, boIsHere, data, deeds, DIRECT } from "../support/bot-rig";

const directly = { spaceId: DIRECT, spaceKind: "direct" as const };
const olga = { ...boIsHere, isOperator: true };

function aLine(overrides: Partial<SpaceLine> = {}): SpaceLine {
  return { id: "space-1", title: "Payments", isMember: true, ...overrides };
}

function listing(found: SpaceLine[], total = found.length) {
  const listSpaces = jest.fn(() => Promise.resolve({ found, total }));
  return { listSpaces };
}

function aSpacesRig(person = olga) {
  const rig = aRig({ people: [person], tools: listing([aLine()]) });
  rig.decisions.cards.set("card-x", { id: "card-x", kind: "spaces", personId: "bo", payload: {} });
  return rig;
}

test("the list goes to the person on a card of no space, for them alone", async () => {
  const tools = listing([aLine()]);
  const rig = aRig({ tools });
  await rig.says("spaces", anaIsHere, directly);
  expect(tools.listSpaces).toHaveBeenCalledWith(
    { personId: "ana", isOperator: false },
    { limit: 10, offset: 0 },
  );
  const [card] = ofKind(rig.changes, "card.written");
  expect(card?.card).toMatchObject({ kind: "spaces", personId: "ana" });
  expect(card?.card).not.toHaveProperty("spaceId");
  expect(rig.answers[0]?.to).toEqual({ kind: "person", personId: "ana" });
});

test("somebody of another organisation gets no list", async () => {
  const tools = listing([aLine()]);
  const rig = aRig({ tools, people: [{ ...anaIsHere, orgId: "org-other" }] });
  await rig.says("spaces", anaIsHere, directly);
  expect(rig.said).toEqual([expect.stringContaining("organisation that runs me")]);
  expect(tools.listSpaces).not.toHaveBeenCalled();
});

test("Join asks Webex, for the space chosen on the card", async () => {
  const rig = aSpacesRig();
  const inputs = { ...data("roster.join-space", "card-x"), space: SPACE };
  await rig.presses(inputs, { personId: "bo" }, { spaceId: DIRECT });
  // Bo is a member of that space already.
  expect(rig.said).toEqual(["You are in **Payments** already."]);
});

test.each([
  ["who is no operator", boIsHere, { space: SPACE }, "Only operators"],
  ["of another organisation", { ...olga, orgId: "org-other" }, { space: SPACE }, "runs me"],
  ["with a space that is not on the list", olga, { space: "space-x" }, "not in it any more"],
  ["with no space", olga, { space: "" }, "Choose a space"],
  ["with a space that is no text", olga, { space: 7 }, "used already, or is too old"],
])("Join pressed by somebody %s does nothing", async (_who, person, more, refusal) => {
  const rig = aSpacesRig(person);
  const inputs = { ...data("roster.join-space", "card-x"), ...more };
  await rig.presses(inputs, { personId: "bo" }, { spaceId: DIRECT });
  expect(deeds(rig.changes)).toEqual([]);
  expect(rig.said).toEqual([expect.stringContaining(refusal)]);
});

test("Join that was pressed long ago is not carried out", async () => {
  const rig = aSpacesRig();
  const inputs = { ...data("roster.join-space", "card-x"), space: SPACE };
  await rig.presses(inputs, { personId: "bo" }, { spaceId: DIRECT, at: NOW - 6 * 60_000 });
  expect(rig.said).toEqual([expect.stringContaining("I was away")]);
});

test("the list of somebody else is not for them", async () => {
  const rig = aRig({ people: [anaIsHere], tools: listing([aLine()]) });
  rig.decisions.cards.set("card-x", { id: "card-x", kind: "spaces", personId: "bo", payload: {} });
  const inputs = { ...data("roster.spaces-page", "card-x"), page: 1 };
  await rig.presses(inputs, anaIsHere, { spaceId: DIRECT });
  expect(rig.said).toEqual(["This card is for somebody else."]);
});

const incident = { number: 42, name: "payments down", isDrill: false, startedAt: NOW };

test.each<[string, Partial<SpaceLine>, string]>([
  ["never", {}, "Quiet, no incident so far"],
  ["now", { incident }, "Incident 42 is running since 03:10 UTC: payments down"],
  [
    "before",
    { incident: { ...incident, stoppedAt: NOW - 86_400_000 } },
    "Quiet; incident 42, payments down, was over at 2026-01-04 03:10 UTC",
  ],
  ["as a rehearsal", { incident: { ...incident, isDrill: true } }, "UTC: DRILL payments down"],
])("a space with an incident %s says so", (_when, more, state) => {
  const input = { cardId: "card-x", page: 0, perPage: 10, total: 1, at: NOW };
  const post = spaces({ ...input, spaces: [aLine(more)], isOperator: false });
  expect(post.markdown).toContain(state);
  expect(JSON.stringify(post.card)).toContain(state);
});

test("only an operator can join, and only where they are not", () => {
  const those = [aLine(), aLine({ id: "space-2", title: "Cards", isMember: false })];
  const input = { cardId: "card-x", spaces: those, page: 0, perPage: 10, total: 2, at: NOW };
  const card = (isOperator: boolean) => JSON.stringify(spaces({ ...input, isOperator }).card);
  expect(card(true)).toContain("roster.join-space");
  expect(card(true)).toContain("space-2");
  expect(card(true)).not.toContain("space-1");
  expect(card(false)).not.toContain("roster.join-space");
});
