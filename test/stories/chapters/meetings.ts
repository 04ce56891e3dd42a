import type { SandboxAction } from "../../../src/sandbox/model";
import type { PersonInStory, SpaceInStory, Story, StoryBook } from "../../support/story";
import { hours, minutes, seconds } from "../../support/story";

const OWN = "For my incidents";
const LENT = "Also when other moderators start";
const LOBBY =
  /^This is the meeting of this space, opened in the name of (\w+)\. People who dial in may wait in the lobby: open Participants, then Admit\.$/;

/** Ana and Mia moderate, Ben is there too, and Bo has a phone for texts and calls. */
async function aStage(told: Story) {
  const cast = await told.space({ moderators: ["Ana", "Mia"], members: ["Ben"] });
  const bo = told.phone();
  await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo, voice: bo });
  return { ...cast, bo };
}

type Stage = Awaited<ReturnType<typeof aStage>>;

/** Ana has let the bot open meetings in her name, and an incident of hers runs with one. */
async function aStageWithMeeting(told: Story) {
  const stage = await aStage(told);
  await lets(stage.ana);
  await starts(stage);
  return stage;
}

async function starts({ ana, space }: Pick<Stage, "ana" | "space">): Promise<void> {
  await ana.says(space, "@Muster start incident payments down");
}

/** Whoever got a text is called after it; nobody looks at what came by then. */
async function callsGoOut(told: Story): Promise<void> {
  await told.advance(seconds(15));
  told.takeAll();
}

/** Somebody lets the bot open meetings in their name. */
async function lets(person: PersonInStory, title = OWN): Promise<void> {
  await person.writes("authorize meetings");
  person.expectDirect(/Let me open meetings for you/);
  await person.decides(person.seesLink(title));
  person.expectDirect(/^Thank you\./);
}

function meetingsOf(told: Story, { id }: SpaceInStory) {
  return [...told.sandbox.world.meetings.byId.values()].filter(({ spaceId }) => spaceId === id);
}

function onlyMeetingOf(told: Story, space: SpaceInStory) {
  const meetings = meetingsOf(told, space);
  expect(meetings).toHaveLength(1);
  const [meeting] = meetings;
  if (!meeting) throw new Error("No meeting was opened.");
  return meeting;
}

function timesOpened(told: Story): number {
  return told.sandbox.world.requestCounts.get("POST /meetings") ?? 0;
}

function timesEnded(told: Story): number {
  return told.sandbox.world.requestCounts.get("POST /meetings/:id/end") ?? 0;
}

/** Digit by digit, whatever the pauses. */
function spoken(digits: string): RegExp {
  return new RegExp(digits.split("").join("[ ,.]+"));
}

async function stops({ ana, space }: Pick<Stage, "ana" | "space">, how: string): Promise<void> {
  await ana.says(space, "@Muster stop incident");
  space.expectCard("stop-confirm");
  await ana.presses(how, { in: space });
}

const REMOVE = /^Stop and remove/;

async function stopsAndRemoves({
  ana,
  space,
}: Pick<Stage, "ana" | "space">): Promise<SandboxAction> {
  await ana.says(space, "@Muster stop incident");
  const { attachments } = space.expectCard("stop-confirm");
  const title = /"title":"(Stop and remove[^"]*)"/.exec(JSON.stringify(attachments))?.[1] ?? "";
  expect(title).toMatch(REMOVE);
  return ana.presses(title, { in: space });
}

