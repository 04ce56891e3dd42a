import type { Story } from "../support/story";
import { openStoryBook } from "../support/story";
import { keypadStories } from "./chapters/keypad";

// The chapter about keys needs calls that take them; no other story here places a call.
const book = openStoryBook({ variables: { VOICE_MODE: "interactive" } });
const { story } = book;

describe("a call that takes keys", () => keypadStories(book));

/** A running incident of Ana's, with Ben and, by text, Bo. */
async function running(told: Story) {
  const cast = await told.space({ moderators: ["Ana"], members: ["Ben"] });
  const bo = told.phone();
  await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo });
  await cast.ana.says(cast.space, "@Muster start incident payments down");
  told.takeAll();
  return { ...cast, bo };
}

story("who comes and goes by hand is on the roster, or not, at the next start", async (told) => {
  const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
  const cleo = told.person("Cleo");
  await cleo.joins(space);
  await ben.leaves(space, ana);
  space.expectNothing();
  await ana.says(space, "@Muster start incident payments down");
  space.expectSaid(/1 person: 1 Webex$/);
  cleo.expectDirect(/You are needed/);
  space.expectStatus(/Cleo/);
  ben.expectNothing();
});

story("who joins by hand during an incident is told on Webex", async (told) => {
  const { ana, bo, space } = await running(told);
  const cleo = told.person("Cleo");
  await cleo.joins(space, ana);
  cleo.expectDirect(/You are needed\npayments down/);
  space.expectSaid(/^Cleo joined and is told on Webex\.$/);
  space.expectStatus(/Cleo\nWaiting\nWebex: sent/);
  bo.expectNothing();
});

story("who leaves during an incident is told nothing more", async (told) => {
  const { ana, ben, bo, space } = await running(told);
  await ben.leaves(space);
  space.expectSaid(/^Ben left and is told nothing more\.$/);
  await ana.says(space, "@Muster remind all");
  space.expectSaid(/Sending again to 1 person: 1 SMS/);
  bo.expectSms(/reminder/);
  space.expectStatus(/Bo/);
  ben.expectNothing();
});

story("what was not heard of is found out at the start", async (told) => {
  const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
  const cleo = told.person("Cleo");
  told.faults.add({ service: "webhooks", route: "memberships", kind: "missing" });
  await cleo.joins(space);
  await ben.leaves(space);
  await ana.says(space, "@Muster start incident payments down");
  cleo.expectDirect(/You are needed/);
  const told1 = told.takeAll().join("\n");
  expect(told1).toContain("payments down is running");
  expect(told1).toContain("Cleo joined");
  expect(told1).toContain("Ben left");
});

story("somebody is added by their address, and invited during an incident", async (told) => {
  const { ana, space } = await running(told);
  const cleo = told.person("Cleo");
  await ana.says(space, `@Muster add ${cleo.email}`);
  space.expectSaid(/^Adding cleo\S*@example\.com\. The directory is not connected/);
  space.expectSaid(/^Cleo is in the space and is told now\.$/);
  cleo.expectDirect(/You are needed/);
  space.expectStatus(/Cleo/);
  await ana.presses("Add", { in: space });
  space.expectCard("notice", /Whom shall I add\?/);
  await ana.presses("Add", { in: space, inputs: { who: cleo.email.toUpperCase() } });
  space.expectSaid(/^Cleo is in this space already\.$/);
});

story("an address that Webex does not know is invited to Webex", async (told) => {
  const { ana, space } = await told.space({ moderators: ["Ana"] });
  await ana.says(space, "@Muster add nobody@elsewhere.example");
  space.expectSaid(/Adding nobody@elsewhere\.example\./);
  space.expectSaid(/is in the space\.$/);
  expect(space.people).toHaveLength(2);
});

story("a name that nobody has is not added", async (told) => {
  const { ana, space } = await told.space({ moderators: ["Ana"] });
  await ana.says(space, "@Muster add Cleo");
  space.expectCard(
    "notice",
    /I cannot find “Cleo”\. The directory is not connected: .* added by their e-mail/,
  );
});

for (const status of [403, 404, 400])
  story(`somebody whom Webex refuses to add with ${status} is not half there`, async (told) => {
    const { ana, space } = await running(told);
    const cleo = told.person("Cleo");
    told.faults.add({ service: "webex", route: "POST /memberships", kind: "status", status });
    await ana.says(space, `@Muster add ${cleo.email}`);
    space.expectSaid(/Adding/);
    space.expectSaid(/was not added: Webex /);
    await ana.says(space, "@Muster remind cleo");
    space.expectSaid(/I find nobody called “cleo” on the roster/);
    cleo.expectNothing();
  });

story("adding somebody is tried until Webex is well again", async (told) => {
  const { ana, space } = await told.space({ moderators: ["Ana"] });
  const cleo = told.person("Cleo");
  told.faults.add({ service: "webex", route: "POST /memberships", kind: "lost", times: 1 });
  await ana.says(space, `@Muster add ${cleo.email}`);
  space.expectSaid(/Adding/);
  await told.advance(2_000);
  space.expectSaid(/^Cleo is in the space\.$/);
  expect(space.people).toEqual(["Ana", "Cleo"]);
  told.expectLog("warn", /Webex call/);
});

