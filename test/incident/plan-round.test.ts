import type { Channel } from "../../src/notify/notification";
import {
  channelsFor,
  planRound,
  usableChannels,
  whyUnreachable,
  type RoundPlan,
} from "../../src/incident/plan-round";
import {
  ana,
  anEntry,
  anExternal,
  aMoment,
  aPerson,
  aSettings,
  bo,
  notifications,
  NOW,
  ofKind,
  sends,
  SPACE,
} from "../support/builders";

const allOn = { webex: true, sms: true, voice: true };

function aPlan(overrides: Partial<RoundPlan> = {}): RoundPlan {
  return {
    incidentId: "incident-1",
    spaceId: SPACE,
    kind: "invite",
    trigger: "command",
    openedBy: ana,
    entries: [anEntry()],
    ...overrides,
  };
}

test("a round is opened, written on the timeline, and holds a notification per person and channel", () => {
  const entries = [anEntry(), anEntry(anExternal({ email: "eve@else.example" }))];
  const { roundId, changes, counts } = planRound(aPlan({ entries }), aSettings(), aMoment());

  expect(roundId).toBe("id-1");
  expect(ofKind(changes, "round.opened")[0]?.round).toEqual({
    id: "id-1",
    incidentId: "incident-1",
    kind: "invite",
    trigger: "command",
    openedBy: ana,
    at: NOW,
  });
  expect(sends(changes)).toEqual(["r-bo webex", "r-eve webex", "r-eve sms", "r-eve voice"]);
  expect(counts).toEqual({ people: 2, webex: 2, sms: 1, voice: 1, unreachable: [] });
  expect(changes.at(-1)).toEqual({
    kind: "timeline.added",
    incidentId: "incident-1",
    entry: {
      kind: "round-opened",
      at: NOW,
      actor: "ana",
      payload: { round: "invite", people: 2, webex: 2, sms: 1, voice: 1 },
    },
  });
});

test("the position is the person's place in the round, the same on each of their channels", () => {
  const entries = [anEntry(anExternal()), anEntry()];
  const { changes } = planRound(aPlan({ entries }), aSettings(), aMoment());
  expect(notifications(changes).map((one) => [one.responderId, one.position])).toEqual([
    ["r-eve", 0],
    ["r-eve", 0],
    ["r-bo", 1],
  ]);
});

test("a call follows the text to the same person, and comes at once to who gets no text", () => {
  const entries = [
    anEntry(anExternal()),
    anEntry(anExternal({ id: "r-dan" }), { channels: { ...allOn, sms: false } }),
  ];
  const { changes } = planRound(aPlan({ entries }), aSettings(), aMoment());
  const calls = notifications(changes).filter((one) => one.channel === "voice");
  expect(calls.map((one) => one.dueAt - NOW)).toEqual([15_000, 0]);
});

test("every notification is given up after the configured time", () => {
  const { changes } = planRound(aPlan(), aSettings({ expiryMs: 60_000 }), aMoment());
  expect(notifications(changes)[0]?.expiresAt).toBe(NOW + 60_000);
});

test("each direct message has a card of its own, written before it, that only its reader may press", () => {
  const carol = aPerson({ personId: "carol" });
  const { changes } = planRound(
    aPlan({ entries: [anEntry(), anEntry(carol)] }),
    aSettings(),
    aMoment(),
  );
  expect(ofKind(changes, "card.written").map((change) => change.card)).toEqual([
    {
      id: "card-1",
      kind: "invite",
      spaceId: SPACE,
      incidentId: "incident-1",
      responderId: "r-bo",
      personId: "bo",
    },
    expect.objectContaining({ id: "card-2", personId: "carol" }),
  ]);
  expect(notifications(changes).map((one) => one.cardId)).toEqual(["card-1", "card-2"]);
  const kinds = changes.map((change) => change.kind);
  expect(kinds.indexOf("card.written")).toBeLessThan(kinds.indexOf("notification.queued"));
});

