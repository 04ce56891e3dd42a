import type { Story } from "../support/story";
import { hours, minutes, openStoryBook, seconds } from "../support/story";

/** Ana moderates, Ben is there too, and Bo has a phone. */
async function aStage(told: Story) {
  const cast = await told.space({ moderators: ["Ana"], members: ["Ben"] });
  const bo = told.phone();
  await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: bo });
  return { ...cast, bo };
}

const { story } = openStoryBook({
  variables: { MAX_TEXTS_PER_HOUR: "3", MAX_CALLS_PER_HOUR: "2", NOTIFY_EXPIRY_MINUTES: "5" },
});

describe("Webex", () => {
  story("that is busy is asked again when it says, and everything arrives once", async (told) => {
    const { ana, ben, bo, space } = await aStage(told);
    const busy = { kind: "status" as const, status: 429, retryAfter: "30", times: 1 };
    told.faults.add({ service: "webex", route: "POST /messages", ...busy });
    await ana.says(space, "@Muster start incident payments down");
    bo.expectSms(/needed/);
    await told.advance(seconds(60));
    ben.expectDirect(/You are needed/);
    space.expectSaid(/payments down is running/);
    space.expectStatus(/payments down/);
    told.expectLog("warn", /Webex call/);
  });

  for (const kind of ["status", "reset"] as const)
    story(`that fails for a while (${kind}) gets everything once it is well`, async (told) => {
      const { ana, ben, bo, space } = await aStage(told);
      told.faults.add({ service: "webex", route: "POST /messages", kind, status: 500 });
      await ana.says(space, "@Muster start incident payments down");
      bo.expectSms(/needed/);
      ben.expectNothing();
      told.faults.clear();
      await told.advance(minutes(2));
      ben.expectDirect(/You are needed/);
      space.expectSaid(/payments down is running/);
      space.expectStatus(/payments down/);
      told.expectLog("warn", /Webex call/);
    });

  story("whose answers get lost is looked into before a person is told again", async (told) => {
    const { ana, ben, bo, space } = await aStage(told);
    told.faults.add({ service: "webex", route: "POST /messages", kind: "lost" });
    await ana.says(space, "@Muster start incident payments down");
    bo.expectSms(/needed/);
    ben.expectDirect(/You are needed/);
    told.faults.clear();
    await told.advance(minutes(2));
    ben.expectNothing();
    expect(told.takeAll().join("\n")).toContain("payments down is running");
    told.expectLog("warn", /Webex call/);
  });

  story("that cannot be read when a command comes is asked again", async (told) => {
    const { ana, space } = await aStage(told);
    told.faults.add({ service: "webex", route: "GET /messages", kind: "status", status: 500 });
    await ana.says(space, "@Muster help");
    space.expectNothing();
    told.faults.clear();
    await told.advance(minutes(1));
    space.expectCard("help");
    told.expectLog("warn", /Webex call/);
  });

  story("that never lets a message be read is told so in the end", async (told) => {
    const { ana, space } = await aStage(told);
    const route = "GET /messages";
    told.faults.add({ service: "webex", route, kind: "status", status: 403 });
    await ana.says(space, "@Muster help");
    space.expectSaid(/I could not read your last message\. Please write it again\./);
    told.expectLog("warn", /gave up on an event/);
  });

  story("that announces what cannot be read yet is asked again at once", async (told) => {
    const { ana, space } = await aStage(told);
    told.sandbox.world.readDelay = 2;
    await ana.says(space, "@Muster help");
    space.expectCard("help");
  });

  story("that delivers out of order gets an answer to each", async (told) => {
    const { ana, ben, bo, space } = await aStage(told);
    told.faults.add({
      service: "webhooks",
      route: "messages.created",
      kind: "out-of-order",
      times: 1,
    });
    await ana.says(space, "@Muster start incident payments down");
    space.expectNothing();
    await ana.says(space, "@Muster rename incident cards down");
    space.expectSaid(/No incident is running/);
    space.expectSaid(/payments down is running/);
    ben.expectDirect(/needed/);
    bo.expectSms(/needed/);
    space.expectStatus(/payments down/);
  });

  story(
    "that stopped delivering is made to deliver again, and what was written is read",
    async (told) => {
      const { ana, ben, bo, space } = await aStage(told);
      for (const webhook of told.sandbox.world.webhooks.values()) webhook.status = "inactive";
      await ana.says(space, "@Muster start incident payments down");
      space.expectNothing();
      await told.advance(minutes(1));
      space.expectSaid(/payments down is running/);
      ben.expectDirect(/needed/);
      bo.expectSms(/needed/);
      space.expectStatus(/payments down/);
      await ana.says(space, "@Muster help");
      space.expectCard("help");
    },
  );

  story("is believed only with the right signature, whatever the bytes look like", async (told) => {
    const { ana, space } = await aStage(told);
    const { webhookStyle } = told.sandbox.world;
    for (const signature of ["wrong", "absent"] as const) {
      Object.assign(webhookStyle, { signature });
      await ana.says(space, "@Muster help");
      space.expectNothing();
    }
    Object.assign(webhookStyle, { signature: "right", spacing: "wide", escapeNonAscii: true });
    await ana.says(space, "@Muster help, bitte – für Zoë 🚒");
    space.expectCard("help");
    told.takeAll();
  });

  story("being slow in one space does not hold up another", async (told) => {
    const slow = await aStage(told);
    const other = await aStage(told);
    const route = `GET /rooms/${slow.space.id}`;
    told.faults.add({ service: "webex", route, kind: "slow", delayMs: 1_500 });
    const { world } = told.sandbox;
    for (const { ana, space } of [slow, other])
      world.say({ person: ana.id, space: space.id, text: "@Muster start incident payments down" });
    await told.settle();
    const order = told.takeAll();
    const at = (title: string): number =>
      order.findIndex((line) => line.includes(title) && line.includes("You are needed"));
    expect(at(other.space.title)).toBeLessThan(at(slow.space.title));
  });
});

