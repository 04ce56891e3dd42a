import { askedBy } from "../../src/incident/asked";
import { aFact, NOW } from "../support/builders";

const reminder = { kind: "reminder", roundId: "round-2", createdAt: NOW + 1_000 } as const;

test("who was never asked to come is told apart", () => {
  expect(askedBy([])).toBeUndefined();
  expect(askedBy([aFact({ kind: "update" }), aFact({ kind: "message" })])).toBeUndefined();
});

test("the newest invite or reminder counts, whatever was told since", () => {
  const facts = [
    aFact({ changedAt: NOW + 200 }),
    aFact({ kind: "update", roundId: "round-9", createdAt: NOW + 9_000 }),
  ];
  const settled = { at: NOW, calledAt: NOW, settledAt: NOW + 200 };
  expect(askedBy(facts)).toEqual({ ...settled, reminders: 0, open: [] });
  expect(askedBy([aFact(reminder), ...facts])).toMatchObject({ at: NOW + 1_000 });
});

test("the first of a round that went out, or ended, settles it", () => {
  const facts = [
    aFact({ channel: "sms", state: "failed", changedAt: NOW + 90 }),
    aFact({ changedAt: NOW + 200 }),
    aFact({ channel: "voice", state: "queued", changedAt: NOW }),
  ];
  expect(askedBy(facts)).toMatchObject({ settledAt: NOW + 90, open: ["voice"] });
});

test("nothing settles a round of which all waits, nor what came before it", () => {
  const facts = [aFact(), aFact({ ...reminder, state: "sending" })];
  expect(askedBy(facts)).toEqual({
    at: NOW + 1_000,
    calledAt: NOW,
    reminders: 0,
    open: ["webex"],
  });
});

test("reminders by the time are counted by round, a moderator's are not", () => {
  const facts = [
    aFact(),
    aFact({ ...reminder, isByTimer: true }),
    aFact({ ...reminder, isByTimer: true, channel: "sms" }),
    aFact({ ...reminder, roundId: "round-3" }),
    aFact({ ...reminder, roundId: "round-4", isByTimer: true, state: "cancelled" }),
  ];
  expect(askedBy(facts)?.reminders).toBe(2);
});

test("a moderator's reminder asks, but it is not what called somebody last", () => {
  const later = { ...reminder, roundId: "round-3", createdAt: NOW + 2_000 };
  expect(askedBy([aFact(), aFact({ ...reminder, isByTimer: true }), aFact(later)])).toMatchObject({
    at: NOW + 2_000,
    calledAt: NOW + 1_000,
  });
  expect(askedBy([aFact(later)])).toMatchObject({ at: NOW + 2_000, calledAt: 0 });
});