/** Meetings that the bot opens in somebody's name. */
export function meetingsStories({ story }: StoryBook): void {
  story("who lets the bot starts an incident, and everybody gets its meeting", async (told) => {
    const { ana, mia, ben, bo, space } = await aStageWithMeeting(told);
    const { number, phonePassword, hostId } = onlyMeetingOf(told, space);
    expect(hostId).toBe(ana.id);
    space.expectSaid(/payments down is running/);
    const lobby = space.expectSaid(LOBBY);
    expect(lobby.parentId).toBeDefined();
    expect(LOBBY.exec(lobby.text)?.[1]).toBe("Ana");
    for (const person of [mia, ben]) {
      const { attachments } = person.expectDirect(
        new RegExp(`Dial \\+14085256800 and enter ${number}#, phone password ${phonePassword}`),
      );
      expect(JSON.stringify(attachments)).toContain("https://corp.webex.com/corp/j.php");
    }
    const sms = bo.expectSms(/Join: https:\/\/corp\.webex\.com/);
    expect(sms).toContain(`+14085256800,,${number}#,,#\nPhone password: ${phonePassword}`);
    await told.advance(seconds(15));
    const words = bo.expectCall(spoken(number));
    expect(words).toMatch(spoken(phonePassword));
    space.expectStatus(new RegExp(`phone password ${phonePassword}`));
    told.takeAll();
  });

  story("another moderator who lent theirs serves where the starter has none", async (told) => {
    const { ana, mia, bo, space } = await aStage(told);
    await lets(mia, LENT);
    await starts({ ana, space });
    expect(onlyMeetingOf(told, space).hostId).toBe(mia.id);
    expect(LOBBY.exec(space.expectSaid(LOBBY).text)?.[1]).toBe("Mia");
    bo.expectSms(/\+14085256800,,/);
    told.takeAll();
    await callsGoOut(told);
  });

  story("a moderator who lent nothing is not used for others' incidents", async (told) => {
    const { ana, mia, bo, space } = await aStage(told);
    await lets(mia);
    const before = timesOpened(told);
    await starts({ ana, space });
    bo.expectSms(/press Meet/);
    expect(timesOpened(told)).toBe(before);
    told.takeAll();
    await callsGoOut(told);
  });

  story("a bridge comes before any meeting", async (told) => {
    const { ana, bo, space } = await aStage(told);
    await lets(ana);
    const before = timesOpened(told);
    await ana.says(space, "@Muster bridge https://bridge.example/x");
    await starts({ ana, space });
    bo.expectSms(/https:\/\/bridge\.example\/x/);
    await ana.says(space, "@Muster remind Bo");
    bo.expectSms(/https:\/\/bridge\.example\/x/);
    expect(timesOpened(told)).toBe(before);
    told.takeAll();
    await callsGoOut(told);
  });

  story(
    "a reminder carries the number that the meeting has by now, others get it once",
    async (told) => {
      const { ana, ben, bo, space } = await aStageWithMeeting(told);
      const [first] = meetingsOf(told, space);
      await callsGoOut(told);

      // Nobody has joined it: Webex forgets it.
      await told.advance(minutes(30));
      told.takeAll();
      await ana.says(space, "@Muster remind Bo");
      const second = meetingsOf(told, space).at(-1);
      expect(second?.number).not.toBe(first?.number);
      const sms = bo.expectSms(/reminder, you are still needed/);
      expect(sms).toContain(second?.number);
      bo.expectNothing();
      ben.expectDirect(new RegExp(`Update\\n[^]*enter ${second?.number}#`));
      ben.expectNothing();
      space.expectStatus(new RegExp(`enter ${second?.number}#`));
      space.expectSaid(/Sending again to/);
      await told.advance(seconds(15));
      expect(bo.expectCall(spoken(second?.number ?? "?"))).not.toMatch(
        spoken(first?.number ?? "?"),
      );
      expect(told.takeAll().join("\n")).not.toContain("in the name of");

      await ana.says(space, "@Muster remind all");
      expect(meetingsOf(told, space)).toHaveLength(2);
      ben.expectDirect(/Reminder: you are needed/);
      ben.expectNothing();
      await callsGoOut(told);
    },
  );

  story("what is told to all carries the number that the meeting has by now", async (told) => {
    const { ana, ben, space } = await aStageWithMeeting(told);
    const [first] = meetingsOf(told, space);
    await told.advance(minutes(30));
    told.takeAll();
    await ana.says(space, "@Muster tell We meet in room 4.");
    const second = meetingsOf(told, space).at(-1);
    expect(second?.number).not.toBe(first?.number);
    ben.expectDirect(new RegExp(`room 4\\.[^]*enter ${second?.number}#`));
    ben.expectNothing();
    told.takeAll();
    await callsGoOut(told);
  });

  story("who is added while it runs gets the meeting as it is then", async (told) => {
    const { ana, space } = await aStageWithMeeting(told);
    const before = timesOpened(told);
    const cleo = told.phone();
    await callsGoOut(told);
    await told.addExternal(space, ana, { name: "Cleo", mobile: cleo });
    expect(timesOpened(told)).toBe(before + 1);
    cleo.expectSms(new RegExp(`,,${onlyMeetingOf(told, space).number}#`));
    told.takeAll();
    const dan = told.person("Dan");
    await told.advance(minutes(2));
    await dan.joins(space);
    dan.expectDirect(new RegExp(`enter ${onlyMeetingOf(told, space).number}#`));
    expect(timesOpened(told)).toBe(before + 2);
    told.takeAll();
  });

  story("a meeting that comes too late for the first texts follows as an update", async (told) => {
    const { ana, ben, bo, space } = await aStage(told);
    await lets(ana);
    told.faults.add({ service: "webex", route: "POST /meetings", kind: "slow", delayMs: 3_300 });
    await starts({ ana, space });
    const { number } = onlyMeetingOf(told, space);
    ben.expectDirect(/You are needed[^]*press Meet/);
    ben.expectDirect(new RegExp(`Update\\n[^]*enter ${number}#`));
    ben.expectNothing();
    bo.expectSms(/you are needed[^]*press Meet/);
    expect(bo.expectSms(/new details for joining/)).toContain(number);
    told.takeAll();
    await told.advance(seconds(15));
    bo.expectCall(spoken(number));
    told.takeAll();
  });

  story(
    "a used up quota is said once, another conference serves, and a day later it works",
    async (told) => {
      const { ana, bo, space } = await aStage(told);
      await lets(ana);
      const { settings } = told.sandbox.world.meetings;
      settings.dailyQuota = 0;
      const before = timesOpened(told);
      await starts({ ana, space });
      const quota =
        /^Webex opens no more meetings in the name of Ana before [^.]*UTC: it opens 100 a day for each person\. People are told to open the space and press Meet\. Another moderator can lend/;
      space.expectSaid(quota);
      bo.expectSms(/press Meet/);
      told.expectLog("warn", /a meeting could not be opened|Webex call/);
      told.takeAll();
      await ana.says(space, "@Muster remind Bo");
      bo.expectSms(/press Meet/);
      // The grant rests: what Webex refuses counts as well.
      expect(timesOpened(told)).toBe(before + 1);
      expect(told.takeAll().join("\n")).not.toMatch(/no more meetings/);
      await stops({ ana, space }, "Stop, keep everyone");
      settings.dailyQuota = 100;
      told.takeAll();
      await told.world.stopBot();
      await told.advance(hours(24));
      await told.world.startBot();
      await ana.says(space, "@Muster start incident again");
      expect(bo.expectSms(/you are needed for the incident again/)).toContain("+14085256800,,");
      told.takeAll();
      await callsGoOut(told);
    },
  );

  story("Webex that wants a short pause is not a used up quota", async (told) => {
    const { ana, bo, space } = await aStage(told);
    await lets(ana);
    const before = timesOpened(told);
    const fault = { service: "webex", kind: "status", status: 429, times: 1 } as const;
    told.faults.add({ ...fault, route: "POST /meetings", retryAfter: "20" });
    await starts({ ana, space });
    bo.expectSms(/press Meet/);
    space.expectSaid(/^Webex did not open a meeting in the name of Ana:[^]*I ask again when/);
    told.expectLog("warn", /a meeting could not be opened|Webex call/);
    await ana.says(space, "@Muster remind Bo");
    // The grant rests as long as Webex asked for.
    expect(timesOpened(told)).toBe(before + 1);
    expect(told.takeAll().join("\n")).not.toMatch(/no more meetings|100 a day/);
    await told.advance(seconds(20));
    told.takeAll();
    await ana.says(space, "@Muster remind Bo");
    expect(timesOpened(told)).toBe(before + 2);
    expect(bo.expectSms(/reminder/)).toContain(onlyMeetingOf(told, space).number);
    told.takeAll();
    await callsGoOut(told);
  });

  story("Webex that fails for a moment costs nobody their text", async (told) => {
    const { ana, mia, bo, space } = await aStage(told);
    await lets(ana);
    await lets(mia, LENT);
    const fault = { service: "webex", kind: "status", status: 503, times: 1 } as const;
    told.faults.add({ ...fault, route: "POST /meetings" });
    await starts({ ana, space });
    expect(onlyMeetingOf(told, space).hostId).toBe(mia.id);
    bo.expectSms(/\+14085256800,,/);
    expect(told.takeAll().join("\n")).not.toMatch(/did not open/);
    told.expectLog("warn", /a meeting could not be opened|Webex call/);
    await callsGoOut(told);
  });

  story(
    "a host whose grant Webex no longer takes is not used, and nobody waits for it",
    async (told) => {
      const { ana, bo, space } = await aStage(told);
      await lets(ana);
      told.sandbox.world.oauth.revoke(ana.id);
      await starts({ ana, space });
      bo.expectSms(/press Meet/);
      space.expectSaid(
        /^I can open no meeting in the name of Ana any more: their grant does not work\./,
      );
      expect(told.takeAll().join("\n")).toMatch(/does not renew|authorise anew/);
      told.expectLog("warn", /grant|Webex call|could not be opened/);
      await callsGoOut(told);
    },
  );

  story("a stop with removal ends the meeting, once", async (told) => {
    const { ana, space } = await aStageWithMeeting(told);
    const meeting = onlyMeetingOf(told, space);
    await callsGoOut(told);
    const press = await stopsAndRemoves({ ana, space });
    space.expectSaid(/is over\. I end its meeting\./);
    expect(told.sandbox.world.meetings.goesOn(meeting)).toBe(false);
    const before = timesEnded(told);
    await told.world.deliverAgain(press);
    expect(timesEnded(told)).toBe(before);
    told.takeAll();
  });

  story("a stop that keeps everyone keeps the meeting", async (told) => {
    const { ana, space } = await aStageWithMeeting(told);
    const meeting = onlyMeetingOf(told, space);
    await callsGoOut(told);
    await stops({ ana, space }, "Stop, keep everyone");
    expect(told.sandbox.world.meetings.goesOn(meeting)).toBe(true);
    told.takeAll();
  });

  story(
    "a meeting whose host took the grant back goes on, and the space hears it",
    async (told) => {
      const { ana, space } = await aStageWithMeeting(told);
      const meeting = onlyMeetingOf(told, space);
      await callsGoOut(told);
      await ana.writes("revoke meetings");
      ana.expectDirect(/deleted/);
      await stopsAndRemoves({ ana, space });
      space.expectSaid(/^The meeting goes on: I have no grant of Ana any more/);
      expect(told.sandbox.world.meetings.goesOn(meeting)).toBe(true);
      told.takeAll();
    },
  );

  story(
    "a meeting that Webex does not end in time goes on, and the space hears it",
    async (told) => {
      const { ana, space } = await aStageWithMeeting(told);
      await callsGoOut(told);
      told.faults.add({ service: "webex", route: "POST /meetings/", kind: "status", status: 503 });
      await stopsAndRemoves({ ana, space });
      told.takeAll();
      await told.advance(minutes(35));
      space.expectSaid(/^I could not end the meeting: Webex did not answer in time\./);
      told.expectLog("warn", /Webex call/);
      told.takeAll();
    },
  );

  story("a meeting that is over already ends without a word", async (told) => {
    const { ana, space } = await aStageWithMeeting(told);
    await told.advance(minutes(30));
    told.takeAll();
    const before = timesEnded(told);
    await stopsAndRemoves({ ana, space });
    await told.advance(minutes(5));
    // Webex says that there is no such meeting, and is not asked again.
    expect(timesEnded(told)).toBe(before + 1);
    expect(told.takeAll().join("\n")).not.toMatch(/could not end|goes on/);
  });
}
