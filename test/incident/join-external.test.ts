import {
  isMember,
  joinExternal,
  nowOnWebex,
  tied,
  type JoinFacts,
} from "../../src/incident/join-external";
import { aMember, aMoment, anEntry, anExternal, aPerson, NOW, SPACE } from "../support/builders";

const email = "eve@corp.example";
const eve = anExternal({ email });
const member = aMember({ personId: "eve", name: "Eve on Webex", email });
const facts: JoinFacts = { member, roster: [], externals: [eve] };
const onPhone = anEntry(eve);
const elsewhere = aPerson({ personId: "eve", id: "r-eve-webex" });
const joined = { ...eve, name: "Eve on Webex", personId: "eve" };
const knownAs = "Eve Dahl";

test.each<[string, Partial<JoinFacts>, ReturnType<typeof joinExternal>]>([
  ["who is on no roster", {}, { responder: joined, knownAs }],
  ["who is on this roster", { roster: [onPhone] }, { responder: joined, knownAs, entry: onPhone }],
  [
    "who is known from another space",
    { current: elsewhere, roster: [onPhone] },
    { responder: joined, knownAs, replaces: elsewhere, entry: onPhone },
  ],
  [
    "who is a member of this space since before",
    { current: elsewhere, roster: [anEntry(elsewhere)] },
    { responder: joined, knownAs, replaces: elsewhere, entry: anEntry(elsewhere) },
  ],
  [
    "of two with the address, who is on this roster",
    { externals: [anExternal({ id: "r-other", email }), eve], roster: [onPhone] },
    { responder: joined, knownAs, entry: onPhone },
  ],
  ["nobody where the address is nobody's", { externals: [] }, undefined],
  ["nobody where the member is a bot", { member: { ...member, isBot: true } }, undefined],
  [
    "nobody where the person is an external already",
    { current: anExternal({ id: "r-first", personId: "eve" }) },
    undefined,
  ],
])("a member with an external's address is the external: %s", (_who, more, expected) => {
  expect(joinExternal({ ...facts, ...more })).toEqual(expected);
});

test.each([
  ["without a person", eve, false],
  ["whose person is in the space", joined, true],
  ["whose person is elsewhere", { ...eve, personId: "dan" }, false],
])("an external %s", (_who, responder, expected) => {
  expect(isMember([member], responder)).toBe(expected);
});

describe("tying an external to a person", () => {
  const place = { spaceId: SPACE, incidentId: "incident-1" };
  const name = "Eve on Webex";

  test("names them as Webex does, and records it where an incident knew the external", () => {
    const tie = { responder: joined, knownAs, entry: onPhone };
    expect(tied(place, tie, aMoment())).toEqual([
      { kind: "responder.joined", responderId: "r-eve", personId: "eve", at: NOW },
      { kind: "responder.renamed", responderId: "r-eve", name },
      {
        kind: "roster.set",
        spaceId: SPACE,
        responderId: "r-eve",
        channels: { ...onPhone.channels, webex: true },
        at: NOW,
      },
      {
        kind: "timeline.added",
        incidentId: "incident-1",
        entry: { kind: "joined", at: NOW, actor: "eve", payload: { name, knownAs } },
      },
    ]);
    expect(nowOnWebex(tie)).toEqual({ name, knownAs });
  });

  test("is not recorded while no incident runs", () => {
    const tie = { responder: joined, knownAs, entry: onPhone };
    const changes = tied({ ...place, incidentId: undefined }, tie, aMoment());
    expect(changes.map(({ kind }) => kind)).toEqual([
      "responder.joined",
      "responder.renamed",
      "roster.set",
    ]);
  });

  test.each([
    ["on no roster here", {}],
    [
      "of whom only the person is on the roster",
      { entry: anEntry(elsewhere), replaces: elsewhere },
    ],
  ])("%s, is nothing to tell of", (_who, more) => {
    const tie = { responder: { ...joined, name: knownAs }, knownAs, ...more };
    const kinds = tied(place, tie, aMoment()).map(({ kind }) => kind);
    expect(kinds).not.toContain("timeline.added");
    expect(kinds).not.toContain("responder.renamed");
    expect(nowOnWebex(tie)).toBeUndefined();
  });
});
