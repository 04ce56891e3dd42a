import { createStatusTimer } from "../../src/incident/status-timer";
import { aMoment, aProgressState, NOW, SPACE } from "../support/builders";
import { MemoryDecisions } from "../support/bot-rig";

const card = { spaceId: SPACE, dueAt: NOW };

function aTimer(decisions: MemoryDecisions) {
  return createStatusTimer({
    decisions,
    dueStatusCards: () => Promise.resolve([card]),
    nextStatusCardDueAt: () => Promise.resolve(undefined),
    refresh: () => [{ kind: "card.used", cardId: "refreshed", at: NOW }],
  });
}

test("a status card is refreshed in one decision, once for each time it is due", async () => {
  const decisions = new MemoryDecisions(aProgressState(), aMoment());
  const timer = aTimer(decisions);
  await timer.run(card);
  await timer.run(card);
  const trigger = { kind: "due", table: "status_cards", id: SPACE, dueAt: NOW };
  expect(decisions.triggers).toEqual([trigger]);
  expect(decisions.changes).toEqual([{ kind: "card.used", cardId: "refreshed", at: NOW }]);
});

test("in a space that is gone nothing is refreshed, and nobody looks again", async () => {
  const decisions = new MemoryDecisions(undefined, aMoment());
  await aTimer(decisions).run(card);
  expect(decisions.changes).toEqual([]);
  expect(decisions.triggers).toHaveLength(1);
});

test("a bug is not taken for a space that is gone", async () => {
  const decisions = new MemoryDecisions(aProgressState(), aMoment());
  jest.spyOn(decisions, "withProgress").mockRejectedValue(new Error("bug"));
  await expect(aTimer(decisions).run(card)).rejects.toThrow("bug");
});
