import {
  planStop,
  stopIncident,
  type StopInput,
  type Stopper,
} from "../../src/incident/stop-incident";
import type { ProgressState } from "../../src/incident/space-state";
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
  aProgressState,
  aSettings,
  aSpace,
  aSpaceState,
  bo,
  NOW,
  ofKind,
  SPACE,
  theBot,
  timelineKinds,
} from "../support/builders";

const carol = { personId: "carol", name: "carol" };

/** Ana moderates, Bo and Carol do not; a second bot is there; Eve has only a phone. */
function aRunningState(overrides: Partial<ProgressState> = {}): ProgressState {
  return aProgressState({
    incident: anIncident(),
    members: [
      theBot(),
      aMember({ ...ana, isModerator: true }),
      aMember(),
      aMember({ personId: "carol" }),
      aMember({ personId: "other-bot", isBot: true }),
    ],
    roster: [
      anEntry(aPerson(ana), { isModerator: true }),
      anEntry(),
      anEntry(aPerson({ personId: "carol" })),
      anEntry(anExternal()),
    ],
    ...overrides,
  });
}

const nobody: ReadonlySet<string> = new Set();
const anaStops: Stopper = { by: ana, operatorIds: nobody };
const settings = aSettings();
const remove: StopInput = { incidentId: "incident-1", ...anaStops, removes: true, settings };
const eve = { responderId: "r-eve", name: "Eve Dahl" };

function removedBy(state: ProgressState, input = remove): string[] {
  return ofKind(stopIncident(state, input, aMoment()).changes, "effect.queued").map(({ effect }) =>
    effect.effect.kind === "membership-remove" ? effect.effect.personId : effect.effect.kind,
  );
}

test("the plan names everybody but moderators, bots and the person who stops", () => {
  expect(planStop(aRunningState(), anaStops).toRemove).toEqual([bo, carol]);
  expect(planStop(aRunningState(), { ...anaStops, by: carol }).toRemove).toEqual([bo]);
});

test("the plan names the people with a phone who would leave the roster", () => {
  expect(planStop(aRunningState(), anaStops).externals).toEqual([eve]);
});

test("the plan is in the order of names, whatever the order of the list", () => {
  const { members, roster } = aRunningState();
  const adam = anEntry(anExternal({ id: "r-adam", name: "ädam" }));
  const state = aRunningState({ members: members.toReversed(), roster: [...roster, adam] });
  const plan = planStop(state, anaStops);
  expect(plan.toRemove.map(({ name }) => name)).toEqual(["Bo Alm", "carol"]);
  expect(plan.externals.map(({ name }) => name)).toEqual(["ädam", "Eve Dahl"]);
});

test("an operator is not removed, though they do not moderate this space", () => {
  const operatorIds = new Set(["bo"]);
  expect(planStop(aRunningState(), { by: ana, operatorIds }).toRemove).toEqual([carol]);
  expect(removedBy(aRunningState(), { ...remove, operatorIds })).toEqual(["carol"]);
});

test("a stop ends the incident, cancels what waits, and keeps the roster from before as the team", () => {
  const { changes, result } = stopIncident(
    aRunningState(),
    { ...remove, removes: false },
    aMoment(),
  );
  expect(changes).toEqual([
    { kind: "incident.stopped", incidentId: "incident-1", by: ana, reason: "command", at: NOW },
    {
      kind: "notifications.cancelled",
      filter: { incidentId: "incident-1", reason: "the incident is over" },
    },
    {
      kind: "team.kept",
      incidentId: "incident-1",
      members: [
        { responderId: "r-ana", channels: { webex: true, sms: false, voice: false } },
        { responderId: "r-bo", channels: { webex: true, sms: false, voice: false } },
        { responderId: "r-carol", channels: { webex: true, sms: false, voice: false } },
        { responderId: "r-eve", channels: { webex: false, sms: true, voice: true } },
      ],
    },
    {
      kind: "timeline.added",
      incidentId: "incident-1",
      entry: { kind: "stopped", at: NOW, actor: "ana", payload: { by: "Ana Berg" } },
    },
  ]);
  expect(result).toEqual({
    incident: { ...anIncident(), state: "stopped", stoppedAt: NOW, stoppedBy: ana },
    removing: 0,
    dropped: 0,
    cannotRemove: false,
    endsMeeting: false,
  });
});

describe("the meeting that was opened for the incident", () => {
  const meetingEnds = (state: ProgressState, input: StopInput) => {
    const { changes, result } = stopIncident(state, input, aMoment());
    const ends = ofKind(changes, "effect.queued").filter(
      ({ effect }) => effect.effect.kind === "meeting-end",
    );
    expect(result.endsMeeting).toBe(ends.length > 0);
    return ends.map(({ effect }) => effect);
  };
  const inMeeting = aRunningState({ incident: anIncident({ conference: aMeeting() }) });

  test("is ended by a stop with removal, once", () => {
    expect(meetingEnds(inMeeting, remove)).toEqual([
      expect.objectContaining({
        effect: {
          kind: "meeting-end",
          spaceId: SPACE,
          meetingId: "meeting-1",
          grantId: "grant-1",
          hostName: ana.name,
          asker: { ...ana, incidentId: "incident-1", isStop: true },
        },
        spaceId: SPACE,
        expiresAt: NOW + 30 * 60_000,
        uniqueKey: "meeting-end:incident-1",
      }),
    ]);
  });

  test("is ended also where the bot may remove nobody, or the talk moved to a bridge", () => {
    expect(meetingEnds({ ...inMeeting, botIsModerator: false }, remove)).toHaveLength(1);
    const { meeting } = aMeeting();
    const conference = { link: "https://meet.example/1", source: "bridge", meeting } as const;
    const moved = aRunningState({ incident: anIncident({ conference }) });
    expect(meetingEnds(moved, remove)).toHaveLength(1);
  });

  test("goes on after a stop that keeps everyone", () => {
    expect(meetingEnds(inMeeting, { ...remove, removes: false })).toEqual([]);
  });

  test("is none where people talked elsewhere", () => {
    const conference = { link: "https://meet.example/1", source: "bridge" } as const;
    expect(meetingEnds(aRunningState({ incident: anIncident({ conference }) }), remove)).toEqual(
      [],
    );
    expect(meetingEnds(aRunningState(), remove)).toEqual([]);
  });
});

