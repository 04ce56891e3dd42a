import type { Story } from "../support/story";
import { hours, minutes, openStoryBook, seconds } from "../support/story";

const { story } = openStoryBook({ isBotStopped: true });

async function health(told: Story, path: string): Promise<{ status: number; text: string }> {
  const { metrics } = told.world.app.ports;
  const response = await fetch(`http://127.0.0.1:${metrics}${path}`);
  return { status: response.status, text: await response.text() };
}

async function publicStatus(told: Story): Promise<number> {
  return (await fetch(`${told.world.publicUrl}/readyz`)).status;
}

for (const [trouble, fault, says] of [
  ["a wrong token", { kind: "status", status: 401 }, /Webex does not accept WEBEX_BOT_TOKEN/],
  ["an unreachable Webex", { kind: "reset" }, /Webex cannot be reached/],
  ["an ill Webex", { kind: "status", status: 503 }, /Webex answered with status 503/],
] as const)
  story(
    `${trouble} at the start is one clear line, and is tried again until it works`,
    async (told) => {
      told.faults.add({ service: "webex", route: "GET /people/me", ...fault, times: 3 });
      await told.world.startBot();
      const first = told.expectLog("warn", says);
      expect(first).toHaveLength(1);
      expect(first[0]?.text).not.toMatch(/"stack"|\n/);
      const { status, text } = await health(told, "/readyz");
      expect(status).toBe(503);
      expect(text).toMatch(says);
      expect(await publicStatus(told)).toBe(200);

      await told.advance(seconds(10));
      expect(told.expectLog("warn", says)).toHaveLength(2);
      expect(await health(told, "/readyz")).toMatchObject({ status: 200 });
      await told.world.stopBot();
    },
  );

/** A running incident of Ana's; Bo is called fifteen seconds after the text. */
async function running(told: Story) {
  const cast = await told.space({ moderators: ["Ana"], members: ["Ben"] });
  const bo = told.phone();
  await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo, voice: bo });
  await cast.ana.says(cast.space, "@Muster start incident payments down");
  told.takeAll();
  return { ...cast, bo };
}

story("what was under way goes on after a restart, and nobody is told twice", async (told) => {
  await told.world.startBot();
  const { ben, bo, space } = await running(told);
  await told.world.stopBot();
  await ben.leaves(space);
  const cleo = told.person("Cleo");
  await cleo.joins(space);
  await told.world.startBot();
  cleo.expectDirect(/You are needed/);
  space.expectSaid(/Cleo joined and is told on Webex\. Ben left and is told nothing more\./);
  await told.advance(seconds(15));
  bo.expectCall(/needed/);
  space.expectStatus(/Cleo/);
  await told.world.stopBot();
});

story("what phones tell is taken before Webex can be reached", async (told) => {
  await told.world.startBot({ SMS_REPLIES: "on" });
  const { ana, bo, space } = await running(told);
  await told.world.stopBot();
  const unreachable = { service: "webex", route: "GET /people/me", kind: "reset" } as const;
  told.faults.add({ ...unreachable, times: 3 });
  await told.world.startBot();
  told.expectLog("warn", /Webex cannot be reached/);
  await bo.texts("Y");
  bo.expectSms(/noted, you are coming/);
  await bo.texts("STOP");
  await ana.says(space, "@Muster status");
  space.expectNothing();

  await told.advance(seconds(10));
  told.expectLog("warn", /Webex cannot be reached/);
  space.expectStatus(/Bo\nComing/);
  await ana.says(space, "@Muster remind all");
  space.expectSaid(/Sending again to 2 people: 1 Webex, 1 call/);
  told.takeAll();
  await told.world.stopBot();
});

story("what was written while the bot was away is read, and done or asked about", async (told) => {
  await told.world.startBot();
  const { ana, ben, bo, space } = await running(told);
  await told.advance(seconds(15));
  bo.expectCall(/needed/);
  told.takeAll();
  await told.world.stopBot();
  await ana.says(space, "@Muster rename incident cards down");
  await told.advance(minutes(6));
  await ana.says(space, "@Muster remind Bo");
  await ben.writes("help");
  await told.advance(minutes(1));
  await told.world.startBot();
  space.expectCard("notice", /You wrote rename incident cards down at/);
  space.expectSaid(/Sending again to 1 person/);
  bo.expectSms(/reminder/);
  ben.expectDirect(/I gather the people/);
  await told.advance(seconds(15));
  bo.expectCall(/still needed/);
  space.expectStatus(/payments down/);
  await told.world.stopBot();
});

story(
  "its own webhooks come back by themselves, and those of others are left alone",
  async (told) => {
    const { world } = told.sandbox;
    await told.world.startBot();
    const ours = [...world.webhooks.values()];
    expect(ours.map(({ resource, event }) => `${resource} ${event}`).sort()).toEqual([
      "all all",
      "attachmentActions created",
    ]);
    const foreign = { ...ours[0]!, id: `${ours[0]!.id}x`, name: "somebody else's" };
    const surplus = { ...ours[0]!, id: `${ours[0]!.id}y` };
    world.webhooks.clear();
    world.webhooks.set(foreign.id, foreign);
    await told.advance(minutes(1));
    expect(world.webhooks.size).toBe(3);
    expect(world.webhooks.has(foreign.id)).toBe(true);
    world.webhooks.set(surplus.id, surplus);
    await told.advance(minutes(1));
    expect(world.webhooks.size).toBe(3);
    world.webhooks.delete(foreign.id);
    await told.world.stopBot();
  },
);

story("stopped, it does nothing any more, and its webhooks stay for the next one", async (told) => {
  await told.world.startBot();
  const { ana, bo, space } = await running(told);
  await told.world.stopBot();
  const { requests, webhooks } = told.sandbox.world;
  const before = requests.length;
  await expect(publicStatus(told)).rejects.toThrow("fetch failed");
  await ana.says(space, "@Muster help");
  await told.advance(hours(1));
  expect(requests.length).toBe(before);
  expect(webhooks.size).toBe(2);
  bo.expectNothing();
  space.expectNothing();
});
