import { reconcileSpace, type ReadInput } from "../../src/incident/reconcile-space";
import type { ReadState, SpaceState } from "../../src/incident/space-state";
import type { Member } from "../../src/roster/responder";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMeeting,
  aMember,
  aMoment,
  aPerson,
  aSettings,
  aSpace,
  aSpaceState,
  NOW,
  notifications,
  ofKind,
  sends,
  SPACE,
  theBot,
} from "../support/builders";

const anasMembership = aMember({ ...ana, email: "ana@corp.example", isModerator: true });
const dan = aMember({ personId: "dan", name: "Dan Ek" });
const everybody = [theBot(), anasMembership, aMember()];

function read(
  known: SpaceState | undefined,
  members: readonly Member[],
  overrides: Partial<ReadInput> = {},
) {
  const responders = new Map(
    (known?.roster ?? []).flatMap(({ responder }) =>
      responder.personId === undefined ? [] : [[responder.personId, responder] as const],
    ),
  );
  const state: ReadState = { responders, ...(known ? { known } : {}) };
  const input = { space: aSpace(), members, settings: aSettings(), ...overrides };
  return reconcileSpace(state, input, aMoment());
}

test("the first read takes over the space, its members and, but for bots, its roster", () => {
  const { changes, result } = read(undefined, everybody);
  expect(changes[0]).toEqual({
    kind: "space.saved",
    space: aSpace(),
    botIsModerator: true,
    at: NOW,
  });
  expect(ofKind(changes, "member.saved").map((change) => change.member.personId)).toEqual([
    "bot",
    "ana",
    "bo",
  ]);
  expect(ofKind(changes, "responder.created").map(({ responder }) => responder.name)).toEqual([
    "Ana Berg",
    "Bo Alm",
  ]);
  expect(ofKind(changes, "roster.set").map((change) => change.channels)).toEqual([
    { webex: true, sms: false, voice: false },
    { webex: true, sms: false, voice: false },
  ]);
  expect(result).toEqual({
    joined: ["Ana Berg", "Bo Alm"],
    left: [],
    nowOnWebex: [],
    isFirst: true,
  });
});

test("a read that finds everything as it was changes no member and no roster", () => {
  const { changes, result } = read(aSpaceState(), everybody);
  expect(changes.map((change) => change.kind)).toEqual(["space.saved"]);
  expect(result).toEqual({ joined: [], left: [], nowOnWebex: [], isFirst: false });
});

test.each([
  ["is a moderator", theBot({ isModerator: true }), true],
  ["is none", theBot({ isModerator: false }), false],
])("whether the bot %s is taken from its own membership", (_what, bot, expected) => {
  const { changes } = read(aSpaceState(), [bot, anasMembership, aMember()]);
  expect(ofKind(changes, "space.saved")[0]?.botIsModerator).toBe(expected);
});

test("a member who became a moderator is written, the others are not", () => {
  const { changes } = read(aSpaceState(), [
    theBot(),
    anasMembership,
    aMember({ isModerator: true }),
  ]);
  expect(ofKind(changes, "member.saved").map((change) => change.member.personId)).toEqual(["bo"]);
});

test("a person who changed their name is called so from now on", () => {
  const { changes } = read(aSpaceState(), [
    theBot(),
    anasMembership,
    aMember({ name: "Bo Alm-Berg" }),
  ]);
  expect(ofKind(changes, "responder.renamed")).toEqual([
    { kind: "responder.renamed", responderId: "r-bo", name: "Bo Alm-Berg" },
  ]);
});

describe("who came by hand", () => {
  test("is on the roster, and without an incident is told nothing", () => {
    const { changes, result } = read(aSpaceState(), [...everybody, dan]);
    expect(result.joined).toEqual(["Dan Ek"]);
    expect(ofKind(changes, "roster.set")).toHaveLength(1);
    expect(sends(changes)).toEqual([]);
    expect(ofKind(changes, "round.opened")).toEqual([]);
  });

  test("during an incident is invited on Webex only, in a round of their own", () => {
    const { changes } = read(aSpaceState({ incident: anIncident() }), [...everybody, dan]);
    expect(notifications(changes).map((one) => [one.channel, one.kind])).toEqual([
      ["webex", "invite"],
    ]);
    expect(ofKind(changes, "round.opened")[0]?.round).toMatchObject({
      trigger: "join",
      openedBy: ana,
    });
  });

  test("and is a bot is not on the roster", () => {
    const other = aMember({ personId: "other-bot", isBot: true });
    const { changes, result } = read(aSpaceState({ incident: anIncident() }), [
      ...everybody,
      other,
    ]);
    expect(result.joined).toEqual([]);
    expect(changes.map((change) => change.kind)).toEqual(["space.saved", "member.saved"]);
  });

  test("and is known from another space stays one responder", () => {
    const known = aPerson({ personId: "dan", name: "Dan Ek" });
    const state: ReadState = { known: aSpaceState(), responders: new Map([["dan", known]]) };
    const input = { space: aSpace(), members: [...everybody, dan], settings: aSettings() };
    const { changes } = reconcileSpace(state, input, aMoment());
    expect(ofKind(changes, "responder.created")).toEqual([]);
    expect(ofKind(changes, "roster.set")[0]?.responderId).toBe("r-dan");
  });
});

