import { closeRound, type RoundRef } from "../../src/incident/close-round";
import {
  anEntry,
  anExternal,
  anIncident,
  anOutcome,
  aMoment,
  aProgressOf,
  aProgressState,
  aSettings,
  aSpaceState,
  bo,
  NOW,
} from "../support/builders";

const round: RoundRef = {
  id: "round-1",
  incidentId: "incident-1",
  trigger: "command",
  openedBy: bo,
};
const bos = anEntry();
const eves = anEntry(anExternal());

test("a round of which something still waits stays open", () => {
  const state = aProgressState({ openRounds: new Set(["round-1"]) });
  expect(closeRound(state, round, aSettings(), aMoment())).toEqual({
    changes: [],
    result: { kind: "still-open" },
  });
});

test("another round that is still open does not hold it up", () => {
  const state = aProgressState({ openRounds: new Set(["round-2"]) });
  expect(closeRound(state, round, aSettings(), aMoment()).result.kind).toBe("closed");
});

test("a closing round adds one line with its counts to the record", () => {
  const state = aProgressState({
    progress: [
      aProgressOf(bos, { isInvited: true, outcomes: [anOutcome()] }),
      aProgressOf(eves, {
        group: "not-reached",
        outcomes: [anOutcome({ channel: "sms", state: "failed", reason: "unknown number" })],
      }),
    ],
  });
  const { changes, result } = closeRound(state, round, aSettings(), aMoment());
  expect(changes).toEqual([
    { kind: "round.closed", roundId: "round-1", at: NOW },
    {
      kind: "timeline.added",
      incidentId: "incident-1",
      entry: {
        kind: "round-closed",
        at: NOW,
        actor: "muster",
        payload: { total: 2, invited: 1, notReached: 1 },
      },
    },
  ]);
  expect(result).toMatchObject({
    kind: "closed",
    incident: anIncident(),
    openedBy: bo,
    notReached: [{ responderId: "r-eve", name: "Eve Dahl", reason: "unknown number" }],
  });
});

describe("whom nothing reached", () => {
  function notReached(...outcomes: Parameters<typeof anOutcome>[0][]) {
    const progress = [aProgressOf(eves, { outcomes: outcomes.map((one) => anOutcome(one)) })];
    const { result } = closeRound(aProgressState({ progress }), round, aSettings(), aMoment());
    return result.kind === "closed" ? result.notReached.map((one) => one.reason) : [];
  }

  test("is told with every reason once", () => {
    expect(
      notReached(
        { channel: "sms", state: "failed", reason: "the provider refuses it" },
        { channel: "voice", state: "failed", reason: "the provider refuses it" },
      ),
    ).toEqual(["the provider refuses it"]);
    expect(
      notReached(
        { channel: "sms", state: "failed", reason: "a" },
        { channel: "voice", state: "expired", reason: "b" },
      ),
    ).toEqual(["a, b"]);
  });

  test("is told without a reason in words", () => {
    expect(notReached({ channel: "sms", state: "expired" })).toEqual([
      "no answer from the provider",
    ]);
  });

  test("is not who was told on another channel, or in an earlier round", () => {
    expect(
      notReached({ channel: "sms", state: "failed" }, { channel: "voice", state: "accepted" }),
    ).toEqual([]);
    expect(
      notReached(
        { channel: "sms", state: "failed" },
        { channel: "voice", state: "delivered", roundId: "round-0" },
      ),
    ).toEqual([]);
  });

  test("is not who has answered", () => {
    const answer = { answer: "declined", via: "moderator", at: NOW, by: bo } as const;
    const outcomes = [anOutcome({ state: "failed" })];
    const progress = [aProgressOf(eves, { outcomes, answer, group: "declined" })];
    const { result } = closeRound(aProgressState({ progress }), round, aSettings(), aMoment());
    expect(result).toMatchObject({ kind: "closed", notReached: [], counts: { answered: 1 } });
  });

  test("is not who was not part of this round", () => {
    expect(notReached({ channel: "sms", state: "failed", roundId: "round-0" })).toEqual([]);
  });
});

test.each([
  ["another incident runs by now", anIncident({ id: "incident-2" })],
  ["another incident was the last", anIncident({ id: "incident-2", state: "stopped" as const })],
])("a round of before is closed without a word when %s", (_what, latest) => {
  const state = aProgressState({
    latest,
    openRounds: new Set(["round-1"]),
    progress: [aProgressOf(eves, { outcomes: [anOutcome({ state: "failed" })] })],
  });
  expect(closeRound(state, round, aSettings(), aMoment())).toEqual({
    changes: [{ kind: "round.closed", roundId: "round-1", at: NOW }],
    result: { kind: "outdated" },
  });
});

test("a round of an incident that nobody knows any more is closed without a word", () => {
  const state = { ...aSpaceState(), progress: [], openRounds: new Set<string>() };
  expect(closeRound(state, round, aSettings(), aMoment()).result).toEqual({ kind: "outdated" });
});

describe("who has not answered", () => {
  const at = NOW - 60_000;
  const asked = { at, calledAt: at, settledAt: at, reminders: 2, open: [] };
  const bo2 = aProgressOf(bos, { asked });
  const eve = aProgressOf(eves, { asked });

  function close(trigger: RoundRef["trigger"], progress = [bo2, eve]) {
    const state = aProgressState({ roster: [bos, eves], progress });
    const { result } = closeRound(state, { ...round, trigger }, aSettings(), aMoment());
    if (result.kind !== "closed") throw new Error("It was not closed.");
    return result;
  }

  test("is told once nobody will be reminded any more", () => {
    expect(close("timer")).toMatchObject({
      isLastAutomatic: true,
      unanswered: [
        { responderId: "r-bo", name: "Bo Alm" },
        { responderId: "r-eve", name: "Eve Dahl" },
      ],
    });
  });

  test("are not those who answered, who started it, and who was never asked", () => {
    const unasked = aProgressOf(bos);
    const others = [
      { ...bo2, group: "coming" as const },
      { ...bo2, group: "declined" as const },
      { ...bo2, isStarter: true },
      unasked,
    ];
    expect(close("timer", others).unanswered).toEqual([]);
  });

  test("is not the end while somebody will be reminded again", () => {
    const late = { ...bo2, asked: { ...asked, reminders: 1 } };
    expect(close("timer", [late, eve]).isLastAutomatic).toBe(false);
  });

  test("who answered meanwhile keeps nobody waiting for the end", () => {
    const late = { ...bo2, group: "coming" as const, asked: { ...asked, reminders: 1 } };
    expect(close("timer", [late, eve]).isLastAutomatic).toBe(true);
  });

  test.each(["command", "press", "join"] as const)("a round by %s is never the end", (trigger) => {
    expect(close(trigger).isLastAutomatic).toBe(false);
  });
});
