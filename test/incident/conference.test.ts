import {
  chooseConference,
  conferenceFound,
  type ConferenceInput,
  type Found,
  type RefusedHost,
} from "../../src/incident/conference";
import { asksAgain, conferenceNeeded, planLaterRound } from "../../src/incident/conference-needed";
import type { ChannelOutcome } from "../../src/incident/incident";
import type { MeetingRefusal } from "../../src/incident/meeting-refusal";
import type { ProgressState } from "../../src/incident/space-state";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  anOutcome,
  aMeeting,
  aMoment,
  aPerson,
  aProgressOf,
  aProgressState,
  aSettings,
  aSpaceState,
  bo,
  NOW,
  notifications,
  ofKind,
  sends,
  SPACE,
  timelineKinds,
} from "../support/builders";

const HOUR = 60 * 60_000;
const configured = { link: "https://meet.example/all", source: "configuration" } as const;
const info = { link: "https://meet.example/1", number: "123", source: "meeting-info" } as const;
const settings = aSettings({ defaultConference: configured });
const lending = aSettings({ canOpenMeetings: true });

describe("the conference of a start", () => {
  const bridge = { link: "https://meet.example/ours" };

  test.each([settings, lending])("is the space's own bridge before anything else", (given) => {
    const state = aSpaceState({ bridge, meetingInfoEndedAt: NOW });
    expect(chooseConference(state, given, NOW)).toEqual({
      isKnown: true,
      conference: { ...bridge, source: "bridge" },
    });
  });

  test("is looked for otherwise", () => {
    expect(chooseConference(aSpaceState(), settings, NOW)).toEqual({ isKnown: false });
  });

  test.each([
    ["refused a moment ago", 0, { isKnown: true, conference: configured }],
    ["refused almost a day ago", 24 * HOUR - 1, { isKnown: true, conference: configured }],
    ["refused a day ago", 24 * HOUR, { isKnown: false }],
  ])("where Webex %s", (_what, age, choice) => {
    const state = aSpaceState({ meetingInfoEndedAt: NOW - age });
    expect(chooseConference(state, settings, NOW)).toEqual(choice);
  });

  test("is looked for all the same where somebody may have let the bot open meetings", () => {
    const state = aSpaceState({ meetingInfoEndedAt: NOW });
    expect(chooseConference(state, lending, NOW)).toEqual({ isKnown: false });
  });

  test("is none where Webex refused and nothing is configured", () => {
    const state = aSpaceState({ meetingInfoEndedAt: NOW });
    expect(chooseConference(state, aSettings(), NOW)).toEqual({
      isKnown: true,
      conference: undefined,
    });
  });

  test("is looked for as work of its own, kept like a received event", () => {
    expect(conferenceNeeded(SPACE, "incident-1", { roundId: "round-1" }, aMoment())).toEqual({
      kind: "own-event.queued",
      event: {
        kind: "find-conference",
        spaceId: SPACE,
        incidentId: "incident-1",
        roundId: "round-1",
      },
      at: NOW,
    });
  });
});

describe("a later round", () => {
  const heardAt = (at: number) => aMeeting({ heardAt: at });
  const bridge = { link: "https://meet.example/ours", source: "bridge" } as const;

  test.each([
    ["of a meeting", heardAt(NOW), "command", true],
    ["of a meeting", heardAt(NOW), "press", true],
    ["of a meeting", heardAt(NOW), "timer", true],
    ["for who joins a minute after the last answer", heardAt(NOW - 60_000), "join", true],
    ["for who joins within the minute", heardAt(NOW - 59_999), "join", false],
    ["where nothing is known", undefined, "command", true],
    ["for who joins where nothing is known", undefined, "join", true],
    ["of a bridge", bridge, "command", false],
    ["of the configured conference", configured, "command", false],
    ["of what Webex told", info, "command", false],
  ] as const)("%s (%#): asks again", (_what, conference, trigger, asks) => {
    const incident = anIncident(conference ? { conference } : {});
    expect(asksAgain(incident, trigger, lending, NOW)).toBe(asks);
    expect(asksAgain(incident, trigger, aSettings(), NOW)).toBe(false);
  });

  const plan = {
    spaceId: SPACE,
    kind: "reminder",
    trigger: "command",
    openedBy: ana,
    entries: [anEntry(), anEntry(anExternal())],
  } as const;

  test("that asks waits for the answer, and queues the question", () => {
    const incident = anIncident({ conference: aMeeting() });
    const { changes, roundId } = planLaterRound(incident, plan, lending, aMoment());
    expect(notifications(changes).map((one) => one.waitsForConference)).toEqual([true, true, true]);
    expect(ofKind(changes, "own-event.queued")).toEqual([
      conferenceNeeded(SPACE, incident.id, { roundId }, aMoment()),
    ]);
  });

  test.each([
    ["of a bridge", anIncident({ conference: bridge }), plan],
    ["that tells nobody", anIncident({ conference: aMeeting() }), { ...plan, entries: [] }],
  ])("%s asks nothing and waits for nothing", (_what, incident, given) => {
    const { changes } = planLaterRound(incident, given, lending, aMoment());
    expect(notifications(changes).some((one) => one.waitsForConference)).toBe(false);
    expect(ofKind(changes, "own-event.queued")).toEqual([]);
  });
});

