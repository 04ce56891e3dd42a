import type { ChannelOutcome } from "../../src/incident/incident";
import { status } from "../../src/bot/views/status";
import { statusPeople } from "../../src/bot/views/status-rows";
import { aProgress, aStatus, conference, team } from "../support/card-builders";
import { buttons } from "../support/card-buttons";

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
      "**Bo Alm**: not reached (Webex: sent · SMS: failed, number unknown to the operator · " +
        "Call: nothing sent yet)",
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
    expect(buttons(status(running))).toEqual(["Remind", "Switch", "Remove", "Add", "Stop…"]);
    expect(buttons(status({ ...running, incident }))).toEqual([]);
  });

  it("offers no choice of people where there is nobody to choose", () => {
    expect(buttons(status(aStatus()))).toEqual(["Add", "Stop…"]);
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
    }));
    const post = status(aStatus(statusPeople(rows)));
    expect(Buffer.byteLength(JSON.stringify(post.card))).toBeLessThan(20_000);
    expect(post.markdown).toMatch(/and 5[05] more/);
  });
});
