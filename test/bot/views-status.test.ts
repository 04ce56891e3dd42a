import type { ChannelOutcome } from "../../src/incident/incident";
import { status } from "../../src/bot/views/status";
import { statusPeople } from "../../src/bot/views/status-rows";
import { aProgress, aStatus, conference, team } from "../support/card-builders";
import { buttons } from "../support/card-buttons";
import { buttonsOf } from "../support/story-cards";

function anOutcome(overrides: Partial<ChannelOutcome>): ChannelOutcome {
  return {
    channel: "sms",
    kind: "invite",
    state: "accepted",
    maybeSent: false,
    at: 0,
    roundId: "round-1",
    ...overrides,
  };
}

describe("the status card", () => {
  it("lists not reached, waiting, declined, coming, 15 at most", () => {
    const people = statusPeople(team(20));
    const groups = people.rows.map((row) => row.group);
    expect(groups).toEqual([
      ...Array<string>(4).fill("not-reached"),
      ...Array<string>(4).fill("waiting"),
      ...Array<string>(4).fill("declined"),
      ...Array<string>(3).fill("coming"),
    ]);
    expect(people).toMatchObject({ more: 5, counts: { total: 20, notReached: 4, coming: 8 } });
  });

  it("says the last state of each channel in words", () => {
    const row = aProgress({
      group: "not-reached",
      channels: ["webex", "sms", "voice"],
      outcomes: [
        anOutcome({ channel: "webex" }),
        anOutcome({ channel: "sms", state: "failed", reason: "number unknown to the operator" }),
      ],
    });
    expect(status(aStatus(statusPeople([row]))).markdown).toContain(
      "**Bo Alm**: not reached (Webex: sent, not confirmed · SMS: failed, number unknown to the operator · " +
        "Call: nothing sent yet)",
    );
  });

  it.each([
    ["nothing was sent", [], "SMS: replied STOP"],
    ["one arrived", [anOutcome({ state: "delivered" })], "SMS: delivered, replied STOP"],
    [
      "the last one was held back for it",
      [anOutcome({ state: "cancelled", reason: "replied STOP" })],
      "SMS: not sent, replied STOP",
    ],
  ])("says that no texts go there, once, where %s", (_what, outcomes, words) => {
    const number = "+14085550101";
    const responder = { ...aProgress().responder, mobile: number, optOut: "stop" as const };
    const row = aProgress({ responder, channels: ["sms", "voice"], outcomes });
    const { markdown } = status(aStatus(statusPeople([row])));
    expect(markdown).toContain(`(${words} · Call: nothing sent yet)`);
  });

  it("says how long a call was heard, and who said something for somebody", () => {
    const by = { personId: "ana", name: "Ana *Berg*" };
    const row = aProgress({
      group: "coming",
      answer: { answer: "coming", via: "moderator", at: 0, by },
      channels: ["webex", "sms", "voice"],
      outcomes: [
        anOutcome({ channel: "webex" }),
        anOutcome({ channel: "sms", state: "delivered" }),
        anOutcome({ channel: "voice", state: "delivered", seconds: 24 }),
      ],
    });
    expect(status(aStatus(statusPeople([row]))).markdown).toContain(
      "**Bo Alm**: coming (by Ana \\*Berg\\* · Webex: sent · SMS: delivered · Call: heard 24 s)",
    );
    const own = { ...row, answer: { answer: "coming", via: "card", at: 0 } as const };
    expect(status(aStatus(statusPeople([own]))).markdown).toContain("coming (Webex: sent ·");
  });

  it("says who is in the meeting, and who was", () => {
    const outcomes = [anOutcome({ channel: "webex" })];
    const answer = { answer: "coming", via: "meeting", at: 0 } as const;
    const was = aProgress({ answer, channels: ["webex"], group: "coming", outcomes });
    const text = (row: typeof was) => status(aStatus(statusPeople([row]))).markdown;
    expect(text(was)).toContain("coming (was in the meeting · Webex: sent)");
    expect(text(was)).not.toContain(" 1 in the meeting");
    const is = { ...was, isInMeeting: true };
    expect(text(is)).toContain("coming (in the meeting · Webex: sent)");
    expect(text(is)).toMatch(/reached, 1 in the meeting · as of/);
    const by = { personId: "ana", name: "Ana" };
    const marked = { ...is, answer: { ...answer, via: "moderator", by } as const };
    expect(text(marked)).toContain("coming (by Ana · in the meeting · Webex: sent)");
  });

  it("doubts an address of which nobody has answered, and no other", () => {
    const outcomes = [anOutcome({ channel: "webex" })];
    const unknown = aProgress({ channels: ["webex"], outcomes });
    const known = { ...unknown, responder: { ...unknown.responder, personId: "bo" } };
    const text = (row: typeof unknown) => status(aStatus(statusPeople([row]))).markdown;
    expect(text(unknown)).toContain("(Webex: sent, not confirmed)");
    expect(text(known)).toContain("(Webex: sent)");
  });

  it("says that a number is missing in the directory", () => {
    const bo = {
      id: "r-bo",
      kind: "internal",
      name: "Bo Alm",
      personId: "bo",
      version: 1,
    } as const;
    const channels = ["webex", "sms", "voice"] as const;
    const row = aProgress({ responder: { ...bo, voice: "+14085550101" }, channels, outcomes: [] });
    expect(status(aStatus(statusPeople([row]))).markdown).toContain(
      "Webex: nothing sent yet · SMS: no number in the directory · Call: nothing sent yet",
    );
  });

  it("says of an unclear end that it may have been sent", () => {
    const outcomes = [anOutcome({ state: "expired", maybeSent: true })];
    const row = aProgress({ channels: ["sms"], outcomes });
    expect(status(aStatus(statusPeople([row]))).markdown).toContain("SMS: may have been sent");
  });

  it("shows of a number two digits and of an e-mail nothing", () => {
    const reason = "+14085550123 and bo@example.com do not exist";
    const responder = { ...aProgress().responder, email: "bo@ext.example", mobile: "+14085550123" };
    const row = aProgress({ responder, outcomes: [anOutcome({ state: "failed", reason })] });
    const post = status(aStatus(statusPeople([row])));
    const all = JSON.stringify(post);
    expect(all).toContain("…23 and (e-mail) do not exist");
    expect(all).not.toMatch(/40855|example|bo@/);
  });

  it("has the moderators' buttons only while the incident runs", () => {
    const people = statusPeople(team(2));
    const running = aStatus(people);
    const incident = { ...running.incident!, state: "stopped" as const };
    expect(buttons(status(running))).toEqual([
      "Add",
      "Stop…",
      "Remind",
      "Mark coming",
      "Switch",
      "Remove",
    ]);
    expect(buttons(status({ ...running, incident }))).toEqual(["Start incident", "Ready?"]);
  });

  it("offers no choice of people where there is nobody to choose", () => {
    expect(buttons(status(aStatus()))).toEqual(["Add", "Stop…"]);
  });

  it("takes a choice of several, and tells people of the same name apart", () => {
    const external = { ...aProgress().responder, name: "Bo Alm" };
    const rows = [
      { ...external, id: "r-1", mobile: "+14085550101" },
      { ...external, id: "r-2", mobile: "+14085550102", email: "bo@private.example" },
      { ...external, id: "r-3", kind: "internal" as const, email: "bo@corp.example" },
      { ...external, id: "r-4", name: "Eve" },
    ].map((responder) => aProgress({ responder }));
    const { card } = status(aStatus(statusPeople(rows)));
    expect(JSON.stringify(card)).toContain('"isMultiSelect":true');
    const [remind] = buttonsOf(card ?? {});
    expect(remind?.choices.map(({ field, title }) => `${field} ${title}`)).toEqual([
      "responders Bo Alm (with a phone, SMS …01)",
      "responders Bo Alm (with a phone, SMS …02, private.example)",
      "responders Bo Alm (on Webex, bo@corp.example)",
      "responders Eve",
    ]);
  });

  it("offers the first twenty, and says how the others are reached", () => {
    const note = "Choose among the first 20; the others are under **All 200**.";
    const post = status(aStatus(statusPeople(team(200))));
    expect(buttonsOf(post.card ?? {})[0]?.choices).toHaveLength(20);
    expect(post.markdown).toContain(note);
    expect(JSON.stringify(post.card)).toContain(note.replace("&lt;", "<"));
    expect(status(aStatus(statusPeople(team(20)))).markdown).not.toContain("Choose among");
  });

  it("offers the list of everybody where it has no room for all, whatever they are called", () => {
    const long = team(200).map((one, index) => ({
      ...one,
      responder: { ...one.responder, name: `${index} ${"🔥*".repeat(60)}` },
    }));
    for (const people of [team(16), team(200), long]) {
      const { card, markdown } = status(aStatus({ conference, ...statusPeople(people) }));
      const all = `All ${people.length}`;
      expect(buttons({ card: card! })).toEqual([
        "Join the meeting",
        all,
        "Add",
        "Stop…",
        "Remind",
        "Mark coming",
        "Switch",
        "Remove",
      ]);
      expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(20_000);
      expect(Buffer.byteLength(markdown)).toBeLessThan(7_439);
    }
    expect(buttons(status(aStatus(statusPeople(team(15)))))).not.toContain("All 15");
  });

  it("says who stopped it, and when, with the date on a later day", () => {
    const { incident } = aStatus();
    const stoppedAt = incident!.startedAt + 3_600_000;
    const stoppedBy = { personId: "bo", name: "Bo" };
    const stopped = { ...incident!, state: "stopped" as const, stoppedAt, stoppedBy };
    const later = status(aStatus({ incident: stopped, at: stoppedAt + 86_400_000 }));
    expect(later.markdown).toContain("Stopped at 2026-01-05 04:10 UTC by Bo");
  });

  it("offers a start where no incident was", () => {
    const input = aStatus();
    delete input.incident;
    expect(buttons(status(input))).toEqual(["Start incident", "Ready?"]);
    expect(status(input).markdown).toContain("No incident is running");
  });

  it("tells how to get a conference where there is none, unless one is being looked for", () => {
    expect(status(aStatus()).markdown).toContain("**@Muster bridge**");
    const waiting = status(aStatus({ isWaitingForConference: true })).markdown;
    expect(waiting).toContain("Looking for the meeting…");
    expect(waiting).not.toContain("bridge");
    expect(status(aStatus({ conference })).markdown).not.toContain("bridge");
  });

  it.each([
    [{ sms: false, voice: false }, "SMS and calls are not set up."],
    [{ sms: true, voice: false }, "Calls are not set up."],
    [{ sms: false, voice: true }, "SMS is not set up."],
  ])("notes which phone channels are missing: %j", (phone, note) => {
    expect(status(aStatus({ phone })).markdown).toContain(note);
  });

  it("gives up rows, and says so, rather than grow too large for Webex", () => {
    const rows = team(60).map((row) => ({
      ...row,
      responder: { ...row.responder, name: "🔥".repeat(200) },
      outcomes: row.outcomes.map((one) => ({
        ...one,
        state: "failed" as const,
        reason: "🔥".repeat(200),
      })),
    }));
    const post = status(aStatus(statusPeople(rows)));
    expect(Buffer.byteLength(JSON.stringify(post.card))).toBeLessThan(20_000);
    expect(post.markdown).toMatch(/and 5[05] more/);
  });
});
