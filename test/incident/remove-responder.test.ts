import {
  membershipRemoved,
  removeResponders,
  type RemoveResult,
} from "../../src/incident/remove-responder";
import type { SpaceState } from "../../src/incident/space-state";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMember,
  aMoment,
  aPerson,
  aSpace,
  aSpaceState,
  bo,
  NOW,
  ofKind,
  SPACE,
} from "../support/builders";

const bos = anEntry();
const eves = anEntry(anExternal());

/** What became of whom; nobody else was concerned. */
function became(result: Partial<RemoveResult>): RemoveResult {
  return { removed: [], removing: [], moderators: [], notAllowed: [], ...result };
}

const offTheRoster = (responderId: string) => [
  { kind: "roster.removed", spaceId: SPACE, responderId },
  {
    kind: "notifications.cancelled",
    // Somebody whom the stop itself removes is still told that it is over.
    filter: { spaceId: SPACE, responderId, sparesStop: true, reason: "removed from the roster" },
  },
];

function removedOnTimeline(incidentId: string, name: string) {
  return {
    kind: "timeline.added",
    incidentId,
    entry: { kind: "removed", at: NOW, actor: "ana", payload: { name, by: "Ana Berg" } },
  };
}

describe("removing", () => {
  test("an external takes them off the roster and cancels what waits for them", () => {
    expect(removeResponders(aSpaceState({ roster: [eves] }), [eves], ana, aMoment())).toEqual({
      changes: offTheRoster("r-eve"),
      result: became({ removed: [eves] }),
    });
  });

  test("an external needs no right at Webex", () => {
    const state = aSpaceState({ roster: [eves], botIsModerator: false });
    expect(removeResponders(state, [eves], ana, aMoment()).result.removed).toEqual([eves]);
  });

  test("during an incident is recorded", () => {
    const state = aSpaceState({ roster: [eves], incident: anIncident() });
    expect(removeResponders(state, [eves], ana, aMoment()).changes).toEqual([
      ...offTheRoster("r-eve"),
      removedOnTimeline("incident-1", "Eve Dahl"),
    ]);
  });

  test("a Webex person asks Webex first and changes nothing else", () => {
    const { changes, result } = removeResponders(aSpaceState(), [bos], ana, aMoment());
    expect(changes).toEqual([
      {
        kind: "effect.queued",
        effect: expect.objectContaining({
          effect: { kind: "membership-remove", spaceId: SPACE, personId: "bo", asker: ana },
          spaceId: SPACE,
        }) as unknown,
      },
    ]);
    expect(result).toEqual(became({ removing: [bos] }));
  });

  test("a moderator is left where they are", () => {
    const entry = anEntry(aPerson({ personId: "carol" }), { isModerator: true });
    expect(removeResponders(aSpaceState({ roster: [entry] }), [entry], ana, aMoment())).toEqual({
      changes: [],
      result: became({ moderators: [entry] }),
    });
  });

  test("a Webex person is refused where the bot is not a moderator of a moderated space", () => {
    const state = aSpaceState({ botIsModerator: false });
    expect(() => removeResponders(state, [bos], ana, aMoment())).toThrow(
      expect.objectContaining({ name: "UserError", code: "bot-not-moderator" }) as Error,
    );
    const open = aSpaceState({ botIsModerator: false, space: aSpace({ isModerated: false }) });
    expect(removeResponders(open, [bos], ana, aMoment()).result.removing).toEqual([bos]);
  });
});

