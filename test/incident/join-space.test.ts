import { joinSpace } from "../../src/incident/join-space";
import type { SpaceState } from "../../src/incident/space-state";
import { aMoment, aSpace, aSpaceState, ofKind } from "../support/builders";

const olga = { personId: "olga", name: "Olga" };

function join(state: Partial<SpaceState> = {}, person = olga) {
  const { changes, result } = joinSpace(aSpaceState(state), person, aMoment());
  return { result, effects: ofKind(changes, "effect.queued").map(({ effect }) => effect.effect) };
}

test("a moderated space takes an operator in as a moderator, and tells them directly", () => {
  expect(join()).toMatchObject({
    result: "adding",
    effects: [
      {
        kind: "membership-add",
        invitee: { by: "person", ...olga },
        isModerator: true,
        asker: { ...olga, isDirect: true },
      },
    ],
  });
});

test("a space without moderation knows no moderators", () => {
  const { effects, result } = join({
    space: aSpace({ isModerated: false }),
    botIsModerator: false,
  });
  expect(result).toBe("adding");
  expect(effects[0]).not.toHaveProperty("isModerator");
});

test.each<[string, Partial<SpaceState>, typeof olga, string]>([
  ["bot may add nobody", { botIsModerator: false }, olga, "bot-not-moderator"],
  ["person is there", {}, { personId: "bo", name: "Bo Alm" }, "already-there"],
  ["person is being added", { pendingMemberships: new Set(["olga"]) }, olga, "adding"],
])("nothing is asked of Webex where the %s", (_why, state, person, result) => {
  expect(join(state, person)).toEqual({ result, effects: [] });
});
