import { help, helpDirect, type HelpInput } from "../../src/bot/views/help";
import { invite } from "../../src/bot/views/invite";
import { ready } from "../../src/bot/views/ready";
import * as searchSentences from "../../src/bot/views/search-sentences";
import * as sentences from "../../src/bot/views/sentences";
import {
  countsSentence,
  progressLine,
  roundClosed,
  started,
  startedSentence,
} from "../../src/bot/views/started";
import { stopConfirm } from "../../src/bot/views/stop-confirm";
import { told } from "../../src/bot/views/told";
import { utcTime } from "../../src/bot/views/time";
import { aReady, cardId, conference } from "../support/card-builders";
import { buttons } from "../support/card-buttons";

describe("utcTime", () => {
  const at = Date.UTC(2026, 0, 5, 3, 10);

  it("is the time of day, and says UTC", () => expect(utcTime(at)).toBe("03:10 UTC"));

  it("has the date when now is another day", () => {
    expect(utcTime(at, at + 20 * 3_600_000)).toBe("03:10 UTC");
    expect(utcTime(at, at + 21 * 3_600_000)).toBe("2026-01-05 03:10 UTC");
  });
});

describe("the answer to a start", () => {
  const counts = { people: 18, webex: 15, sms: 9, voice: 4 };
  const unreachable = [{ name: "Bo", reason: "no number" }];

  it("counts people and channels and names who cannot be reached", () => {
    expect(startedSentence({ counts, unreachable })).toBe(
      "18 people: 15 Webex, 9 SMS, 4 calls; nobody can reach Bo (no number)",
    );
  });

  it("leaves out a channel that reaches nobody", () => {
    expect(countsSentence({ people: 1, webex: 1, sms: 0, voice: 0 })).toBe("1 person: 1 Webex");
    expect(countsSentence({ people: 2, webex: 0, sms: 1, voice: 1 })).toBe(
      "2 people: 1 SMS, 1 call",
    );
    expect(countsSentence({ people: 0, webex: 0, sms: 0, voice: 0 })).toBe("0 people");
  });

  it("names the incident, and a drill as one", () => {
    const incident = { name: "payments down", number: 42, isDrill: true };
    expect(started({ incident, counts, unreachable: [] }).markdown).toBe(
      "**DRILL payments down** is running (incident 42).  \n18 people: 15 Webex, 9 SMS, 4 calls",
    );
  });

  it("sums up a closed round", () => {
    const notReached = [{ name: "Bo", reason: "number unknown to the operator" }];
    expect(roundClosed({ told: 12, total: 18, notReached })).toBe(
      "12 of 18 told; not reached: Bo (number unknown to the operator)",
    );
    expect(roundClosed({ told: 18, total: 18, notReached: [] })).toBe("18 of 18 told");
    const nobody = { answered: 0, inMeeting: 0, invited: 0, notReached: 0, total: 18 };
    expect(progressLine({ ...nobody, invited: 12, notReached: 2 })).toBe(
      "12 of 18 invited, 2 not reached",
    );
    expect(progressLine({ ...nobody, invited: 18 })).toBe("18 of 18 invited");
    expect(progressLine({ ...nobody, answered: 12, invited: 18, notReached: 2 })).toBe(
      "12 of 18 answered, 2 not reached",
    );
    const here = { answered: 12, inMeeting: 5, invited: 18, notReached: 2 };
    expect(progressLine({ ...nobody, ...here })).toBe(
      "12 of 18 answered, 5 in the meeting, 2 not reached",
    );
  });
});

describe("help", () => {
  const member: HelpInput = {
    cardId,
    botName: "Muster",
    isModerator: false,
    isModerated: true,
    canStart: false,
  };

  it("offers a member what a member may do", () => {
    const post = help(member);
    expect(buttons(post)).toEqual(["Status", "Ready?"]);
    expect(post.markdown).not.toContain("start incident");
    expect(post.markdown).toContain("for the moderators");
  });

  it("offers a moderator the start, or while an incident runs the stop", () => {
    const moderator = { ...member, isModerator: true };
    expect(buttons(help({ ...moderator, canStart: true }))).toEqual([
      "Start incident",
      "Status",
      "Ready?",
      "Add phone-only person",
    ]);
    const running = help({ ...moderator, incident: { name: "payments down", number: 42 } });
    expect(buttons(running)).toContain("Stop…");
    expect(running.markdown).toContain("Incident 42 is running: payments down");
  });

  it("explains moderation where there is none", () => {
    expect(help({ ...member, isModerated: false }).markdown).toContain("Moderate this space");
  });

  it("gives in a direct message the numbers that texts and calls come from", () => {
    const numbers = { sms: "+14085550100", voice: "+14085550101" };
    const here = { cardId, botName: "Muster", hasIntegration: true, canConnect: false };
    expect(helpDirect({ ...here, numbers }).markdown).toContain(
      "My texts come from +14085550100, my calls come from +14085550101.",
    );
    expect(helpDirect({ ...here, numbers: {} }).markdown).toContain(
      "Texts and calls are not set up.",
    );
  });
});

