import { countProgress, progressOf, type NotificationFact } from "../../src/incident/progress";
import { aFact, ana, anEntry, anExternal, aPerson, NOW } from "../support/builders";

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
  ["sms", "accepted", false],
  ["voice", "accepted", false],
  // Webex says nothing about reading.
  ["webex", "delivered", false],
  ["webex", "accepted", false],
] as const)("%s that was %s: reached is %s", (channel, state, isReached) => {
  expect(progressOfBo(aFact({ channel, state })).isReached).toBe(isReached);
});

test.each([
  [undefined, false],
  [0, false],
  [9, false],
  [10, true],
])("a call that was heard for %s seconds: reached is %s", (seconds, isReached) => {
  const fact = aFact({
    channel: "voice",
    state: "delivered",
    ...(seconds === undefined ? {} : { seconds }),
  });
  expect(progressOfBo(fact).isReached).toBe(isReached);
});

test("any answer reaches, and decides the group, also of who started it", () => {
  const said = (answer: "coming" | "declined") =>
    new Map([["r-bo", { answer, via: "sms" as const, at: 0 }]]);
  const [one] = progressOf([anEntry()], [], "somebody-else", said("declined"));
  expect(one).toMatchObject({ group: "declined", isReached: true, isInvited: false });
  const [starter] = progressOf([anEntry()], [], "bo", said("declined"));
  expect(starter).toMatchObject({ group: "declined", isStarter: true });
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
    answered: 0,
    coming: 1,
    declined: 0,
    inMeeting: 0,
    waiting: 2,
    notReached: 1,
  });
  expect(countProgress([])).toEqual({
    total: 0,
    invited: 0,
    reached: 0,
    answered: 0,
    coming: 0,
    declined: 0,
    inMeeting: 0,
    waiting: 0,
    notReached: 0,
  });
});

describe("where somebody was told", () => {
  test("counts what arrived, and what may have", () => {
    const one = progressOfBo(
      aFact(),
      aFact({ channel: "sms", state: "failed" }),
      aFact({ channel: "voice", state: "expired", isUnclear: true, roundId: "round-2" }),
    );
    expect(one).toMatchObject({ isInvited: true, toldOn: ["webex", "voice"] });
    expect(progressOfBo(aFact({ state: "sending" }))).toMatchObject({
      isInvited: false,
      toldOn: ["webex"],
    });
    expect(progressOfBo(aFact({ state: "queued" })).toldOn).toEqual([]);
  });

  test("that it is over changes nothing", () => {
    const invited = aFact({ channel: "sms", state: "failed" });
    const over = aFact({ channel: "sms", kind: "stop", state: "delivered", createdAt: NOW + 1 });
    expect(progressOfBo(invited, over)).toEqual(progressOfBo(invited));
  });
});
