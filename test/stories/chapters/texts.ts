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

    story("the same text delivered twice counts once", async (told) => {
      const { ana, mobile, space } = await withBo(told);
      await begins(ana, space);
      mobile.expectSms(INVITE);
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
      first.mobile.expectSms(new RegExp(`several incidents.*Y${two} / N${two}: mail down`));
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
      const { ana, mobile, space } = await withBo(told);
      await begins(ana, space);
      mobile.expectSms(INVITE);
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
      const { ana, mobile, space } = await withBo(told);
      await begins(ana, space);
      mobile.expectSms(INVITE);
      await ana.says(space, "@Muster sms Bo please call Ana");
      space.expectCard("notice", /Nothing was changed.*text Bo please call Ana/s);
      mobile.expectNothing();
      await ana.presses("Yes, text them");
      space.expectSaid(/Texting Bo/);
      mobile.expectSms(/please call Ana/);
      space.expectStatus(/payments down/);
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