story(
  "a bot that is not a moderator adds and removes nobody, and does all the rest",
  async (told) => {
    const { ana, ben, space } = await told.space({
      moderators: ["Ana"],
      members: ["Ben"],
      botIsModerator: false,
    });
    const cleo = told.person("Cleo");
    await ana.says(space, `@Muster add ${cleo.email}`);
    space.expectSaid(/I am not one of its moderators[^]*choose Make moderator/);
    await ana.says(space, "@Muster remove Ben");
    space.expectSaid(/choose Make moderator/);
    await ana.says(space, "@Muster start incident payments down");
    space.expectSaid(/payments down is running/);
    ben.expectDirect(/You are needed/);
    space.expectStatus(/payments down/);
    await ana.presses("Stop…", { in: space });
    space.expectCard("stop-confirm");
    await ana.presses("Stop and remove 1 person", { in: space });
    space.expectSaid(
      /is over\. I am not a moderator of this space, so I cannot add or remove people/,
    );
    space.expectStatus(/Stopped/);
    expect(space.people).toEqual(["Ana", "Ben"]);
  },
);

story("the bot thrown out during an incident tells the starter, and nobody else", async (told) => {
  const { ana, ben, bo, space } = await running(told);
  told.sandbox.world.setMember({
    space: space.id,
    person: told.sandbox.world.bot().id,
    in: false,
    actor: ben.id,
  });
  await told.settle();
  ana.expectDirect(
    /I am no longer in the space Payments \d+, so incident \d+, payments down, is stopped\. 2 of (2|3) people were told; nothing more is sent\./,
  );
  ben.expectNothing();
  bo.expectNothing();
  await told.addBot(space, true);
  space.expectCard("ready");
  await ana.says(space, "@Muster status");
  space.expectStatus(/payments down\nStopped/);
});

story("whoever becomes a moderator before the removal is carried out stays", async (told) => {
  const { ana, ben, space } = await running(told);
  told.faults.add({ service: "webex", route: "DELETE /memberships", kind: "status", status: 503 });
  await ana.presses("Stop…", { in: space });
  space.expectCard("stop-confirm");
  await ana.presses("Stop and remove 2 people", { in: space });
  space.expectSaid(/Removing 1 person from the space/);
  space.expectStatus(/Stopped/);
  await ben.becomesModerator(space);
  told.faults.clear();
  await told.advance(5_000);
  space.expectSaid(/^Ben was not removed: is a moderator and stays\.$/);
  expect(space.people).toEqual(["Ana", "Ben"]);
  told.expectLog("warn", /Webex call/);
});

story("a removal that waits when the space is lost ends with it", async (told) => {
  const { ana, space } = await running(told);
  told.faults.add({ service: "webex", route: "DELETE /memberships", kind: "status", status: 503 });
  await ana.says(space, "@Muster remove Ben");
  space.expectSaid(/Removing Ben/);
  told.sandbox.world.deleteSpace(space.id, ana.id);
  await told.settle();
  ana.expectDirect(/I am no longer in the space/);
  told.faults.clear();
  await told.advance(5_000);
  expect(await told.world.leftovers()).toEqual([]);
  told.expectLog("warn", /Webex call/);
});

story("a space that is deleted ends its incident", async (told) => {
  const { ana, space } = await running(told);
  told.sandbox.world.deleteSpace(space.id, ana.id);
  await told.settle();
  ana.expectDirect(/I am no longer in the space/);
});

story("what was not sent yet when the space was lost is not sent", async (told) => {
  const { ana, space } = await told.space({ moderators: ["Ana"] });
  const bo = told.phone();
  await told.addExternal(space, ana, { name: "Bo", mobile: bo, voice: bo });
  await ana.says(space, "@Muster start incident payments down");
  bo.expectSms(/needed/);
  told.takeAll();
  told.sandbox.world.deleteSpace(space.id, ana.id);
  await told.settle();
  ana.expectDirect(/I am no longer in the space/);
  await told.advance(60_000);
  bo.expectNothing();
});

story("where only moderators may write, the bot answers by direct message", async (told) => {
  const { world } = told.sandbox;
  const ana = told.person("Ana");
  const { id } = world.addSpace({ title: "Notices", isLocked: true, isAnnouncementOnly: true });
  for (const person of [ana.id, told.person("Ben").id]) world.setMember({ space: id, person });
  world.setMember({ space: id, person: ana.id, moderator: true });
  world.setMember({ space: id, person: world.bot().id });
  await told.settle();
  world.say({ person: ana.id, space: id, text: "@Muster help" });
  await told.settle();
  ana.expectDirect(/start incident <name>/);
  world.say({ person: ana.id, space: id, text: "@Muster start incident payments down" });
  await told.settle();
  ana.expectDirect(/payments down is running/);
  expect(told.takeAll().every((line) => line.includes("(to "))).toBe(true);
});

story("rights are asked of Webex at each command, not remembered", async (told) => {
  const { ana, ben, space } = await running(told);
  told.faults.add({ service: "webhooks", route: "memberships", kind: "missing" });
  await ana.losesRights(space);
  await ana.says(space, "@Muster stop incident");
  space.expectSaid(/Only moderators of this space can do that/);
  await ben.becomesModerator(space);
  await ben.says(space, "@Muster rename incident x");
  space.expectCard("notice", /is now x/);
});
