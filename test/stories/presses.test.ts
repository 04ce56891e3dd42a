import { DO_NOW, RUN_SUGGESTION } from "../../src/bot/line-actions";
import { cardActions, commands } from "../../src/bot/table";
import type { SandboxAction, SandboxMessage, UploadedFile } from "../../src/sandbox/model";
import type { PersonInStory, PhoneInStory, SpaceInStory, Story } from "../support/story";
import { minutes, openStoryBook, seconds } from "../support/story";

const { story } = openStoryBook();

interface Stage {
  told: Story;
  ana: PersonInStory;
  mia: PersonInStory;
  ben: PersonInStory;
  bo: PhoneInStory;
  space: SpaceInStory;
}

/** Ana and Mia, who moderate, Ben, and Bo, who has a phone; everything up to now was read. */
async function aStage(told: Story, { isRunning }: { isRunning: boolean }): Promise<Stage> {
  const cast = await told.space({ moderators: ["Ana", "Mia"], members: ["Ben"] });
  const bo = told.phone();
  await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo });
  if (isRunning) await cast.ana.says(cast.space, "@Muster start incident payments down");
  told.takeAll();
  return { ...cast, bo, told };
}

type Act = (stage: Stage) => Promise<SandboxAction | SandboxMessage>;

/** Every card action, on the way on which a person gets to it. */
const quietActs: Record<string, Act> = {
  "Status on the help card": async ({ ana, space }) => {
    await ana.says(space, "@Muster help");
    return ana.presses("Status");
  },
  "Ready? on the help card": async ({ ana, space }) => {
    await ana.says(space, "@Muster help");
    return ana.presses("Ready?");
  },
  "Start incident on the help card": async ({ ana, space }) => {
    await ana.says(space, "@Muster help");
    return ana.presses("Start incident");
  },
  "Start incident on the form": async ({ ana, space }) => {
    await ana.says(space, "@Muster start");
    return ana.presses("Start incident", { inputs: { name: "payments down" } });
  },
  "Start all the same": async ({ ana, mia, ben, space }) => {
    await ana.says(space, "@Muster remove Bo");
    for (const person of [mia, ben]) await person.leaves(space);
    await ana.says(space, "@Muster start incident payments down");
    return ana.presses("Start all the same");
  },
  "Add phone-only person": async ({ ana, space }) => {
    await ana.says(space, "@Muster help");
    return ana.presses("Add phone-only person");
  },
  "Save and add here": async ({ ana, space, told }) => {
    await ana.says(space, "@Muster add external Dora");
    return ana.presses("Save and add here", { inputs: { mobile: told.phone().number } });
  },
  Save: async ({ ana, space, told }) => {
    await ana.says(space, "@Muster add external Dora");
    return ana.presses("Save", { inputs: { mobile: told.phone().number } });
  },
  "a form with a mistake": async ({ ana, space }) => {
    await ana.says(space, "@Muster add external Dora");
    return ana.presses("Save", { inputs: { mobile: "12" } });
  },
  "the offer of somebody who is known": async ({ ana, bo, space }) => {
    await ana.says(space, "@Muster remove Bo");
    await ana.says(space, "@Muster add external Bob");
    await ana.presses("Save and add here", { inputs: { mobile: bo.number } });
    return ana.presses("Add Bo here");
  },
  "Do it now": async ({ ana, space, told }) => {
    told.faults.add({ service: "webhooks", kind: "late", delayMs: minutes(6), times: 1 });
    await ana.says(space, "@Muster start incident payments down");
    await told.advance(minutes(6));
    return ana.presses("Do it now");
  },
  "Admit all": async ({ ana, space, told }) => {
    await ana.writes("authorize meetings");
    await ana.decides(ana.seesLink("For my incidents"));
    await ana.says(space, "@Muster start incident payments down");
    told.sandbox.world.joinMeeting({ space: space.id, phone: "+12025550143" });
    await told.advance(seconds(20));
    told.takeAll();
    return ana.presses("Admit all");
  },
  "Yes, do it": async ({ ana, space }) => {
    await ana.says(space, "@Muster strat incident payments down");
    return ana.presses("Yes, do it");
  },
};

