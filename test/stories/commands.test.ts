import type { PersonInStory, Story } from "../support/story";
import { minutes, openStoryBook } from "../support/story";

const { story } = openStoryBook({
  variables: ({ world }) => {
    const { id } = world.addSpace({ title: "INC Operators" });
    world.setMember({ space: id, person: world.bot().id });
    world.setMember({ space: id, person: world.addPerson({ name: "Olga" }) });
    return { OPERATORS_SPACE: id, SPACE_TITLE_PREFIX: "INC" };
  },
});

let next = 1;
const title = (): string => `INC ${next++}`;

async function aSpace(told: Story) {
  return told.space({ title: title(), moderators: ["Ana"], members: ["Ben"] });
}

story("help shows each person what they may do here", async (told) => {
  const { ana, ben, space } = await aSpace(told);
  await ana.says(space, "@Muster help");
  space.expectCard(
    "help",
    /start incident <name>[^]*\[Start incident\][^]*\[Add phone-only person\]/,
  );
  await ben.says(space, "@Muster ?");
  const { attachments } = space.expectCard("help", /status\n[^]*is for the moderators/);
  expect(JSON.stringify(attachments)).not.toContain("start incident");
  await ben.says(space, "@Muster");
  space.expectCard("help");
});

story(
  "help in a direct message tells the numbers, and spaces' commands are for spaces",
  async (told) => {
    const { ben } = await aSpace(told);
    await ben.writes("help");
    ben.expectDirect(/My texts come from 14085550100, my calls come from \+14085550100/);
    await ben.writes("Hello");
    ben.expectDirect(/Did you mean help\?|I do not know the command “Hello”/);
    await ben.writes("start incident x");
    ben.expectDirect(/That works in a space: write @Muster and the command there\./);
  },
);

story("status and ready answer any member, and their buttons ask again", async (told) => {
  const { ana, ben, space } = await aSpace(told);
  await ben.says(space, "@Muster status");
  space.expectStatus(/No incident is running\nAll quiet/);
  await ben.presses("Ready?", { in: space });
  space.expectCard("ready", /The space is moderated/);
  await ana.presses("Check again", { in: space });
  space.expectCard("ready", /An incident would tell 2 people: 2 Webex/);
});

const spoken: [written: string, does: RegExp][] = [
  ["@Muster   START  Incident   payments   down ", /payments down is running/],
  ["begin incident “payments down” @Muster", /payments down is running/],
  ["@Muster, declare: 'payments down'", /payments down is running/],
  ["@Muster open payments down", /payments down is running/],
  ["@Muster Nudge ben", /No incident is running in this space/],
  ["@Muster rename to X", /No incident is running in this space/],
];

for (const [written, does] of spoken)
  story(`${written} is understood`, async (told) => {
    const { ana, ben, space } = await aSpace(told);
    await ana.says(space, written);
    space.expectSaid(does);
    if (does.source.startsWith("payments")) {
      ben.expectDirect(/payments down/);
      space.expectStatus(/payments down/);
    }
  });

story("close, end and resolve ask whether to stop", async (told) => {
  const { ana, ben, space } = await aSpace(told);
  await ana.says(space, "@Muster start incident x");
  space.expectSaid(/x is running/);
  ben.expectDirect(/needed/);
  space.expectStatus(/x/);
  for (const verb of ["close", "End incident", "resolve"]) {
    await ana.says(space, `@Muster ${verb}`);
    space.expectCard("stop-confirm");
  }
});

story("a typo is asked about, and its writer alone can say yes", async (told) => {
  const { ana, ben, space } = await aSpace(told);
  await ana.says(space, "@Muster strat incident payments down");
  space.expectCard("notice", /Did you mean start incident payments down\?\n\[Yes, do it\]/);
  await ben.presses("Yes, do it", { in: space });
  space.expectSaid(/This card is for somebody else/);
  await ana.presses("Yes, do it", { in: space });
  space.expectSaid(/payments down is running/);
  ben.expectDirect(/You are needed/);
  space.expectStatus(/payments down/);
});