describe("Webex Connect", () => {
  for (const kind of ["lost", "reset"] as const)
    story(
      `whose answer does not come (${kind}) is asked again, and no phone is told twice`,
      async (told) => {
        const { ana, space } = await told.space({ moderators: ["Ana"] });
        const bo = told.phone();
        await told.addExternal(space, ana, { name: "Bo", mobile: bo, voice: bo });
        told.faults.add({ service: "connect", kind, times: 1 });
        await ana.says(space, "@Muster start incident payments down");
        await told.advance(seconds(5));
        bo.expectSms(/needed/);
        bo.expectNothing();
        told.faults.add({ service: "connect", kind, times: 2 });
        await told.advance(seconds(30));
        bo.expectCall(/needed/);
        space.expectSaid(/payments down is running/);
        space.expectSaid(/^1 of 1 invited$/);
        space.expectStatus(/SMS: accepted · Call: calling/);
      },
    );

  for (const [status, retryAfter] of [[500], [429, "20"], [503]] as [number, string?][])
    story(`that answers ${status} is asked again later`, async (told) => {
      const { ana, ben, bo, space } = await aStage(told);
      const wait = retryAfter === undefined ? {} : { retryAfter };
      told.faults.add({ service: "connect", kind: "status", status, times: 2, ...wait });
      await ana.says(space, "@Muster start incident payments down");
      ben.expectDirect(/needed/);
      bo.expectNothing();
      await told.advance(minutes(1));
      bo.expectSms(/needed/);
      bo.expectNothing();
      space.expectSaid(/payments down is running/);
      if (retryAfter !== undefined) space.expectSaid(/^1 of 2 invited$/);
      space.expectStatus(/SMS: accepted/);
    });

  story("that is down does not keep an incident from starting", async (told) => {
    const { ana, ben, bo, space } = await aStage(told);
    told.faults.add({ service: "connect", kind: "reset" });
    await ana.says(space, "@Muster start incident payments down");
    space.expectSaid(/payments down is running/);
    ben.expectDirect(/needed/);
    space.expectStatus(/Ben\nWaiting\nWebex: (queued|sent)/);
    await told.advance(minutes(6));
    bo.expectNothing();
    space.expectSaid(/^1 of 2 invited$/);
    const { mentionedPeople } = space.expectCard("notice", /Bo \(/);
    expect(mentionedPeople).toEqual([ana.id]);
    space.expectStatus(/Bo\nNot reached\nSMS: may have been sent/);
  });

  story(
    "that refuses one number for good delays nobody else, and the starter is told",
    async (told) => {
      const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
      const [bo, dora] = [told.phone(), told.phone()];
      await told.addExternal(space, ana, { name: "Bo", mobile: bo });
      await told.addExternal(space, ana, { name: "Dora", mobile: dora });
      told.sandbox.connect.settings.verifiedNumbers = new Set([dora.number]);
      await ana.says(space, "@Muster start incident payments down");
      space.expectSaid(/3 people: 1 Webex, 2 SMS/);
      ben.expectDirect(/needed/);
      dora.expectSms(/needed/);
      const { text, mentionedPeople } = space.expectCard(
        "notice",
        /not (told|reached): Bo \([^)]+\)/,
      );
      expect(mentionedPeople).toEqual([ana.id]);
      expect(text).not.toContain(bo.number);
      space.expectStatus(/Bo\nNot reached\nSMS: failed, \S/);
      bo.expectNothing();
    },
  );

  story(
    "gets no more texts and calls to one number than an hour allows, over all incidents",
    async (told) => {
      const { ana, space } = await told.space({ moderators: ["Ana"] });
      const other = await told.space({ moderators: ["Ana"] });
      const bo = told.phone();
      await told.addExternal(space, ana, { name: "Bo", mobile: bo, voice: bo });
      await other.ana.says(other.space, "@Muster add external Bo");
      await other.ana.presses("Save and add here", { inputs: { mobile: bo.number } });
      await other.ana.presses("Add Bo here");
      await ana.says(space, "@Muster start incident one");
      await told.advance(seconds(15));
      await ana.says(space, "@Muster remind Bo");
      await told.advance(seconds(15));
      for (const wanted of [/needed now/, /still needed/]) {
        bo.expectSms(/one/);
        bo.expectCall(wanted);
      }
      await other.ana.says(other.space, "@Muster start incident two");
      await told.advance(seconds(15));
      bo.expectSms(/two/);
      other.space.expectStatus(/Call: failed, too many to this number within the hour/);
      await other.ana.says(other.space, "@Muster remind Bo");
      await told.advance(seconds(15));
      bo.expectNothing();
      told.takeAll();
      await told.advance(hours(1));
      await other.ana.says(other.space, "@Muster remind Bo");
      await told.advance(seconds(15));
      bo.expectSms(/two/);
      bo.expectCall(/two/);
      told.takeAll();
    },
  );

  story("that is not configured is named on the cards, and everything else works", async (told) => {
    await told.restartBot({ IMI_SERVICE_KEY: undefined });
    const { ana, ben, bo, space } = await aStage(told);
    await ana.says(space, "@Muster ready");
    space.expectCard("ready", /Texts are not set up[^]*Calls are not set up/);
    await ana.says(space, "@Muster start incident payments down");
    space.expectSaid(/1 person: 1 Webex; nobody can reach Bo \(SMS is not set up\)/);
    ben.expectDirect(/needed/);
    space.expectStatus(/SMS and calls are not set up\./);
    bo.expectNothing();
    await ana.writes("help");
    ana.expectDirect(/Texts and calls are not set up/);
  });
});

