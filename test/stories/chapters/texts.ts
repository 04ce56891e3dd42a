import {
  hours,
  minutes,
  seconds,
  type PersonInStory,
  type PhoneInStory,
  type SpaceInStory,
  type Story,
  type StoryBook,
} from "../../support/story";

const INVITE = /^Muster: you are needed for the incident/;
const noReminders = { RENOTIFY_TIMES: "0", STOP_NOTICE: "off" };

/** What people write from their phones, and what the provider says of texts to them. */
export function textStories({ story }: StoryBook): void {
  describe("texts from phones", () => {
    story("a text that fits nothing gets one polite answer a day", async (told) => {
      const { mobile } = await withBo(told);
      await told.phone().texts("hello, a stranger");
      await mobile.texts("hello, who is this?");
      mobile.expectSms(/^Muster: your text fits no incident that is going on/);
      await mobile.texts("hello?");
      mobile.expectNothing();
      await told.leap(hours(24));
      await mobile.texts("hello again");
      mobile.expectSms(/fits no incident/);
    });

    story("Y by text is an answer, and the text said how", async (told) => {
      const { ana, mobile, space } = await withBo(told, { SMS_REPLIES: "on" });
      const number = await begins(ana, space);
      mobile.expectSms(new RegExp(`Reply Y${number} if you are coming, N${number} if not\\.`));
      await mobile.texts("Y");
      mobile.expectSms(/^Muster: noted, you are coming to the incident payments down\./);
      await told.advance(seconds(6));
      space.expectSaid(/^1 of 1 answered/);
      await ana.says(space, "@Muster status");
      space.expectStatus(/Bo\nComing/);
      await mobile.texts("n, sorry");
      mobile.expectSms(/^Muster: noted, you are not coming/);
      await ana.says(space, "@Muster status");
      space.expectStatus(/Bo\nDeclined/);
    });

    story("how long somebody takes to come is no incident's number", async (told) => {
      const { ana, mobile, space, number } = await withBoInvited(told);
      await mobile.texts("Yes 10 minutes");
      mobile.expectSms(/noted, you are coming to the incident payments down/);
      await mobile.texts("2 minutes away");
      space.expectSaid(/^Bo, by SMS: 2 minutes away$/);
      await mobile.texts(`Y${Number(number) + 1}`);
      mobile.expectSms(new RegExp(`which incident.*Y${number} / N${number}: payments down\\.$`));
      await ana.says(space, "@Muster status");
      space.expectStatus(/Bo\nComing/);
      told.takeAll();
    });

    story("an answer that comes after the stop is for no incident that goes on", async (told) => {
      const { ana, mobile, space } = await withBoInvited(told);
      await ana.says(space, "@Muster stop incident");
      await ana.presses("Stop, keep everyone");
      told.takeAll();
      await mobile.texts("Y");
      mobile.expectSms(/^Muster: your text fits no incident that is going on/);
      space.expectNothing();
    });

    story(
      "a text that the provider says is older than the incident is asked about",
      async (told) => {
        const { mobile, number } = await withBoInvited(told);
        const datetime = new Date(told.world.clock.now() - hours(2)).toISOString();
        const says = (message: string) => provider(told, { from: mobile, message, datetime });
        await says("Y");
        mobile.expectSms(new RegExp(`which incident.*Y${number} / N${number}: payments down`));
        await says(`Y${number}`);
        mobile.expectSms(/noted, you are coming/);
        told.takeAll();
      },
    );

    story("what comes by an address that is not the secret one changes nothing", async (told) => {
      const { mobile } = await withBoInvited(told);
      await provider(told, { from: mobile, message: "N", secret: "a-guess" });
      await provider(told, { from: mobile, message: "STOP", secret: "a-guess" });
      const { signing } = told.sandbox.connect.settings;
      Object.assign(told.sandbox.connect.settings, { signing: { ...signing, secret: "a guess" } });
      await mobile.texts("N");
      // The provider tries again for three minutes.
      await told.advance(minutes(4));
      told.expectLog("warn", /a callback was not signed/);
      mobile.expectNothing();
      told.sandbox.connect.settings.signing = signing;
      await mobile.texts("Y");
      mobile.expectSms(/noted, you are coming/);
      told.takeAll();
    });

    story("the same text delivered twice counts once", async (told) => {
      const { mobile, space } = await withBoInvited(told);
      told.faults.add({ service: "callbacks", route: "sms", kind: "duplicate", times: 1 });
      await mobile.texts("Y");
      mobile.expectSms(/noted, you are coming/);
      mobile.expectNothing();
      await told.advance(seconds(6));
      space.expectSaid(/1 of 1 answered/);
    });

    story("somebody called for two incidents is asked which one they mean", async (told) => {
      const first = await withBo(told);
      const other = await told.space({ moderators: ["Cleo"] });
      await other.cleo.says(other.space, `@Muster add ${first.mobile.number}`);
      other.space.expectSaid(/Bo/);
      const one = await begins(first.ana, first.space);
      const two = await begins(other.cleo, other.space, "mail down");
      first.mobile.expectSms(INVITE);
      first.mobile.expectSms(INVITE);
      await first.mobile.texts("Y");
      first.mobile.expectSms(new RegExp(`which incident.*Y${two} / N${two}: mail down`));
      await first.mobile.texts(`Y${one}`);
      first.mobile.expectSms(/noted, you are coming to the incident payments down/);
      await told.advance(seconds(6));
      first.space.expectSaid(/1 of 1 answered/);
      told.takeAll();
    });

    story("STOP ends texts and not calls, until START", async (told) => {
      const { ana, mobile, space } = await withBo(told);
      await mobile.texts("stop");
      mobile.expectNothing();
      await ana.says(space, "@Muster start incident payments down");
      space.expectSaid(/nobody can reach Bo \(replied STOP\)/);
      mobile.expectNothing();
      space.expectStatus(/Bo\nNot reached/);
      await ana.says(space, "@Muster sms Bo on");
      space.expectSaid(/Bo replied STOP, so no text goes there until START comes from that phone/);
      await mobile.texts("START");
      mobile.expectSms(/^Muster: you will get texts again\./);
      await ana.says(space, "@Muster remind Bo");
      space.expectSaid(/Sending again to 1 person: 1 SMS/);
      mobile.expectSms(/reminder/);
      space.expectStatus(/Bo\nWaiting/);
    });

    story("what is no answer goes into the space, and one can write back", async (told) => {
      const { ana, mobile, space } = await withBoInvited(told);
      await mobile.texts("The generator <@all> is out of **fuel**");
      const { text } = space.expectSaid(/^Bo, by SMS: The generator/);
      expect(text).toContain("<@all>");
      await ana.says(space, "@Muster text Bo please switch to line 2");
      space.expectSaid(/^Texting Bo\.$/);
      mobile.expectSms(/^Muster, incident payments down: please switch to line 2/);
      await ana.says(space, "@Muster tell the bridge is open again");
      space.expectSaid(/^Telling 1 person: 1 SMS\.$/);
      mobile.expectSms(/^Muster, incident payments down: the bridge is open again/);
      space.expectStatus(/payments down/);
    });

    story("sms instead of text sends nothing and offers what was meant", async (told) => {
      const { ana, mobile, space } = await withBoInvited(told);
      await ana.says(space, "@Muster sms Bo please call Ana");
      space.expectCard("notice", /Nothing was changed.*text Bo please call Ana/s);
      mobile.expectNothing();
      await ana.presses("Yes, text them");
      space.expectSaid(/Texting Bo/);
      mobile.expectSms(/please call Ana/);
      space.expectStatus(/payments down/);
    });

    story(
      "a number that the provider blocks is tried again once a moderator says so",
      async (told) => {
        const { ana, mobile, space } = await withBo(told);
        const phone = told.sandbox.phones.at(mobile.number);
        told.sandbox.connect.settings.receiptsMode = "auto";
        phone.smsCode = "7720";
        await begins(ana, space);
        await told.advance(minutes(1));
        space.expectStatus(/Bo\nNot reached\nSMS: failed, the number takes no texts from us/);
        await ana.says(space, "@Muster remind Bo");
        space.expectSaid(/nobody can reach Bo \(takes no texts from us/);
        phone.smsCode = "7500";
        await ana.says(space, "@Muster sms Bo on");
        await ana.says(space, "@Muster remind Bo");
        space.expectSaid(/Sending again to 1 person: 1 SMS/);
        mobile.expectSms(/reminder/);
        await told.advance(minutes(1));
        await ana.says(space, "@Muster status");
        space.expectStatus(/Bo\nWaiting\nSMS: delivered/);
        told.takeAll();
      },
    );

    story("a receipt counts that comes before the answer to the send", async (told) => {
      const { ana, mobile, space } = await withBo(told);
      told.sandbox.connect.settings.receiptsMode = "auto";
      const route = "POST /v1/sms/messages";
      told.faults.add({ service: "connect", route, kind: "lost", times: 4 });
      await ana.says(space, "@Muster start incident payments down");
      space.expectSaid(/is running/);
      space.expectStatus(/SMS: queued/);
      mobile.expectSms(INVITE);
      await told.advance(minutes(2));
      await ana.says(space, "@Muster status");
      space.expectStatus(/Bo\nWaiting\nSMS: delivered/);
      mobile.expectNothing();
      told.takeAll();
    });

    story("a receipt that never comes is asked for once", async (told) => {
      const { ana, mobile, space } = await withBo(told);
      Object.assign(told.sandbox.connect.settings, { receiptsMode: "auto", knowsStatus: true });
      told.faults.add({ service: "callbacks", route: "sms", kind: "missing" });
      await begins(ana, space);
      mobile.expectSms(INVITE);
      const { id } = told.sandbox.phones.at(mobile.number).texts.at(-1) ?? { id: "" };
      await told.advance(minutes(12));
      expect(told.sandbox.connect.requests.get(`GET /v1/sms/messages/${id}`)).toBe(1);
      await ana.says(space, "@Muster status");
      space.expectStatus(/Bo\nWaiting\nSMS: delivered/);
      told.takeAll();
    });

    story("receipts say what arrived, and the status card why something did not", async (told) => {
      const { ana, mobile, space } = await withBo(told);
      told.sandbox.connect.settings.receiptsMode = "auto";
      told.sandbox.phones.at(mobile.number).smsCode = "7203";
      await begins(ana, space);
      await told.advance(minutes(1));
      await ana.says(space, "@Muster status");
      space.expectStatus(/Bo\nNot reached.*nobody has this number/s);
      told.takeAll();
    });
  });

  async function withBo(told: Story, variables: Record<string, string> = {}) {
    await told.restartBot({ ...noReminders, ...variables });
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const mobile: PhoneInStory = told.phone();
    await told.addExternal(space, ana, { name: "Bo", mobile });
    return { ana, mobile, space };
  }

  /** The same in an incident that runs, and its number; Bo was sent the invite. */
  async function withBoInvited(told: Story) {
    const stage = await withBo(told);
    const number = await begins(stage.ana, stage.space);
    stage.mobile.expectSms(INVITE);
    return { ...stage, number };
  }

  /** The provider tells of a text, by the address that it was given unless told otherwise. */
  async function provider(
    told: Story,
    text: { from: PhoneInStory; message: string; datetime?: string; secret?: string },
  ): Promise<void> {
    const { connect, phones } = told.sandbox;
    const { datetime, from, message, secret } = text;
    const url = phones.inboundUrl ?? "";
    connect.callbacks.send(
      "sms",
      secret === undefined ? url : url.replace(/[^/]+$/, secret),
      { userId: from.number, message, tid: `story-${connect.callbacks.log.length}`, datetime },
      "of a number",
    );
    await told.settle();
  }

  /** The number of the incident. */
  async function begins(
    by: PersonInStory,
    space: SpaceInStory,
    name = "payments down",
  ): Promise<string> {
    await by.says(space, `@Muster start incident ${name}`);
    const { text } = space.expectSaid(/is running \(incident \d+\)/);
    space.expectStatus(/No conference/);
    return /incident (\d+)/.exec(text)?.[1] ?? "";
  }
}
