import { countProgress, progressOf, type NotificationFact } from "../../src/incident/progress";
import { ana, anEntry, anExternal, aPerson, NOW } from "../support/builders";

function aFact(overrides: Partial<NotificationFact> = {}): NotificationFact {
  return {
    responderId: "r-bo",
    roundId: "round-1",
    channel: "webex",
    kind: "invite",
    state: "accepted",
    isUnclear: false,
    createdAt: NOW,
    changedAt: NOW,
    ...overrides,
  };
}

function progressOfBo(...facts: NotificationFact[]) {
  return progressOf([anEntry()], facts, "somebody-else")[0]!;
}

test("everybody on the roster has a line, in its order, whether told or not", () => {
  const roster = [anEntry(anExternal()), anEntry()];
  const progress = progressOf(roster, [aFact()], "ana");
  expect(progress.map((one) => [one.responder.id, one.group, one.channels])).toEqual([
    ["r-eve", "not-reached", ["sms", "voice"]],
    ["r-bo", "waiting", ["webex"]],
  ]);
});

test.each([
  ["nothing was sent", [], "not-reached", false],
  ["it waits", ["queued"], "waiting", false],
  ["it is being sent", ["sending"], "waiting", false],
  ["it was accepted", ["accepted"], "waiting", true],
  ["it was delivered", ["delivered"], "waiting", true],
  ["it failed", ["failed"], "not-reached", false],
  ["it was cancelled", ["cancelled"], "not-reached", false],
  ["it expired", ["expired"], "not-reached", false],
  ["one failed and another waits", ["failed", "queued"], "waiting", false],
  ["one failed and another was accepted", ["accepted", "failed"], "waiting", true],
] as const)("when %s", (_what, states, group, isInvited) => {
  const facts = states.map((state, index) => aFact({ state, roundId: `round-${index}` }));
  expect(progressOfBo(...facts)).toMatchObject({ group, isInvited });
});

test.each([
  ["sms", "delivered", true],
  ["voice", "delivered", true],
  ["sms", "accepted", false],
  // Webex says nothing about reading.
  ["webex", "delivered", false],
  ["webex", "accepted", false],
] as const)("%s that was %s: reached is %s", (channel, state, isReached) => {
  expect(progressOfBo(aFact({ channel, state })).isReached).toBe(isReached);
});

test("whoever started it is in the space already", () => {
  const [starter, other] = progressOf([anEntry(aPerson(ana)), anEntry()], [], "ana");
  expect(starter).toMatchObject({ isStarter: true, group: "coming", isInvited: false });
  expect(other).toMatchObject({ isStarter: false, group: "not-reached" });
});

test("of several rounds the newest counts on each channel", () => {
  const { outcomes } = progressOfBo(
    aFact({ roundId: "round-2", state: "failed", error: "unknown", createdAt: NOW + 1 }),
    aFact({ roundId: "round-1", state: "accepted" }),
    aFact({ channel: "sms", state: "expired", isUnclear: true, changedAt: NOW + 5 }),
  );
  expect(outcomes).toEqual([
    {
      channel: "webex",
      kind: "invite",
      state: "failed",
      maybeSent: false,
      at: NOW,
      roundId: "round-2",
      reason: "unknown",
    },
    {
      channel: "sms",
      kind: "invite",
      state: "expired",
      maybeSent: true,
      at: NOW + 5,
      roundId: "round-1",
    },
  ]);
});

test("what was sent to others changes nothing", () => {
  expect(progressOfBo(aFact({ responderId: "r-carol" })).group).toBe("not-reached");
});

test("the counts add up: everybody is in exactly one group", () => {
  const roster = ["a", "b", "c", "d"].map((personId) => anEntry(aPerson({ personId })));
  const facts = [
    aFact({ responderId: "r-b", state: "accepted" }),
    aFact({ responderId: "r-c", channel: "sms", state: "delivered" }),
    aFact({ responderId: "r-d", state: "failed" }),
  ];
  expect(countProgress(progressOf(roster, facts, "a"))).toEqual({
    total: 4,
    invited: 2,
    reached: expect.any(Number) as unknown,
    coming: 1,
    declined: 0,
    waiting: 2,
    notReached: 1,
  });
  expect(countProgress([])).toEqual({
    total: 0,
    invited: 0,
    reached: 0,
    coming: 0,
    declined: 0,
    waiting: 0,
    notReached: 0,
  });
});
