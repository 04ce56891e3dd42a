import type {
  PersonInStory,
  PhoneInStory,
  SpaceInStory,
  Story,
  StoryBook,
} from "../../support/story";
import { minutes } from "../../support/story";

const READ = /^The directory is read: \d+ people\. /;

/** Somebody of the organisation with numbers in Webex's directory. */
function employee(
  told: Story,
  name: string,
  numbers: { mobile?: PhoneInStory; work?: PhoneInStory },
) {
  const person = told.person(name);
  setNumbers(told, person, numbers);
  return person;
}

function setNumbers(
  told: Story,
  person: PersonInStory,
  numbers: { mobile?: PhoneInStory; work?: PhoneInStory },
): void {
  told.sandbox.world.person(person.id).phoneNumbers = Object.entries(numbers).map(
    ([type, phone]) => ({ type, value: phone.number }),
  );
}

/** An administrator connects the directory; everybody who is there at this moment is read. */
async function connect(told: Story): Promise<PersonInStory> {
  const admin = told.person("Ada Admin");
  told.sandbox.world.setAdmin(admin.id, true);
  await admin.writes("authorize");
  admin.expectDirect(/Connect the directory\n[^]*\[Authorise\]/);
  await admin.decides(admin.seesLink("Authorise"));
  admin.expectDirect(/^Thank you, the directory is connected\. I read it now/);
  admin.expectDirect(READ);
  return admin;
}

async function refresh(admin: PersonInStory): Promise<void> {
  await admin.writes("directory refresh");
  admin.expectDirect(/^I read the directory anew/);
  admin.expectDirect(READ);
}

/** As it was before the story. */
async function disconnect(admin: PersonInStory): Promise<void> {
  await admin.writes("revoke");
  admin.expectDirect(/are deleted/);
}

async function start(mod: PersonInStory, space: SpaceInStory, counts: RegExp): Promise<void> {
  await mod.says(space, "@Muster start incident payments down");
  space.expectSaid(counts);
  space.expectStatus(/payments down/);
}

function choices(person: PersonInStory, space: SpaceInStory): string[] {
  return person.sees("Add", { in: space }).choices.map(({ title }) => title);
}

