import type {
  PersonInStory,
  PhoneInStory,
  SpaceInStory,
  Story,
  StoryBook,
} from "../../support/story";
import { seconds } from "../../support/story";

/** People who only have a phone: listed, changed, deleted. */
export function externalsStories({ story }: StoryBook): void {
  interface Stage {
    ana: PersonInStory;
    mia: PersonInStory;
    ben: PersonInStory;
    space: SpaceInStory;
    /** Bo's, for texts and calls. */
    bo: PhoneInStory;
    /** A name that nobody else has in any story. */
    name: string;
  }

  let next = 1;

  /** Ana and Mia moderate, Ben is there too, and somebody has a phone. */
  async function aStage(told: Story): Promise<Stage> {
    const cast = await told.space({ moderators: ["Ana", "Mia"], members: ["Ben"] });
    const bo = told.phone();
    const name = `Bo ${String.fromCharCode(64 + next++)}ström`;
    await told.addExternal(cast.space, cast.ana, { name, mobile: bo, voice: bo });
    return { ...cast, bo, name };
  }

  /** The list with that person, by direct message. */
  async function list({ ana, name, space }: Stage, by = ana): Promise<void> {
    await by.says(space, `@Muster externals ${name}`);
    by.expectDirect(/People with a phone/);
    space.expectSaid(/^I sent you the list\.$/);
  }

  async function openForm(stage: Stage, by = stage.ana): Promise<void> {
    await list(stage, by);
    await by.presses("Edit", { choose: stage.name });
    by.expectDirect(/Change a person with a phone/);
  }

  story("the list goes to the moderator alone, and the space reads no number", async (told) => {
    const { ana, ben, bo, name, space } = await aStage(told);
    const national = bo.number.replace("+1", "");
    for (const search of [name, bo.number, national, name.slice(3).toLowerCase()]) {
      await ana.says(space, `@Muster externals ${search}`);
      const { attachments } = ana.expectDirect(/People with a phone\n1 person/);
      expect(JSON.stringify(attachments)).toContain(national.slice(-4));
      space.expectSaid(/^I sent you the list\.$/);
    }
    await ana.says(space, `@Muster externals ${bo.number.slice(-4)}`);
    ana.expectDirect(new RegExp(name));
    space.expectSaid(/I sent you the list/);
    await ana.says(space, "@Muster externals nobody is called so");
    space.expectSaid(/I find nobody with a phone who fits\. Search by part of the name/);
    await ben.says(space, "@Muster externals");
    space.expectSaid(/Only moderators of this space can do that/);
    ben.expectNothing();
  });

  story("the pages of a long list", async (told) => {
    const { ana, space } = await aStage(told);
    for (let count = 0; count < 12; count += 1)
      await told.addExternal(space, ana, { name: `Long ${count}`, mobile: told.phone() });
    await ana.says(space, "@Muster externals Long");
    ana.expectDirect(/1 to 10 of 12 people fitting “Long”[^]*\[Next\]/);
    space.expectSaid(/I sent you the list/);
    await ana.presses("Next");
    ana.expectDirect(/11 to 12 of 12 people[^]*\[Previous\]/);
    await ana.presses("Previous");
    ana.expectDirect(/1 to 10 of 12/);
  });

  story("somebody on the list is added to the space in which it was asked for", async (told) => {
    const { name } = await aStage(told);
    const { ana, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
    await list({ ana, name, space } as Stage);
    await ana.presses("Add here", { choose: name });
    ana.expectDirect(new RegExp(`${name} is on the roster of ${space.title} now\\.`));
    space.expectSaid(new RegExp(`Ana added ${name} to the roster\\.`));
    await ana.presses("Add here", { choose: name });
    ana.expectDirect(/is on the roster of Payments \d+ already/);
  });

  story("a list that was asked for directly has no Add here", async (told) => {
    const { ana, ben, name } = await aStage(told);
    await ana.writes(`externals ${name}`);
    ana.expectDirect(/People with a phone[^]*\[Edit\]\n\[Delete\]$/);
    await ben.writes("externals");
    ben.expectDirect(/Only people who moderate a space that I am in can do that/);
    await ben.writes("add external");
    ben.expectDirect(/Only people who moderate a space/);
  });

  story("what was edited is found, sent to, and kept from then on", async (told) => {
    const stage = await aStage(told);
    const { ana, ben, bo, name, space } = stage;
    const other = told.phone();
    await openForm(stage);
    await ana.presses("Save", {
      inputs: { name: `New ${name}`, mobile: other.number, voice: "", email: "" },
    });
    ana.expectDirect(/is saved\. Calls to them are off now\./);
    await ana.says(space, `@Muster externals ${bo.number}`);
    space.expectSaid(/I find nobody/);
    await ana.says(space, `@Muster externals ${other.number}`);
    ana.expectDirect(new RegExp(`New ${name}[^]*no calls`));
    space.expectSaid(/I sent you the list/);
    await ana.says(space, "@Muster start incident payments down");
    other.expectSms(/payments down/);
    ben.expectDirect(/needed/);
    await told.advance(seconds(15));
    bo.expectNothing();
    other.expectNothing();
    told.takeAll();
  });

  story(
    "a call that waits is not made once its number is gone; nothing else is sent",
    async (told) => {
      const stage = await aStage(told);
      const { ana, bo, space } = stage;
      await ana.says(space, "@Muster start incident payments down");
      bo.expectSms(/payments down/);
      told.takeAll();
      await openForm(stage);
      await ana.presses("Save", { inputs: { voice: "" } });
      ana.expectDirect(/Calls to them are off now/);
      await told.advance(seconds(60));
      bo.expectNothing();
      told.takeAll();
      await openForm(stage);
      await ana.presses("Save", { inputs: { voice: bo.number } });
      ana.expectDirect(/Calls to them are on now\. Nothing was sent: to tell them, write remind/);
      await told.advance(seconds(60));
      bo.expectNothing();
      told.takeAll();
    },
  );

  story(
    "two moderators edit the same person: the second is told, nothing is overwritten",
    async (told) => {
      const stage = await aStage(told);
      const { ana, mia, name } = stage;
      await openForm(stage);
      const anas = ana.sees("Save");
      await openForm(stage, mia);
      const mias = mia.sees("Save");
      const [first, second] = [told.phone(), told.phone()];
      await ana.presses(anas, { inputs: { mobile: first.number } });
      ana.expectDirect(/is saved/);
      await mia.presses(mias, { inputs: { mobile: second.number } });
      const { attachments } = mia.expectDirect(
        new RegExp(`${name} was changed by somebody else after you opened this form`),
      );
      expect(JSON.stringify(attachments)).toContain(first.number.slice(-4));
      await ana.writes(`externals ${second.number}`);
      ana.expectDirect(/I find nobody/);
      await mia.presses("Save", { inputs: { mobile: second.number } });
      mia.expectDirect(/is saved/);
      await ana.writes(`externals ${second.number}`);
      ana.expectDirect(new RegExp(name));
    },
  );

  story("two who save the same version at the same moment: one is saved", async (told) => {
    const stage = await aStage(told);
    const { ana, mia } = stage;
    await openForm(stage);
    await openForm(stage, mia);
    const buttons = [ana, mia].map((person) => ({ person, save: person.sees("Save") }));
    await Promise.all(
      buttons.map(({ person, save }) =>
        person.presses(save, { inputs: { name: `${stage.name} by ${person.name}` } }),
      ),
    );
    const said = told.takeAll().join("\n");
    expect(said.match(/ is saved\./g)).toHaveLength(1);
    expect(said.match(/was changed by somebody else/g)).not.toBeNull();
  });

  story("somebody else's number is refused with whose it is", async (told) => {
    const other = await aStage(told);
    const stage = await aStage(told);
    await openForm(stage);
    await stage.ana.presses("Save", { inputs: { mobile: other.bo.number } });
    stage.ana.expectDirect(
      new RegExp(`Mobile number, for texts: \\S+\\nThis is the number of ${other.name}\\.`),
    );
    await stage.ana.presses("Save", { inputs: { mobile: "12" } });
    stage.ana.expectDirect(/12\nThis number cannot be dialled/);
  });

  story("somebody who is deleted is told nothing more, and every space knows", async (told) => {
    const stage = await aStage(told);
    const { ana, bo, name, space } = stage;
    await ana.says(space, "@Muster start incident payments down");
    bo.expectSms(/payments down/);
    told.takeAll();
    await list(stage);
    await ana.presses("Delete", { choose: name });
    ana.expectDirect(
      new RegExp(`Delete ${name}\\? They are on 1 roster\\. An incident runs in 1 space`),
    );
    const question = ana.sees("Delete");
    await ana.presses(question);
    ana.expectDirect(/is deleted, and off 1 roster\./);
    space.expectSaid(new RegExp(`Ana deleted ${name}: they are off the roster`));
    await told.advance(seconds(60));
    bo.expectNothing();
    await ana.presses(question);
    ana.expectDirect(/This form was used already/);
    await ana.says(space, "@Muster remind all");
    bo.expectNothing();
    told.takeAll();
    await ana.writes(`externals ${name}`);
    ana.expectDirect(/I find nobody/);
    await told.addExternal(space, ana, { name: "Somebody new", mobile: bo });
    bo.expectSms(/payments down/);
    await told.advance(seconds(60));
    told.takeAll();
  });

  story(
    "Keep deletes nobody; who is gone meanwhile is neither edited nor deleted again",
    async (told) => {
      const stage = await aStage(told);
      const { ana, mia, name } = stage;
      await list(stage);
      await ana.presses("Delete", { choose: name });
      ana.expectDirect(/Delete/);
      await ana.presses("Keep");
      ana.expectDirect(/^Nobody was deleted\.$/);
      await openForm(stage, mia);
      const save = mia.sees("Save");
      await list(stage, mia);
      const [edit, remove] = [mia.sees("Edit"), mia.sees("Delete")];
      await list(stage);
      await ana.presses("Delete", { choose: name });
      ana.expectDirect(/Delete/);
      await ana.presses("Delete");
      ana.expectDirect(/is deleted, and off 1 roster/);
      await mia.presses(save);
      mia.expectDirect(/That person was deleted meanwhile/);
      for (const button of [edit, remove]) {
        await mia.presses(button, { choose: name });
        mia.expectDirect(/That person was deleted meanwhile/);
      }
    },
  );

  story("a member of the space who is deleted stays, without their phone", async (told) => {
    const stage = await aStage(told);
    const { ana, space } = stage;
    const eve = told.person("Evelyn Webex");
    const phone = told.phone();
    await told.addExternal(space, ana, { name: "Eve Outside", mobile: phone, email: eve.email });
    await eve.joins(space);
    await list({ ...stage, name: eve.name });
    await ana.presses("Delete", { choose: eve.name });
    ana.expectDirect(/1 roster\. Where they are a member of the space they stay/);
    await ana.presses("Delete");
    ana.expectDirect(/is deleted/);
    await ana.says(space, "@Muster start incident payments down");
    eve.expectDirect(/You are needed/);
    await told.advance(seconds(60));
    phone.expectNothing();
    eve.expectNothing();
    told.takeAll();
  });

  story(
    "a member who is deleted during an incident stays, with what they were told",
    async (told) => {
      const stage = await aStage(told);
      const { ana, ben, space } = stage;
      const pia = told.person("Pia Webex");
      const phone = told.phone();
      await told.addExternal(space, ana, {
        name: "Pia",
        mobile: phone,
        voice: phone,
        email: pia.email,
      });
      await pia.joins(space);
      await ana.says(space, "@Muster start incident payments down");
      pia.expectDirect(/You are needed/);
      phone.expectSms(/payments down/);
      told.takeAll();
      await list({ ...stage, name: "Pia Webex" });
      await ana.presses("Delete", { choose: "Pia Webex" });
      ana.expectDirect(/Where they are a member of the space they stay, without their phone/);
      await ana.presses("Delete");
      ana.expectDirect(/^Pia Webex is deleted\. In 1 space they stay as a member/);
      space.expectSaid(
        /^Ana deleted Pia Webex: their phone is off; they stay as a member, and are told on Webex\.$/,
      );
      await told.advance(seconds(60));
      phone.expectNothing();
      pia.expectNothing();
      told.takeAll();
      await ana.says(space, "@Muster remind Pia Webex");
      space.expectSaid(/1 person: 1 Webex\.$/);
      pia.expectDirect(/Reminder/);
      phone.expectNothing();
      told.takeAll();
      await ana.writes(`externals ${phone.number}`);
      ana.expectDirect(/I find nobody/);
      ben.expectNothing();
    },
  );

  story("somebody is kept directly, once per number", async (told) => {
    const { ana, bo, name } = await aStage(told);
    const phone = told.phone();
    await ana.writes("add external Direct Dora");
    ana.expectDirect(/A person with a phone\nA name and at least one number[^]*\[Save\]$/);
    await ana.presses("Save", { inputs: { mobile: phone.number } });
    ana.expectDirect(/Direct Dora is saved\. To put them on a roster, write externals/);
    await ana.writes("add external");
    ana.expectDirect(/A person with a phone/);
    await ana.presses("Save", { inputs: { name: "Twin", voice: bo.number } });
    ana.expectDirect(new RegExp(`it is ${name}'s\\. Nothing was saved\\.`));
    await ana.presses(`Edit ${name}`);
    ana.expectDirect(/Change a person with a phone/);
  });
}
