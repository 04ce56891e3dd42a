import type { PersonInStory, SpaceInStory, Story, StoryBook } from "../../support/story";
import { minutes, seconds } from "../../support/story";

/** How people say on Webex whether they come, and how a moderator says it for them. */
export function answerStories(book: StoryBook): void {
  /** What a story leaves to be shown on status cards and lines is no later story's business. */
  function story(name: string, body: (told: Story) => Promise<void>): void {
    book.story(name, async (told) => {
      await body(told);
      expect(told.takeAll()).toEqual([]);
      await told.advance(minutes(1));
      told.takeAll();
    });
  }

  async function aRunningStage(told: Story) {
    const stage = await told.space({ moderators: ["Ana"], members: ["Ben", "Cleo"] });
    await starts(stage.ana, stage.space);
    told.takeAll();
    return stage;
  }

  async function starts(by: PersonInStory, space: SpaceInStory, name = "payments down") {
    await by.says(space, `@Muster start incident ${name}`);
    const { text } = space.expectSaid(/is running \(incident \d+\)/);
    return /incident (\d+)/.exec(text)?.[1] ?? "";
  }

  story(
    "a press on the invite counts, is confirmed once, and shows on line and card",
    async (told) => {
      const { ana, ben, space } = await told.space({
        moderators: ["Ana"],
        members: ["Ben", "Cleo"],
      });
      await ana.says(space, "@Muster bridge https://x.example/m +14085550100 25512345");
      const number = await starts(ana, space);
      ben.expectDirect(/You are needed\npayments down[^]*\[On my way\]\n\[Can't join\]$/);
      told.takeAll();
      await ben.presses("On my way");
      const { text } = ben.expectDirect(/^Noted: you are on your way to payments down/);
      expect(text).toContain("Join the meeting");
      expect(text).toContain(`write declined ${number}`);
      ben.expectNothing();
      await told.advance(seconds(5));
      space.expectSaid(/^1 of 2 answered$/);
      await told.advance(seconds(55));
      space.expectStatus(
        /1 waiting[^]*2 coming[^]*3 people, 2 invited, 2 reached[^]*Ben\nComing\nWebex: sent/,
      );
      space.expectNothing();
    },
  );

  story("a mind is changed on any card of the incident, and in words", async (told) => {
    const { ana, ben, space } = await aRunningStage(told);
    const first = ben.sees("On my way");
    await ben.presses("Can't join");
    ben.expectDirect(/^Noted: you cannot join payments down/);
    await ana.says(space, "@Muster remind all");
    space.expectSaid(/Sending again to 1 person/);
    told.takeAll();
    await ana.says(space, "@Muster remind Ben");
    space.expectSaid(/Sending again to 1 person/);
    ben.expectDirect(/Reminder: you are needed[^]*\[On my way\]\n\[Can't join\]$/);
    expect(ben.sees("On my way").messageId).not.toBe(first.messageId);
    await ben.presses("On my way");
    ben.expectDirect(/^Noted: you are on your way/);
    await ben.writes("declined");
    ben.expectDirect(/^Noted: you cannot join/);
    await ben.presses(first);
    ben.expectDirect(/^Noted: you are on your way/);
    await ben.presses(first);
    ben.expectNothing();
    await told.advance(seconds(10));
    await ben.presses(first);
    ben.expectDirect(/^Noted: you are on your way/);
    told.takeAll();
    await ana.says(space, "@Muster status");
    space.expectStatus(/Ben\nComing/);
  });

  story("people of another organisation may answer, and nothing else", async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const zoe = told.person("Zoe", { orgId: "org-partner" });
    await zoe.joins(space);
    await starts(ana, space);
    zoe.expectDirect(/You are needed/);
    await zoe.presses("On my way");
    zoe.expectDirect(/^Noted: you are on your way/);
    await zoe.writes("no");
    zoe.expectDirect(/^Noted: you cannot join/);
    await zoe.writes("help");
    zoe.expectDirect(/I take orders only from people of the organisation that runs me/);
    told.takeAll();
    await ana.says(space, "@Muster status");
    space.expectStatus(/Zoe\nDeclined/);
  });

  story("an address is doubted until its owner answers, and then not called", async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const ella = told.person("Ella");
    const phone = told.phone();
    const external = { name: "Ella Alm", mobile: phone, voice: phone, email: ella.email };
    await told.addExternal(space, ana, external);
    await starts(ana, space);
    ella.expectDirect(/You are needed/);
    phone.expectSms(/needed/);
    space.expectStatus(/Ella Alm\nWaiting\nWebex: (queued|sent, not confirmed)/);
    await ella.presses("On my way");
    ella.expectDirect(/^Noted: you are on your way/);
    await told.advance(seconds(60));
    phone.expectNothing();
    space.expectStatus(/Ella Alm\nComing\nWebex: sent · SMS: accepted · Call: not sent, answered/);
    await ella.writes("can't join");
    ella.expectDirect(/^Noted: you cannot join/);
    told.takeAll();
  });

  story("who is called by two incidents is asked which one they mean", async (told) => {
    const { ana, ben, space } = await aRunningStage(told);
    const other = await told.space({ moderators: ["Mia"] });
    await ben.joins(other.space);
    const number = await starts(other.mia, other.space, "cards down");
    told.takeAll();
    await ben.writes("coming");
    ben.expectDirect(/You are called by cards down \(\d+\), payments down \(\d+\)\. Which one/);
    await ben.presses(`On my way: ${number}, cards down`);
    ben.expectDirect(/^Noted: you are on your way to cards down/);
    await ben.writes("coming 999999");
    ben.expectDirect(/Incident 999999 has not called you, or is over\./);
    await ben.writes(`declined ${number}`);
    ben.expectDirect(/^Noted: you cannot join cards down/);
    told.takeAll();
    for (const [person, where, state] of [
      [ana, space, "Waiting"],
      [other.mia, other.space, "Declined"],
    ] as const) {
      await person.says(where, "@Muster status");
      where.expectStatus(new RegExp(`Ben\n${state}`));
    }
  });

  story("an answer to what is over gets a polite word", async (told) => {
    const { ana, ben, cleo, space } = await aRunningStage(told);
    await ana.presses("Stop…");
    await ana.presses("Stop and remove 2 people");
    told.takeAll();
    await ben.presses("On my way");
    ben.expectDirect(/^payments down \(incident \d+\) is over: nobody waits for you any more/);
    await cleo.writes("coming");
    cleo.expectDirect(/^No incident that runs now has called you/);
    space.expectNothing();
    const { world } = told.sandbox;
    world.setMember({ space: space.id, person: world.bot().id, in: false });
    await told.settle();
    told.takeAll();
    await cleo.presses("Can't join");
    cleo.expectDirect(/^That incident is over/);
  });

  story("nobody answers for somebody else by their card", async (told) => {
    const { ben, cleo } = await aRunningStage(told);
    const before = (await told.world.memory()).answers;
    const bens = ben.sees("On my way");
    const { messageId } = cleo.sees("On my way");
    await cleo.presses({ ...bens, messageId });
    cleo.expectDirect(/^This card is for somebody else\.$/);
    expect((await told.world.memory()).answers).toEqual(before);
  });

  story("a moderator answers for somebody, and the space hears who said it", async (told) => {
    const { ana, ben, cleo, space } = await aRunningStage(told);
    await ana.says(space, "@Muster coming Ben");
    space.expectSaid(/^Ana: Ben is coming\.$/);
    await ana.says(space, "@Muster declined cleo");
    space.expectSaid(/^Ana: Cleo cannot join\.$/);
    ben.expectNothing();
    cleo.expectNothing();
    told.takeAll();
    await ana.says(space, "@Muster status");
    space.expectStatus(
      /Cleo\nDeclined\nby Ana · Webex: sent\n/,
      /Ben\nComing\nby Ana · Webex: sent\n/,
    );
    await ben.says(space, "@Muster declined Ana");
    space.expectSaid(/^Only moderators of this space can do that/);
    await ben.presses("On my way");
    ben.expectDirect(/^Noted: you are on your way/);
    await ana.presses("Mark coming", { choose: ["Ben", "Cleo"] });
    space.expectSaid(/^Ana: Cleo is coming\. Ben is down as coming already\.$/);
    space.expectStatus(/Ben\nComing\nWebex: sent/, /Cleo\nComing\nby Ana/);
  });

  story("who was not reached is told with buttons that do something about it", async (told) => {
    const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
    const [bo, dora] = [told.phone(), told.phone()];
    await told.addExternal(space, ana, { name: "Bo", mobile: bo });
    await told.addExternal(space, ana, { name: "Dora", mobile: dora });
    told.sandbox.connect.settings.verifiedNumbers = new Set();
    await starts(ana, space);
    ben.expectDirect(/needed/);
    const word = /not reached: Bo \(.+\), Dora \(.+\)\n\[Remind\]\n\[Text\]\n\[Mark coming\]$/;
    const { id } = space.expectCard("notice", word);
    space.expectStatus(/Bo\nNot reached/);
    const mark = ana.sees("Mark coming");
    const shown = { ...mark, ...button(told, id, "Mark coming") };
    await ben.presses(shown);
    space.expectSaid(/^Only moderators/);
    await ana.presses(shown);
    space.expectCard("pick", /^[^]*Who is coming\?/);
    await ana.presses("Mark coming", { choose: "Dora" });
    space.expectSaid(/^Ana: Dora is coming\.$/);
    told.sandbox.connect.settings.verifiedNumbers = undefined;
    await ana.presses({ ...mark, ...button(told, id, "Remind") });
    space.expectSaid(/^Sending again to 2 people: 2 SMS/);
    bo.expectSms(/still needed/);
    dora.expectSms(/still needed/);
    space.expectStatus(/Bo\nWaiting/, /Dora\nComing\nby Ana · SMS: accepted/);
  });
}

/** A button of one message, where several messages have one of that title. */
function button(told: Story, messageId: string, title: string) {
  const { attachments } = told.sandbox.world.message(messageId);
  const pattern = `\\{"type":"Action.Submit","title":"${title}","data":\\{[^}]*\\}`;
  const [found = ""] = new RegExp(pattern).exec(JSON.stringify(attachments)) ?? [];
  const data = JSON.parse(`${found}}`) as { data: Record<string, unknown> };
  return { messageId, title, data: data.data };
}
