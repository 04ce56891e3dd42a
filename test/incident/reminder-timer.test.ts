import { createReminderTimer } from "../../src/incident/reminder-timer";
import { MemoryDecisions } from "../support/bot-rig";
import {
  anEntry,
  aMoment,
  aProgressOf,
  aProgressState,
  aSettings,
  NOW,
  ofKind,
  sends,
  SPACE,
} from "../support/builders";

const MINUTE = 60_000;
const due = { id: "incident-1", spaceId: SPACE, dueAt: NOW };

function aTimer(decisions: MemoryDecisions) {
  return createReminderTimer({
    decisions,
    settings: () => aSettings(),
    dueReminders: () => Promise.resolve([due]),
    nextReminderDueAt: () => Promise.resolve(undefined),
    announce: (_state, { kind }) => [{ kind: "card.used", cardId: kind, at: NOW }],
  });
}

test("who is silent is reminded in one decision, once for each time it is due", async () => {
  const at = NOW - 5 * MINUTE;
  const asked = { at, calledAt: at, settledAt: at, reminders: 0, open: [] };
  const bos = anEntry();
  const progress = [aProgressOf(bos, { asked })];
  const decisions = new MemoryDecisions(aProgressState({ roster: [bos], progress }), aMoment());
  const timer = aTimer(decisions);
  await timer.run(due);
  await timer.run(due);
  expect(decisions.triggers).toEqual([
    { kind: "due", table: "incidents", id: "incident-1", dueAt: NOW },
  ]);
  expect(sends(decisions.changes)).toEqual(["r-bo webex"]);
  expect(ofKind(decisions.changes, "card.used").map(({ cardId }) => cardId)).toEqual(["reminded"]);
});

test("in a space that is gone nobody is reminded, and nobody looks again", async () => {
  const decisions = new MemoryDecisions(undefined, aMoment());
  await aTimer(decisions).run(due);
  expect(decisions.changes).toEqual([]);
  expect(decisions.triggers).toHaveLength(1);
});

test("a bug is not taken for a space that is gone", async () => {
  const decisions = new MemoryDecisions(aProgressState(), aMoment());
  jest.spyOn(decisions, "withProgress").mockRejectedValue(new Error("bug"));
  await expect(aTimer(decisions).run(due)).rejects.toThrow("bug");
});
