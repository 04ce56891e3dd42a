import { minutes, seconds, type Cast, type Story, type StoryBook } from "../../support/story";

const WANTED = { RENOTIFY_TIMES: "2", STOP_NOTICE: "on" };

/** A running incident of Ana's, with Ben on Webex and Bo by text; all of them were told. */
async function running(told: Story, more: Record<string, string> = {}) {
  await told.restartBot({ ...WANTED, ...more });
  const cast = await told.space({ moderators: ["Ana"], members: ["Ben"] });
  const bo = told.phone();
  await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo });
  await cast.ana.says(cast.space, "@Muster start incident payments down");
  cast.space.expectSaid(/payments down is running/);
  cast.ben.expectDirect(/You are needed/);
  bo.expectSms(/you are needed/);
  cast.space.expectStatus(/Bo/);
  return { ...cast, bo };
}

/** However far the status cards and their lines have got meanwhile. */
function takeStatus({ space }: Pick<Cast<"Ana">, "space">, told: Story): void {
  const seen = told.world.transcript.unexpected().filter((line) => line.kind === "post");
  for (const line of seen) {
    const isStatus =
      line.cardKind === "status" || /^\d+ of \d+ (invited|answered)/.test(line.message.text);
    if (line.message.spaceId === space.id && isStatus) line.isExpected = true;
  }
}

