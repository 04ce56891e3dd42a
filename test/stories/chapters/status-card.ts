import type { SandboxMessage } from "../../../src/sandbox/model";
import type { PersonInStory, SpaceInStory, Story, StoryBook } from "../../support/story";
import { minutes, seconds } from "../../support/story";

/** How the status card is replaced, and the line between. */
export function statusCardStories({ story }: StoryBook): void {
  /** Ana moderates, Ben is there too, Bo is texted and called. */
  async function aStage(told: Story, others: readonly string[] = []) {
    const cast = await told.space({ moderators: ["Ana"], members: ["Ben"] });
    const bo = told.phone();
    await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo, voice: bo });
    const crowd = others.map((name) => told.person(name));
    const { world } = told.sandbox;
    for (const { id } of crowd) world.setMember({ space: cast.space.id, person: id });
    await told.settle();
    return { ...cast, bo, crowd };
  }

  /** Everybody is told, but Bo's call waits behind his text. */
  async function aRunningStage(told: Story) {
    const stage = await aStage(told);
    await stage.ana.says(stage.space, "@Muster start incident payments down");
    const answer = stage.space.expectSaid(/payments down is running/);
    told.takeAll();
    return { ...stage, answer };
  }

  /** Webex Connect is down, so that the round stays open; so many more are told on Webex. */
  async function aHeldUpStage(told: Story, size: number) {
    const names = Array.from({ length: size }, (_, index) => `Kim ${index}`);
    const stage = await aStage(told, names);
    // The card itself is to stay out of the way of a long conversation in the thread.
    if (size > 10) await told.restartBot({ STATUS_CARD_SECONDS: "3600" });
    told.faults.add({ service: "connect", kind: "reset" });
    await stage.ana.says(stage.space, "@Muster start incident payments down");
    const answer = stage.space.expectSaid(/payments down is running/);
    told.takeAll();
    return { ...stage, answer };
  }

  /** Nothing is left to be sent. */
  async function end(told: Story, { ana, space }: { ana: PersonInStory; space: SpaceInStory }) {
    await ana.says(space, "@Muster stop incident");
    await ana.presses("Stop, keep everyone");
    told.takeAll();
  }

  /** Nobody waits for anything any more. */
  async function aCalmStage(told: Story) {
    const stage = await aRunningStage(told);
    await told.advance(minutes(2));
    told.takeAll();
    return stage;
  }

  function standing(told: Story, space: SpaceInStory): SandboxMessage[] {
    const { world } = told.sandbox;
    return [...world.messages.values()].filter(
      ({ attachments, personId, spaceId }) =>
        spaceId === space.id &&
        personId === world.bot().id &&
        /"action":"(incident\.stop-form|incident\.remind)"/.test(JSON.stringify(attachments)),
    );
  }

  /** As Webex shows what the bot wrote into the thread of the start's answer. */
  function lines(told: Story, answer: SandboxMessage): SandboxMessage[] {
    return [...told.sandbox.world.messages.values()].filter(
      ({ parentId }) => parentId === answer.id,
    );
  }

  story("while a call waits, a line in the thread tells how far it is", async (told) => {
    const { answer, bo, space } = await aRunningStage(told);
    await told.advance(seconds(4));
    space.expectNothing();
    await told.advance(seconds(1));
    space.expectSaid(/^2 of 2 invited$/);
    expect(lines(told, answer)).toHaveLength(1);
    await told.advance(seconds(10));
    bo.expectCall(/payments down/);
    space.expectStatus(/Bo/);
    expect(lines(told, answer)).toEqual([]);
  });

  story("a line that changes is edited; the card follows within the minute", async (told) => {
    const { ana, answer, bo, crowd, space } = await aHeldUpStage(told, 2);
    await told.advance(seconds(5));
    space.expectSaid(/^3 of 4 invited$/);
    const [line] = lines(told, answer);
    await crowd[0]!.leaves(space);
    space.expectSaid(/Kim 0 left/);
    await told.advance(seconds(4));
    expect(lines(told, answer)).toMatchObject([{ text: "3 of 4 invited", edits: 0 }]);
    await told.advance(seconds(1));
    expect(lines(told, answer)).toMatchObject([{ id: line!.id, text: "2 of 3 invited", edits: 1 }]);
    space.expectNothing();
    await told.advance(seconds(49));
    space.expectNothing();
    await told.advance(seconds(1));
    space.expectStatus(/3 waiting/);
    expect(lines(told, answer)).toEqual([]);
    await crowd[1]!.leaves(space);
    space.expectSaid(/Kim 1 left/);
    await told.advance(seconds(5));
    space.expectSaid(/^1 of 2 invited$/);
    await end(told, { ana, space });
    expect(lines(told, answer)).toEqual([]);
    await told.advance(minutes(2));
    space.expectNothing();
    bo.expectNothing();
  });

  story("the tenth change of a line is a new one, and the old one goes", async (told) => {
    const { ana, answer, crowd, space } = await aHeldUpStage(told, 11);
    await told.advance(seconds(5));
    space.expectSaid(/^12 of 13 invited$/);
    const [first] = lines(told, answer);
    for (const [index, person] of crowd.slice(0, 10).entries()) {
      await person.leaves(space);
      await told.advance(seconds(5));
      const [line, ...others] = lines(told, answer);
      expect(others).toEqual([]);
      expect(line?.text).toBe(`${11 - index} of ${12 - index} invited`);
      expect(line?.id === first!.id).toBe(index < 9);
    }
    await end(told, { ana, space });
  });

  story("a line that somebody deleted is written anew", async (told) => {
    const { ana, answer, crowd, space } = await aHeldUpStage(told, 2);
    await told.advance(seconds(5));
    space.expectSaid(/^3 of 4 invited$/);
    told.sandbox.world.messages.delete(lines(told, answer)[0]!.id);
    for (const person of crowd) {
      await person.leaves(space);
      await told.advance(seconds(5));
    }
    space.expectSaid(/^1 of 2 invited$/);
    expect(lines(told, answer)).toMatchObject([{ text: "1 of 2 invited" }]);
    await end(told, { ana, space });
  });

  story("a thread that cannot be written to keeps nothing from going on", async (told) => {
    const { ana, answer, crowd, space } = await aHeldUpStage(told, 1);
    told.sandbox.world.messages.delete(answer.id);
    await crowd[0]!.leaves(space);
    space.expectSaid(/Kim 0 left/);
    await told.advance(seconds(59));
    space.expectNothing();
    await told.advance(seconds(1));
    space.expectStatus(/2 waiting/);
    await end(told, { ana, space });
  });

  story("nothing is posted where nothing has changed", async (told) => {
    const { space } = await aCalmStage(told);
    await told.advance(minutes(10));
    space.expectNothing();
  });

  story("what is switched by a line shows on the card within the minute", async (told) => {
    const { ana, space } = await aRunningStage(told);
    await told.advance(seconds(15));
    told.takeAll();
    await ana.says(space, "@Muster sms Bo off");
    told.takeAll();
    await told.advance(seconds(59));
    space.expectNothing();
    await told.advance(seconds(1));
    space.expectStatus(/Bo[^]*Call/);
    await told.advance(minutes(5));
    space.expectNothing();
  });

  story("a card that was pressed a moment ago stays where it is", async (told) => {
    const { ana, space } = await aCalmStage(told);
    await ana.says(space, "@Muster status");
    await told.advance(seconds(50));
    await ana.says(space, "@Muster sms Bo off");
    told.takeAll();
    await ana.presses("Add");
    space.expectCard("notice");
    await told.advance(seconds(29));
    space.expectNothing();
    await told.advance(seconds(1));
    space.expectStatus(/Bo[^]*Call/);
  });

  story("a press that changes what the card shows brings the new one at once", async (told) => {
    const { ana, space } = await aCalmStage(told);
    await ana.says(space, "@Muster status");
    told.takeAll();
    await ana.presses("SMS off", { choose: "Bo" });
    space.expectSaid(/Texts to Bo are now off/);
    space.expectStatus(/Bo\nWaiting\nCall: calling/);
    await told.advance(minutes(5));
    space.expectNothing();
  });

  story("status asked twice in one breath leaves one card", async (told) => {
    const { ana, ben, space } = await aCalmStage(told);
    await Promise.all([ana, ben].map((person) => person.says(space, "@Muster status")));
    space.expectStatus(/payments down/);
    expect(standing(told, space)).toHaveLength(1);
  });

  story("a press during a replacement is carried out, and one card is left", async (told) => {
    const { ana, ben, space } = await aCalmStage(told);
    const old = ana.sees("Add");
    told.faults.add({
      service: "webex",
      route: "POST /messages",
      kind: "slow",
      delayMs: 50,
      times: 1,
    });
    await Promise.all([ben.says(space, "@Muster status"), ana.presses(old)]);
    space.expectCard("notice", /Whom shall I add/);
    space.expectStatus(/payments down/);
    expect(standing(told, space)).toHaveLength(1);
  });

  story("a card that stayed though it was replaced goes when it is pressed", async (told) => {
    const { ana, ben, space } = await aCalmStage(told);
    const old = ana.sees("Add");
    told.faults.add({ service: "webex", route: "DELETE /messages", kind: "status", status: 403 });
    await ana.says(space, "@Muster status");
    told.takeAll();
    expect(standing(told, space)).toHaveLength(2);
    await ben.presses(old);
    space.expectSaid(/Only moderators/);
    expect(standing(told, space)).toHaveLength(2);
    told.faults.clear();
    await ana.presses(old);
    space.expectCard("notice", /Whom shall I add/);
    expect(standing(told, space).map(({ id }) => id)).toEqual([ana.sees("Stop…").messageId]);
  });

  story(
    "a refused press takes an orphan away as well, and never the card that stands",
    async (told) => {
      const { ana, ben, space } = await aCalmStage(told);
      told.faults.add({ service: "webex", route: "POST /messages", kind: "lost", times: 1 });
      await ana.says(space, "@Muster status");
      told.expectLog("warn", /Webex call/);
      const orphan = standing(told, space).at(-1)!.id;
      await told.advance(minutes(1));
      told.takeAll();
      const cards = standing(told, space);
      expect(cards).toHaveLength(2);
      const button = ben.sees("Stop…");
      expect(button.messageId).not.toBe(orphan);
      await ben.presses({ ...button, messageId: orphan });
      space.expectSaid(/Only moderators/);
      await ben.presses(button);
      space.expectSaid(/Only moderators/);
      expect(standing(told, space).map(({ id }) => id)).toEqual([button.messageId]);
    },
  );

  story(
    "a card that Webex does not take leaves the old one, and is not tried again",
    async (told) => {
      const { ana, space } = await aCalmStage(told);
      await ana.says(space, "@Muster status");
      const before = standing(told, space).map(({ id }) => id);
      await ana.says(space, "@Muster sms Bo off");
      told.takeAll();
      const route = "POST /messages";
      told.faults.add({ service: "webex", route, kind: "status", status: 400, times: 9 });
      await told.advance(minutes(10));
      expect(told.faults.list()).toMatchObject([{ left: 8 }]);
      expect(standing(told, space).map(({ id }) => id)).toEqual(before);
      told.faults.clear();
      await told.advance(minutes(10));
      space.expectNothing();
      await ana.says(space, "@Muster status");
      space.expectStatus(/Bo/);
    },
  );

  story("what was to be replaced is replaced after a restart", async (told) => {
    const { ana, space } = await aRunningStage(told);
    await told.advance(seconds(15));
    await ana.says(space, "@Muster sms Bo off");
    told.takeAll();
    await told.world.stopBot();
    await told.advance(minutes(2));
    await told.world.startBot();
    space.expectStatus(/Bo[^]*Call/);
    await told.advance(minutes(2));
    space.expectNothing();
  });

  story(
    "with so many that the card has no room, All sends the list, page by page",
    async (told) => {
      const names = Array.from({ length: 24 }, (_, index) => `Kim ${index}`);
      const { space, ...people } = await told.space({
        moderators: ["Ana"],
        members: ["Ben", ...names],
      });
      const [ana, ben] = [people.ana!, people.ben!];
      await ana.says(space, "@Muster start incident payments down");
      told.takeAll();
      await ben.presses("All 26");
      space.expectSaid(/Only moderators/);
      await ana.presses("All 26");
      space.expectSaid(/^I sent you the list\.$/);
      ana.expectDirect(/1 to 20 of 26 people[^]*Kim \d+\nWaiting\nWebex: sent[^]*\[Next\]/);
      ben.expectNothing();
      const next = ana.sees("Next");
      await ana.presses(next);
      ana.expectDirect(/21 to 26 of 26 people[^]*Ana\nComing\nstarted it[^]*\[Previous\]/);
      await ana.presses("Previous");
      ana.expectDirect(/1 to 20 of 26 people/);
      await ana.presses("Remind", { choose: ["Kim 3", "Kim 4"] });
      ana.expectDirect(/Sending again to 2 people: 2 Webex/);
      told.takeAll();
      await ana.presses(next);
      ana.expectNothing();
      await ana.losesRights(space);
      await ana.presses("Next");
      ana.expectDirect(/Only moderators/);
      await ana.becomesModerator(space);
      await ana.presses({ ...next, data: { ...next.data, page: "x" } });
      ana.expectDirect(/used already, or is too old/);
      space.expectNothing();
    },
  );

  story("the number of calls for a refresh does not grow with the roster", async (told) => {
    const callsFor = async (size: number): Promise<[string, number][]> => {
      const names = Array.from({ length: size - 1 }, (_, index) => `Lou ${index}`);
      const { space, ...people } = await told.space({ moderators: ["Ana"], members: names });
      const ana = people.ana!;
      await ana.says(space, "@Muster start incident payments down");
      told.takeAll();
      const { requestCounts } = told.sandbox.world;
      const before = new Map(requestCounts);
      await ana.says(space, "@Muster status");
      const { attachments } = space.expectStatus(new RegExp(`${size} people`));
      expect(Buffer.byteLength(JSON.stringify(attachments[0]?.content))).toBeLessThan(20_000);
      return [...requestCounts]
        .map(([route, count]): [string, number] => [route, count - (before.get(route) ?? 0)])
        .filter(([, count]) => count > 0)
        .sort();
    };
    expect(await callsFor(200)).toEqual(await callsFor(5));
  });
}