describe("removing several at once", () => {
  const carols = anEntry(aPerson({ personId: "carol" }), { isModerator: true });
  const dans = anEntry(aPerson({ personId: "dan" }));
  const roster = [eves, bos, carols, dans];

  test("takes the externals off, asks Webex for each of the others, and leaves moderators", () => {
    const { changes, result } = removeResponders(aSpaceState({ roster }), roster, ana, aMoment());
    const asked = ofKind(changes, "effect.queued").map(({ effect: { effect } }) => effect);
    expect(asked).toEqual(
      ["bo", "dan"].map((personId) => ({
        kind: "membership-remove",
        spaceId: SPACE,
        personId,
        asker: ana,
      })),
    );
    expect(ofKind(changes, "roster.removed").map((one) => one.responderId)).toEqual(["r-eve"]);
    expect(result).toEqual(
      became({ removed: [eves], removing: [bos, dans], moderators: [carols] }),
    );
  });

  test("does without Webex what it may do where the bot is not a moderator", () => {
    const state = aSpaceState({ roster, botIsModerator: false });
    const { changes, result } = removeResponders(state, roster, ana, aMoment());
    expect(changes).toEqual(offTheRoster("r-eve"));
    expect(result).toEqual(
      became({ removed: [eves], moderators: [carols], notAllowed: [bos, dans] }),
    );
  });
});

describe("what Webex said to a removal", () => {
  const granted = { personId: "bo", by: ana, outcome: { kind: "removed" } } as const;
  const refused = {
    personId: "bo",
    by: ana,
    outcome: { kind: "refused", reason: "Webex does not allow it" },
  } as const;
  const gone = { kind: "member.gone", spaceId: SPACE, personId: "bo" };

  test("granted, the person is off the roster and gets nothing more", () => {
    expect(membershipRemoved(aSpaceState(), granted, aMoment())).toEqual({
      changes: [gone, ...offTheRoster("r-bo")],
      result: { name: "Bo Alm", isRemoved: true },
    });
  });

  test("granted for a stop, it is on the record of the incident that was stopped", () => {
    const input = { ...granted, stoppedIncidentId: "incident-1" };
    expect(membershipRemoved(aSpaceState(), input, aMoment()).changes).toContainEqual(
      removedOnTimeline("incident-1", "Bo Alm"),
    );
    const next = aSpaceState({ incident: anIncident({ id: "incident-2" }) });
    expect(ofKind(membershipRemoved(next, input, aMoment()).changes, "timeline.added")).toEqual([
      removedOnTimeline("incident-1", "Bo Alm"),
    ]);
  });

  test("granted for somebody who was no responder, the member is gone", () => {
    expect(membershipRemoved(aSpaceState({ roster: [] }), granted, aMoment())).toEqual({
      changes: [gone],
      result: { name: "Bo Alm", isRemoved: true },
    });
  });

  test("refused, the roster stays as it is and nothing is cancelled", () => {
    expect(membershipRemoved(aSpaceState(), refused, aMoment())).toEqual({
      changes: [],
      result: { name: "Bo Alm", isRemoved: false },
    });
  });

  test.each([
    ["the running incident", { ...refused }, "incident-7"],
    ["the stopped incident", { ...refused, stoppedIncidentId: "incident-1" }, "incident-1"],
  ])("refused, the reason is on the record of %s", (_what, input, incidentId) => {
    const state = aSpaceState({ incident: anIncident({ id: "incident-7" }) });
    expect(membershipRemoved(state, input, aMoment()).changes).toEqual([
      {
        kind: "timeline.added",
        incidentId,
        entry: {
          kind: "removal-refused",
          at: NOW,
          actor: "ana",
          payload: { name: bo.name, reason: "Webex does not allow it" },
        },
      },
    ]);
  });

  test("somebody whom nobody knows any more is called so", () => {
    const state = aSpaceState({ roster: [], members: [] });
    expect(membershipRemoved(state, granted, aMoment()).result.name).toBe("this person");
  });
});

test("an external who is a member leaves the space as well, and elsewhere only the roster", () => {
  const entry = anEntry(anExternal({ personId: "eve" }));
  const asMember = aMember({ personId: "eve" });
  const remove = (state: SpaceState) => removeResponders(state, [entry], ana, aMoment()).result;
  expect(remove(aSpaceState({ roster: [entry], members: [asMember] }))).toMatchObject({
    removed: [],
    removing: [entry],
  });
  expect(remove(aSpaceState({ roster: [entry], members: [] }))).toMatchObject({
    removed: [entry],
    removing: [],
  });
});
