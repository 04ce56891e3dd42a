import type {
  PersonInStory,
  PhoneInStory,
  SpaceInStory,
  Story,
  StoryBook,
} from "../../support/story";

/** The team of the last incident, and who becomes a member of Webex. */
export function teamStories(book: StoryBook): void {
  describe("brought back", () => bringBackStories(book));
  describe("an external who is on Webex", () => joinStories(book));
}

interface Stage {
  ana: PersonInStory;
  ben: PersonInStory;
  space: SpaceInStory;
  eve: PhoneInStory;
  bo: PhoneInStory;
}

/** Ana is alone after an incident with Ben, who has gone, and Eve and Bo, who have phones. */
async function afterwards(told: Story, { botIsModerator = true } = {}): Promise<Stage> {
  const cast = await told.space({ moderators: ["Ana"], members: ["Ben"], botIsModerator });
  const { ana, space } = cast;
  const [eve, bo] = [told.phone(), told.phone()];
  await told.addExternal(space, ana, { name: "Eve", mobile: eve, voice: eve });
  await told.addExternal(space, ana, { name: "Bo", mobile: bo });
  await ana.says(space, "@Muster voice Eve off");
  await ana.says(space, "@Muster start incident cards down");
  await ana.presses("Stop…", { in: space });
  await ana.presses(botIsModerator ? "Stop and remove 3 people" : "Stop, keep everyone");
  told.takeAll();
  return { ...cast, eve, bo };
}

function bringBackStories({ story }: StoryBook): void {
  story("is who was there at the last stop, with their channels", async (told) => {
    const { ana, ben, eve, bo, space } = await afterwards(told);
    expect(space.people).toEqual(["Ana"]);
    await ana.says(space, "@Muster team 41");
    space.expectSaid(
      /^Write team alone: it brings back the people of this space's last incident\./,
    );
    await ana.says(space, "@Muster team");
    space.expectSaid(/^(Eve and Bo|Bo and Eve) are back on the roster\. Adding Ben\.$/);
    expect(space.people).toEqual(["Ana", "Ben"]);
    space.expectNothing();
    await ana.says(space, "@Muster team");
    space.expectSaid(/^Everybody of the team of incident \d+ is here already\.$/);
    await ana.says(space, "@Muster start incident payments down");
    space.expectSaid(/3 people: 1 Webex, 2 SMS$/);
    ben.expectDirect(/You are needed/);
    eve.expectSms(/payments down/);
    bo.expectSms(/payments down/);
    space.expectStatus(/payments down/);
  });

  story("during an incident is told at once", async (told) => {
    const { ana, ben, eve, bo, space } = await afterwards(told);
    await ana.says(space, "@Muster start incident payments down");
    await ana.presses("Start all the same", { in: space });
    told.takeAll();
    await ana.says(space, "@Muster team");
    space.expectSaid(/ are back on the roster and are told now\. Adding Ben\.$/);
    eve.expectSms(/payments down/);
    bo.expectSms(/payments down/);
    ben.expectDirect(/You are needed\npayments down/);
    space.expectStatus(/Ben\nWaiting/);
  });

  story("is offered where a start finds nobody to tell, and started with", async (told) => {
    const { ana, ben, eve, bo, space } = await afterwards(told);
    await ana.says(space, "@Muster start incident payments down");
    const { attachments } = space.expectCard("notice", /There is nobody to tell besides you/);
    const [title] =
      /Bring back the team of incident \d+ \(3 people\)/.exec(JSON.stringify(attachments)) ?? [];
    const button = ana.sees(title ?? "", { in: space });
    await ben.joins(space, ana);
    await ben.presses(button);
    space.expectSaid(/Only moderators of this space can do that/);
    await ben.leaves(space);
    await ana.presses(button);
    space.expectSaid(
      /^payments down is running[^]*2 people: 2 SMS[^]* are back on the roster\. Adding Ben\.$/,
    );
    eve.expectSms(/payments down/);
    bo.expectSms(/payments down/);
    ben.expectDirect(/You are needed\npayments down/);
    space.expectStatus(/Ben\nWaiting[^]*Eve\nWaiting|Eve\nWaiting[^]*Ben\nWaiting/);
    expect(space.people).toEqual(["Ana", "Ben"]);
    await ana.presses(button);
    space.expectSaid(/used already/);
  });

  story("may have lost people, and the bot its rights", async (told) => {
    const { ana, ben, eve, bo, space } = await afterwards(told, { botIsModerator: false });
    await ana.says(space, "@Muster remove Bo");
    await ana.says(space, "@Muster remove Eve");
    await ben.leaves(space);
    await ana.says(space, `@Muster externals ${bo.number}`);
    await ana.presses("Delete", { choose: "Bo" });
    await ana.presses("Delete");
    told.takeAll();
    await ana.says(space, "@Muster team");
    space.expectSaid(
      /^Eve is back on the roster\. Not added: Ben\. I am not a moderator of this space[^]*Bo was deleted\.$/,
    );
    await ana.says(space, "@Muster start incident payments down");
    space.expectSaid(/1 person: 1 SMS$/);
    eve.expectSms(/payments down/);
    space.expectStatus(/Eve/);
  });

  story("is nobody where no incident was", async (told) => {
    const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
    await ana.says(space, "@Muster team");
    space.expectSaid(/^No incident was stopped in this space yet, so there is no team\.$/);
    await ben.says(space, "@Muster team");
    space.expectSaid(/Only moderators of this space can do that/);
  });
}

