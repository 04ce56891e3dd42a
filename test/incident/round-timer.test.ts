import { createRoundTimer } from "../../src/incident/round-timer";
import type { CloseResult } from "../../src/incident/close-round";
import {
  aMoment,
  anIncident,
  aProgressState,
  aSettings,
  bo,
  NOW,
  SPACE,
} from "../support/builders";
import { MemoryDecisions } from "../support/bot-rig";

const round = {
  id: "round-1",
  spaceId: SPACE,
  incidentId: "incident-1",
  trigger: "command" as const,
  openedBy: bo,
  dueAt: NOW,
};

function aTimer(decisions: MemoryDecisions) {
  const announced: CloseResult[] = [];
  const timer = createRoundTimer({
    decisions,
    settings: () => aSettings(),
    dueRounds: () => Promise.resolve([round]),
    nextRoundDueAt: () => Promise.resolve(undefined),
    announce: (_state, result) => {
      announced.push(result);
      return [{ kind: "card.used", cardId: "announced", at: NOW }];
    },
  });
  return { announced, timer };
}

test("a round that is over is closed and spoken of in one decision, once", async () => {
  const decisions = new MemoryDecisions(aProgressState(), aMoment());
  const { announced, timer } = aTimer(decisions);
  await timer.run(round);
  await timer.run(round);
  expect(decisions.triggers).toEqual([{ kind: "due", table: "rounds", id: "round-1", dueAt: NOW }]);
  expect(decisions.changes.map((change) => change.kind)).toEqual([
    "round.closed",
    "timeline.added",
    "card.used",
  ]);
  expect(announced).toMatchObject([{ kind: "closed", openedBy: bo }]);
});

test("a round of an incident before the present one ends and says nothing of the present one", async () => {
  const present = anIncident({ id: "incident-2" });
  const decisions = new MemoryDecisions(aProgressState({ incident: present }), aMoment());
  const { announced, timer } = aTimer(decisions);
  await timer.run(round);
  expect(announced.map(({ kind }) => kind)).toEqual(["outdated"]);
  expect(decisions.changes.map((change) => change.kind)).toEqual(["round.closed", "card.used"]);
});

test("a round that is still open stays open", async () => {
  const state = aProgressState({ openRounds: new Set(["round-1"]) });
  const decisions = new MemoryDecisions(state, aMoment());
  const { announced, timer } = aTimer(decisions);
  await timer.run(round);
  expect(announced.map(({ kind }) => kind)).toEqual(["still-open"]);
  expect(decisions.changes.map((change) => change.kind)).not.toContain("round.closed");
});

test("in a space that is gone the round ends and nobody is told", async () => {
  const decisions = new MemoryDecisions(undefined, aMoment());
  const { announced, timer } = aTimer(decisions);
  await timer.run(round);
  expect(decisions.changes).toEqual([{ kind: "round.closed", roundId: "round-1", at: NOW }]);
  expect(announced).toEqual([]);
});

test("a bug is not taken for a space that is gone", async () => {
  const decisions = new MemoryDecisions(aProgressState(), aMoment());
  jest.spyOn(decisions, "withProgress").mockRejectedValue(new Error("bug"));
  await expect(aTimer(decisions).timer.run(round)).rejects.toThrow("bug");
});
