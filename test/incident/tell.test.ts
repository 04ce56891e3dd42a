import { UserError } from "../../src/errors";
import { MOST_OF_WORDS, tell, textOne } from "../../src/incident/tell";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMeeting,
  aMoment,
  aProgressOf,
  aProgressState,
  aSettings,
  notifications,
  ofKind,
  sends,
} from "../support/builders";

const bo = anEntry();
const eve = anEntry(anExternal());
const roster = [bo, eve];

function aState(overrides: Parameters<typeof aProgressState>[0] = {}) {
  const progress = roster.map((entry) => aProgressOf(entry, { isInvited: true }));
  return aProgressState({ roster, progress, ...overrides });
}

const input = { by: ana, trigger: "command" as const, settings: aSettings() };

describe("tell", () => {
  it("is an update to everybody invited, by Webex and SMS and not by call", () => {
    const { changes, result } = tell(aState(), { ...input, words: "Room 4." }, aMoment());
    expect(sends(changes)).toEqual(["r-bo webex", "r-eve sms"]);
    expect(notifications(changes).every((one) => one.kind === "update")).toBe(true);
    expect(ofKind(changes, "round.opened")[0]?.round).toMatchObject({ text: "Room 4." });
    expect(result.counts).toMatchObject({ people: 2, webex: 1, sms: 1, voice: 0 });
  });

  it("leaves out who declined and who was never invited", () => {
    const progress = [
      aProgressOf(bo, { isInvited: true, group: "declined" }),
      aProgressOf(eve, { isInvited: false }),
    ];
    const { changes, result } = tell(aState({ progress }), { ...input, words: "x" }, aMoment());
    expect(changes).toEqual([]);
    expect(result.counts.people).toBe(0);
  });

  it("without words says how to join now", () => {
    const { changes } = tell(aState(), input, aMoment());
    expect(ofKind(changes, "round.opened")[0]?.round).not.toHaveProperty("text");
  });

  it("asks first for the details of a meeting that may have others by now, and waits for them", () => {
    const state = aState({ incident: anIncident({ conference: aMeeting() }) });
    const settings = aSettings({ canOpenMeetings: true });
    const { changes } = tell(state, { ...input, settings, words: "Room 4." }, aMoment());
    expect(notifications(changes).every((one) => one.waitsForConference)).toBe(true);
    expect(ofKind(changes, "own-event.queued").map(({ event }) => event.kind)).toEqual([
      "find-conference",
    ]);
  });

  it("refuses what no text has room for, and counts as people do", () => {
    const most = "👩‍🚒".repeat(10);
    expect(() => tell(aState(), { ...input, words: most }, aMoment())).not.toThrow();
    const tooLong = "x".repeat(MOST_OF_WORDS + 1);
    expect(() => tell(aState(), { ...input, words: tooLong }, aMoment())).toThrow(
      "That has 301 characters; 300 is the most",
    );
  });

  it("needs a running incident", () => {
    const state = aState();
    delete state.incident;
    expect(() => tell(state, { ...input, words: "x" }, aMoment())).toThrow(UserError);
  });
});

describe("text", () => {
  const words = "Please call Ana.";

  it("is one text to one person", () => {
    const { changes } = textOne(aState(), { ...input, entry: eve, words }, aMoment());
    expect(sends(changes)).toEqual(["r-eve sms"]);
    expect(notifications(changes)[0]?.kind).toBe("message");
  });

  it.each([
    ["has no number", bo, {}, /has no number to text to/],
    [
      "replied STOP",
      { ...eve, responder: { ...eve.responder, optOut: "stop" as const } },
      {},
      /replied STOP/,
    ],
    [
      "is called something that is no name",
      {
        ...eve,
        responder: { ...eve.responder, name: "**Eve** <@all>", optOut: "blocked" as const },
      },
      {},
      /^The number of \\\*\\\*Eve\\\*\\\* &lt;@all> takes no texts/,
    ],
    [
      "is switched off",
      { ...eve, channels: { ...eve.channels, sms: false } },
      {},
      /switched off here; switch them on with "sms .* on"/,
    ],
    ["where SMS is not set up", eve, { isSmsReady: false }, /SMS is not set up/],
  ])("says so to somebody who %s", (_what, entry, settings, why) => {
    const wish = { ...input, entry, words, settings: aSettings(settings) };
    expect(() => textOne(aState(), wish, aMoment())).toThrow(why);
  });

  it("holds no details for joining, and so waits for none", () => {
    const state = aState({ incident: anIncident({ conference: aMeeting() }) });
    const settings = aSettings({ canOpenMeetings: true });
    const { changes } = textOne(state, { ...input, settings, entry: eve, words }, aMoment());
    expect(sends(changes)).toEqual(["r-eve sms"]);
    expect(notifications(changes).some((one) => one.waitsForConference)).toBe(false);
    expect(ofKind(changes, "own-event.queued")).toEqual([]);
  });

  it("is of the running incident", () => {
    const { changes } = textOne(aState(), { ...input, entry: eve, words }, aMoment());
    expect(ofKind(changes, "round.opened")[0]?.round.incidentId).toBe(anIncident().id);
  });
});