const released = { kind: "round.released", roundId: "round-1" };
const open = { openRounds: new Set(["round-1"]) };

function aFound(overrides: Partial<Found> = {}): Found {
  return { askedAt: NOW, refused: [], ...overrides };
}

function hear(state: ProgressState, found: Partial<Found>, more: Partial<ConferenceInput> = {}) {
  const input = { incidentId: "incident-1", found: aFound(found), settings, ...more };
  return conferenceFound(state, input, aMoment());
}

describe("what Webex said of the conference", () => {
  test("is taken over, on the record, and the waiting rounds go", () => {
    const openRounds = new Set(["round-1", "round-2"]);
    expect(hear(aProgressState({ openRounds }), { info }).changes).toEqual([
      released,
      { kind: "round.released", roundId: "round-2" },
      { kind: "incident.conference", incidentId: "incident-1", conference: info },
      {
        kind: "timeline.added",
        incidentId: "incident-1",
        entry: {
          kind: "conference",
          at: NOW,
          actor: "muster",
          payload: { source: "meeting-info" },
        },
      },
    ]);
  });

  test("refused for good, it is not asked for again for a day, and the configured one serves", () => {
    const { changes } = hear(aProgressState(open), { info: "ended" });
    expect(changes.slice(0, 2)).toEqual([
      { kind: "meeting-info.ended", spaceId: SPACE, at: NOW },
      released,
    ]);
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(configured);
  });

  test("not known now, it may be asked for again, and the configured one serves", () => {
    const { changes } = hear(aProgressState(), {});
    expect(ofKind(changes, "meeting-info.ended")).toEqual([]);
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(configured);
  });

  test("a meeting number alone gives no join details: the next in order is taken", () => {
    const { changes } = hear(aProgressState(), { info: { number: "123", source: "meeting-info" } });
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(configured);
  });

  test("nothing anywhere lets the round go without", () => {
    const { changes } = hear(aProgressState(open), {}, { settings: aSettings() });
    expect(changes).toEqual([released]);
  });

  test("does not replace a bridge that was set meanwhile", () => {
    const conference = { link: "https://meet.example/ours", source: "bridge" } as const;
    const state = aProgressState({ incident: anIncident({ conference }), ...open });
    expect(hear(state, { info, meeting: aMeeting() })).toEqual({
      changes: [released],
      result: { kind: "nothing" },
    });
  });

  test("does not touch another incident nor its rounds, but the refusal is remembered", () => {
    const other = aProgressState({ incident: anIncident({ id: "incident-2" }), ...open });
    expect(hear(other, { info }).changes).toEqual([]);
    const state = { ...aSpaceState(), progress: [], openRounds: new Set<string>() };
    expect(hear(state, { info: "ended" }).changes.map((change) => change.kind)).toEqual([
      "meeting-info.ended",
    ]);
  });
});

