import type { SandboxMessage } from "../../../src/sandbox/model";
import type { SandboxMeeting } from "../../../src/sandbox/world";
import type { PersonInStory, Story, StoryBook } from "../../support/story";
import { minutes, seconds } from "../../support/story";

/** Somebody lets the bot open meetings for their own incidents. */
async function lets(person: PersonInStory): Promise<void> {
  await person.writes("authorize meetings");
  person.expectDirect(/Let me open meetings for you/);
  await person.decides(person.seesLink("For my incidents"));
  person.expectDirect(/^Thank you\./);
}

/** Ana's incident runs with a meeting of hers; Mia moderates too, Ben and Cleo are on Webex, Bo on a phone. */
async function running(told: Story, changed?: Record<string, string>) {
  if (changed) await told.restartBot(changed);
  const cast = await told.space({ moderators: ["Ana", "Mia"], members: ["Ben", "Cleo"] });
  const bo = told.phone();
  await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo });
  await lets(cast.ana);
  await cast.ana.says(cast.space, "@Muster start incident payments down");
  told.takeAll();
  const meeting = told.sandbox.world.meeting(cast.space.id);
  if (!meeting) throw new Error("No meeting was opened.");
  return { ...cast, bo, meeting, told };
}

type Stage = Awaited<ReturnType<typeof running>>;

/** Into the meeting, or its lobby. */
function joins({ space, told }: Stage, person: PersonInStory, state?: "lobby" | "joined") {
  return told.sandbox.world.joinMeeting({ space: space.id, person: person.id, state });
}

/** Somebody on a phone, who waits in the lobby. */
function dialsIn({ space, told }: Stage, phone = "+12025550143") {
  return told.sandbox.world.joinMeeting({ space: space.id, phone, name: phone });
}

function timesRead({ told }: Stage): number {
  return told.sandbox.world.requestCounts.get("GET /meetingParticipants") ?? 0;
}

function timesAdmitted({ told }: Stage): number {
  return told.sandbox.world.requestCounts.get("POST /meetingParticipants/admit") ?? 0;
}

/** What the space shows of the lobby now. */
function lobbyCards({ space, told }: Stage): SandboxMessage[] {
  return [...told.sandbox.world.messages.values()].filter(
    ({ attachments, spaceId }) =>
      spaceId === space.id && JSON.stringify(attachments).includes("incident.admit"),
  );
}

function waitingIn({ participants }: SandboxMeeting): number {
  return participants.filter(({ state }) => state === "lobby").length;
}

async function answersOf({ told }: Stage) {
  const { answers = [] } = await told.world.memory();
  return answers as { answer: string; via: string; responder_id: string }[];
}

async function showsStatus({ ana, space }: Stage, ...patterns: RegExp[]): Promise<void> {
  await ana.says(space, "@Muster status");
  space.expectStatus(...patterns);
}

const READING = seconds(20);

/** Somebody dials in, and the space is told. */
async function callerWaits(stage: Stage): Promise<ReturnType<typeof dialsIn>> {
  const caller = dialsIn(stage);
  await stage.told.advance(READING);
  stage.space.expectCard("notice", /1 caller waits in the lobby/);
  return caller;
}