/** So many that the status card does not show all of them, nor a page of the list. */
async function manyAreTold({ ana, space, told }: Stage): Promise<void> {
  for (let count = 0; count < 20; count += 1) await told.person(`Kim ${count}`).joins(space);
  await ana.says(space, "@Muster start incident payments down");
  told.takeAll();
}

const rosterActs: Record<string, Act> = {
  "All 24 on the status card": async (stage) => {
    await manyAreTold(stage);
    return stage.ana.presses("All 24");
  },
  "Next on the list of everybody": async (stage) => {
    await manyAreTold(stage);
    await stage.ana.presses("All 24");
    return stage.ana.presses("Next");
  },
};

const externalsActs: Record<string, Act> = {
  "Add here on the list of externals": async ({ ana, space }) => {
    await ana.says(space, "@Muster remove Bo");
    await ana.says(space, "@Muster externals Bo");
    return ana.presses("Add here", { choose: "Bo" });
  },
  "Edit on the list of externals": async ({ ana, space }) => {
    await ana.says(space, "@Muster externals Bo");
    return ana.presses("Edit", { choose: "Bo" });
  },
  "Save on the form of somebody who is known": async ({ ana, space, told }) => {
    await ana.says(space, "@Muster externals Bo");
    await ana.presses("Edit", { choose: "Bo" });
    return ana.presses("Save", { inputs: { voice: told.phone().number } });
  },
  "Delete on the list of externals": async ({ ana, space }) => {
    await ana.says(space, "@Muster externals Bo");
    return ana.presses("Delete", { choose: "Bo" });
  },
  "Delete, asked once more": async ({ ana, space }) => {
    await ana.says(space, "@Muster externals Bo");
    await ana.presses("Delete", { choose: "Bo" });
    return ana.presses("Delete");
  },
  "Keep, asked once more": async ({ ana, space }) => {
    await ana.says(space, "@Muster externals Bo");
    await ana.presses("Delete", { choose: "Bo" });
    return ana.presses("Keep");
  },
  "Next on the list of externals": async ({ ana, space, told }) => {
    for (let count = 0; count < 11; count += 1)
      await told.addExternal(space, ana, { name: `Kim ${count}`, mobile: told.phone() });
    await ana.says(space, "@Muster externals Kim");
    told.takeAll();
    return ana.presses("Next");
  },
  "externals, written directly": ({ ana }) => ana.writes("externals Bo"),
  "add external, written directly": ({ ana }) => ana.writes("add external Dora"),
  "Save on a form for no space": async ({ ana, told }) => {
    await ana.writes("add external Dora");
    return ana.presses("Save", { inputs: { mobile: told.phone().number } });
  },
};

/** The title of a button that somebody was offered last, as far as it is known before. */
function offered({ told }: Stage, beginning: RegExp): string {
  const cards = told.world.transcript.posts().map(({ card }) => JSON.stringify(card ?? {}));
  const titles = cards.flatMap((card) => beginning.exec(card) ?? []);
  return titles.at(-1) ?? "";
}

async function withManySpaces({ ana, told }: Stage): Promise<void> {
  const { world } = told.sandbox;
  for (let count = 0; count < 11; count += 1) {
    const { id } = world.addSpace({ title: `Space ${count}`, isLocked: true });
    for (const person of [ana.id, world.bot().id])
      world.setMember({ space: id, person, moderator: true });
  }
  await told.settle();
  await ana.writes("spaces");
  told.takeAll();
}

const spacesActs: Record<string, Act> = {
  "Bring back the team": async (stage) => {
    const { ana, mia, space } = stage;
    await ana.says(space, "@Muster start incident cards down");
    await ana.presses("Stop…");
    await ana.presses("Stop and remove 2 people");
    await mia.leaves(space);
    await ana.says(space, "@Muster start incident payments down");
    return ana.presses(offered(stage, /Bring back the team of incident \d+ \(\d people\)/));
  },
  "Next on the list of spaces": async (stage) => {
    await withManySpaces(stage);
    return stage.ana.presses("Next");
  },
  "Join, forged by who is no operator": async (stage) => {
    await withManySpaces(stage);
    const { data, ...next } = stage.ana.sees("Next");
    const forged = { ...next, data: { ...data, action: "roster.join-space" } };
    return stage.ana.presses(forged, { inputs: { space: stage.space.id } });
  },
  "spaces, written directly": ({ ana }) => ana.writes("spaces"),
};