describe("a meeting that was opened", () => {
  test("comes before what Webex tells of the space, and the space hears of it", () => {
    const meeting = aMeeting();
    const { changes, result } = hear(aProgressState(), { meeting, info });
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(meeting);
    expect(ofKind(changes, "timeline.added")[0]?.entry.payload).toEqual({
      source: "meeting",
      host: ana.name,
    });
    expect(result).toEqual({ kind: "opened", incident: anIncident(), hostName: ana.name });
  });

  test("without a way to join is none", () => {
    const { meeting, number = "" } = aMeeting();
    const unjoinable = { source: "meeting", number, meeting } as const;
    const { changes, result } = hear(aProgressState(), { meeting: unjoinable, info });
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(info);
    expect(result.kind).toBe("nothing");
  });

  test("asked for again and the same is noted, and nobody hears of it", () => {
    const incident = anIncident({ conference: aMeeting({ heardAt: NOW - HOUR }) });
    const { changes, result } = hear(aProgressState({ incident, ...open }), {
      meeting: aMeeting({ grantId: "grant-2", hostName: bo.name, heardAt: NOW }),
    });
    expect(changes).toEqual([
      released,
      {
        kind: "incident.conference",
        incidentId: "incident-1",
        // Whoever opened it can end it, not who asked for it again.
        conference: aMeeting({ heardAt: NOW }),
      },
    ]);
    expect(result).toEqual({ kind: "nothing" });
  });

  test("with another number is taken over; the line about the lobby was said already", () => {
    const incident = anIncident({ conference: aMeeting({ heardAt: NOW - HOUR }) });
    const meeting = aMeeting({ id: "meeting-2" }, { number: "99" });
    const { changes, result } = hear(aProgressState({ incident }), { meeting });
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(meeting);
    expect(timelineKinds(changes)).toEqual(["conference"]);
    expect(result).toEqual({ kind: "nothing" });
  });

  test("not found again leaves the known details", () => {
    const incident = anIncident({ conference: aMeeting() });
    const { changes } = hear(aProgressState({ incident, ...open }), { info });
    expect(changes).toEqual([released]);
  });

  test("heard of by two rounds at once: the answer that was taken first holds", () => {
    const incident = anIncident({ conference: aMeeting({ heardAt: NOW + 1 }) });
    const late = { askedAt: NOW, meeting: aMeeting({ id: "meeting-2" }, { number: "99" }) };
    const { changes } = hear(aProgressState({ incident, ...open }), late);
    expect(changes).toEqual([released]);
  });
});

describe("when some were told other details, or none", () => {
  const anas = anEntry(aPerson({ ...ana, id: "r-ana" }));
  const bos = anEntry();
  const eves = anEntry(anExternal());
  const known = [undefined, aMeeting({}, { number: "1" })];

  function told(outcome: Partial<ChannelOutcome>, conference = known[0]): ProgressState {
    return aProgressState({
      incident: anIncident(conference ? { conference } : {}),
      roster: [anas, bos, eves],
      progress: [
        aProgressOf(anas),
        aProgressOf(bos, { outcomes: [anOutcome(outcome)] }),
        aProgressOf(eves, { outcomes: [anOutcome({ channel: "sms", state: "queued" })] }),
      ],
    });
  }

  test.each(known)("they get them as an update, those who still wait do not (%#)", (before) => {
    const { changes } = hear(told({ state: "accepted" }, before), { meeting: aMeeting() });
    expect(sends(changes)).toEqual(["r-bo webex"]);
    expect(notifications(changes)[0]).toMatchObject({ kind: "update", waitsForConference: false });
    expect(ofKind(changes, "round.opened")[0]?.round).toMatchObject({
      trigger: "timer",
      openedBy: ana,
    });
    expect(timelineKinds(changes)).toEqual(["conference", "round-opened"]);
  });

  test("on the channels on which they were told, and on no other", () => {
    const outcomes = [
      anOutcome({ channel: "sms", state: "delivered" }),
      anOutcome({ channel: "voice", state: "queued" }),
    ];
    const state = aProgressState({
      roster: [anas, bos, eves],
      progress: [
        aProgressOf(bos, { outcomes: [anOutcome({ state: "accepted" })] }),
        aProgressOf(eves, { outcomes }),
      ],
    });
    expect(sends(hear(state, { info }).changes)).toEqual(["r-bo webex", "r-eve sms"]);
  });

  test("who declined is left in peace", () => {
    const state = aProgressState({
      progress: [aProgressOf(bos, { outcomes: [anOutcome()], group: "declined" })],
    });
    expect(sends(hear(state, { info }).changes)).toEqual([]);
  });

  test("nobody is told twice: the next answer with the same details is no news", () => {
    const state = told({ state: "accepted" }, aMeeting({ heardAt: NOW - 1 }));
    expect(sends(hear(state, { meeting: aMeeting() }).changes)).toEqual([]);
  });

  test.each([
    [{ state: "sending" }, 1],
    [{ state: "delivered" }, 1],
    [{ state: "expired", maybeSent: true }, 1],
    [{ state: "failed" }, 0],
    [{ state: "cancelled" }, 0],
    [{ state: "queued" }, 0],
    [{ state: "accepted", roundId: "round-0", kind: "reminder" }, 1],
  ] as const)("%j is worth %d update", (outcome, count) => {
    expect(notifications(hear(told(outcome), { info }).changes)).toHaveLength(count);
  });
});

