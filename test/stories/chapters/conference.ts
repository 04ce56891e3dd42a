import type { SpaceInStory, Story, StoryBook } from "../../support/story";
import { hours, minutes, seconds } from "../../support/story";

/** Where the responders talk. */
export function conferenceStories({ story }: StoryBook): void {
  const meetingInfo = {
    meetingLink: "https://example.webex.com/meet/payments",
    sipAddress: "123456789@example.webex.com",
    meetingNumber: "2345 678 9012",
    callInTollNumber: "+1-408-555-0100",
    callInTollFreeNumber: "+1-800-555-0100",
  };

  /** Ana moderates, Ben is there too, and Bo has a phone for texts and calls. */
  async function aStage(told: Story) {
    const cast = await told.space({ moderators: ["Ana"], members: ["Ben"] });
    const bo = told.phone();
    await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo, voice: bo });
    return { ...cast, bo };
  }

  function timesAsked(told: Story): number {
    return told.sandbox.world.requestCounts.get("GET /rooms/:id/meetingInfo") ?? 0;
  }

  async function startAgain({
    ana,
    space,
  }: Pick<Awaited<ReturnType<typeof aStage>>, "ana" | "space">): Promise<void> {
    await ana.says(space, "@Muster stop incident");
    await ana.presses("Stop, keep everyone", { in: space });
    await ana.says(space, "@Muster start incident again");
  }

  function give(told: Story, space: SpaceInStory): void {
    told.sandbox.world.space(space.id).meetingInfo = meetingInfo;
  }

  story("the space's own meeting is in every text, and the call says it twice", async (told) => {
    const { ana, ben, bo, space } = await aStage(told);
    give(told, space);
    await ana.says(space, "@Muster start incident payments down");
    space.expectSaid(/payments down is running/);
    const { attachments } = ben.expectDirect(
      /\[Join the meeting\]\nDial \+1-?408-?555-?0100 and enter 23456789012#/,
    );
    expect(JSON.stringify(attachments)).toContain(meetingInfo.meetingLink);
    const sms = bo.expectSms(/Join: https:\/\/example\.webex\.com\/meet\/payments/);
    expect(sms).toContain("+14085550100,,23456789012#,,#");
    await told.advance(seconds(15));
    space.expectSaid(/^2 of 2 invited$/);
    const words = bo.expectCall(/To join, call/);
    expect(
      words.match(/2[ ,.]+3[ ,.]+4[ ,.]+5[ ,.]+6[ ,.]+7[ ,.]+8[ ,.]+9[ ,.]+0[ ,.]+1[ ,.]+2/g),
    ).toHaveLength(2);
    space.expectStatus(/Join the meeting/);
  });

  for (const status of [404, 410, 403] as const)
    story(
      `a space whose meeting Webex does not tell (${status}) is not asked about again at once`,
      async (told) => {
        const stage = await aStage(told);
        const { ana, ben, bo, space } = stage;
        const route = `GET /rooms/${space.id}/meetingInfo`;
        told.faults.add({ service: "webex", route, kind: "status", status });
        const before = timesAsked(told);
        await ana.says(space, "@Muster start incident payments down");
        ben.expectDirect(/To join, open the space Payments \d+ and press Meet/);
        bo.expectSms(/open the space Payments \d+ in Webex and press Meet\.\nNo Webex\?/);
        expect(timesAsked(told)).toBe(before + 1);
        told.takeAll();
        await startAgain(stage);
        expect(timesAsked(told)).toBe(before + 1);
        await told.advance(seconds(15));
        told.takeAll();
      },
    );

  story("a day later Webex is asked about the meeting again", async (told) => {
    const stage = await aStage(told);
    await stage.ana.says(stage.space, "@Muster start incident payments down");
    await told.advance(seconds(15));
    const before = timesAsked(told);
    await told.world.stopBot();
    await told.advance(hours(24));
    await told.world.startBot();
    give(told, stage.space);
    await startAgain(stage);
    expect(timesAsked(told)).toBe(before + 1);
    await told.advance(seconds(15));
    expect(told.takeAll().join("\n")).toContain("Join the meeting");
  });

  story("a meeting that cannot be asked for now is asked for at the next start", async (told) => {
    const stage = await aStage(told);
    const { ana, ben, space } = stage;
    told.faults.add({
      service: "webex",
      route: `GET /rooms/${space.id}/meetingInfo`,
      kind: "status",
      status: 500,
    });
    await ana.says(space, "@Muster start incident payments down");
    ben.expectDirect(/press Meet/);
    told.expectLog("warn", /could not be asked|Webex call/);
    told.faults.clear();
    give(told, space);
    told.takeAll();
    await startAgain(stage);
    ben.expectDirect(/Dial/);
    told.takeAll();
    await told.advance(minutes(1));
    told.takeAll();
  });

  story("details that come too late for the first texts follow as an update", async (told) => {
    const { ana, ben, bo, space } = await aStage(told);
    give(told, space);
    told.faults.add({
      service: "webex",
      route: `GET /rooms/${space.id}/meetingInfo`,
      kind: "slow",
      delayMs: 4_000,
    });
    await ana.says(space, "@Muster start incident payments down");
    space.expectSaid(/payments down is running/);
    ben.expectDirect(/You are needed[^]*press Meet/);
    ben.expectDirect(/Update\npayments down[^]*Dial \+1/);
    bo.expectSms(/you are needed[^]*press Meet/);
    bo.expectSms(/new details for joining the incident payments down[^]*\+14085550100/);
    await told.advance(seconds(15));
    bo.expectCall(/2, 3|2\. 3|2 3/);
    told.takeAll();
  });

  story("a bridge of the space comes before its meeting", async (told) => {
    const { ana, ben, bo, space } = await aStage(told);
    give(told, space);
    await ana.says(space, "@Muster bridge https://bridge.example/x +1 408 555 0199 987654#");
    space.expectSaid(/^This is the conference of this space from now on\.$/);
    await ana.says(space, "@Muster ready");
    space.expectCard("ready", /Conference: the one that was set for this space/);
    const before = timesAsked(told);
    await ana.says(space, "@Muster start incident payments down");
    expect(timesAsked(told)).toBe(before);
    ben.expectDirect(/Dial \+?14085550199 and enter 987654#/);
    expect(bo.expectSms(/https:\/\/bridge\.example\/x/)).toContain("+14085550199,,987654#,,#");
    await ana.says(space, "@Muster bridge off");
    space.expectSaid(/This space has no fixed conference any more/);
    told.takeAll();
    await ana.says(space, "@Muster bridge never");
    space.expectSaid(/Write bridge and then the link/);
    await ana.says(space, "@Muster bridge https://other.example/y");
    space.expectCard("notice", /from now on\. Texts from now on carry it\./);
    await ana.says(space, "@Muster remind bo");
    bo.expectSms(/reminder[^]*https:\/\/other\.example\/y/);
    await told.advance(seconds(15));
    told.takeAll();
  });

  story("the configured bridge serves spaces without a meeting of their own", async (told) => {
    await told.restartBot({
      BRIDGE_LINK: "https://shared.example/all",
      BRIDGE_PHONE: "+14085550111",
      BRIDGE_CODE: "4711",
    });
    const { ana, ben, bo, space } = await aStage(told);
    await ana.says(space, "@Muster start incident payments down");
    ben.expectDirect(/Dial \+14085550111 and enter 4711#/);
    bo.expectSms(/Join: https:\/\/shared\.example\/all[^]*\+14085550111,,4711#,,#/);
    await told.advance(seconds(15));
    bo.expectCall(/4[ ,.]+7[ ,.]+1[ ,.]+1/);
    told.takeAll();
  });
}
