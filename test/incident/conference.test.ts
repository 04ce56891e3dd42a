import {
  chooseConference,
  conferenceFound,
  type ConferenceInput,
} from "../../src/incident/conference";
import { conferenceNeeded } from "../../src/incident/conference-needed";
import type { ChannelOutcome } from "../../src/incident/incident";
import type { ProgressState } from "../../src/incident/space-state";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  anOutcome,
  aMoment,
  aPerson,
  aProgressOf,
  aProgressState,
  aSettings,
  aSpaceState,
  NOW,
  notifications,
  ofKind,
  sends,
  SPACE,
  timelineKinds,
} from "../support/builders";

const HOUR = 60 * 60_000;
const configured = { link: "https://meet.example/all", source: "configuration" } as const;
const found = { link: "https://meet.example/1", number: "123", source: "meeting-info" } as const;
const settings = aSettings({ defaultConference: configured });

describe("the conference of a start", () => {
  const bridge = { link: "https://meet.example/ours" };

  test("is the space's own bridge before anything else", () => {
    const state = aSpaceState({ bridge, meetingInfoEndedAt: NOW });
    expect(chooseConference(state, settings, NOW)).toEqual({
      isKnown: true,
      conference: { ...bridge, source: "bridge" },
    });
  });

  test("is asked for at Webex otherwise", () => {
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

describe("what Webex said of the conference", () => {
  const released = { kind: "round.released", roundId: "round-1" };

  function hear(state: ProgressState, overrides: Partial<ConferenceInput> = {}) {
    const input = { incidentId: "incident-1", roundId: "round-1", found, settings, ...overrides };
    return conferenceFound(state, input, aMoment()).changes;
  }

  test("is taken over, on the record, and the waiting round goes", () => {
    expect(hear(aProgressState())).toEqual([
      released,
      { kind: "incident.conference", incidentId: "incident-1", conference: found },
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
    const changes = hear(aProgressState(), { found: "ended" });
    expect(changes.slice(0, 2)).toEqual([
      released,
      { kind: "meeting-info.ended", spaceId: SPACE, at: NOW },
    ]);
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(configured);
  });

  test("not known now, it may be asked for again, and the configured one serves", () => {
    const changes = hear(aProgressState(), { found: undefined });
    expect(ofKind(changes, "meeting-info.ended")).toEqual([]);
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(configured);
  });

  test("a meeting number alone gives no join details: the next in order is taken", () => {
    const changes = hear(aProgressState(), { found: { number: "123", source: "meeting-info" } });
    expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(configured);
  });

  test("nothing anywhere lets the round go without", () => {
    const nothing = { found: undefined, settings: aSettings() };
    expect(hear(aProgressState(), nothing)).toEqual([released]);
  });

  test("does not replace a bridge that was set meanwhile", () => {
    const conference = { link: "https://meet.example/ours", source: "bridge" } as const;
    expect(hear(aProgressState({ incident: anIncident({ conference }) }))).toEqual([released]);
  });

  test("does not touch another incident, but the refusal is remembered", () => {
    const other = aProgressState({ incident: anIncident({ id: "incident-2" }) });
    expect(hear(other)).toEqual([released]);
    const over = aSpaceState();
    const state = { ...over, progress: [], openRounds: new Set<string>() };
    expect(hear(state, { found: "ended" }).map((change) => change.kind)).toEqual([
      "round.released",
      "meeting-info.ended",
    ]);
  });

  describe("when some were told without the details", () => {
    const anas = anEntry(aPerson({ ...ana, id: "r-ana" }));
    const bos = anEntry();
    const eves = anEntry(anExternal());

    function told(outcome: Partial<ChannelOutcome>): ProgressState {
      return aProgressState({
        roster: [anas, bos, eves],
        progress: [
          aProgressOf(anas),
          aProgressOf(bos, { outcomes: [anOutcome(outcome)] }),
          aProgressOf(eves, { outcomes: [anOutcome({ channel: "sms", state: "queued" })] }),
        ],
      });
    }

    test("they get them as an update, those who still wait do not", () => {
      const changes = hear(told({ state: "accepted" }));
      expect(sends(changes)).toEqual(["r-bo webex"]);
      expect(notifications(changes)[0]?.kind).toBe("update");
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
      expect(sends(hear(state))).toEqual(["r-bo webex", "r-eve sms"]);
    });

    test.each([
      [{ state: "sending" }, 1],
      [{ state: "delivered" }, 1],
      [{ state: "expired", maybeSent: true }, 1],
      [{ state: "failed" }, 0],
      [{ state: "cancelled" }, 0],
      [{ state: "accepted", roundId: "round-0" }, 0],
    ] as const)("%j is worth %d update", (outcome, count) => {
      expect(notifications(hear(told(outcome)))).toHaveLength(count);
    });
  });
});