describe("where no meeting could be opened", () => {
  function aRefusal(refusal: MeetingRefusal, more: Partial<RefusedHost> = {}): RefusedHost {
    return { grantId: "grant-1", name: ana.name, refusal, isResting: false, ...more };
  }

  const quota = aRefusal({ why: "quota", until: NOW + 24 * HOUR });
  const busy = aRefusal({ why: "busy" }, { grantId: "grant-2", name: bo.name });

  test("a used up quota is noted with the grant, which rests until the day is over", () => {
    const { changes } = hear(aProgressState(), { refused: [quota] });
    expect(ofKind(changes, "grant.noted")).toEqual([
      {
        kind: "grant.noted",
        grantId: "grant-1",
        lastError: "Webex opens no more meetings for this person today",
        restsUntil: NOW + 24 * HOUR,
      },
    ]);
  });

  test("a short pause is only a rest, and not an error of the grant's", () => {
    const short = aRefusal({ why: "busy", until: NOW + 20_000 });
    const { changes } = hear(aProgressState(), { refused: [short] });
    expect(ofKind(changes, "grant.noted")).toEqual([
      { kind: "grant.noted", grantId: "grant-1", restsUntil: NOW + 20_000 },
    ]);
  });

  test.each([
    ["a missing right", aRefusal({ why: "not-allowed" }), 1],
    ["a space that is not shown", aRefusal({ why: "not-shown" }), 1],
    ["another refusal", aRefusal({ why: "refused" }), 1],
    ["what passes", busy, 0],
    ["a grant that is gone, or dead and noted so", aRefusal({ why: "dead" }), 0],
    ["what was noted before", { ...quota, isResting: true }, 0],
  ])("%s is noted %#", (_what, refusal, count) => {
    const { changes } = hear(aProgressState(), { refused: [refusal] });
    const noted = ofKind(changes, "grant.noted");
    expect(noted).toHaveLength(count);
    expect(noted.some((one) => one.restsUntil !== undefined)).toBe(false);
  });

  test.each([
    ["the configured conference serves", { settings }, {}, "configuration"],
    ["what Webex tells of the space serves", { settings }, { info }, "meeting-info"],
    ["nothing else does", { settings: aSettings() }, {}, "none"],
  ] as const)("the space hears why where %s", (_what, more, found, instead) => {
    const { result } = hear(aProgressState(), { ...found, refused: [busy, quota] }, more);
    // What lasts is worth more words than what passes.
    expect(result).toEqual({ kind: "not-opened", incident: anIncident(), host: quota, instead });
  });

  test("the space hears it where the known details may be old by now", () => {
    const incident = anIncident({ conference: aMeeting() });
    const { result } = hear(aProgressState({ incident }), { refused: [quota] });
    expect(result).toMatchObject({ kind: "not-opened", instead: "known" });
  });

  test.each([
    ["another's grant served", { refused: [quota], meeting: aMeeting() }, aSettings()],
    ["Webex was busy and another conference serves", { refused: [busy] }, settings],
    ["nobody was asked", {}, aSettings()],
  ])("nothing is said where %s", (_what, found, given) => {
    const { result } = hear(aProgressState(), found, { settings: given });
    expect(result.kind).not.toBe("not-opened");
  });

  test("that Webex was busy is said where people are left without a way to join", () => {
    const { result } = hear(aProgressState(), { refused: [busy] }, { settings: aSettings() });
    expect(result).toMatchObject({ kind: "not-opened", host: busy, instead: "none" });
  });
});
