import type {
  PersonInStory,
  PhoneInStory,
  SpaceInStory,
  Story,
  StoryBook,
} from "../../support/story";

/** Who is on the roster, chosen by name or on a card, one or several. */
export function peopleStories({ story }: StoryBook): void {
  interface Stage {
    ana: PersonInStory;
    mia: PersonInStory;
    ben: PersonInStory;
    space: SpaceInStory;
    bo: PhoneInStory;
    eve: PhoneInStory;
  }

  /** An incident with two moderators, Ben on Webex, and Bo Alm and Eve Alm, who have phones. */
  async function running(told: Story): Promise<Stage> {
    const cast = await told.space({ moderators: ["Ana", "Mia"], members: ["Ben"] });
    const bo = told.phone();
    const eve = told.phone();
    await told.addExternal(cast.space, cast.ana, { name: "Bo Alm", mobile: bo });
    await told.addExternal(cast.space, cast.ana, { name: "Eve Alm", mobile: eve });
    await cast.ana.says(cast.space, "@Muster start incident payments down");
    told.takeAll();
    return { ...cast, bo, eve };
  }

  let nextName = 1;
  /** A name that nobody else has, in whichever story. */
  const aName = (): string => `Xan${"abcdefghij".charAt(nextName++ % 10)}${nextName} Quill`;

  story("several who are chosen on the status card are reminded at once", async (told) => {
    const { ana, ben, bo, eve, space } = await running(told);
    await ana.presses("Remind", { in: space, choose: ["Ben", "Bo Alm"] });
    space.expectSaid(/^Sending again to 2 people: 1 Webex, 1 SMS\.$/);
    ben.expectDirect(/Reminder/);
    bo.expectSms(/reminder/);
    eve.expectNothing();
    space.expectStatus(/Bo Alm/);
  });

  story("several are switched at once, and Send now is for all of them", async (told) => {
    const { ana, bo, eve, space } = await running(told);
    await ana.presses("SMS off", { in: space, choose: ["Bo Alm", "Eve Alm"] });
    space.expectSaid(/^Texts to Bo Alm and Eve Alm are now off\.$/);
    await ana.presses("SMS on", { in: space, choose: ["Bo Alm", "Ben", "Eve Alm"] });
    space.expectCard("notice", /Texts to .*Alm are now on; Ben has no mobile number\. Nothing was/);
    await ana.presses("Send now", { in: space });
    space.expectSaid(/^Sending again to 2 people: 2 SMS\.$/);
    for (const phone of [bo, eve]) phone.expectSms(/reminder/);
    space.expectStatus(/Bo Alm/);
  });

  story("several are removed at once; who moderates stays", async (told) => {
    const { ana, space } = await running(told);
    await ana.presses("Remove", { in: space, choose: ["Bo Alm", "Mia", "Ben"] });
    space.expectSaid(
      /^Bo Alm is off the roster\. Removing Ben from the space\. Mia is a moderator .* stays\.$/,
    );
    space.expectSaid(/^Ben is no longer in the space\.$/);
    expect(space.people).toEqual(["Ana", "Mia"]);
    space.expectStatus(/Eve Alm/);
  });

  story("a forged choice among real ones changes nothing for anybody", async (told) => {
    const { ana, bo, space } = await running(told);
    const known = ana.sees("Remove").choices.map(({ value }) => value);
    await ana.presses("Remove", { in: space, inputs: { responders: [...known, "x"].join(",") } });
    space.expectSaid(/1 of the 6 people you chose is no longer on the roster, so nothing was done/);
    bo.expectNothing();
  });

  story("a name that fits two is asked about, and carried out for who is chosen", async (told) => {
    const { ana, mia, ben, bo, eve, space } = await running(told);
    await ana.says(space, "@Muster remind alm");
    space.expectCard("pick", /Several people fit “alm”\. Whom shall I remind\?/);
    for (const phone of [bo, eve]) phone.expectNothing();
    const remind = ana.sees("Remind", { in: space });
    expect(remind.choices.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Bo Alm \(with a phone, SMS …\d\d\)$/),
      expect.stringMatching(/^Eve Alm \(with a phone, SMS …\d\d\)$/),
    ]);
    await mia.presses(remind, { choose: "Bo Alm" });
    space.expectSaid(/This card is for somebody else/);
    await ben.presses(remind, { choose: "Bo Alm" });
    space.expectSaid(/This card is for somebody else/);
    await ana.presses(remind, { choose: "Eve Alm" });
    space.expectSaid(/^Sending again to 1 person: 1 SMS\.$/);
    eve.expectSms(/reminder/);
    bo.expectNothing();
    space.expectStatus(/Eve Alm/);
    await ana.presses(remind, { choose: "Bo Alm" });
    space.expectSaid(/This form was used already/);
  });

  story("who loses their rights cannot choose on the card any more", async (told) => {
    const { mia, bo, space } = await running(told);
    await mia.says(space, "@Muster sms alm off");
    space.expectCard("pick", /For whom shall I switch texts off\?/);
    await mia.losesRights(space);
    await mia.presses("SMS off", { in: space, choose: "Bo Alm" });
    space.expectSaid(/Only moderators of this space can do that/);
    bo.expectNothing();
  });

  story("somebody known from another space is added by name and told at once", async (told) => {
    const other = await told.space({ moderators: ["Ana"] });
    const name = aName();
    const phone = told.phone();
    await told.addExternal(other.space, other.ana, { name, mobile: phone });
    const { ana, space } = await running(told);
    await ana.says(space, `@Muster add ${name.toUpperCase()}`);
    space.expectSaid(new RegExp(`^${name} is on the roster and is told now\\.$`));
    phone.expectSms(/payments down/);
    space.expectStatus(new RegExp(name));
    await ana.says(space, `@Muster add ${name}`);
    space.expectSaid(new RegExp(`^${name} is on the roster already\\.$`));
    await ana.says(space, `@Muster remove ${name}`);
    space.expectSaid(/off the roster/);
    await ana.says(space, `@Muster add ${phone.number}`);
    space.expectSaid(new RegExp(`^${name} is on the roster and is told now\\.$`));
    phone.expectSms(/payments down/);
    space.expectStatus(new RegExp(name));
  });

  story("an address of somebody known with a phone adds that one", async (told) => {
    const other = await told.space({ moderators: ["Ana"] });
    const name = aName();
    const phone = told.phone();
    const email = `${name.split(" ")[0]?.toLowerCase()}@elsewhere.example`;
    await told.addExternal(other.space, other.ana, { name, mobile: phone, email });
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    await ana.says(space, `@Muster add ${email}`);
    space.expectSaid(new RegExp(`^${name} is on the roster\\.$`));
    expect(space.people).toEqual(["Ana"]);
  });

  story("a part of a name shows who fits; those chosen are added in one go", async (told) => {
    const other = await told.space({ moderators: ["Ana"] });
    const family = aName().split(" ")[0] ?? "";
    const phones = [told.phone(), told.phone(), told.phone()];
    for (const [index, mobile] of phones.entries())
      await told.addExternal(other.space, other.ana, {
        name: `${"ABC".charAt(index)} ${family}son`,
        mobile,
        email: "private@elsewhere.example",
      });
    const { ana, space } = await running(told);
    await ana.presses("Add", { in: space });
    space.expectCard("notice", /Whom shall I add\?/);
    await ana.presses("Add", { in: space, inputs: { who: family } });
    const card = space.expectCard("pick", /Several people fit .* Whom shall I add\?/);
    expect(JSON.stringify(card)).not.toContain("private@");
    for (const phone of phones) expect(JSON.stringify(card)).not.toContain(phone.number);
    await ana.presses("Add", { in: space, choose: [`A ${family}son`, `C ${family}son`] });
    space.expectSaid(
      new RegExp(`^A ${family}son and C ${family}son are on the roster and are told`),
    );
    phones[0]?.expectSms(/payments down/);
    phones[1]?.expectNothing();
    phones[2]?.expectSms(/payments down/);
    space.expectStatus(/Bo Alm/);
    told.takeAll();
  });

  story("somebody nobody knows is offered the form, with the name filled in", async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const name = aName();
    await ana.says(space, `@Muster add ${name}`);
    space.expectCard("notice", new RegExp(`I cannot find “${name}”`));
    await ana.presses("Add someone with a phone", { in: space });
    ana.expectDirect(new RegExp(`Name: ${name}`));
    space.expectSaid(/I sent you the form/);
    await ana.presses("Save and add here", { inputs: { name, mobile: told.phone().number } });
    ana.expectDirect(/is saved and is on the roster/);
    space.expectSaid(/added .* to the roster/);
  });

  story("so little that half the world fits is not searched for", async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    await ana.says(space, "@Muster add bo");
    space.expectSaid(/Write at least 3 letters of the name/);
  });

  story("who does not moderate may neither add nor choose", async (told) => {
    const { ben, space } = await running(told);
    for (const line of ["add Bo Alm", "remind alm", "remove alm", "sms alm off"])
      await ben.says(space, `@Muster ${line}`);
    expect(
      told
        .takeAll()
        .join("\n")
        .match(/Only moderators of this space/g),
    ).toHaveLength(4);
  });
}