story("nobody gets a moderator to press what only a moderator may say", async (told) => {
  const { ben, space } = await aSpace(told);
  await ben.says(space, "@Muster stpo incident");
  space.expectSaid(/Did you mean stop incident\? Only moderators of this space can do that/);
});

story("what cannot be guessed is said to be unknown", async (told) => {
  const { ana, space } = await aSpace(told);
  await ana.says(space, "@Muster make me a coffee");
  space.expectSaid(/I do not know the command “make”\. Write help to see what I can do\./);
});

const forModerators = [
  "start incident x",
  "start incident",
  "stop incident",
  "rename incident x",
  "remind all",
  "add",
  "add ben@example.com",
  "add Ben",
  "add external",
  "externals",
  "remove Ben",
  "team",
  "sms Ben on",
  "voice Ben off",
  "bridge https://example.webex.com/meet/x",
];

async function refused(
  told: Story,
  person: PersonInStory,
  space: Awaited<ReturnType<typeof aSpace>>["space"],
  why: RegExp,
): Promise<void> {
  for (const command of forModerators) {
    await person.says(space, `@Muster ${command}`);
    space.expectSaid(why);
    space.expectNothing();
  }
  expect(told.world.transcript.unexpected()).toEqual([]);
}

story("no member can do what is for moderators", async (told) => {
  const { ben, space } = await aSpace(told);
  await refused(told, ben, space, /Only moderators of this space can do that\. Ask one of them/);
});

story("nobody of another organisation can do anything, whatever their rights", async (told) => {
  const { ana, space } = await aSpace(told);
  const eve = told.person("Eve", { orgId: told.sandbox.world.newOrgId() });
  await eve.joins(space, ana);
  await eve.becomesModerator(space);
  await refused(
    told,
    eve,
    space,
    /I take orders only from people of the organisation that runs me/,
  );
  await eve.says(space, "@Muster status");
  space.expectSaid(/I take orders only/);
  for (const line of ["help", "spaces", "contact", "externals", "import", "export"]) {
    await eve.writes(line);
    eve.expectDirect(/I take orders only/);
  }
});

