import type { PersonInStory, Story, StoryBody, StoryBook } from "../../support/story";
import { days, hours, minutes } from "../../support/story";

const READ = /^The directory is read: [\d,]+ (person|people)\./;

/** Nobody has given the bot anything. */
async function forgetGrants({ world }: Story): Promise<void> {
  const { directory, db } = world.app.store;
  for (const table of ["grants", "oauth_states"]) await db.write(table).delete();
  await directory.clear();
  await db.write("directory_sync").update({
    ...{ due_at: null, asked_by: null, last_error: null, failed_at: null, told_at: null },
  });
}

function admin(told: Story, name = "Jana"): PersonInStory {
  const person = told.person(name);
  told.sandbox.world.setAdmin(person.id, true);
  return person;
}

/** Asks for a link, to the directory or to meetings. */
async function asks(person: PersonInStory, what = "authorize", title = "Authorise") {
  await person.writes(what);
  person.expectDirect(/\[New link\]/);
  return person.seesLink(title);
}

/** Gives the grant to the directory, which is read at once. */
async function connects(person: PersonInStory): Promise<void> {
  const { html, status } = await person.decides(await asks(person));
  expect(html).toContain("The directory is connected");
  expect(status).toBe(200);
  person.expectDirect(/^Thank you, the directory is connected/);
  person.expectDirect(READ);
}

/** Has it read anew, and Webex makes the bot wait before the second page. */
async function waitsInReading(told: Story, person: PersonInStory): Promise<void> {
  for (let count = 0; count < 10; count += 1) told.person(`Kim ${count}`);
  told.sandbox.world.forcedPageSize = 5;
  const fault = { service: "webex", route: "GET /people?max=1000", page: 2 } as const;
  told.faults.add({ ...fault, kind: "status", status: 503, times: 1 });
  await person.writes("directory refresh");
  person.expectDirect(/^I read the directory anew/);
  person.expectDirect(/^Reading the directory: /);
}

/** The bot's messages to a person that still stand and say so. */
function linesWith({ sandbox }: Story, person: PersonInStory, pattern: RegExp): string[] {
  const { messages } = sandbox.world;
  const texts = [...messages.values()].filter(({ text }) => pattern.test(text));
  return texts
    .filter(({ spaceId }) => sandbox.world.membership(spaceId, person.id) !== undefined)
    .map(({ text }) => text);
}

/** Whatever happened to grants, incidents are started as ever. */
async function canStillStart(told: Story): Promise<void> {
  const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
  await ana.says(space, "@Muster start incident payments down");
  space.expectSaid(/payments down is running/);
  space.expectStatus(/payments down\nRunning/);
  ben.expectDirect(/You are needed/);
  await ana.says(space, "@Muster stop incident");
  await ana.presses("Stop, keep everyone", { in: space });
  space.expectCard("stop-confirm");
  space.expectSaid(/is over\. Everyone stays\./);
  space.expectStatus(/Stopped/);
}

/** What a link carries is found nowhere in what the bot wrote down. */
function expectNotLogged({ world }: Story, link: string): void {
  const secret = new URL(link).searchParams.get("state");
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(world.log.lines.map(({ text }) => text).join("\n")).not.toContain(secret);
}

/** What people let the bot do, from the link to its end. */
export function grantsStories({ story }: StoryBook): void {
  const tell = (name: string, body: StoryBody): void =>
    story(name, async (told) => {
      await forgetGrants(told);
      try {
        await body(told);
      } finally {
        await forgetGrants(told);
      }
    });

  directoryStories(tell);
  refusalStories(tell);
  endStories(tell);
  meetingsStories(tell);
}

type Tell = (name: string, body: StoryBody) => void;

