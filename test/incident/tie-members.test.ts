import { addKnownExternals } from "../../src/incident/add-externals";
import { tieMembers } from "../../src/incident/tie-members";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMember,
  aMoment,
  aPerson,
  aSettings,
  aSpaceState,
  NOW,
  ofKind,
  sends,
  SPACE,
} from "../support/builders";

const eve = anExternal({ email: "EVE@corp.example" });
const member = aMember({ personId: "eve", name: "Eve Webex", email: "Eve@Corp.example" });
const line = anEntry(aPerson({ id: "r-webex", personId: "eve" }));
const here = { members: [member], roster: [line], incident: anIncident() };
const input = { by: ana, settings: aSettings() };

test("a member's phone comes onto their line, and only it is told", () => {
  const { changes, result } = addKnownExternals(aSpaceState(here), [eve], input, aMoment());
  expect(ofKind(changes, "responder.joined")).toEqual([
    {
      kind: "responder.joined",
      responderId: "r-eve",
      personId: "eve",
      replacesId: "r-webex",
      at: NOW,
    },
  ]);
  expect(ofKind(changes, "roster.set")).toMatchObject([
    { responderId: "r-eve", channels: { webex: true, sms: true, voice: true } },
  ]);
  expect(sends(changes)).toEqual(["r-eve sms", "r-eve voice"]);
  expect(result.added).toEqual([{ ...eve, name: "Eve Webex", personId: "eve" }]);
});

test("whoever comes with them is told on every channel", () => {
  const gil = anExternal({ id: "r-gil", email: "gil@out.example" });
  const { changes } = addKnownExternals(aSpaceState(here), [eve, gil], input, aMoment());
  expect(sends(changes)).toEqual([
    "r-eve sms",
    "r-eve voice",
    "r-gil webex",
    "r-gil sms",
    "r-gil voice",
  ]);
});

test("a member without a new channel is told nothing, and is not called unreachable", () => {
  const settings = aSettings({ isSmsReady: false, isVoiceReady: false });
  const state = aSpaceState(here);
  const { changes, result } = addKnownExternals(state, [eve], { ...input, settings }, aMoment());
  expect(ofKind(changes, "round.opened")).toEqual([]);
  expect(result).toMatchObject({ added: [{ name: "Eve Webex" }], invited: undefined });
});

test("of two with a member's address the first is the member", () => {
  const entries = [anEntry(eve), anEntry({ ...eve, id: "r-other" })];
  const { changes } = tieMembers(aSpaceState(here), entries, aMoment());
  expect(ofKind(changes, "responder.joined")).toHaveLength(1);
});

test("a member who is not on the roster is looked for by reading the space anew", () => {
  const state = aSpaceState({ ...here, roster: [] });
  const { changes, entries } = tieMembers(state, [anEntry(eve)], aMoment());
  expect(changes).toEqual([
    { kind: "own-event.queued", event: { kind: "reread-space", spaceId: SPACE }, at: NOW },
  ]);
  expect(entries).toEqual([anEntry(eve)]);
});

test.each([
  ["a bot's", { ...here, members: [{ ...member, isBot: true }] }, eve],
  ["nobody's here", { ...here, members: [] }, eve],
  ["whose membership changes", { ...here, pendingMemberships: new Set(["eve"]) }, eve],
  ["who is added by it", { ...here, pendingMemberships: new Set(["Eve@corp.example"]) }, eve],
  ["a person's already", here, { ...eve, personId: "dan" }],
])("an address that is %s ties nobody", (_whose, state, responder) => {
  const entries = [anEntry(responder)];
  expect(tieMembers(aSpaceState(state), entries, aMoment())).toMatchObject({
    changes: [],
    entries,
  });
});