story(
  "in a space without moderation nobody can act, and the answer says how to change that",
  async (told) => {
    const { ben, space } = await told.space({
      title: title(),
      members: ["Ben"],
      isModerated: false,
    });
    await refused(told, ben, space, /not moderated[^]*Turn moderation on in the space's settings/);
    await ben.says(space, "@Muster help");
    space.expectCard("help", /Turn moderation on/);
  },
);

story("an operator counts as a moderator of every space that they are in", async (told) => {
  const { ana, space } = await aSpace(told);
  const olga = told.known("Olga");
  await olga.joins(space, ana);
  await olga.says(space, "@Muster bridge https://example.webex.com/meet/x");
  space.expectSaid(/This is the conference of this space from now on/);
});

story("a space with another title is none of its business", async (told) => {
  const { world } = told.sandbox;
  const [ana, space] = [told.person("Ana"), world.addSpace({ title: "Coffee", isLocked: true })];
  world.setMember({ space: space.id, person: ana.id, moderator: true });
  world.setMember({ space: space.id, person: world.bot().id, moderator: true });
  await told.settle();
  world.say({ person: ana.id, space: space.id, text: "@Muster start incident x" });
  await told.settle();
  expect(told.world.transcript.unexpected()).toEqual([]);
});

story("a space of another organisation is told once, and nothing is done there", async (told) => {
  const { world } = told.sandbox;
  const ana = told.person("Ana");
  const { id } = world.addSpace({ title: title(), isLocked: true, orgId: world.newOrgId() });
  for (const person of [ana.id, world.bot().id])
    world.setMember({ space: id, person, moderator: true });
  await told.settle();
  for (const text of ["@Muster start incident x", "@Muster status"])
    world.say({ person: ana.id, space: id, text });
  await told.settle();
  const [only, ...more] = told.world.transcript.unexpected();
  expect(more).toEqual([]);
  expect(only).toMatchObject({
    message: {
      text: expect.stringContaining("This space belongs to another organisation") as string,
    },
  });
  if (only) only.isExpected = true;
});

story("a command that is read too late is asked about before it is done", async (told) => {
  const { ana, ben, space } = await aSpace(told);
  told.faults.add({ service: "webhooks", kind: "late", delayMs: minutes(6), times: 1 });
  await ana.says(space, "@Muster start incident payments down");
  space.expectNothing();
  await told.advance(minutes(6));
  space.expectCard(
    "notice",
    /You wrote start incident payments down at \d\d:\d\d UTC, I was away\. Do it now\?/,
  );
  await ben.presses("Do it now", { in: space });
  space.expectSaid(/This card is for somebody else/);
  await ana.presses("Do it now", { in: space });
  space.expectSaid(/payments down is running/);
  ben.expectDirect(/You are needed/);
  space.expectStatus(/payments down/);
});

story("a question that is read late is simply answered", async (told) => {
  const { ben, space } = await aSpace(told);
  told.faults.add({ service: "webhooks", kind: "late", delayMs: minutes(20), times: 1 });
  await ben.says(space, "@Muster status");
  await told.advance(minutes(20));
  space.expectStatus(/No incident is running/);
});

story("a name that is missing or too long is asked for again", async (told) => {
  const { ana, space } = await aSpace(told);
  await ana.says(space, "@Muster start incident");
  space.expectCard("start-form", /\[Start incident\]/);
  await ana.presses("Start incident", { in: space, inputs: { name: "   " } });
  space.expectCard("start-form", /Give the incident a name/);
  await ana.presses("Start incident", { in: space, inputs: { name: "x".repeat(121) } });
  space.expectCard("start-form", /The name has 121 characters; 120 is the most/);
  await ana.says(space, `@Muster start incident ${"y".repeat(121)}`);
  space.expectSaid(/The name has 121 characters/);
  await ana.says(space, "@Muster status");
  space.expectStatus(/No incident is running/);
});

story("with nobody to tell, start asks first", async (told) => {
  const { ana, space } = await told.space({ title: title(), moderators: ["Ana"] });
  await ana.says(space, "@Muster start incident payments down");
  space.expectCard("notice", /There is nobody to tell besides you[^]*\[Start all the same\]/);
  await ana.presses("Start all the same", { in: space });
  space.expectSaid(/payments down is running/);
  space.expectStatus(/payments down/);
});

story("a second start says what runs, and offers to remind or rename", async (told) => {
  const { ana, ben, space } = await aSpace(told);
  await ana.says(space, "@Muster start incident one");
  space.expectSaid(/one is running/);
  ben.expectDirect(/needed/);
  space.expectStatus(/one/);
  await ana.says(space, "@Muster start incident two");
  space.expectCard("notice", /Incident \d+ is already running here: one\./);
  await ana.presses("Rename", { in: space, inputs: { name: "two" } });
  space.expectCard("notice", /is now two/);
  await ana.presses("Remind everyone", { in: space });
  space.expectSaid(/Sending again to 1 person: 1 Webex/);
  ben.expectDirect(/Reminder: you are needed\ntwo/);
  space.expectStatus(/two/);
});

story("a name that fits several people, or nobody, changes nothing", async (told) => {
  const { ana, space } = await told.space({
    title: title(),
    moderators: ["Ana"],
    members: ["Ben Carter", "Ben Alm"],
  });
  await ana.says(space, "@Muster remove ben");
  space.expectCard("pick", /Several people fit “ben”\. Whom shall I remove\?/);
  await ana.says(space, "@Muster remove zoe");
  space.expectSaid(/I find nobody called “zoe” on the roster of this space/);
  await ana.says(space, "@Muster remove");
  space.expectSaid(/Choose a person in the list first|who/);
});

/** The newest comes first on the list of spaces. */
async function aNewerSpace(told: Story) {
  await told.advance(1_000);
  return aSpace(told);
}

story(
  "an operator sees every space and joins one, as a moderator where the bot is one",
  async (told) => {
    const { ana, ben, space } = await aNewerSpace(told);
    const olga = told.known("Olga");
    await ana.says(space, "@Muster start incident payments down");
    told.takeAll();
    await olga.writes("spaces");
    const list = olga.expectDirect(/All spaces\n[^]*Incident \d+ is running since/);
    expect(JSON.stringify(list.attachments)).not.toContain("Coffee");
    const join = olga.sees("Join");
    await olga.presses(join, { choose: space.title });
    olga.expectDirect(/^Adding you to INC \d+\.$/);
    olga.expectDirect(/^You are in INC \d+ now\.$/);
    olga.expectDirect(/You are needed\npayments down/);
    space.expectStatus(/Olga\nWaiting/);
    expect(space.people.sort()).toEqual(["Ana", "Ben", "Olga"]);
    const { world } = told.sandbox;
    expect(world.membership(space.id, olga.id)?.isModerator).toBe(true);
    await olga.presses(join, { choose: space.title });
    olga.expectDirect(/^You are in INC \d+ already\.$/);
    await olga.leaves(space);
    told.takeAll();
    await ben.writes("spaces");
    ben.expectDirect(/You moderate none/);
  },
);

story("Join is for operators, and for spaces that the bot acts in", async (told) => {
  const { ana, space } = await aNewerSpace(told);
  const { world } = told.sandbox;
  const olga = told.known("Olga");
  const coffee = world.addSpace({ title: "Coffee" });
  const foreign = world.addSpace({ title: title(), orgId: world.newOrgId() });
  for (const { id } of [coffee, foreign]) world.setMember({ space: id, person: world.bot().id });
  await told.settle();
  told.takeAll();
  await olga.writes("spaces");
  olga.expectDirect(/All spaces/);
  const join = olga.sees("Join");
  for (const forged of [coffee.id, foreign.id, "made-up"]) {
    await olga.presses(join, { inputs: { space: forged } });
    olga.expectDirect(/I do nothing in that space, or am not in it any more/);
  }
  await olga.presses(join);
  olga.expectDirect(/Choose a space in the list first/);
  await ana.writes("spaces");
  ana.expectDirect(/Spaces that you moderate/);
  const operators = [...world.spaces.values()].find((one) => one.title === "INC Operators");
  world.setMember({ space: operators?.id ?? "", person: olga.id, in: false });
  await olga.presses(join, { choose: space.title });
  olga.expectDirect(/Only operators can do that/);
  world.setMember({ space: operators?.id ?? "", person: olga.id });
  await told.settle();
  told.takeAll();
  expect(space.people).not.toContain("Olga");
});

story("where the bot may add nobody, Join says whom to ask", async (told) => {
  await told.advance(1_000);
  const { space } = await told.space({
    title: title(),
    moderators: ["Ana"],
    botIsModerator: false,
  });
  const olga = told.known("Olga");
  await olga.writes("spaces");
  olga.expectDirect(/All spaces/);
  await olga.presses("Join", { choose: space.title });
  olga.expectDirect(/I am not a moderator of INC \d+, so I cannot add you\. Ask a moderator/);
  expect(space.people).toEqual(["Ana"]);
});

story("what Webex refuses to a Join is told directly", async (told) => {
  const { space } = await aNewerSpace(told);
  const olga = told.known("Olga");
  await olga.writes("spaces");
  olga.expectDirect(/All spaces/);
  told.faults.add({ service: "webex", route: "POST /memberships", kind: "status", status: 403 });
  await olga.presses("Join", { choose: space.title });
  olga.expectDirect(/^Adding you to/);
  olga.expectDirect(/^You were not added: Webex does not allow it\.$/);
});

story("Join, delivered twice, adds once", async (told) => {
  const { space } = await aNewerSpace(told);
  const olga = told.known("Olga");
  await olga.writes("spaces");
  olga.expectDirect(/All spaces/);
  told.faults.add({ service: "webhooks", kind: "duplicate" });
  const join = olga.sees("Join");
  const pressed = await olga.presses(join, { choose: space.title });
  olga.expectDirect(/^Adding you to/);
  olga.expectDirect(/^You are in/);
  olga.expectNothing();
  const before = await told.world.memory();
  await told.world.deliverAgain(pressed);
  olga.expectNothing();
  expect(await told.world.memory()).toEqual(before);
});
