import { UserError } from "../../src/errors";
import { checkedName, startIncident, type StartInput } from "../../src/incident/start-incident";
import type { StartState } from "../../src/incident/space-state";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMoment,
  aPerson,
  aSettings,
  aSpaceState,
  bo,
  notifications,
  NOW,
  ofKind,
  sends,
  SPACE,
  timelineKinds,
} from "../support/builders";

const anasEntry = anEntry(aPerson({ ...ana, id: "r-ana" }), { isModerator: true });

function aStartState(overrides: Partial<StartState> = {}): StartState {
  return { ...aSpaceState(), nextIncidentNumber: 42, ...overrides };
}

function anInput(overrides: Partial<StartInput> = {}): StartInput {
  return {
    name: "payments down",
    by: ana,
    trigger: "command",
    isConfirmed: false,
    isFreshlyRead: false,
    settings: aSettings(),
    ...overrides,
  };
}

test("a start opens the incident, tells the roster, and reads members and conference beside it", () => {
  const state = aStartState({ roster: [anasEntry, anEntry(), anEntry(anExternal())] });

  const { changes, result } = startIncident(state, anInput(), aMoment());

  expect(changes[0]).toEqual({
    kind: "incident.started",
    incident: expect.objectContaining({
      id: "id-1",
      number: 42,
      spaceId: SPACE,
      name: "payments down",
      isDrill: false,
      by: ana,
    }) as unknown,
    at: NOW,
  });
  expect(timelineKinds(changes)).toEqual(["started", "round-opened"]);
  expect(sends(changes)).toEqual(["r-bo webex", "r-eve sms", "r-eve voice"]);
  expect(notifications(changes).every((one) => one.waitsForConference)).toBe(true);
  expect(ofKind(changes, "own-event.queued").map((change) => change.event)).toEqual([
    { kind: "reread-space", spaceId: SPACE },
    { kind: "find-conference", spaceId: SPACE, incidentId: "id-1", roundId: "id-2" },
  ]);
  expect(result).toEqual({
    kind: "started",
    incident: {
      id: "id-1",
      number: 42,
      spaceId: SPACE,
      name: "payments down",
      state: "running",
      isDrill: false,
      startedAt: NOW,
      startedBy: ana,
    },
    counts: { people: 2, webex: 1, sms: 1, voice: 1, unreachable: [] },
    isWaitingForConference: true,
  });
});

test("whoever starts is not written to on Webex, the other moderators are", () => {
  const carol = anEntry(aPerson({ personId: "carol" }), { isModerator: true });
  const { changes } = startIncident(
    aStartState({ roster: [anasEntry, carol] }),
    anInput(),
    aMoment(),
  );
  expect(sends(changes)).toEqual(["r-carol webex"]);
});

test("a space with its own bridge starts with it, and nothing waits", () => {
  const state = aStartState({ bridge: { link: "https://meet.example/1" } });
  const { changes, result } = startIncident(state, anInput(), aMoment());
  expect(ofKind(changes, "incident.started")[0]?.conference).toEqual({
    link: "https://meet.example/1",
    source: "bridge",
  });
  expect(notifications(changes).map((one) => one.waitsForConference)).toEqual([false]);
  expect(ofKind(changes, "own-event.queued").map((change) => change.event.kind)).toEqual([
    "reread-space",
  ]);
  expect(result).toMatchObject({ isWaitingForConference: false });
});

test("a space whose members were read a moment ago is not read again", () => {
  const { changes } = startIncident(aStartState(), anInput({ isFreshlyRead: true }), aMoment());
  expect(ofKind(changes, "own-event.queued").map((change) => change.event.kind)).toEqual([
    "find-conference",
  ]);
});

test("where an incident runs already nothing changes", () => {
  const incident = anIncident();
  expect(startIncident(aStartState({ incident }), anInput(), aMoment())).toEqual({
    changes: [],
    result: { kind: "already-running", incident },
  });
});

describe("with nobody but the person who starts", () => {
  const alone = aStartState({ roster: [anasEntry] });

  test("it asks first", () => {
    expect(startIncident(alone, anInput(), aMoment())).toEqual({
      changes: [],
      result: { kind: "nobody-to-tell" },
    });
  });

  test("it starts once that was confirmed", () => {
    const { changes, result } = startIncident(alone, anInput({ isConfirmed: true }), aMoment());
    expect(result.kind).toBe("started");
    expect(sends(changes)).toEqual([]);
  });

  test("an empty roster asks as well", () => {
    const { result } = startIncident(aStartState({ roster: [] }), anInput(), aMoment());
    expect(result.kind).toBe("nobody-to-tell");
  });
});

test("without Webex Connect an incident for phones only starts all the same, and says who is not told", () => {
  const state = aStartState({ roster: [anasEntry, anEntry(anExternal())] });
  const settings = aSettings({ isSmsReady: false, isVoiceReady: false });
  const { result } = startIncident(state, anInput({ settings }), aMoment());
  expect(result).toMatchObject({
    kind: "started",
    counts: {
      people: 0,
      unreachable: [{ name: "Eve Dahl", reason: "SMS and calls are not set up" }],
    },
  });
});

test("the person who starts by a press is recorded so", () => {
  const { changes } = startIncident(
    aStartState(),
    anInput({ trigger: "press", by: bo }),
    aMoment(),
  );
  expect(ofKind(changes, "round.opened")[0]?.round).toMatchObject({
    trigger: "press",
    openedBy: bo,
  });
});

describe("the name", () => {
  test.each([
    ["as it is", "payments down", "payments down"],
    ["with spaces and lines", "  payments \n\t down ", "payments down"],
    ["of 120 characters", "x".repeat(120), "x".repeat(120)],
    ["of 120 emoji, which are 240 code units", "🔥".repeat(120), "🔥".repeat(120)],
    [
      "with what could mention everybody, which stays data",
      "<@all> $(x) **b**",
      "<@all> $(x) **b**",
    ],
    ["without what turns the text around", "\u202Eevil\u202C", "evil"],
  ])("%s is kept", (_what, name, kept) => {
    expect(checkedName(name)).toBe(kept);
  });

  test.each([
    ["empty", "", "name-missing"],
    ["blank", " \n\t ", "name-missing"],
    ["invisible", "\u200B\u2060\uFEFF", "name-missing"],
    ["of 121 characters", "x".repeat(121), "name-too-long"],
    ["of 121 emoji", "🔥".repeat(121), "name-too-long"],
  ])("%s is refused", (_what, name, code) => {
    expect(() => startIncident(aStartState(), anInput({ name }), aMoment())).toThrow(
      expect.objectContaining({ name: "UserError", code }) as UserError,
    );
  });

  test("that is too long is refused with its length and the limit", () => {
    expect(() => checkedName("x".repeat(130))).toThrow(
      new UserError(
        "name-too-long",
        "The name has 130 characters; 120 is the most that fits into a text message. Please shorten it.",
      ),
    );
  });
});