describe("who left by hand", () => {
  test("is off the roster, and what waits for them is cancelled", () => {
    const { changes, result } = read(aSpaceState({ incident: anIncident() }), [
      theBot(),
      anasMembership,
    ]);
    expect(result.left).toEqual(["Bo Alm"]);
    expect(changes).toContainEqual({ kind: "member.gone", spaceId: SPACE, personId: "bo" });
    expect(changes).toContainEqual({
      kind: "roster.removed",
      spaceId: SPACE,
      responderId: "r-bo",
    });
    expect(ofKind(changes, "notifications.cancelled").map((change) => change.filter)).toEqual([
      { spaceId: SPACE, responderId: "r-bo", sparesStop: true, reason: "no longer in the space" },
    ]);
  });

  test("does not take an external with them, who was never a member", () => {
    const known = aSpaceState({ roster: [anEntry(anExternal())] });
    const { changes, result } = read(known, everybody);
    expect(result.left).toEqual([]);
    expect(ofKind(changes, "roster.removed")).toEqual([]);
  });
});

describe("the record of an incident", () => {
  const entries = (known: SpaceState) =>
    ofKind(read(known, [theBot(), anasMembership, dan]).changes, "timeline.added")
      .map(({ incidentId, entry }) => ({ incidentId, ...entry }))
      .filter(({ kind }) => kind !== "round-opened");

  test("holds who came and who left by hand", () => {
    expect(entries(aSpaceState({ incident: anIncident() }))).toMatchObject([
      {
        incidentId: "incident-1",
        kind: "added",
        at: NOW,
        actor: "dan",
        payload: { name: "Dan Ek" },
      },
      {
        incidentId: "incident-1",
        kind: "removed",
        at: NOW,
        actor: "bo",
        payload: { name: "Bo Alm" },
      },
    ]);
  });

  test("is not written where none runs", () => {
    expect(entries(aSpaceState())).toEqual([]);
  });
});

describe("a person with an unfinished membership change is left alone", () => {
  test.each([
    ["added as a person", "dan"],
    ["added by e-mail", "dan@corp.example"],
    ["added by an e-mail that Webex writes otherwise", "Dan@Corp.Example"],
  ])("%s", (_what, pending) => {
    const known = aSpaceState({
      incident: anIncident(),
      pendingMemberships: new Set([pending]),
    });
    const { changes, result } = read(known, [...everybody, dan]);
    expect(result.joined).toEqual([]);
    expect(changes.map((change) => change.kind)).toEqual(["space.saved"]);
  });

  test("removed, and still or no longer listed", () => {
    const known = aSpaceState({ pendingMemberships: new Set(["bo"]) });
    for (const members of [everybody, [theBot(), anasMembership]]) {
      const { changes, result } = read(known, members);
      expect(result.left).toEqual([]);
      expect(changes.map((change) => change.kind)).toEqual(["space.saved"]);
    }
  });
});