describe("hostile names", () => {
  const names = [
    "<@all>",
    "<@personEmail:ben@example.com|Ben>",
    "**x** _y_ `z`",
    "[a](http://b.example)",
    "${1+1} ${incident.name}",
    "$(x) $(mobile)",
    "{{DATE(2026-01-05T03:00:00Z)}}",
    "# 1. - > &lt;b&gt;",
  ];

  for (const name of names)
    story(`${name} mentions nobody and shows as it is written`, async (told) => {
      const { ana, ben, space } = await told.space({
        title: `Space ${name}`,
        moderators: ["Ana"],
        members: ["Ben"],
      });
      const bo = told.phone();
      const evil = told.person(name, { email: `evil${bo.number}@example.com` });
      await evil.joins(space);
      await told.addExternal(space, ana, { name, mobile: bo, voice: bo });
      await ana.says(space, `@Muster start incident ${name}`);
      await told.advance(seconds(15));
      // Webex Connect would take "$(x)" for a placeholder of its own.
      const read = bo.expectSms(/needed/).replaceAll("$ (", "$(");
      expect(read).toContain(`the incident ${name}.`);
      bo.expectCall(/needed/);
      for (const person of [ben, evil]) {
        const { markdown, text } = person.expectDirect(/You are needed/);
        expect(text).toContain(name);
        expect(markdown).not.toContain("<@");
      }
      await ana.says(space, "@Muster status");
      await ana.says(space, "@Muster stop incident");
      const posts = told.world.transcript.posts().filter(({ isFromBot }) => isFromBot);
      for (const { message } of posts) {
        expect(message.mentionedPeople).toEqual([]);
        expect(message.mentionedGroups).toEqual([]);
        expect(message.html ?? "").not.toMatch(/<a |<em>|<code>|spark-mention/);
      }
      const shown = told.takeAll();
      for (const kind of ["[status]", "[stop-confirm]", "is running"])
        expect(shown.find((line) => line.includes(kind))).toContain(name);
    });

  story(
    "a name that turns the direction of writing does not turn the rest of the line",
    async (told) => {
      const { ana, ben, space } = await told.space({ moderators: ["Ana"], members: ["Ben"] });
      await ana.says(space, "@Muster start incident \u202Eevil\u2066 name");
      const { text } = space.expectSaid(/is running/);
      expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/u);
      ben.expectDirect(/You are needed/);
      space.expectStatus(/evil/);
    },
  );
});