function directoryStories(tell: Tell): void {
  tell("an administrator connects the directory and sees how it is", async (told) => {
    const jana = admin(told);
    await jana.writes("directory");
    jana.expectDirect(
      /^The directory is not connected\. An administrator .* write authorize to me/,
    );
    const link = await asks(jana, "Authorise.");
    expect(new URL(link).searchParams.get("scope")).toBe(
      "spark:people_read spark-admin:people_read",
    );
    const { html } = await jana.decides(link);
    expect(html).toContain("Jana");
    jana.expectDirect(/^Thank you, the directory is connected\. I read it now/);
    jana.expectDirect(READ);

    await told.leap(hours(3));
    await jana.writes("directory");
    jana.expectDirect(
      /^\[directory\]\nDirectory\nConnected\n\d+ (person|people)\nRead at \d\d:\d\d UTC, 3 hours ago\.[^]*Granted by Jana\n[^]*Next reading at [^]*\[Refresh now\]\n\[Authorise anew\]\n\[Revoke…\]\n/,
    );
    await jana.presses("Refresh now");
    jana.expectDirect(/^I read the directory anew/);
    jana.expectDirect(READ);

    const { ana, space } = await told.space({ moderators: ["Ana"] });
    await ana.says(space, "@Muster ready");
    space.expectCard("ready", /OK\nDirectory: \d+ (person|people), read just now\./);
    expectNotLogged(told, link);
  });

  tell(
    "another administrator may look, refresh and connect anew; nobody else may",
    async (told) => {
      const [jana, otto, ben] = [admin(told), admin(told, "Otto"), told.person("Ben")];
      await connects(jana);
      for (const line of ["directory", "directory refresh", "revoke"]) {
        await ben.writes(line);
        ben.expectDirect(/^Only administrators of your organisation can do that/);
      }
      await otto.writes("directory");
      otto.expectDirect(/Granted by Jana/);
      await otto.writes("directory refresh");
      otto.expectDirect(/^I read the directory anew/);
      otto.expectDirect(READ);
      jana.expectNothing();

      await otto.presses("Authorise anew");
      otto.expectDirect(/Jana gave me this at/);
      await otto.decides(otto.seesLink("Authorise"));
      otto.expectDirect(/^Thank you/);
      jana.expectDirect(/^Otto connected the directory anew\. Your grant is deleted/);
      otto.expectDirect(READ);
      await jana.writes("directory");
      jana.expectDirect(/Granted by Otto/);
    },
  );

  tell("revoke ends it, and what was read goes with it", async (told) => {
    const [jana, otto] = [admin(told), admin(told, "Otto")];
    await connects(jana);
    expect((await told.world.app.store.directory.search("jana", 5)).found).not.toEqual([]);
    await otto.writes("directory");
    otto.expectDirect(/Connected/);
    const [revoke, refresh] = [otto.sees("Revoke now"), otto.sees("Refresh now")];
    await otto.presses(revoke);
    otto.expectDirect(
      /^The grant of Jana and my copy of the directory \(\d+ people\) are deleted\./,
    );
    jana.expectDirect(/^Otto revoked the grant with which I read your organisation's directory/);
    expect((await told.world.app.store.directory.search("jana", 5)).found).toEqual([]);
    for (const button of [revoke, refresh]) {
      await otto.presses(button);
      otto.expectDirect(/^The directory is not connected/);
    }
    await told.leap(hours(1));
    await connects(jana);
  });
}

function refusalStories(tell: Tell): void {
  tell("who declines at Webex has given nothing", async (told) => {
    const jana = admin(told);
    const { html } = await jana.decides(await asks(jana), "deny");
    expect(html).toContain("You declined");
    jana.expectDirect(/You did not allow it at Webex[^]*\[New link\]/);
    await jana.presses("New link");
    jana.expectDirect(/Connect the directory/);
    await jana.decides(jana.seesLink("Authorise"));
    jana.expectDirect(/^Thank you/);
    jana.expectDirect(READ);
    await canStillStart(told);
  });

  tell("a link opens nothing after ten minutes", async (told) => {
    const jana = admin(told);
    const link = await asks(jana);
    await told.advance(minutes(10));
    const { html, status } = await jana.decides(link);
    expect([status, html]).toEqual([410, expect.stringContaining("too old")]);
    jana.expectDirect(/The link was too old/);
    await jana.presses("New link");
    jana.expectDirect(/Connect the directory/);
    await canStillStart(told);
  });

  tell("a link opens once", async (told) => {
    const jana = admin(told);
    const link = await asks(jana);
    await jana.decides(link, "deny");
    jana.expectDirect(/You did not allow it/);
    const { html, status } = await jana.decides(link);
    expect([status, html]).toEqual([410, expect.stringContaining("used already")]);
    jana.expectNothing();
    await jana.writes("directory");
    jana.expectDirect(/not connected/);
    await canStillStart(told);
  });

  tell("a link is of no use to another person, nor to an administrator elsewhere", async (told) => {
    const [jana, otto] = [admin(told), admin(told, "Otto")];
    const elsewhere = told.person("Eve", { orgId: told.sandbox.world.newOrgId() });
    told.sandbox.world.setAdmin(elsewhere.id, true);
    for (const [person, heading, sentence] of [
      [otto, "This link is for somebody else", /Somebody else, Otto, signed in with your link/],
      [
        elsewhere,
        "You belong to another organisation",
        /Your link was opened with an account of another organisation than the one that runs me/,
      ],
    ] as const) {
      const { html, status } = await person.decides(await asks(jana));
      expect([status, html]).toEqual([403, expect.stringContaining(`<h1>${heading}</h1>`)]);
      const { text } = jana.expectDirect(sentence);
      expect(text.includes("Eve")).toBe(false);
      person.expectNothing();
    }
    await elsewhere.writes("authorize");
    elsewhere.expectDirect(/organisation that runs me/);
    await jana.writes("directory");
    jana.expectDirect(/not connected/);
    await canStillStart(told);
  });

  tell("who is no administrator can ask, and is told that it takes one", async (told) => {
    const ben = told.person("Ben");
    const { html, status } = await ben.decides(await asks(ben));
    expect([status, html]).toEqual([403, expect.stringContaining("not an administrator")]);
    ben.expectDirect(
      /^Webex does not let your account list the people[^]*write authorize to me\.$/,
    );
    await canStillStart(told);
  });

  tell("who is no administrator leaves the grant of one as it is", async (told) => {
    const [jana, ben] = [admin(told), told.person("Ben")];
    await connects(jana);
    const { html, status } = await ben.decides(await asks(ben));
    expect([status, html]).toEqual([403, expect.stringContaining("not an administrator")]);
    ben.expectDirect(/^Webex does not let your account list the people/);
    jana.expectNothing();
    await jana.writes("directory");
    jana.expectDirect(/Connected\n[^]*Granted by Jana\n/);
    await jana.writes("directory refresh");
    jana.expectDirect(/^I read the directory anew/);
    jana.expectDirect(READ);
  });

  tell("a token without the scope is thrown away", async (told) => {
    const jana = admin(told);
    told.sandbox.world.oauth.settings.givenScopes = ["spark:people_read"];
    const { html, status } = await jana.decides(await asks(jana));
    expect([status, html]).toEqual([403, expect.stringContaining("spark-admin:people_read")]);
    jana.expectDirect(/Webex left out a right that I need: spark-admin:people_read/);
    await jana.writes("directory");
    jana.expectDirect(/not connected/);
    await canStillStart(told);
  });

  tell("a wrong secret is for whoever runs the server", async (told) => {
    await told.restartBot({ CLIENT_SECRET: "not-the-secret-of-the-integration" });
    const jana = admin(told);
    const { html, status } = await jana.decides(await asks(jana));
    expect([status, html]).toEqual([502, expect.stringContaining("CLIENT_SECRET")]);
    jana.expectDirect(/does not accept this server's CLIENT_ID or CLIENT_SECRET/);
    const [line] = told.expectLog("error", /does not accept CLIENT_ID and CLIENT_SECRET/);
    expect(line!.text).not.toContain("not-the-secret");
    await canStillStart(told);
  });

  tell("while Webex cannot be reached nothing is kept", async (told) => {
    const jana = admin(told);
    const link = await asks(jana);
    told.faults.add({ service: "webex", route: "POST /access_token", kind: "status", status: 503 });
    const { status } = await jana.decides(link);
    expect(status).toBeGreaterThanOrEqual(500);
    jana.expectDirect(/Webex could not be reached when you came back/);
    told.expectLog("warn", /did not finish giving a grant/);
    told.expectLog("warn", /"Webex call"/);
    await canStillStart(told);
  });

  tell("without an integration the bot says so, and does everything else", async (told) => {
    await told.restartBot({ CLIENT_ID: "", CLIENT_SECRET: "" });
    const jana = admin(told);
    for (const line of ["authorize", "directory"]) {
      await jana.writes(line);
      jana.expectDirect(/this server has no Webex integration/);
    }
    await jana.writes("help");
    jana.expectDirect(/I gather the people/);
    await canStillStart(told);
  });
}

function endStories(tell: Tell): void {
  tell("a grant works 80 days later, and on", async (told) => {
    const jana = admin(told);
    await connects(jana);
    for (let times = 0; times < 2; times += 1) {
      await told.leap(days(80));
      await jana.writes("directory refresh");
      jana.expectDirect(/^I read the directory anew|^The directory is being read/);
      jana.expectDirect(READ);
      await jana.writes("directory");
      jana.expectDirect(/Connected\n/);
    }
    await canStillStart(told);
  });

  tell(
    "a grant that was not used for too long is dead, and its giver is told once",
    async (told) => {
      const [jana, otto] = [admin(told), admin(told, "Otto")];
      await connects(jana);
      await told.leap(days(91));
      told.expectLog("warn", /a grant is dead/);
      // Whether the directory was tried as well depends on what was due first.
      const tried = told.world.log.take("warn", /directory could not be read/);
      expect(tried.length).toBeLessThanOrEqual(1);
      jana.expectDirect(
        /Connect the directory\nWebex does not renew the grant that you gave at[^]*\[Authorise\]/,
      );
      await told.leap(hours(2));
      jana.expectNothing();
      await otto.writes("directory");
      otto.expectDirect(/I cannot ask Webex who is an administrator[^]*write authorize/);
      await jana.writes("directory");
      jana.expectDirect(
        /The grant does not work any more[^]*the old copy with \d+ people stays in use/,
      );
      await canStillStart(told);

      await jana.presses("New link");
      jana.expectDirect(/It does not work any more\. A new grant takes its place\./);
      await jana.decides(jana.seesLink("Authorise"));
      jana.expectDirect(/^Thank you/);
      jana.expectDirect(READ);
    },
  );

  tell(
    "a grant that dies while another administrator has it read is told to both",
    async (told) => {
      const { oauth } = told.sandbox.world;
      const [jana, otto] = [admin(told), admin(told, "Otto")];
      await connects(jana);
      await waitsInReading(told, otto);
      oauth.revoke(jana.id);
      await told.advance(minutes(1));
      told.sandbox.world.forcedPageSize = undefined;
      for (const line of [/Webex call/, /a grant is dead/, /directory could not be read/])
        told.expectLog("warn", line);
      jana.expectDirect(/Connect the directory\nWebex does not renew the grant [^]*\[Authorise\]/);
      otto.expectDirect(
        /^\[notice\]\nThe directory could not be read, because the grant does not work\. Until it is, the old copy with \d+ people stays in use\. An administrator can authorise anew\.[^]*\[New link\]$/,
      );
      expect(linesWith(told, otto, /^Reading the directory/)).toEqual([]);
      await otto.presses("New link");
      otto.expectDirect(/Connect the directory/);
      await otto.decides(otto.seesLink("Authorise"));
      otto.expectDirect(/^Thank you/);
      jana.expectDirect(/^Otto connected the directory anew/);
      otto.expectDirect(READ);
    },
  );

  tell(
    "who loses the role later is told once; another administrator connects anew",
    async (told) => {
      const [jana, otto] = [admin(told), admin(told, "Otto")];
      await connects(jana);
      told.sandbox.world.setAdmin(jana.id, false);
      await told.leap(hours(24));
      told.expectLog("warn", /directory could not be read/);
      jana.expectDirect(
        /^\[notice\]\nThe directory could not be read, because Webex does not let the grant list people[^]*the old copy with \d+ people stays in use[^]*no administrator any more[^]*\[New link\]$/,
      );
      await told.leap(hours(24));
      told.expectLog("warn", /directory could not be read/);
      jana.expectNothing();
      await canStillStart(told);

      await jana.presses("New link");
      jana.expectDirect(/Connect the directory/);
      await jana.decides(jana.seesLink("Authorise"));
      jana.expectDirect(/Ask an administrator to write authorize/);
      await otto.writes("revoke");
      otto.expectDirect(/I cannot ask Webex who is an administrator/);
      await otto.decides(await asks(otto));
      otto.expectDirect(/^Thank you/);
      jana.expectDirect(/^Otto connected the directory anew/);
      otto.expectDirect(READ);
    },
  );

  tell("revoked while it is being read, the directory is read no more", async (told) => {
    const jana = admin(told);
    await connects(jana);
    await waitsInReading(told, jana);
    told.expectLog("warn", /Webex call/);
    await jana.writes("revoke");
    jana.expectDirect(/^Your grant and my copy of the directory/);
    await told.advance(minutes(1));
    told.expectLog("warn", /directory could not be read/);
    told.sandbox.world.forcedPageSize = undefined;
    const { directory } = told.world.app.store;
    expect((await directory.search("jana", 5)).found).toEqual([]);
    expect(await directory.status()).toEqual({});
    expect(linesWith(told, jana, /^Reading the directory/)).toEqual([]);
  });

  tell("a reading that stops at page 57 leaves the old directory in use", async (told) => {
    const { world } = told.sandbox;
    const jana = admin(told);
    world.fillDirectory(1_000);
    await connects(jana);
    world.forcedPageSize = 10;
    const fault = { service: "webex", route: "GET /people?max=1000", page: 57 } as const;
    told.faults.add({ ...fault, kind: "status", status: 503 });
    await jana.writes("directory refresh");
    jana.expectDirect(/^I read the directory anew/);
    const progress = /^Reading the directory: \d+ people so far\. Webex is busy; I go on at/;
    jana.expectDirect(progress);
    await canStillStart(told);
    for (let times = 0; times < 4; times += 1) await told.leap(minutes(10));
    told.expectLog("warn", /Webex call/);
    told.expectLog("warn", /directory could not be read/);
    jana.expectDirect(
      /^The directory could not be read, because Webex answers 503\. I stopped after 5\d\d people\. Until it is, the old copy with 1,\d\d\d people stays in use\. I try again at/,
    );
    // The line that told how far it was stood alone, and is gone.
    told.takeAll();
    expect(linesWith(told, jana, progress)).toEqual([]);
    await jana.writes("directory");
    jana.expectDirect(/The last reading failed\n[^]*A reading failed at/);
    expect((await told.world.app.store.directory.search("jana", 5)).found).not.toEqual([]);

    told.faults.clear();
    world.forcedPageSize = undefined;
    await told.leap(hours(1));
    await jana.writes("directory");
    jana.expectDirect(/Directory\nConnected\n1,\d\d\d people/);
  });
}

function meetingsStories(tell: Tell): void {
  tell(
    "a moderator lets the bot open meetings, for their own incidents or for others'",
    async (told) => {
      const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
      await ben.writes("authorize meetings");
      ben.expectDirect(/^That is for people who moderate a space that I am in/);
      const link = await asks(ana, "authorize meetings", "For my incidents");
      expect(new URL(link).searchParams.get("scope")?.split(" ")).toContain("spark:all");
      await ana.decides(link);
      ana.expectDirect(/^Thank you\. When you start an incident, I open the meeting/);
      await ana.says(space, "@Muster ready");
      space.expectCard(
        "ready",
        /if Ana starts, this space's meeting is opened in Ana's name; otherwise/,
      );

      await ana.decides(await asks(ana, "authorise meetings", "Also when other moderators start"));
      ana.expectDirect(/^Thank you\. When you or another moderator start/);
      await ana.says(space, "@Muster ready");
      space.expectCard(
        "ready",
        /whoever starts, this space's meeting is opened in the name of Ana\./,
      );

      await ben.writes("revoke meetings");
      ben.expectDirect(/nothing to revoke/);
      await ana.writes("revoke meetings");
      ana.expectDirect(/^Your grant for meetings is deleted/);
      await ana.says(space, "@Muster ready");
      space.expectCard("ready", /(Webex is asked|No conference)/);
    },
  );

  tell("a command that is read too late is asked about, and done by the button", async (told) => {
    const { ana } = await told.space({ moderators: ["Ana"] });
    await ana.decides(await asks(ana, "authorize meetings", "For my incidents"));
    ana.expectDirect(/^Thank you/);
    told.faults.add({ service: "webhooks", kind: "late", delayMs: minutes(6), times: 1 });
    await ana.writes("revoke meetings");
    ana.expectNothing();
    await told.advance(minutes(6));
    ana.expectDirect(
      /^\[notice\]\nYou wrote revoke meetings at \d\d:\d\d UTC, I was away\. Do it now\?/,
    );
    const button = ana.sees("Do it now");
    await ana.presses(button);
    ana.expectDirect(/^Your grant for meetings is deleted[^]*At Webex its token stays valid/);
    await ana.presses(button);
    ana.expectDirect(/^This form was used already/);
  });

  tell("without its integration the directory is not said to be read", async (told) => {
    const jana = admin(told);
    await connects(jana);
    await told.restartBot({ CLIENT_ID: "", CLIENT_SECRET: "" });
    await told.leap(hours(25));
    await jana.writes("directory");
    jana.expectDirect(/Directory\nNot read any more\nThe server has no Webex integration\./);
    await jana.writes("directory refresh");
    jana.expectDirect(/this server has no Webex integration/);
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    await ana.says(space, "@Muster ready");
    space.expectCard("ready", /To do\nDirectory: not read any more, since the server has no/);
  });

  tell("what belongs into a direct message is not done in a space", async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    for (const line of ["authorize", "authorise meetings", "directory", "revoke"]) {
      await ana.says(space, `@Muster ${line}`);
      space.expectSaid(/^That works in a direct message to me/);
    }
    ana.expectNothing();
  });
}