test("a text or call has no card, and later rounds have another kind of card", () => {
  const invite = planRound(aPlan({ entries: [anEntry(anExternal())] }), aSettings(), aMoment());
  expect(ofKind(invite.changes, "card.written")).toEqual([]);
  const reminder = planRound(aPlan({ kind: "reminder" }), aSettings(), aMoment());
  expect(ofKind(reminder.changes, "card.written")[0]?.card.kind).toBe("told");
});

test("an external with an e-mail has a card that is bound to no person yet", () => {
  const eve = anExternal({ email: "eve@else.example" });
  const { changes } = planRound(aPlan({ entries: [anEntry(eve)] }), aSettings(), aMoment());
  expect(ofKind(changes, "card.written")[0]?.card).not.toHaveProperty("personId");
});

test("the words given with a round are kept with it", () => {
  const { changes } = planRound(
    aPlan({ kind: "message", text: "bring keys" }),
    aSettings(),
    aMoment(),
  );
  expect(ofKind(changes, "round.opened")[0]?.round.text).toBe("bring keys");
});

test("who opens the round is skipped on Webex, not on the phone", () => {
  const entry = anEntry(aPerson({ ...ana, mobile: "+14085550100" }), { channels: allOn });
  expect(channelsFor(entry, { openedBy: ana }, aSettings())).toEqual(["sms"]);
  expect(channelsFor(entry, { openedBy: bo }, aSettings())).toEqual(["webex", "sms"]);
});

test("who opens the round and cannot be told is not called unreachable", () => {
  const { counts } = planRound(aPlan({ entries: [anEntry(aPerson(ana))] }), aSettings(), aMoment());
  expect(counts).toEqual({ people: 0, webex: 0, sms: 0, voice: 0, unreachable: [] });
});

test("a round may be for other channels with each person, and for nobody else", () => {
  const { changes } = planRound(
    aPlan({
      entries: [anEntry(), anEntry(anExternal()), anEntry(anExternal({ id: "r-zoe" }))],
      only: new Map<string, readonly Channel[]>([
        ["r-bo", ["webex", "sms"]],
        ["r-eve", ["voice"]],
      ]),
    }),
    aSettings(),
    aMoment(),
  );
  expect(sends(changes)).toEqual(["r-bo webex", "r-eve voice"]);
});

test("a round may be for some channels only", () => {
  const { changes } = planRound(
    aPlan({ entries: [anEntry(anExternal())], only: ["voice"] }),
    aSettings(),
    aMoment(),
  );
  expect(sends(changes)).toEqual(["r-eve voice"]);
  expect(notifications(changes)[0]?.dueAt).toBe(NOW);
});

describe("a channel can be used", () => {
  const full = anExternal({ email: "eve@else.example" });
  const withoutSms = { ...full };
  delete withoutSms.mobile;
  test.each([
    ["all that are on", full, allOn, {}, ["webex", "sms", "voice"]],
    ["none that is off", full, { webex: false, sms: false, voice: true }, {}, ["voice"]],
    ["none without a number", withoutSms, allOn, {}, ["webex", "voice"]],
    ["no text where SMS is not set up", full, allOn, { isSmsReady: false }, ["webex", "voice"]],
    ["no call where calls are not set up", full, allOn, { isVoiceReady: false }, ["webex", "sms"]],
    ["no direct message without person and e-mail", anExternal(), allOn, {}, ["sms", "voice"]],
  ])("%s", (_what, responder, channels, settings, usable) => {
    expect(usableChannels(anEntry(responder, { channels }), aSettings(settings))).toEqual(usable);
  });
});