function joinStories({ story }: StoryBook): void {
  /** A running incident with Eve, who has a phone and an e-mail address; she is in no space yet. */
  async function withEve(told: Story) {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const phone = told.phone();
    const eve = told.person("Eve Webex");
    const external = { name: "Eve", mobile: phone, email: eve.email.toUpperCase() };
    await told.addExternal(space, ana, external);
    await ana.says(space, "@Muster start incident payments down");
    phone.expectSms(/payments down/);
    eve.expectDirect(/You are needed\npayments down/);
    told.takeAll();
    return { ana, space, phone, eve };
  }

  const responders = async (told: Story, name: RegExp) =>
    (
      (await told.world.memory()).responders as { name: string; deleted_at: number | null }[]
    ).filter((one) => one.deleted_at === null && name.test(one.name));

  story("stays one person when they come, and is told nothing twice", async (told) => {
    const { ana, space, phone, eve } = await withEve(told);
    await eve.joins(space, ana);
    space.expectSaid(
      /^Eve \(Eve Webex\), who had only a phone here, is on Webex now: one entry, numbers kept\.$/,
    );
    eve.expectNothing();
    phone.expectNothing();
    expect(await responders(told, /^Eve Webex$/)).toMatchObject([{ kind: "external" }]);
    await ana.says(space, "@Muster remind Eve Webex");
    space.expectSaid(/1 person: 1 Webex, 1 SMS/);
    phone.expectSms(/reminder/);
    eve.expectDirect(/Reminder/);
    space.expectStatus(/Eve Webex\nWaiting/);
    await ana.presses("Stop…", { in: space });
    space.expectCard("stop-confirm", /Stop and remove 1 person/);
    await ana.presses("Stop and remove 1 person");
    space.expectSaid(/Removing 1 person from the space\.$/);
    space.expectStatus(/Stopped/);
    expect(space.people).toEqual(["Ana"]);
    await ana.says(space, "@Muster team");
    space.expectSaid(/^Eve Webex is back on the roster\.$/);
  });

  story("leaves the roster like anybody who leaves, and is found again", async (told) => {
    const { ana, space, phone, eve } = await withEve(told);
    await eve.joins(space, ana);
    space.expectSaid(/is on Webex now/);
    await eve.leaves(space);
    space.expectSaid(/^Eve Webex left and is told nothing more\.$/);
    await ana.says(space, "@Muster remind all");
    space.expectSaid(/nobody to remind/);
    await ana.says(space, `@Muster externals ${phone.number}`);
    space.expectSaid(/I sent you the list/);
    ana.expectDirect(/Eve Webex/);
    await ana.presses("Add here", { choose: "Eve Webex" });
    told.takeAll();
    await ana.says(space, "@Muster remind Eve Webex");
    space.expectSaid(/1 Webex, 1 SMS/);
    phone.expectSms(/reminder/);
    eve.expectDirect(/Reminder/);
    space.expectStatus(/Eve/);
  });

  story("who was known from another space before becomes one of the two", async (told) => {
    const other = await told.space({ moderators: ["Mia"], members: ["Ella Webex"] });
    const eve = other["ella webex"];
    await other.mia.says(other.space, "@Muster start incident cards down");
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const phone = told.phone();
    await told.addExternal(space, ana, { name: "Ella", mobile: phone, email: eve.email });
    await ana.says(space, "@Muster start incident payments down");
    told.takeAll();
    await eve.joins(space, ana);
    space.expectSaid(/^Ella \(Ella Webex\), who had only a phone here, is on Webex now/);
    eve.expectNothing();
    expect(await responders(told, /^Ella/)).toMatchObject([{ name: "Ella Webex" }]);
    await other.mia.says(other.space, "@Muster status");
    other.space.expectStatus(/Ella Webex\nWaiting\nWebex: sent/);
    await ana.says(space, "@Muster status");
    space.expectStatus(/Ella Webex\nWaiting/);
    await other.mia.says(other.space, "@Muster remind Ella Webex");
    other.space.expectSaid(/1 person: 1 Webex\.$/);
    eve.expectDirect(/Reminder/);
    other.space.expectStatus(/Ella/);
    phone.expectNothing();
  });

  /** A running incident with a member who was told of it on Webex. */
  async function withMember(told: Story, name: string) {
    const cast = await told.space({ moderators: ["Ana"], members: ["Gus"] });
    const { ana, space } = cast;
    const guest = told.person(name);
    await guest.joins(space, ana);
    told.takeAll();
    return { ana, space, guest, phone: told.phone() };
  }

  /** Everybody is reminded once: this person with one message and one text. */
  async function isOnePerson(
    told: Story,
    { ana, space, guest, phone }: Awaited<ReturnType<typeof withMember>>,
  ): Promise<void> {
    await ana.says(space, "@Muster remind all");
    space.expectSaid(/2 people: 2 Webex, 1 SMS/);
    guest.expectDirect(/Reminder/);
    guest.expectNothing();
    phone.expectSms(/reminder/);
    expect(await responders(told, new RegExp(`^${guest.name}`))).toMatchObject([
      { name: guest.name, kind: "external" },
    ]);
    told.takeAll();
  }

  story("who is a member already is one person as soon as their phone is saved", async (told) => {
    const stage = await withMember(told, "Hal Webex");
    const { ana, space, guest, phone } = stage;
    await ana.says(space, "@Muster start incident payments down");
    guest.expectDirect(/You are needed/);
    told.takeAll();
    const external = { name: "Hal", mobile: phone, email: guest.email.toUpperCase() };
    await told.addExternal(space, ana, external);
    phone.expectSms(/payments down/);
    guest.expectNothing();
    await isOnePerson(told, stage);
  });

  story("who is a member already is one person when added by name", async (told) => {
    const other = await told.space({ moderators: ["Mia"] });
    const stage = await withMember(told, "Ida Webex");
    const { ana, space, guest, phone } = stage;
    await ana.says(space, "@Muster start incident payments down");
    told.takeAll();
    const external = { name: "Ida Private", mobile: phone, email: guest.email };
    await told.addExternal(other.space, other.mia, external);
    await ana.says(space, "@Muster add Ida Private");
    space.expectSaid(/^Ida Webex is on the roster and is told now\.$/);
    phone.expectSms(/payments down/);
    guest.expectNothing();
    space.expectStatus(/Ida Webex/);
    await isOnePerson(told, stage);
  });

  story("who gets a member's address by an edit is one person at once", async (told) => {
    const stage = await withMember(told, "Jon Webex");
    const { ana, space, guest, phone } = stage;
    await told.addExternal(space, ana, { name: "Jon Private", mobile: phone });
    await ana.says(space, "@Muster start incident payments down");
    guest.expectDirect(/You are needed/);
    phone.expectSms(/payments down/);
    await ana.writes("externals Jon Private");
    told.takeAll();
    await ana.presses("Edit", { choose: "Jon Private" });
    ana.expectDirect(/Change a person with a phone/);
    await ana.presses("Save", { inputs: { email: guest.email } });
    ana.expectDirect(/Jon Private is saved/);
    space.expectSaid(/^Jon Private \(Jon Webex\), who had only a phone here, is on Webex now/);
    guest.expectNothing();
    phone.expectNothing();
    await isOnePerson(told, stage);
  });

  story("who is on Webex in one space is taken into another by their address", async (told) => {
    const { ana, space: first, eve, phone } = await withEve(told);
    await eve.joins(first, ana);
    told.takeAll();
    const { mia, space } = await told.space({ moderators: ["Mia"] });
    await mia.says(space, `@Muster add ${eve.email}`);
    space.expectSaid(new RegExp(`^Adding ${eve.email}\\.`));
    space.expectSaid(/^Eve Webex is in the space\.$/);
    expect(space.people).toEqual(["Mia", "Eve Webex"]);
    await mia.says(space, `@Muster add ${eve.email}`);
    space.expectSaid(/^Eve Webex is in this space already\.$/);
    await mia.says(space, "@Muster start incident cards down");
    eve.expectDirect(/You are needed/);
    phone.expectNothing();
    told.takeAll();
  });

  story("who is on the roster by phone is asked into the space by their address", async (told) => {
    const { ana, space, eve, phone } = await withEve(told);
    await ana.says(space, `@Muster add ${eve.email}`);
    space.expectSaid(/^Adding /);
    space.expectSaid(/^Eve Webex is in the space\.$/);
    space.expectSaid(/^Eve \(Eve Webex\), who had only a phone here, is on Webex now/);
    expect(space.people).toEqual(["Ana", "Eve Webex"]);
    eve.expectNothing();
    phone.expectNothing();
    told.takeAll();
  });

  story("an address in a form takes over nobody where nobody added it", async (told) => {
    const cast = await told.space({ moderators: ["Ana"], members: ["Fay Webex"] });
    const { ana, space, "fay webex": fay } = cast;
    const other = await told.space({ moderators: ["Mia"] });
    const phone = told.phone();
    await told.addExternal(other.space, other.mia, {
      name: "Somebody else",
      mobile: phone,
      email: fay.email,
    });
    told.takeAll();
    await ana.says(space, "@Muster start incident payments down");
    expect(await responders(told, /^Fay|^Somebody else$/)).toMatchObject([{ name: "Fay Webex" }]);
    fay.expectDirect(/You are needed/);
    phone.expectNothing();
    told.takeAll();
  });
}