/** What Muster sends by itself: reminders, and that it is over. */
export function remindersStories({ story }: StoryBook): void {
  story(
    "who is silent is reminded after five and after ten minutes, then the starter hears of it",
    async (told) => {
      const { ana, ben, bo, space } = await running(told);
      await told.advance(minutes(5) - 1);
      takeStatus({ space }, told);
      ben.expectNothing();
      await told.advance(1);
      ben.expectDirect(/Reminder: you are needed\npayments down[^]*\[On my way\]/);
      bo.expectSms(/^Muster: reminder, you are still needed for the incident payments down\./);
      takeStatus({ space }, told);
      ana.expectNothing();
      space.expectNothing();

      await told.advance(minutes(5));
      takeStatus({ space }, told);
      ben.expectDirect(/Reminder: you are needed/);
      bo.expectSms(/reminder/);
      const silent = "2 of 3 told; no answer from Ben, Bo; I remind nobody any more";
      const { html = "" } = space.expectCard("notice", new RegExp(`^[^]*${silent}\n\\[Remind\\]`));
      expect(html).toContain(ana.id);
      ana.expectDirect(new RegExp(`payments down in ${space.title}: ${silent}\n\\[Remind\\]`));

      await told.advance(minutes(30));
      takeStatus({ space }, told);

      await ana.says(space, "@Muster remind all");
      told.takeAll();
      await told.advance(minutes(30));
      takeStatus({ space }, told);
    },
  );

  story("the word about who is silent lets a moderator text one of them", async (told) => {
    const { ana, ben, bo, space } = await running(told, { RENOTIFY_TIMES: "1" });
    await told.advance(minutes(30));
    takeStatus({ space }, told);
    ben.expectDirect(/Reminder/);
    bo.expectSms(/reminder/);
    space.expectCard("notice", /no answer from Ben, Bo[^]*\[Remind\]\n\[Text\]\n\[Mark coming\]/);
    ana.expectDirect(/no answer from Ben, Bo/);

    await ben.presses("Text", { in: space });
    space.expectSaid(/Only moderators of this space/);
    await ana.presses("Text", { in: space });
    space.expectCard("text-form", /Text somebody[^]*\[Send text\]/);
    await ana.presses("Send text", { choose: "Bo", inputs: { message: "x".repeat(301) } });
    space.expectCard("text-form", /That has 301 characters; 300 is the most/);
    const send = ana.sees("Send text");
    await ana.presses(send, { inputs: { message: "please call Ana" } });
    space.expectSaid(/^Texting Bo\.$/);
    bo.expectSms(/^Muster, incident payments down: please call Ana/);
    await ana.presses(send, { inputs: { message: "please call Ana" } });
    space.expectSaid(/used already/);
    bo.expectNothing();

    await bo.texts("Y");
    bo.expectSms(/noted, you are coming/);
    takeStatus({ space }, told);
    await ana.presses("Text", { in: space });
    space.expectSaid(/^Ben has no number to text to\.$/);
    await told.advance(minutes(1));
    takeStatus({ space }, told);
  });

  story("an answer ends it, and a moderator's reminder puts it off", async (told) => {
    const { ana, ben, bo, space } = await running(told);
    await told.advance(minutes(1));
    await ben.presses("On my way");
    ben.expectDirect(/payments down/);
    await told.advance(minutes(2));
    await ana.says(space, "@Muster remind Bo");
    space.expectSaid(/^Sending again to 1 person: 1 SMS\.$/);
    bo.expectSms(/reminder/);
    await told.advance(minutes(5) - 1);
    bo.expectNothing();
    await told.advance(1);
    bo.expectSms(/reminder/);
    await bo.texts("Y");
    bo.expectSms(/noted, you are coming/);
    await told.advance(minutes(30));
    takeStatus({ space }, told);
  });

  story("what came due while Muster was down is done once", async (told) => {
    const { ben, bo, space } = await running(told);
    await told.world.stopBot();
    await told.leap(minutes(13));
    await told.world.startBot(WANTED);
    ben.expectDirect(/Reminder/);
    bo.expectSms(/reminder/);
    takeStatus({ space }, told);
    await told.advance(minutes(5) - 1);
    takeStatus({ space }, told);
    ben.expectNothing();
    await told.advance(1);
    ben.expectDirect(/Reminder/);
    bo.expectSms(/reminder/);
    space.expectCard("notice", /no answer from Ben, Bo/);
    takeStatus({ space }, told);
    told.takeAll();
  });

  story("the end is told to whom the incident told, on Webex and by text", async (told) => {
    await told.restartBot({ ...WANTED, VOICE_AFTER_SMS_SECONDS: "0" });
    const { ana, ben, cleo, mia, space } = await told.space({
      moderators: ["Ana", "Mia"],
      members: ["Ben", "Cleo"],
    });
    const [both, calledOnly] = [told.phone(), told.phone()];
    await told.addExternal(space, ana, { name: "Bo", mobile: both, voice: both });
    await told.addExternal(space, ana, { name: "Dora", voice: calledOnly });
    await ana.says(space, "@Muster start incident payments down");
    await cleo.presses("Can't join");
    told.takeAll();

    await mia.says(space, "@Muster stop incident");
    space.expectCard("stop-confirm");
    await mia.presses("Stop and remove 4 people", { in: space });
    space.expectSaid(/is over\. Removing 2 people/);
    space.expectStatus(/Stopped/);
    for (const person of [ben, cleo]) {
      const { text } = person.expectDirect(/\[told\]|It is over\npayments down/);
      expect(text).toMatch(/^It is over: payments down/);
      expect(text).not.toMatch(/join|press Meet/);
    }
    both.expectSms(/^Muster: the incident payments down is over\.$/);
    both.expectNothing();
    calledOnly.expectNothing();
    mia.expectNothing();
    ana.expectNothing();
    await told.advance(minutes(30));
  });

  story("the end is told to whom the stop removed, however late that can be", async (told) => {
    const { ana, ben, bo, space } = await running(told);
    await ana.says(space, "@Muster stop incident");
    space.expectCard("stop-confirm", /2 people can be removed/);
    told.faults.add({ service: "webex", route: "POST /messages", kind: "status", status: 500 });
    await ana.presses("Stop and remove 2 people", { in: space });
    bo.expectSms(/is over/);
    expect(space.people).toEqual(["Ana"]);
    ben.expectNothing();
    told.faults.clear();
    await told.advance(minutes(2));
    ben.expectDirect(/It is over\npayments down/);
    told.takeAll();
    told.expectLog("warn", /Webex call/);
  });

  story("the end is told to nobody where that is switched off", async (told) => {
    const { ana, ben, bo, space } = await running(told, { STOP_NOTICE: "off" });
    await ana.says(space, "@Muster stop incident");
    space.expectCard("stop-confirm");
    await ana.presses("Stop, keep everyone", { in: space });
    space.expectSaid(/is over\. Everyone stays\.$/);
    space.expectStatus(/Stopped/);
    await told.advance(minutes(30));
    ben.expectNothing();
    bo.expectNothing();
  });

  story("a number that is nobody's is not tried again", async (told) => {
    await told.restartBot(WANTED);
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const bo = told.phone();
    await told.addExternal(space, ana, { name: "Bo", mobile: bo });
    told.sandbox.connect.settings.receiptsMode = "auto";
    told.sandbox.phones.at(bo.number).smsCode = "7203";
    await ana.says(space, "@Muster start incident payments down");
    space.expectSaid(/payments down is running/);
    await told.advance(seconds(10));
    await ana.says(space, "@Muster status");
    space.expectStatus(/Bo\nNot reached\nSMS: failed, nobody has this number/);
    told.takeAll();

    await ana.says(space, "@Muster remind Bo");
    space.expectSaid(/nobody can reach Bo \(nobody has this number\)/);
    bo.expectNothing();
    await told.advance(minutes(30));
    takeStatus({ space }, told);
    const why = /0 of 2 told; not reached: Bo \(nobody has this number\)\n\[Remind\]/;
    space.expectCard("notice", why);
    ana.expectDirect(/payments down in Payments \d+: 0 of 2 told; not reached: Bo/);
    bo.expectNothing();
  });

  story("who can only be called and cannot answer is not called again", async (told) => {
    await told.restartBot(WANTED);
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const bo = told.phone();
    await told.addExternal(space, ana, { name: "Bo", voice: bo });
    await ana.says(space, "@Muster start incident payments down");
    bo.expectCall(/You are needed/);
    told.takeAll();
    await told.advance(minutes(30));
    takeStatus({ space }, told);
    space.expectCard("notice", /no answer from Bo; I remind nobody any more/);
    ana.expectDirect(/no answer from Bo; I remind nobody any more/);
    bo.expectNothing();

    await ana.says(space, "@Muster remind Bo");
    space.expectSaid(/Sending again to 1 person: 1 call/);
    bo.expectCall(/still needed/);
    await told.advance(minutes(30));
    takeStatus({ space }, told);
  });
}