describe("readiness", () => {
  it("is ready when nothing is missing", () => {
    const { markdown } = ready(aReady());
    expect(markdown).toContain("**Ready**");
    expect(markdown).toContain("An incident would tell 18 people: 15 Webex, 9 SMS, 4 calls.");
    expect(markdown).not.toContain("To do");
  });

  it("is not ready without moderation, and says how to turn it on", () => {
    const { markdown } = ready(aReady({ isModerated: false, botIsModerator: false }));
    expect(markdown).toContain("**Not ready**");
    expect(markdown).toContain("**Missing**: This space is not moderated");
  });

  it("promises no conference that Webex may not tell of", () => {
    const { markdown } = ready(aReady({ conference: "meeting-info" }));
    expect(markdown).toContain("**Ready, with 1 thing to mend**");
    expect(markdown).toContain("**To do**: Conference: Webex is asked for this space's meeting");
    expect(markdown).toContain("**@Muster bridge**");
  });

  it("says what to do about each thing that is not well", () => {
    const { markdown } = ready(
      aReady({
        botIsModerator: false,
        isAnnouncementOnly: true,
        conference: "none",
        sms: { isReady: false, reason: "no sender number" },
        unreachable: ["Bo"],
      }),
    );
    expect(markdown).toContain("**Ready, with 5 things to mend**");
    expect(markdown).toContain("choose Make moderator");
    expect(markdown).toContain("I answer by direct message");
    expect(markdown).toContain("**@Muster bridge**");
    expect(markdown).toContain("Texts are not set up: no sender number.");
    expect(markdown).toContain("Nobody can reach Bo.");
  });
});

describe("the question before a stop", () => {
  const incident = { name: "payments down", number: 42, isDrill: false };
  const names = Array.from({ length: 12 }, (_, index) => `P${index + 1}`);
  const ask = { cardId, spaceTitle: "Payments", incident, removeCount: 12, names };

  it("names the first ten and says how many would go", () => {
    expect(buttons(stopConfirm(ask))).toEqual([
      "Stop and remove 12 people",
      "Stop, keep everyone",
      "Cancel",
    ]);
    expect(stopConfirm(ask).markdown).toContain("P9, P10 and 2 more");
  });

  it("offers no removal where nobody can be removed, nor in a drill", () => {
    const keep = ["Stop, keep everyone", "Cancel"];
    expect(buttons(stopConfirm({ ...ask, removeCount: 0, names: [] }))).toEqual(keep);
    expect(buttons(stopConfirm({ ...ask, incident: { ...incident, isDrill: true } }))).toEqual(
      keep,
    );
  });
});

describe("what a responder reads", () => {
  const to = {
    cardId,
    spaceTitle: "Payments",
    incident: { name: "payments down", number: 42, isDrill: false },
    text: "",
  };

  it("says how to join", () => {
    expect(invite({ ...to, conference }).markdown).toBe(
      [
        "**You are needed**: payments down",
        "Incident 42 · Payments",
        "[Join the meeting](https://acme.webex.com/meet/payments)",
        "Dial +14085550100 and enter 25512345678#",
        "Write **coming 42** or **declined 42** to answer.",
      ].join("  \n"),
    );
  });

  it.each(["invite", "reminder", "update", "stop", "message"] as const)(
    "asks for an answer where it calls somebody: %s",
    (kind) => {
      const post = kind === "invite" ? invite(to) : told({ ...to, kind });
      const asks = kind === "invite" || kind === "reminder";
      expect(buttons(post)).toEqual(asks ? ["On my way", "Can't join"] : []);
      expect(post.markdown.includes("to answer")).toBe(asks);
    },
  );

  it("says to open the space where there is no conference", () => {
    expect(invite(to).markdown).toContain("open the space Payments and press Meet");
  });

  it("has no button for a link that does not lead to the web", () => {
    const post = invite({ ...to, conference: { link: "javascript:alert(1)", source: "bridge" } });
    expect(JSON.stringify(post)).not.toMatch(/OpenUrl|javascript/);
  });

  it("marks a drill, and asks nobody to join what is over", () => {
    const incident = { ...to.incident, isDrill: true };
    const post = told({ ...to, incident, conference, kind: "stop" });
    expect(post.markdown).toContain("DRILL payments down");
    expect(post.markdown).not.toContain("Join");
  });
});

describe("sentences", () => {
  it("explain to who is no moderator how to become one", () => {
    const botName = "Muster";
    expect(sentences.notModerator({ isModerated: true, botName })).toContain(
      "make you a moderator",
    );
    expect(sentences.notModerator({ isModerated: false, botName })).toContain("Turn moderation on");
  });

  it("repeat what was written without letting it act", () => {
    const text = "<@all> **x**";
    const all = [
      searchSentences.notFound(text),
      sentences.unknownCommand(text),
      sentences.unknownCommand(text, text),
      searchSentences.severalFit(text, "Whom shall I add?", 2),
      sentences.tooOld({ line: text, hasButton: true }, "03:10 UTC"),
      sentences.alreadyRunning({ name: text, number: 42 }),
      searchSentences.nobodyToAdd(text),
    ].join("\n");
    expect(all).not.toContain("<@");
    expect(all).not.toMatch(/(?<![\\*])\*\*x/);
  });

  it("show how a switch is written", () => {
    expect(sentences.switchUsage("sms")).toBe(
      "Write **sms &lt;who> on** or **sms &lt;who> off**. Nothing was changed.",
    );
  });
});