function aList({ told }: Stage): UploadedFile {
  const content = Buffer.from(`name,mobile\nDora,${told.phone().number}`);
  return { name: "people.csv", type: "text/csv", content };
}

const transferActs: Record<string, Act> = {
  "import, with a list": (stage) => stage.ana.writes("import", aList(stage)),
  "Import on the card of a list": async (stage) => {
    await stage.ana.writes("import", aList(stage));
    return stage.ana.presses("Import 1 person");
  },
  "Cancel the import": async (stage) => {
    await stage.ana.writes("import", aList(stage));
    return stage.ana.presses("Cancel");
  },
};

/** Ana, an administrator, has connected the directory. */
async function isConnected({ ana, told }: Stage): Promise<void> {
  told.sandbox.world.setAdmin(ana.id, true);
  await ana.writes("authorize");
  await ana.decides(ana.seesLink("Authorise"));
  told.takeAll();
}

const grantActs: Record<string, Act> = {
  "authorize, written directly": ({ ana }) => ana.writes("authorize"),
  "authorize meetings, written directly": ({ ana }) => ana.writes("authorize meetings"),
  "revoke meetings, written directly": async ({ ana }) => {
    await ana.writes("authorize meetings");
    await ana.decides(ana.seesLink("For my incidents"));
    return ana.writes("revoke meetings");
  },
  "New link": async ({ ana, told }) => {
    await ana.writes("authorize meetings");
    told.takeAll();
    return ana.presses("New link");
  },
  "directory, written directly": async (stage) => {
    await isConnected(stage);
    return stage.ana.writes("directory");
  },
  "directory refresh, written directly": async (stage) => {
    await isConnected(stage);
    return stage.ana.writes("directory refresh");
  },
  "Refresh now on the directory's card": async (stage) => {
    await isConnected(stage);
    await stage.ana.writes("directory");
    return stage.ana.presses("Refresh now");
  },
  "Revoke now on the directory's card": async (stage) => {
    await isConnected(stage);
    await stage.ana.writes("directory");
    return stage.ana.presses("Revoke now");
  },
  "revoke, written directly": async (stage) => {
    await isConnected(stage);
    return stage.ana.writes("revoke");
  },
};

/** Ben is called by a second incident. */
async function isCalledTwice({ ana, ben, told }: Stage): Promise<void> {
  const { world } = told.sandbox;
  const { id } = world.addSpace({ title: "Cards", isLocked: true });
  world.setMember({ space: id, person: ana.id, moderator: true });
  world.setMember({ space: id, person: ben.id });
  world.setMember({ space: id, person: world.bot().id, moderator: true });
  await told.settle();
  world.say({ person: ana.id, space: id, text: "@Muster start incident cards down" });
  await told.settle();
}

const answerActs: Record<string, Act> = {
  "On my way": ({ ben }) => ben.presses("On my way"),
  "Can't join, on a reminder": async ({ ana, ben, space, told }) => {
    await ana.says(space, "@Muster remind Ben");
    told.takeAll();
    return ben.presses("Can't join");
  },
  "On my way to one of two incidents": async (stage) => {
    await isCalledTwice(stage);
    await stage.ben.writes("coming");
    stage.told.takeAll();
    return stage.ben.presses(offered(stage, /On my way: \d+, payments down/));
  },
  "Mark coming": ({ ana }) => ana.presses("Mark coming", { choose: ["Bo", "Ben"] }),
  "coming, written directly": ({ ben }) => ben.writes("coming"),
  "declined, written directly": ({ ben }) => ben.writes("declined"),
  "coming, for somebody": ({ ana, space }) => ana.says(space, "@Muster coming Ben"),
  "declined, for somebody": ({ ana, space }) => ana.says(space, "@Muster declined Bo"),
};

/** Nobody has answered, and nobody is reminded any more: its starter was told. */
async function isSilentToTheEnd({ ana, space, told }: Stage): Promise<void> {
  await told.restartBot({ RENOTIFY_TIMES: "1" });
  await ana.says(space, "@Muster remind all");
  await told.advance(minutes(30));
  told.takeAll();
}

