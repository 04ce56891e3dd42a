import { bringBackTeam, missingTeam } from "../../src/incident/bring-back-team";
import type { StartState, TeamMember } from "../../src/incident/space-state";
import type { Responder } from "../../src/roster/responder";
import {
  ana,
  anExternal,
  anIncident,
  aMoment,
  aPerson,
  aSettings,
  aSpace,
  aSpaceState,
  ofKind,
  sends,
  SPACE,
} from "../support/builders";

const ALL_ON = { webex: true, sms: true, voice: true };
const input = { by: ana, trigger: "command" as const, settings: aSettings() };
const eve = anExternal();
const cleo = aPerson({ personId: "cleo", name: "Cleo Rey" });

function aTeam(responders: readonly Responder[], more: Partial<TeamMember> = {}): StartState {
  const members = responders.map((responder) => ({
    responder,
    channels: ALL_ON,
    isDeleted: false,
    ...more,
  }));
  const incident = { id: "incident-0", number: 41, name: "cards down" };
  return { ...aSpaceState(), nextIncidentNumber: 42, lastTeam: { incident, members } };
}

function back(state: StartState) {
  return bringBackTeam(state, input, aMoment());
}

const adds = (state: StartState) =>
  ofKind(back(state).changes, "effect.queued").map(({ effect }) => effect.effect);

test.each<[string, Responder, object]>([
  ["both numbers", eve, { webex: false, sms: true, voice: true }],
  ["the mobile number gone", anExternal({ mobile: undefined as never }), { sms: false }],
  ["the voice number gone", anExternal({ voice: undefined as never }), { voice: false }],
  ["an address", anExternal({ email: "eve@corp.example" }), { webex: true }],
])("an external with %s comes back with the channels that are left", (_what, one, channels) => {
  const { changes, result } = back(aTeam([one]));
  expect(ofKind(changes, "roster.set")).toMatchObject([
    { spaceId: SPACE, responderId: "r-eve", channels },
  ]);
  expect(result).toMatchObject({ adding: [], notAllowed: [], deleted: [], isInvited: false });
  expect(result.back.map(({ responder }) => responder.id)).toEqual(["r-eve"]);
});

test("a channel that was switched off stays off", () => {
  const { changes } = back(aTeam([eve], { channels: { ...ALL_ON, voice: false } }));
  expect(ofKind(changes, "roster.set")[0]?.channels).toMatchObject({ sms: true, voice: false });
});

test("Webex people are asked back, with the channels that they had", () => {
  expect(adds(aTeam([cleo]))).toEqual([
    {
      kind: "membership-add",
      spaceId: SPACE,
      invitee: { by: "person", personId: "cleo", name: "Cleo Rey" },
      channels: ALL_ON,
      asker: { ...ana, isTeam: true },
    },
  ]);
  expect(back(aTeam([cleo])).result.adding).toEqual(["Cleo Rey"]);
});

test("whoever is being added already is not asked for twice", () => {
  const state = { ...aTeam([cleo]), pendingMemberships: new Set(["cleo"]) };
  expect(adds(state)).toEqual([]);
  expect(back(state).result.adding).toEqual(["Cleo Rey"]);
});

test("where the bot may add nobody, it says whom, and the externals come back all the same", () => {
  const { changes, result } = back({ ...aTeam([eve, cleo]), botIsModerator: false });
  expect(result).toMatchObject({ adding: [], notAllowed: ["Cleo Rey"] });
  expect(changes.map(({ kind }) => kind)).toEqual(["roster.set"]);
});

test("in a space without moderation the bot needs no rights", () => {
  const space = aSpace({ isModerated: false });
  expect(adds({ ...aTeam([cleo]), space, botIsModerator: false })).toHaveLength(1);
});

test("whoever is here stays as they are, and the deleted are named", () => {
  const { changes, result } = back(aTeam([aPerson(), eve], { isDeleted: true }));
  expect(changes).toEqual([]);
  expect(result.deleted).toEqual(["Eve Dahl"]);
  expect(back(aTeam([aPerson()])).result).toMatchObject({ back: [], adding: [], deleted: [] });
});

test("an external whom Webex knows is reached at once, and not let into the space unasked", () => {
  const { result, changes } = back(aTeam([anExternal({ personId: "eve" })]));
  expect(result).toMatchObject({ adding: [] });
  expect(ofKind(changes, "effect.queued")).toEqual([]);
  expect(result.back).toHaveLength(1);
});

test("during an incident all are told in one round", () => {
  const dora = anExternal({ id: "r-dora", name: "Dora" });
  const state = { ...aTeam([eve, dora]), incident: anIncident() };
  const { changes, result } = back(state);
  expect(sends(changes)).toEqual(["r-eve sms", "r-eve voice", "r-dora sms", "r-dora voice"]);
  expect(ofKind(changes, "round.opened")).toHaveLength(1);
  expect(result.isInvited).toBe(true);
});

test("without a former incident there is no team", () => {
  const state: StartState = { ...aSpaceState(), nextIncidentNumber: 42 };
  expect(back(state)).toMatchObject({ changes: [], result: { back: [] } });
  expect(back(state).result.incident).toBeUndefined();
  expect(missingTeam(state)).toEqual({ outside: [], people: [], deleted: [] });
});

test("an external who is a member by now comes back as that member", () => {
  const known = anExternal({ email: "bo@corp.example" });
  const { changes, result } = back(aTeam([known]));
  expect(ofKind(changes, "responder.joined")).toMatchObject([{ personId: "bo" }]);
  expect(result.back).toMatchObject([{ responder: { id: "r-eve", personId: "bo" } }]);
});