test("a stop with removal asks Webex for each person, and takes the externals off at once", () => {
  const { changes, result } = stopIncident(aRunningState(), remove, aMoment());
  expect(result).toMatchObject({ removing: 2, dropped: 1, cannotRemove: false });
  expect(ofKind(changes, "roster.removed")).toEqual([
    { kind: "roster.removed", spaceId: SPACE, responderId: "r-eve" },
  ]);
  expect(ofKind(changes, "effect.queued").map((change) => change.effect)).toEqual([
    expect.objectContaining({
      effect: {
        kind: "membership-remove",
        spaceId: SPACE,
        personId: "bo",
        asker: { ...ana, incidentId: "incident-1", isStop: true },
      },
      spaceId: SPACE,
      dueAt: NOW,
      expiresAt: NOW + 30 * 60_000,
    }),
    expect.objectContaining({
      effect: expect.objectContaining({ personId: "carol" }) as unknown,
    }),
  ]);
});

test("the team is kept with those whom the stop removes", () => {
  const { changes } = stopIncident(aRunningState(), remove, aMoment());
  const [team] = ofKind(changes, "team.kept");
  expect(team?.members.map((member) => member.responderId)).toContain("r-eve");
  expect(team?.members.map((member) => member.responderId)).toContain("r-bo");
});

describe("whom a stop removes is worked out at the press", () => {
  test("somebody who was made a moderator meanwhile stays", () => {
    const members = aRunningState().members.map((member) =>
      member.personId === "bo" ? { ...member, isModerator: true } : member,
    );
    expect(removedBy(aRunningState({ members }))).toEqual(["carol"]);
  });

  test("somebody who left meanwhile is not asked for", () => {
    const members = aRunningState().members.filter((member) => member.personId !== "bo");
    expect(removedBy(aRunningState({ members }))).toEqual(["carol"]);
  });

  test("the person who stops stays, moderator or not", () => {
    expect(removedBy(aRunningState(), { ...remove, by: bo })).toEqual(["carol"]);
  });
});

test("where the bot may not remove people it stops all the same and says so", () => {
  const state = aRunningState({ botIsModerator: false });
  const { changes, result } = stopIncident(state, remove, aMoment());
  expect(result).toMatchObject({ removing: 0, dropped: 1, cannotRemove: true });
  expect(ofKind(changes, "effect.queued")).toEqual([]);
  expect(ofKind(changes, "incident.stopped")).toHaveLength(1);
  expect(ofKind(changes, "roster.removed")).toHaveLength(1);
});

test("in a space without moderation the bot may remove people", () => {
  const state = aRunningState({ botIsModerator: false, space: aSpace({ isModerated: false }) });
  expect(removedBy(state)).toEqual(["bo", "carol"]);
});

test("with nobody to remove it does not complain that it may not", () => {
  const state = aRunningState({ botIsModerator: false, members: [theBot()] });
  expect(stopIncident(state, remove, aMoment()).result.cannotRemove).toBe(false);
});

test("at the end of a drill nobody is removed, whatever was pressed", () => {
  const state = aRunningState({ incident: anIncident({ isDrill: true }) });
  expect(planStop(state, anaStops)).toMatchObject({ toRemove: [], externals: [] });
  const { changes, result } = stopIncident(state, remove, aMoment());
  expect(result).toMatchObject({ removing: 0, dropped: 0 });
  expect(ofKind(changes, "effect.queued")).toEqual([]);
  expect(ofKind(changes, "roster.removed")).toEqual([]);
  expect(timelineKinds(changes)).toEqual(["stopped"]);
});

test("a confirmation is refused once the incident is over, also when another one runs", () => {
  const another = aRunningState({ incident: anIncident({ id: "incident-2" }) });
  const quiet = aProgressState();
  delete quiet.incident;
  for (const state of [quiet, another])
    expect(() => stopIncident(state, remove, aMoment())).toThrow(
      expect.objectContaining({ name: "UserError", code: "already-stopped" }) as Error,
    );
});

test("asking to stop where nothing runs is refused", () => {
  expect(() => planStop(aSpaceState(), anaStops)).toThrow(
    expect.objectContaining({ name: "UserError", code: "nothing-running" }) as Error,
  );
});

test("an external who is a member is removed as one, and counted once", () => {
  const eve = anExternal({ personId: "eve" });
  const asMember = aMember({ personId: "eve", name: "Eve on Webex" });
  const plan = (members: readonly Member[]) =>
    planStop(aSpaceState({ incident: anIncident(), members, roster: [anEntry(eve)] }), {
      by: ana,
      operatorIds: new Set<string>(),
    });
  expect(plan([asMember])).toMatchObject({ toRemove: [{ personId: "eve" }], externals: [] });
  expect(plan([])).toMatchObject({ toRemove: [], externals: [{ responderId: "r-eve" }] });
});