describe("why nobody can reach a person", () => {
  const nobody = { id: "r", kind: "external", name: "Bo", version: 1 } as const;
  const mobileOnly = { ...nobody, mobile: "+14085550101" };
  const voiceOnly = { ...nobody, voice: "+14085550101" };
  const allOff = { webex: false, sms: false, voice: false };
  test.each([
    ["no number", nobody, allOff, {}, "no number"],
    ["all off", anExternal(), allOff, {}, "every channel is switched off"],
    [
      "nothing set up",
      anExternal(),
      allOn,
      { isSmsReady: false, isVoiceReady: false },
      "SMS and calls are not set up",
    ],
    ["no SMS", mobileOnly, allOn, { isSmsReady: false }, "SMS is not set up"],
    ["no calls", voiceOnly, allOn, { isVoiceReady: false }, "calls are not set up"],
    ["no number any more", voiceOnly, { ...allOff, sms: true }, {}, "no number"],
  ])("%s", (_what, responder, channels, settings, reason) => {
    const entry = anEntry(responder, { channels });
    expect(whyUnreachable(entry, aSettings(settings))).toBe(reason);
    const { counts } = planRound(aPlan({ entries: [entry] }), aSettings(settings), aMoment());
    expect(counts.unreachable).toEqual([{ name: responder.name, reason }]);
  });

  test("a number that left the directory, where only texts are sent", () => {
    const entry = anEntry(aPerson(), { channels: { webex: true, sms: true, voice: false } });
    const plan = aPlan({ entries: [entry], only: ["sms"] });
    const { counts } = planRound(plan, aSettings(), aMoment());
    expect(counts.unreachable).toEqual([{ name: "Bo Alm", reason: "no number in the directory" }]);
  });
});

describe("numbers that nothing goes to", () => {
  const stopped = anEntry(anExternal({ optOut: "stop" }));
  const blocked = anEntry(anExternal({ optOut: "blocked" }));
  const dead = anEntry(anExternal(), { refused: { sms: "nobody has this number" } });

  test.each([
    ["who replied STOP is called, not texted", stopped, ["voice"]],
    ["who takes no texts from us is called", blocked, ["voice"]],
    ["a number refused for good is not tried again", dead, ["voice"]],
  ])("%s", (_what, entry, usable) => {
    expect(usableChannels(entry, aSettings())).toEqual(usable);
  });

  const only = (entry: typeof dead, channel: "sms" | "voice") => ({
    ...entry,
    channels: { webex: false, sms: false, voice: false, [channel]: true },
  });

  test.each([
    [only(stopped, "sms"), "replied STOP"],
    [only(blocked, "sms"), "takes no texts from us"],
    [only(dead, "sms"), "nobody has this number"],
    // Only a channel that is on could have told them.
    [only(stopped, "voice"), "calls are not set up"],
  ])("why they cannot be reached is said", (entry, reason) => {
    expect(whyUnreachable(entry, aSettings({ isVoiceReady: false }))).toBe(reason);
  });

  test("the same reason is said once", () => {
    const refused = { sms: "nobody has this number", voice: "nobody has this number" };
    const entry = anEntry(anExternal(), { refused });
    expect(whyUnreachable(entry, aSettings())).toBe("nobody has this number");
  });
});

describe("who is asked and does not answer is looked at", () => {
  const looks = (plan: Partial<RoundPlan>, settings = aSettings({ renotifyMs: 90_000 })) =>
    ofKind(planRound(aPlan(plan), settings, aMoment()).changes, "renotify.due");

  test.each(["invite", "reminder"] as const)("after an %s", (kind) => {
    expect(looks({ kind })).toEqual([
      { kind: "renotify.due", incidentId: "incident-1", dueAt: NOW + 90_000 },
    ]);
  });

  test.each(["update", "message", "stop"] as const)("but not after an %s", (kind) => {
    expect(looks({ kind })).toEqual([]);
  });

  test("but not where nobody is told, nobody is to be reminded, or the timer did it", () => {
    expect(looks({ entries: [] })).toEqual([]);
    expect(looks({}, aSettings({ renotifyTimes: 0 }))).toEqual([]);
    expect(looks({ kind: "reminder", trigger: "timer" })).toEqual([]);
  });
});
