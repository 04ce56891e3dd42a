import { decideMembership } from "../../src/bot/membership-results";
import type { Effect } from "../../src/notify/outbox-row";
import type { MembershipResult } from "../../src/notify/run-effect";
import type { KnownExternal } from "../../src/incident/space-state";
import {
  ana,
  aMember,
  anEntry,
  anExternal,
  aProgressState,
  aSettings,
  ofKind,
  sends,
  SPACE,
} from "../support/builders";
import { aRig, deeds } from "../support/bot-rig";
import { anEffectRow } from "../support/outbox-builders";

const dan = aMember({ personId: "dan", name: "Dan Ek" });
const add: Effect = {
  kind: "membership-add",
  spaceId: SPACE,
  invitee: { by: "email", email: dan.email },
  asker: ana,
};
const remove: Effect = { kind: "membership-remove", spaceId: SPACE, personId: "bo", asker: ana };
const added: MembershipResult = { kind: "added", member: dan };
const removed: MembershipResult = { kind: "removed" };
const refused: MembershipResult = { kind: "refused", reason: "Webex does not allow it" };

async function aResult(
  effect: Effect,
  result: MembershipResult,
  options: Parameters<typeof aRig>[0] = {},
  externals: KnownExternal[] = [],
) {
  const rig = aRig(options);
  rig.decisions.externals = externals;
  await decideMembership(
    rig.decisions,
    { botName: "Muster", settings: aSettings() },
    anEffectRow(effect),
    result,
    {
      id: "effect-1",
      leaseToken: "lease",
      state: "accepted",
      keyNumber: 1,
      unclearSince: null,
      maybeSent: false,
    },
  );
  return rig;
}

test("somebody who was added is on the roster, and invited during an incident", async () => {
  const { incident } = aProgressState();
  const rig = await aResult(add, added, incident ? { state: { incident } } : {});
  expect(ofKind(rig.changes, "roster.set")).toHaveLength(1);
  expect(sends(rig.changes)).toEqual([expect.stringContaining("webex")]);
  expect(rig.said).toEqual(["Dan Ek is in the space and is told now."]);
});

test.each([
  ["who asked in the space", ana, ["Dan Ek is in the space.", "Dan Ek"]],
  ["for a team that is told of as a whole", { ...ana, isTeam: true }, ["Dan Ek"]],
  ["directly", { ...ana, isDirect: true }, ["You are in **Payments** now.", "Dan Ek"]],
])("who was on the roster with a phone is told of to the space: %s", async (_who, asker, lines) => {
  const responder = anExternal({ id: "r-dan", name: "Dan", email: dan.email });
  const roster = [anEntry(responder)];
  const known = [{ responder, rosters: [] }];
  const rig = await aResult({ ...add, asker }, added, { state: { roster } }, known);
  const what = "Dan (Dan Ek), who had only a phone here, is on Webex now: one entry, numbers kept.";
  expect(rig.said).toEqual([...lines.slice(0, -1), what]);
  const to = ofKind(rig.changes, "effect.queued").at(-1)?.effect.effect;
  expect(to).toMatchObject({ to: { kind: "space", spaceId: SPACE } });
});

test("somebody who was removed is off the roster", async () => {
  const rig = await aResult(remove, removed);
  expect(deeds(rig.changes)).toEqual(["member.gone", "roster.removed", "notifications.cancelled"]);
  expect(rig.said).toEqual(["Bo Alm is no longer in the space."]);
});

test.each([
  ["adding", add],
  ["removing", remove],
])("where Webex refuses %s, only the reason is told", async (_what, effect) => {
  const rig = await aResult(effect, refused);
  expect(deeds(rig.changes)).toEqual([]);
  expect(rig.said).toEqual([expect.stringMatching(/: Webex does not allow it\.$/)]);
});

test.each([
  ["adding", add, added],
  ["removing", remove, removed],
  ["removing that was refused", remove, refused],
])("%s in a space that is gone by now ends, and changes nothing", async (_what, effect, result) => {
  const rig = await aResult(effect, result, { isGone: true });
  expect(rig.changes).toEqual([]);
  expect(rig.decisions.triggers.map(({ kind }) => kind)).toEqual(["effect"]);
});