describe("a member with the address of an external", () => {
  const eve = anExternal({ email: "eve@corp.example" });
  const asMember = aMember({ personId: "eve", name: "Eve on Webex", email: "Eve@Corp.example" });

  function readEve(known: SpaceState, members: readonly Member[], responders = new Map()) {
    const externals = new Map([["eve@corp.example", [eve]]]);
    const state = { known, responders: responders as ReadState["responders"], externals };
    const input = { space: aSpace(), members, settings: aSettings() };
    return reconcileSpace(state, input, aMoment());
  }

  const during = (entry = anEntry(eve)) =>
    aSpaceState({ incident: anIncident(), roster: [...aSpaceState().roster, entry] });

  test("is that external from now on, and is told nothing a second time", () => {
    const { changes, result } = readEve(during(), [...everybody, asMember]);
    expect(result).toMatchObject({ joined: [], left: [] });
    expect(ofKind(changes, "responder.joined")).toEqual([
      { kind: "responder.joined", responderId: "r-eve", personId: "eve", at: NOW },
    ]);
    expect(ofKind(changes, "roster.set")).toMatchObject([
      { responderId: "r-eve", channels: { webex: true, sms: true, voice: true } },
    ]);
    expect(ofKind(changes, "responder.created")).toEqual([]);
    expect(ofKind(changes, "responder.renamed")).toEqual([
      { kind: "responder.renamed", responderId: "r-eve", name: "Eve on Webex" },
    ]);
    expect(ofKind(changes, "timeline.added").map(({ entry }) => entry)).toMatchObject([
      { kind: "joined", payload: { name: "Eve on Webex", knownAs: "Eve Dahl" } },
    ]);
    expect(result.nowOnWebex).toEqual([{ name: "Eve on Webex", knownAs: "Eve Dahl" }]);
    expect(sends(changes)).toEqual([]);
  });

  test("is invited on Webex where they were on their phone only", () => {
    const entry = anEntry(eve, { channels: { webex: false, sms: true, voice: false } });
    const { changes } = readEve(during(entry), [...everybody, asMember]);
    expect(sends(changes)).toEqual(["r-eve webex"]);
    expect(ofKind(changes, "roster.set")[0]?.channels).toEqual({
      webex: true,
      sms: true,
      voice: false,
    });
  });

  test("is not invited a second time where they are on the roster as a person, too", () => {
    const current = aPerson({ personId: "eve", id: "r-eve-webex" });
    const onPhone = anEntry(eve, { channels: { webex: false, sms: true, voice: false } });
    const known = aSpaceState({ incident: anIncident(), roster: [anEntry(current), onPhone] });
    const { changes } = readEve(known, [asMember], new Map([["eve", current]]));
    expect(ofKind(changes, "responder.joined")).toHaveLength(1);
    expect(sends(changes)).toEqual([]);
  });

  test("who was not on this roster comes onto it with the phone off, invited on Webex only", () => {
    const known = aSpaceState({ incident: anIncident() });
    const { changes, result } = readEve(known, [...everybody, asMember]);
    expect(result).toMatchObject({ joined: ["Eve on Webex"], nowOnWebex: [] });
    expect(ofKind(changes, "roster.set")).toMatchObject([
      { responderId: "r-eve", channels: { webex: true, sms: false, voice: false } },
    ]);
    expect(ofKind(changes, "timeline.added").map(({ entry }) => entry.kind)).not.toContain(
      "joined",
    );
    expect(sends(changes)).toEqual(["r-eve webex"]);
  });

  test("takes over the record that the person has from another space", () => {
    const current = aPerson({ personId: "eve", id: "r-eve-webex", name: "Old name" });
    const { changes } = readEve(during(), [...everybody, asMember], new Map([["eve", current]]));
    expect(ofKind(changes, "responder.joined")[0]).toMatchObject({
      responderId: "r-eve",
      replacesId: "r-eve-webex",
    });
  });

  test("comes into another space with the phone off, too", () => {
    const current = { ...eve, personId: "eve", name: "Eve on Webex" };
    const known = aSpaceState();
    const { changes } = readEve(known, [...everybody, asMember], new Map([["eve", current]]));
    expect(ofKind(changes, "roster.set")).toMatchObject([
      { responderId: "r-eve", channels: { webex: true, sms: false, voice: false } },
    ]);
  });

  test("is renamed with the person from then on", () => {
    const current = { ...eve, personId: "eve", name: "Eve before" };
    const known = aSpaceState({
      members: [...everybody, asMember],
      roster: [...aSpaceState().roster, anEntry(current)],
    });
    const { changes } = readEve(known, [...everybody, asMember], new Map([["eve", current]]));
    expect(ofKind(changes, "responder.renamed")).toEqual([
      { kind: "responder.renamed", responderId: "r-eve", name: "Eve on Webex" },
    ]);
  });

  test("is left alone while a membership change of theirs is unfinished", () => {
    const known = { ...during(), pendingMemberships: new Set(["eve"]) };
    const { changes } = readEve(known, [...everybody, asMember]);
    expect(ofKind(changes, "responder.joined")).toEqual([]);
  });

  const joined = { ...eve, personId: "eve" };

  test("leaves the roster when they leave the space", () => {
    const known = aSpaceState({
      members: [...everybody, asMember],
      roster: [anEntry(joined)],
    });
    const { changes, result } = read(known, everybody);
    expect(result.left).toEqual(["Eve Dahl"]);
    expect(ofKind(changes, "roster.removed")).toHaveLength(1);
  });

  test("stays on the roster of a space that they were never in", () => {
    const known = aSpaceState({ roster: [...aSpaceState().roster, anEntry(joined)] });
    const { result } = read(known, everybody);
    expect(result.left).toEqual([]);
  });
});

test.each([
  ["an old answer of Webex about the meeting", 60_000, true],
  ["a fresh one", 0, false],
])("who came is invited after %s: asks again", (_what, age, asks) => {
  const conference = aMeeting({ heardAt: NOW - age });
  const known = aSpaceState({ incident: anIncident({ conference }) });
  const settings = aSettings({ canOpenMeetings: true });
  const { changes } = read(known, [...everybody, dan], { settings });
  expect(notifications(changes).map((one) => one.waitsForConference)).toEqual([asks]);
  expect(ofKind(changes, "own-event.queued")).toHaveLength(asks ? 1 : 0);
});