/** People of the organisation who are in no space yet. */
export function directoryStories({ story }: StoryBook): void {
  story(
    "somebody is added by three letters and texted on the number of this moment",
    async (told) => {
      const [before, now] = [told.phone(), told.phone()];
      const { mia, space } = await told.space({ moderators: ["Mia"] });
      const zoltan = employee(told, "Zoltán Quell", { mobile: before });
      const admin = await connect(told);

      await mia.says(space, "@Muster add zol");
      space.expectCard("pick", /One person fits “zol”/);
      expect(choices(mia, space)).toEqual(["Zoltán Quell (in the directory, example.com)"]);
      await mia.presses("Add", { in: space, choose: "Zoltán Quell" });
      space.expectSaid(/^Adding Zoltán Quell\.$/);
      space.expectSaid(/^Zoltán Quell is in the space\.$/);
      expect(space.people).toContain("Zoltán Quell");

      await mia.says(space, "@Muster sms zoltan on");
      space.expectSaid(/Texts to Zoltán Quell are now on/);
      setNumbers(told, zoltan, { mobile: now });
      await refresh(admin);

      await start(mia, space, /1 person: 1 Webex, 1 SMS/);
      zoltan.expectDirect(/payments down/);
      now.expectSms(/payments down/);
      before.expectNothing();
      await disconnect(admin);
    },
  );

  story("the one whom a name or an address fits exactly is added at once", async (told) => {
    const { mia, space } = await told.space({ moderators: ["Mia"] });
    const [jose, joseba] = [told.person("José Quisling"), told.person("Joseba Quisling")];
    const admin = await connect(told);
    await mia.says(space, "@Muster add jose quisling");
    space.expectSaid(/^Adding José Quisling\.$/);
    space.expectSaid(/^José Quisling is in the space\.$/);
    await mia.says(space, "@Muster add jose quisling");
    space.expectSaid(/^José Quisling is in this space already\.$/);
    await mia.says(space, `@Muster add ${joseba.email.toUpperCase()}`);
    space.expectSaid(/^Adding Joseba Quisling\.$/);
    space.expectSaid(/^Joseba Quisling is in the space\.$/);
    expect(space.people).toEqual(expect.arrayContaining([jose.name, joseba.name]));
    await disconnect(admin);
  });

  story("of several, those are added who are chosen, with a phone or on Webex", async (told) => {
    const { mia, bo, space } = await told.space({ moderators: ["Mia"], members: ["Bo"] });
    const mobile = told.phone();
    await told.addExternal(space, mia, { name: "Xenia Vandal", mobile });
    await mia.says(space, "@Muster remove xenia");
    space.expectSaid(/Xenia Vandal is off the roster/);
    for (const name of ["Xander Vandal", "Vandal Xavier", "Xaver Vandal"]) told.person(name);
    const admin = await connect(told);
    await start(mia, space, /1 person: 1 Webex/);
    bo.expectDirect(/payments down/);

    await mia.says(space, "@Muster add vandal");
    space.expectCard("pick", /Several people fit “vandal”/);
    expect(choices(mia, space)).toEqual([
      "Vandal Xavier (in the directory, example.com)",
      "Xander Vandal (in the directory, example.com)",
      "Xaver Vandal (in the directory, example.com)",
      `Xenia Vandal (with a phone, SMS …${mobile.number.slice(-2)})`,
    ]);
    const press = await mia.presses("Add", {
      in: space,
      choose: ["Vandal Xavier", "Xaver Vandal", "Xenia Vandal"],
    });
    space.expectSaid(
      /^Xenia Vandal is on the roster and is told now\. Adding Vandal Xavier and Xaver Vandal\.$/,
    );
    for (const name of ["Vandal Xavier", "Xaver Vandal"]) {
      space.expectSaid(new RegExp(`^${name} is in the space and is told now\\.$`));
      told.known(name).expectDirect(/payments down/);
    }
    mobile.expectSms(/payments down/);
    await told.world.deliverAgain(press);
    expect(space.people).not.toContain("Xander Vandal");
    await told.advance(minutes(2));
    space.expectStatus(/Xaver Vandal/);
    await disconnect(admin);
  });

  story(
    "who does not moderate finds nobody, and nobody chooses on another's card",
    async (told) => {
      const { mia, bo, space } = await told.space({ moderators: ["Mia"], members: ["Bo"] });
      told.person("Yves Undset");
      const admin = await connect(told);
      await bo.says(space, "@Muster add undset");
      space.expectSaid(/Only moderators of this space can do that/);
      await mia.says(space, "@Muster add undset");
      space.expectCard("pick");
      await bo.presses("Add", { in: space, choose: "Yves Undset" });
      space.expectSaid(/This card is for somebody else/);
      expect(space.people).toEqual(["Mia", "Bo"]);
      await disconnect(admin);
    },
  );

  story("nobody found is offered the form, with the name", async (told) => {
    const { mia, space } = await told.space({ moderators: ["Mia"] });
    const admin = await connect(told);
    await mia.says(space, "@Muster add Wilhelmina Nobody");
    space.expectCard("notice", /I cannot find “Wilhelmina Nobody” in the directory, nor among/);
    await mia.presses("Add someone with a phone", { in: space });
    space.expectSaid(/I sent you the form/);
    mia.expectDirect(/A person with a phone/);
    expect(mia.sees("Save").fields).toMatchObject({ name: "Wilhelmina Nobody" });
    await disconnect(admin);
  });

  story(
    "without a directory a name is told what would help, and an address works",
    async (told) => {
      const { mia, space } = await told.space({ moderators: ["Mia"] });
      const uma = told.person("Uma Tellers");
      await mia.says(space, "@Muster add uma tellers");
      space.expectCard(
        "notice",
        /not connected: .* writing authorize to me.*by their e-mail address/,
      );
      await mia.says(space, `@Muster add ${uma.email}`);
      space.expectSaid(
        /^Adding uma\.tellers@example\.com\. The directory is not connected: .* writing authorize to me, in a direct message\.$/,
      );
      space.expectSaid(/^Uma Tellers is in the space\.$/);
      await mia.says(space, "@Muster sms uma on");
      space.expectSaid(/Uma Tellers has no mobile number .* the directory, which is not connected/);

      const mobile = told.phone();
      await told.addExternal(space, mia, { name: "Unity Vance", mobile });
      await mia.says(space, "@Muster add unit");
      space.expectCard("pick", /“unit”[^]*The directory is not connected: an administrator/);

      await told.restartBot({ CLIENT_ID: "", CLIENT_SECRET: "" });
      await mia.says(space, "@Muster add ursula tellers");
      space.expectCard("notice", /not connected: whoever runs this server can connect it/);
    },
  );

  story("while the directory cannot be read anew, the old one is searched", async (told) => {
    const { mia, space } = await told.space({ moderators: ["Mia"] });
    told.person("Thora Skald");
    const admin = await connect(told);
    told.faults.add({ service: "webex", route: "GET /people?", kind: "status", status: 403 });
    await admin.writes("directory refresh");
    admin.expectDirect(/^I read the directory anew/);
    admin.expectDirect(
      /^\[notice\]\nThe directory could not be read, because Webex does not let the grant list people \(403\)\. Until it is, the old copy with \d+ people stays in use\. I try again at [^]*no administrator any more/,
    );
    await mia.says(space, "@Muster add thora skald");
    space.expectSaid(/^Adding Thora Skald\.$/);
    space.expectSaid(/^Thora Skald is in the space\.$/);
    told.faults.clear();
    told.expectLog("warn", /the directory could not be read/);
    await disconnect(admin);
  });

  story("who leaves the organisation between search and press is not added", async (told) => {
    const { mia, space } = await told.space({ moderators: ["Mia"] });
    const sigrid = told.person("Sigrid Rask");
    told.person("Sigmund Rask");
    const admin = await connect(told);
    await mia.says(space, "@Muster add rask");
    space.expectCard("pick", /Several people fit “rask”/);
    told.sandbox.world.person(sigrid.id).isLoginEnabled = false;
    await refresh(admin);
    await mia.presses("Add", { in: space, choose: ["Sigrid Rask", "Sigmund Rask"] });
    space.expectSaid(/One of them is not in the directory any more, so nobody was added/);
    await mia.presses("Add", { in: space, choose: "Sigmund Rask" });
    space.expectSaid(/^Adding Sigmund Rask\.$/);
    space.expectSaid(/^Sigmund Rask is in the space\.$/);
    await disconnect(admin);
  });

  story("a number that leaves the directory is missing, and said to be", async (told) => {
    const work = told.phone();
    const { mia, space } = await told.space({ moderators: ["Mia"] });
    const rolf = employee(told, "Rolf Quist", { work });
    const admin = await connect(told);
    await mia.says(space, "@Muster add rolf quist");
    space.expectSaid(/^Adding Rolf Quist\.$/);
    space.expectSaid(/^Rolf Quist is in the space\.$/);
    await mia.says(space, "@Muster sms rolf on");
    space.expectSaid(/Rolf Quist has no mobile number for texts\. .* has none for them/);
    await mia.says(space, "@Muster voice rolf on");
    space.expectSaid(/Calls to Rolf Quist are now on/);

    await start(mia, space, /1 person: 1 Webex, 1 call/);
    rolf.expectDirect(/payments down/);
    work.expectCall(/payments down/);
    setNumbers(told, rolf, {});
    await refresh(admin);
    await mia.says(space, "@Muster remind rolf");
    space.expectSaid(/Sending again to 1 person: 1 Webex/);
    rolf.expectDirect(/payments down/);
    await told.advance(minutes(2));
    space.expectStatus(/Rolf Quist/);
    await disconnect(admin);
  });

  story(
    "a phone that two people have answers for both, and the space hears of it",
    async (told) => {
      const shared = told.phone();
      const { mia, space } = await told.space({ moderators: ["Mia"] });
      employee(told, "Pia Quell", { mobile: shared });
      employee(told, "Quintus Ibsen", { mobile: shared });
      const admin = await connect(told);
      for (const name of ["pia quell", "quintus ibsen"]) {
        await mia.says(space, `@Muster add ${name}`);
        await mia.says(space, `@Muster sms ${name} on`);
      }
      await mia.says(space, "@Muster start incident payments down");
      told.takeAll();

      await shared.texts("Y");
      const both = "(Pia Quell, Quintus Ibsen|Quintus Ibsen, Pia Quell)";
      space.expectSaid(
        new RegExp(`^A text from the phone that ${both} share says that they are coming\\.$`),
      );
      shared.expectSms(/noted, you are coming/);
      shared.expectNothing();
      await mia.says(space, "@Muster status");
      space.expectStatus(/Pia Quell\nComing[^]*Quintus Ibsen\nComing|Quintus Ibsen\nComing[^]*Pia/);
      told.takeAll();
      await disconnect(admin);
    },
  );

  story(
    "who comes back with the team is texted as before, on the number of this moment",
    async (told) => {
      const [before, now] = [told.phone(), told.phone()];
      const { mia, space } = await told.space({ moderators: ["Mia"] });
      const olga = employee(told, "Olga Qvist", { mobile: before });
      const admin = await connect(told);
      await mia.says(space, "@Muster add olga qvist");
      await mia.says(space, "@Muster sms olga on");
      await mia.says(space, "@Muster start incident cards down");
      await mia.presses("Stop…", { in: space });
      await mia.presses("Stop and remove 1 person");
      await mia.says(space, "@Muster start incident payments down");
      await mia.presses("Start all the same", { in: space });
      setNumbers(told, olga, { mobile: now });
      await refresh(admin);
      told.takeAll();

      await mia.says(space, "@Muster team");
      space.expectSaid(/^Adding Olga Qvist\.$/);
      olga.expectDirect(/payments down/);
      now.expectSms(/payments down/);
      space.expectStatus(/Olga Qvist/);
      await disconnect(admin);
    },
  );
}