const runningActs: Record<string, Act> = {
  "Stop… on the status card": ({ ana }) => ana.presses("Stop…"),
  "Stop, keep everyone": async ({ ana }) => {
    await ana.presses("Stop…");
    return ana.presses("Stop, keep everyone");
  },
  "Stop and remove 2 people": async ({ ana }) => {
    await ana.presses("Stop…");
    return ana.presses("Stop and remove 2 people");
  },
  "Cancel the stop": async ({ ana }) => {
    await ana.presses("Stop…");
    return ana.presses("Cancel");
  },
  Rename: async ({ ana, space }) => {
    await ana.says(space, "@Muster start incident cards down");
    return ana.presses("Rename", { inputs: { name: "cards down" } });
  },
  "Tell everybody now, after a new name": async ({ ana, space }) => {
    await ana.says(space, "@Muster rename incident cards down");
    return ana.presses("Tell everybody now");
  },
  "Yes, text them": async ({ ana, space }) => {
    await ana.says(space, "@Muster sms Bo please call");
    return ana.presses("Yes, text them");
  },
  "Text whom a card asks about": async ({ ana, space, told }) => {
    await told.addExternal(space, ana, { name: "Bo", mobile: told.phone() });
    told.takeAll();
    await ana.says(space, "@Muster text bo please call");
    return ana.presses("Text", { choose: "Bo" });
  },
  Text: async (stage) => {
    await isSilentToTheEnd(stage);
    return stage.ana.presses("Text");
  },
  "Send text": async (stage) => {
    await isSilentToTheEnd(stage);
    await stage.ana.presses("Text");
    return stage.ana.presses("Send text", { choose: "Bo", inputs: { message: "please call" } });
  },
  "Send text without a message": async (stage) => {
    await isSilentToTheEnd(stage);
    await stage.ana.presses("Text");
    return stage.ana.presses("Send text", { choose: "Bo" });
  },
  "Remind everyone": async ({ ana, space }) => {
    await ana.says(space, "@Muster start incident cards down");
    return ana.presses("Remind everyone");
  },
  "Remind whom a card asks about": async ({ ana, space, told }) => {
    await told.addExternal(space, ana, { name: "Bo", mobile: told.phone() });
    told.takeAll();
    await ana.says(space, "@Muster remind bo");
    return ana.presses("Remind", { choose: "Bo" });
  },
  "Add whom a search found": async ({ ana, space, told }) => {
    await told.addExternal(space, ana, { name: "Bo", mobile: told.phone() });
    await ana.says(space, "@Muster externals Bo");
    await ana.says(space, "@Muster add bo");
    return ana.presses("Add", { choose: "Bo" });
  },
  "Remind one person": ({ ana }) => ana.presses("Remind", { choose: "Bo" }),
  "Remind several people": ({ ana }) => ana.presses("Remind", { choose: ["Bo", "Ben"] }),
  "SMS off for several people": ({ ana }) => ana.presses("SMS off", { choose: ["Bo", "Ben"] }),
  "Remove somebody": ({ ana }) => ana.presses("Remove", { choose: "Ben" }),
  "SMS off": ({ ana }) => ana.presses("SMS off", { choose: "Bo" }),
  "Send now": async ({ ana }) => {
    await ana.presses("SMS off", { choose: "Bo" });
    await ana.presses("SMS on", { choose: "Bo" });
    return ana.presses("Send now");
  },
  Add: ({ ana }) => ana.presses("Add"),
  "Add by address": async ({ ana, told }) => {
    const { email } = told.person("Cleo");
    await ana.presses("Add");
    return ana.presses("Add", { inputs: { who: email } });
  },
};

/** Every command; two of them are written directly. */
const written: Record<string, Act> = {
  "help, written directly": ({ ana }) => ana.writes("help"),
  "import, written directly": ({ ana }) => ana.writes("import"),
  "export, written directly": ({ ana }) => ana.writes("export"),
  "contact, written directly": ({ ben }) => ben.writes("contact"),
  ...Object.fromEntries(
    [
      ...["help", "status", "ready", "stop incident", "rename incident cards down"],
      ...[
        "remind all",
        "add",
        "add external",
        "externals",
        "remove Ben",
        "sms Bo off",
        "voice Bo on",
      ],
      ...["text Bo please call", "tell it is room 4"],
      ...["team", "bridge https://example.webex.com/meet/x +14085550100 123456"],
    ].map((line): [string, Act] => [line, ({ ana, space }) => ana.says(space, `@Muster ${line}`)]),
  ),
};

