import { closeRound } from "../../src/incident/close-round";
import {
  anEntry,
  anExternal,
  anIncident,
  anOutcome,
  aMoment,
  aProgressOf,
  aProgressState,
  aSpaceState,
  bo,
  NOW,
} from "../support/builders";

const round = { id: "round-1", incidentId: "incident-1", openedBy: bo };
const bos = anEntry();
const eves = anEntry(anExternal());

test("a round of which something still waits stays open", () => {
  const state = aProgressState({ openRounds: new Set(["round-1"]) });
  expect(closeRound(state, round, aMoment())).toEqual({
    changes: [],
    result: { kind: "still-open" },
  });
});

test("another round that is still open does not hold it up", () => {
  const state = aProgressState({ openRounds: new Set(["round-2"]) });
  expect(closeRound(state, round, aMoment()).result.kind).toBe("closed");
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
  const { changes, result } = closeRound(state, round, aMoment());
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
    const { result } = closeRound(aProgressState({ progress }), round, aMoment());
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
  expect(closeRound(state, round, aMoment())).toEqual({
    changes: [{ kind: "round.closed", roundId: "round-1", at: NOW }],
    result: { kind: "outdated" },
  });
});

test("a round of an incident that nobody knows any more is closed without a word", () => {
  const state = { ...aSpaceState(), progress: [], openRounds: new Set<string>() };
  expect(closeRound(state, round, aMoment()).result).toEqual({ kind: "outdated" });
});