/** Who is in the meeting that the bot opened, and who waits to come in. */
export function presenceStories({ story }: StoryBook): void {
  story("who joins the meeting counts as coming, once, and is not reminded", async (told) => {
    const stage = await running(told, { RENOTIFY_TIMES: "2" });
    const { ben, bo, cleo } = stage;
    const before = (await answersOf(stage)).length;
    joins(stage, ben);
    await told.advance(READING);
    expect((await answersOf(stage)).slice(before)).toMatchObject([
      { answer: "coming", via: "meeting" },
    ]);
    told.takeAll();
    await showsStatus(stage, /Ben\nComing\nin the meeting/, /1 in the meeting/);
    await told.advance(minutes(5));
    cleo.expectDirect(/Reminder/);
    bo.expectSms(/reminder/);
    ben.expectNothing();
    expect(await answersOf(stage)).toHaveLength(before + 1);
    told.takeAll();
  });

  story("the line in the thread tells how many are in the meeting", async (told) => {
    const stage = await running(told);
    await told.advance(READING);
    told.takeAll();
    joins(stage, stage.ben);
    joins(stage, stage.cleo);
    await told.advance(READING);
    await told.advance(seconds(5));
    const lines = told.takeAll().join("\n");
    expect(lines).toMatch(/2 of 4 answered, 2 in the meeting/);
    await told.advance(minutes(1));
    expect(told.takeAll().join("\n")).toMatch(/Cleo\s+Coming\s+in the meeting/);
  });

  story("their address is theirs however it is written, and a stranger is nobody", async (told) => {
    const stage = await running(told);
    const { ben, meeting } = stage;
    const participant = joins(stage, ben);
    participant.email = participant.email.toUpperCase();
    told.sandbox.world.meetings.join(meeting, {
      ...{ name: "Ben", email: "ben@elsewhere.example", isInvitee: false, state: "joined" },
    });
    const before = (await answersOf(stage)).length;
    await told.advance(READING);
    expect(await answersOf(stage)).toHaveLength(before + 1);
    told.takeAll();
  });

  story("somebody from outside who is known by an address is told by it, too", async (told) => {
    const stage = await running(told);
    const { ana, meeting, space } = stage;
    const email = "dora@partner.example";
    const mobile = told.phone();
    await told.addExternal(space, ana, { name: "Dora", mobile, email });
    told.takeAll();
    told.sandbox.world.meetings.join(meeting, {
      ...{ name: "Dora", email, isInvitee: false, state: "joined" },
    });
    await told.advance(READING);
    told.takeAll();
    await showsStatus(stage, /Dora\nComing\nin the meeting/);
  });

  story(
    "who declined and joins is coming, who leaves stays so, who declines then does not",
    async (told) => {
      const stage = await running(told);
      const { ben, cleo } = stage;
      await ben.presses("Can't join");
      await cleo.presses("On my way");
      const participant = joins(stage, ben);
      joins(stage, cleo);
      const before = (await answersOf(stage)).length;
      await told.advance(READING);
      told.takeAll();
      // Cleo has said so herself.
      expect(await answersOf(stage)).toHaveLength(before + 1);
      await showsStatus(stage, /Ben\nComing\nin the meeting/, /Cleo\nComing\nin the meeting/);
      told.sandbox.world.leaveMeeting(participant);
      await told.advance(READING);
      told.takeAll();
      await showsStatus(stage, /Ben\nComing\nwas in the meeting/);
      joins(stage, ben);
      await told.advance(READING);
      told.takeAll();
      await ben.presses("Can't join");
      await told.advance(minutes(2));
      told.takeAll();
      await showsStatus(stage, /Ben\nDeclined\nin the meeting/);
    },
  );

  story("whom a moderator has marked stays as they are, in the meeting or not", async (told) => {
    const stage = await running(told);
    const { ana, ben, space } = stage;
    await ana.says(space, "@Muster coming Ben");
    const before = (await answersOf(stage)).length;
    joins(stage, ben);
    // Who started is in the space already, and needs no answer.
    joins(stage, ana);
    await told.advance(READING);
    expect(await answersOf(stage)).toHaveLength(before);
    told.takeAll();
    await showsStatus(stage, /Ben\nComing\nby Ana · in the meeting/, /2 in the meeting/);
  });

  story("callers in the lobby are told once, anew when it changes, and let in", async (told) => {
    const stage = await running(told);
    const { meeting, mia, space } = stage;
    for (const phone of ["+12025550143", "+12025550144"]) dialsIn(stage, phone);
    await told.advance(READING);
    const { text } = space.expectCard("notice", /2 callers wait in the lobby of the meeting\./);
    expect(text).not.toContain("2025");
    await told.advance(minutes(1));
    expect(lobbyCards(stage)).toHaveLength(1);
    const third = dialsIn(stage, "+12025550145");
    told.takeAll();
    await told.advance(READING);
    space.expectCard("notice", /3 callers wait/);
    expect(lobbyCards(stage)).toHaveLength(1);
    told.sandbox.world.leaveMeeting(third);
    await told.advance(READING);
    space.expectCard("notice", /2 callers wait/);
    const before = timesAdmitted(stage);
    await mia.presses("Admit all");
    space.expectSaid(/^Mia let 2 callers in from the lobby\.$/);
    expect(timesAdmitted(stage)).toBe(before + 1);
    expect(waitingIn(meeting)).toBe(0);
    expect(lobbyCards(stage)).toEqual([]);
    told.takeAll();
  });

  story("one caller who hangs up is forgotten", async (told) => {
    const stage = await running(told);
    const caller = await callerWaits(stage);
    told.sandbox.world.leaveMeeting(caller);
    await told.advance(READING);
    expect(lobbyCards(stage)).toEqual([]);
    told.takeAll();
  });

  story("who moderates nothing lets nobody in", async (told) => {
    const stage = await running(told);
    const { ben, meeting, space } = stage;
    await callerWaits(stage);
    const before = timesAdmitted(stage);
    await ben.presses("Admit all");
    space.expectSaid(/Only moderators of this space can do that/);
    expect(waitingIn(meeting)).toBe(1);
    expect(timesAdmitted(stage)).toBe(before);
    told.takeAll();
  });

  story("two presses in one breath, and a press delivered twice, are one", async (told) => {
    const stage = await running(told);
    const { ana, space } = stage;
    await callerWaits(stage);
    const button = ana.sees("Admit all");
    const before = timesAdmitted(stage);
    const [press] = await Promise.all([1, 2].map(() => ana.presses(button)));
    space.expectSaid(/^Ana let 1 caller in/);
    space.expectNothing();
    if (press) await told.world.deliverAgain(press);
    expect(timesAdmitted(stage)).toBe(before + 1);
    told.takeAll();
  });

  story("two moderators who press at once do no harm", async (told) => {
    const stage = await running(told);
    const { ana, meeting, mia } = stage;
    await callerWaits(stage);
    const button = ana.sees("Admit all");
    await Promise.all([ana, mia].map((person) => person.presses(button)));
    expect(waitingIn(meeting)).toBe(0);
    expect(told.takeAll().join("\n")).toMatch(/(Ana|Mia) let 1 caller in/);
  });

  story("a card of an incident before says nothing about this one's lobby", async (told) => {
    const stage = await running(told);
    const { ana, meeting, space } = stage;
    await callerWaits(stage);
    const { data } = ana.sees("Admit all");
    await ana.says(space, "@Muster stop incident");
    await ana.presses("Stop, keep everyone", { in: space });
    expect(lobbyCards(stage)).toEqual([]);
    told.takeAll();
    const before = timesAdmitted(stage);
    await ana.says(space, "@Muster status");
    await ana.presses({ ...ana.sees("Ready?"), data });
    space.expectSaid(/No incident is running/);
    await ana.says(space, "@Muster start incident again");
    told.takeAll();
    await ana.presses({ ...ana.sees("Stop…"), data });
    space.expectSaid(/used already, or is too old/);
    expect(timesAdmitted(stage)).toBe(before);
    expect(waitingIn(meeting)).toBe(1);
    await told.advance(seconds(1));
    told.takeAll();
  });

  story("Webex that lets nobody in says why, and another press helps", async (told) => {
    const stage = await running(told);
    const { ana, meeting, space } = stage;
    await callerWaits(stage);
    const route = "POST /meetingParticipants/admit";
    told.faults.add({ service: "webex", route, kind: "status", status: 403, times: 1 });
    await ana.presses("Admit all");
    space.expectSaid(
      /^I could let nobody in from the lobby: Webex lets only its host do that\. Whoever hosts the meeting can: open Participants, then Admit\.$/,
    );
    told.faults.add({ service: "webex", route, kind: "status", status: 429, retryAfter: "300" });
    await told.advance(seconds(10));
    await ana.presses("Admit all");
    space.expectSaid(/^I could let nobody in from the lobby: .*(429|busy|too many)/);
    told.expectLog("warn", /Webex call/);
    told.faults.clear();
    told.faults.add({ service: "webex", route, kind: "status", status: 503, times: 1 });
    await told.advance(seconds(10));
    await ana.presses("Admit all");
    await told.advance(seconds(1));
    space.expectSaid(/^Ana let 1 caller in/);
    told.expectLog("warn", /Webex call/);
    expect(waitingIn(meeting)).toBe(0);
    told.takeAll();
  });

  story("nothing is read where nobody lets the bot, or a bridge serves", async (told) => {
    const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
    const count = (): number =>
      told.sandbox.world.requestCounts.get("GET /meetingParticipants") ?? 0;
    const before = count();
    await ana.says(space, "@Muster start incident payments down");
    await told.advance(minutes(2));
    expect(count()).toBe(before);
    ben.expectDirect(/press Meet/);
    told.takeAll();
  });

  story("a bridge in its place ends the reading, and the lobby's card goes", async (told) => {
    const stage = await running(told);
    dialsIn(stage);
    await told.advance(READING);
    expect(lobbyCards(stage)).toHaveLength(1);
    await stage.ana.says(stage.space, "@Muster bridge https://bridge.example/x");
    const before = timesRead(stage);
    await told.advance(minutes(2));
    expect(timesRead(stage)).toBe(before);
    expect(lobbyCards(stage)).toEqual([]);
    told.takeAll();
  });

  story("a grant that is taken back ends it, a new one brings it back", async (told) => {
    const stage = await running(told);
    const { ana, ben, space } = stage;
    joins(stage, ben);
    dialsIn(stage);
    await told.advance(READING);
    const button = ana.sees("Admit all");
    await ana.writes("revoke meetings");
    told.takeAll();
    await ana.presses(button);
    space.expectSaid(
      /^I could let nobody in from the lobby: I have no grant of Ana any more\. Whoever hosts/,
    );
    const before = timesRead(stage);
    await told.advance(minutes(4));
    expect(timesRead(stage)).toBe(before);
    expect(lobbyCards(stage)).toEqual([]);
    told.takeAll();
    await showsStatus(stage, /Ben\nComing\nwas in the meeting/);
    await lets(ana);
    await told.advance(minutes(5));
    expect(lobbyCards(stage)).toHaveLength(1);
    told.takeAll();
    await showsStatus(stage, /Ben\nComing\nin the meeting/);
  });

  story("a grant that Webex renews no more ends it, and its giver hears of it", async (told) => {
    const stage = await running(told);
    const { ana, space } = stage;
    told.sandbox.world.oauth.revoke(ana.id);
    await told.advance(READING);
    told.expectLog("warn", /grant|Webex call/);
    expect(told.takeAll().join("\n")).toMatch(/does not renew|authorise anew/);
    const before = timesRead(stage);
    await told.advance(minutes(4));
    expect(timesRead(stage)).toBe(before);
    space.expectNothing();
    told.takeAll();
  });

  story("too many requests are waited out, for all meetings of that host", async (told) => {
    const stage = await running(told);
    const { ana, ben } = stage;
    const other = await told.space({ moderators: ["Dan"], members: ["Eve"] });
    told.sandbox.world.setMember({ space: other.space.id, person: ana.id, moderator: true });
    await told.settle();
    await ana.says(other.space, "@Muster start incident cards down");
    told.takeAll();
    const fault = { service: "webex", route: "GET /meetingParticipants", kind: "status" } as const;
    told.faults.add({ ...fault, status: 429, retryAfter: "90", times: 1 });
    joins(stage, ben);
    await told.advance(READING);
    told.expectLog("warn", /Webex call/);
    const before = timesRead(stage);
    await told.advance(seconds(60));
    expect(timesRead(stage) - before).toBeLessThanOrEqual(1);
    told.takeAll();
    await told.advance(seconds(40));
    told.takeAll();
    await showsStatus(stage, /Ben\nComing\nin the meeting/);
    // What comes and goes costs nobody anything.
    told.faults.add({ ...fault, status: 503, times: 1 });
    await told.advance(minutes(2));
    told.expectLog("warn", /Webex call/);
    told.takeAll();
    await showsStatus(stage, /Ben\nComing\nin the meeting/);
  });

  story("who may not ask is not asked again at once, and the space hears nothing", async (told) => {
    const stage = await running(told);
    const { space } = stage;
    const fault = { service: "webex", route: "GET /meetingParticipants", kind: "status" } as const;
    told.faults.add({ ...fault, status: 403 });
    await told.advance(minutes(1));
    told.takeAll();
    const before = timesRead(stage);
    await told.advance(minutes(3));
    expect(timesRead(stage)).toBe(before);
    told.expectLog("warn", /who is in a meeting may not be read/);
    told.faults.clear();
    await told.advance(minutes(3));
    expect(timesRead(stage)).toBeGreaterThan(before);
    space.expectNothing();
    told.takeAll();
  });

  story("a Webex that takes its time delays nothing else", async (told) => {
    const stage = await running(told);
    const { ana, ben, space } = stage;
    const route = "GET /meetingParticipants";
    told.faults.add({ service: "webex", route, kind: "slow", delayMs: 1_500, times: 1 });
    joins(stage, ben);
    const reading = told.advance(READING);
    await ana.says(space, "@Muster remind Bo");
    stage.bo.expectSms(/reminder/);
    await reading;
    told.takeAll();
    await showsStatus(stage, /Ben\nComing\nin the meeting/);
  });

  story("a restart forgets nothing of it", async (told) => {
    const stage = await running(told);
    const { ben, mia, space } = stage;
    joins(stage, ben);
    dialsIn(stage);
    await told.advance(READING);
    told.takeAll();
    const before = (await answersOf(stage)).length;
    await told.world.stopBot();
    await told.leap(minutes(2));
    await told.world.startBot();
    await told.advance(minutes(1));
    expect(await answersOf(stage)).toHaveLength(before);
    expect(lobbyCards(stage)).toHaveLength(1);
    told.takeAll();
    await mia.presses("Admit all");
    space.expectSaid(/^Mia let 1 caller in/);
    told.takeAll();
  });

  story("a stop ends the reading", async (told) => {
    const stage = await running(told);
    const { ana, ben, space } = stage;
    joins(stage, ben);
    dialsIn(stage);
    await told.advance(READING);
    told.takeAll();
    await ana.says(space, "@Muster stop incident");
    await ana.presses("Stop, keep everyone", { in: space });
    const before = timesRead(stage);
    told.takeAll();
    await told.advance(minutes(5));
    expect(timesRead(stage)).toBe(before);
    expect(lobbyCards(stage)).toEqual([]);
    space.expectNothing();
    ben.expectNothing();
  });
}