const seen = new Set<string>();

/** Delivered twice at once, and again when everything is over. */
async function twice(stage: Stage, act: Act): Promise<void> {
  const { told } = stage;
  told.faults.add({ service: "webhooks", kind: "duplicate" });
  const event = await act(stage);
  if ("inputs" in event) seen.add(String(event.inputs.action));
  const said = told.takeAll().filter((line) => !line.includes("[status]"));
  expect(new Set(said).size).toBe(said.length);
  const before = await told.world.memory();
  await told.world.deliverAgain(event);
  expect(told.takeAll()).toEqual([]);
  const after = await told.world.memory();
  // Comparing thousands of rows one by one takes longer than all the rest.
  if (JSON.stringify(after) !== JSON.stringify(before)) expect(after).toEqual(before);
}

for (const [name, act] of Object.entries({ ...quietActs, ...spacesActs, ...rosterActs }))
  story(`${name}, delivered twice, is done once`, async (told) => {
    await twice(await aStage(told, { isRunning: false }), act);
  });

for (const [name, act] of Object.entries({
  ...externalsActs,
  ...transferActs,
  ...grantActs,
  ...runningActs,
  ...written,
}))
  story(`${name}, delivered twice during an incident, is done once`, async (told) => {
    await twice(await aStage(told, { isRunning: true }), act);
  });

for (const [name, act] of Object.entries(answerActs))
  story(`${name}, delivered twice during an incident, is done once`, async (told) => {
    await twice(await aStage(told, { isRunning: true }), act);
    // What it changes on status card and line is no later story's business.
    await told.advance(minutes(1));
    told.takeAll();
  });

story("start incident, delivered twice, starts one", async (told) => {
  const stage = await aStage(told, { isRunning: false });
  await twice(stage, ({ ana, space }) => ana.says(space, "@Muster start incident payments down"));
});

test("every command and every card action was delivered twice", () => {
  const actions = [...cardActions.map(({ name }) => name), DO_NOW, RUN_SUGGESTION];
  expect([...seen].sort()).toEqual(actions.sort());
  const lines = [
    "start incident",
    ...Object.keys({ ...written, ...spacesActs, ...grantActs, ...answerActs }),
  ];
  for (const { verb } of commands) expect(lines.some((line) => line.startsWith(verb))).toBe(true);
});

story("a member who presses a moderator's button is told who may", async (told) => {
  const { ben, space } = await aStage(told, { isRunning: true });
  for (const title of ["Stop…", "Add"]) {
    await ben.presses(title);
    space.expectSaid(/Only moderators of this space can do that/);
  }
  for (const title of ["Remind", "SMS off", "Remove"]) {
    await ben.presses(title, { choose: ["Bo", "Ben"] });
    space.expectSaid(/Only moderators/);
  }
});

story("a button on an old card still acts on what stands now", async (told) => {
  const { ana, space } = await aStage(told, { isRunning: true });
  const stop = ana.sees("Stop…");
  await ana.presses(stop);
  const keep = ana.sees("Stop, keep everyone");
  space.expectCard("stop-confirm");
  await ana.presses(keep);
  space.expectSaid(/is over/);
  space.expectStatus(/Stopped/);
  await ana.presses(keep);
  space.expectSaid(/used already|already over/);
});

story(
  "a card that is unknown, or of another version, is answered with the present state",
  async (told) => {
    const { ana, space } = await aStage(told, { isRunning: true });
    for (const forged of [
      { card: "A".repeat(22) },
      { card: 7 },
      { v: 2 },
      { action: "incident.destroy" },
      { action: "__proto__" },
    ]) {
      const button = ana.sees("Stop…");
      await ana.presses({ ...button, data: { ...button.data, ...forged } });
      space.expectSaid(/This button is no longer valid\. Here is the present state\./);
      space.expectStatus(/payments down\nRunning/);
    }
  },
);

story("a form is for the one who asked for it", async (told) => {
  const { ana, mia, space } = await aStage(told, { isRunning: true });
  await ana.says(space, "@Muster add external Dora");
  space.expectSaid(/I sent you the form/);
  ana.expectDirect(/Dora/);
  const form = ana.sees("Save and add here");
  const { messageId } = mia.sees("Stop…");
  const inputs = { name: "Dora", mobile: told.phone().number };
  await mia.presses({ ...form, messageId }, { inputs });
  space.expectSaid(/This card is for somebody else/);
});

story("a responder of another space cannot be reached through a forged choice", async (told) => {
  const other = await aStage(told, { isRunning: true });
  const { ana } = await aStage(told, { isRunning: true });
  const { choices } = other.ana.sees("Remind");
  const foreign = choices.find(({ title }) => title === "Bo");
  for (const title of ["Remind", "Remove", "SMS off"])
    await ana.presses(title, { inputs: { responders: foreign?.value } });
  expect(
    told
      .takeAll()
      .join("\n")
      .match(/no longer on the roster/g),
  ).toHaveLength(3);
  other.bo.expectNothing();
});

story("a form's mistakes come back at their fields, and nothing is saved", async (told) => {
  const { ana, space } = await aStage(told, { isRunning: false });
  await ana.says(space, "@Muster add external");
  space.expectSaid(/I sent you the form/);
  ana.expectDirect(/A person with a phone/);
  const responders = async (): Promise<number | undefined> =>
    (await told.world.memory()).responders?.length;
  const before = await responders();
  await ana.presses("Save", { inputs: { name: "Dora" } });
  ana.expectDirect(/Mobile number, for texts: \nGive at least one number/);
  await ana.presses("Save", { inputs: { name: "", mobile: "12", email: "dora" } });
  const { attachments } = ana.expectDirect(
    /Name: \nGive a name\.\nMobile number, for texts: 12\n\S/,
  );
  expect(JSON.stringify(attachments)).toContain("This is not an e-mail address.");
  await ana.presses("Save", { inputs: { name: "Dora", mobile: "+1 900 555 0100" } });
  ana.expectDirect(/Mobile number, for texts: \+1 900 555 0100\n\S/);
  const mobile = told.phone().number;
  await ana.presses("Save", { inputs: { name: "Dora", mobile, language: "tlh" } });
  ana.expectDirect(
    /Language of texts and calls: en\nThere are no texts in that language\. Choose en \(English\), de \(Deutsch\), es \(Español\), or fr \(Français\)\./,
  );
  expect(await responders()).toBe(before);
});

story("a number that is known is offered with its owner instead of saved again", async (told) => {
  const { ana, bo, space } = await aStage(told, { isRunning: false });
  const other = await aStage(told, { isRunning: false });
  await ana.says(space, "@Muster add external Bobby");
  space.expectSaid(/I sent you the form/);
  ana.expectDirect(/Bobby/);
  await ana.presses("Save and add here", { inputs: { voice: bo.number } });
  ana.expectDirect(/Bo has that number and is on the roster of Payments \d+ already/);
  await ana.says(space, "@Muster add external Bobby");
  space.expectSaid(/I sent you the form/);
  ana.expectDirect(/Bobby/);
  await ana.presses("Save and add here", { inputs: { mobile: other.bo.number } });
  ana.expectDirect(
    /That number is known already: it is Bo's\. Nothing was saved\.\n\[Add Bo here\]/,
  );
  await ana.presses("Add Bo here");
  ana.expectDirect(/Bo is on the roster/);
});

story("Remind, pressed twice in one breath on whichever card, reminds once", async (told) => {
  const { ana, mia, bo, space } = await aStage(told, { isRunning: true });
  const button = ana.sees("Remind");
  await Promise.all([1, 2].map(() => ana.presses(button, { choose: "Bo" })));
  bo.expectSms(/reminder/);
  bo.expectNothing();
  space.expectSaid(/Sending again to 1 person/);
  space.expectStatus(/Bo/);
  const replaced = ana.sees("Remind");
  expect(replaced.messageId).not.toBe(button.messageId);
  await ana.presses(replaced, { choose: "Bo" });
  space.expectNothing();
  await told.advance(seconds(10));
  const next = ana.sees("Remind");
  await Promise.all([ana, mia].map((person) => person.presses(next, { choose: "Bo" })));
  for (let reminders = 0; reminders < 2; reminders += 1) {
    bo.expectSms(/reminder/);
    space.expectSaid(/Sending again/);
  }
  space.expectStatus(/Bo/);
});
