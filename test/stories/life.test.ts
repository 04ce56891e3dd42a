import { conferenceStories } from "./chapters/conference";
import { textStories } from "./chapters/texts";
import { grantsStories } from "./chapters/grants";
import { meetingsStories } from "./chapters/meetings";
import { minutes, openStoryBook, seconds, type SpaceInStory, type Story } from "../support/story";

const book = openStoryBook();
const { story } = book;

story("Muster, added to a space, says how ready it is", async (told) => {
  const { space } = await told.space({
    moderators: ["Ana"],
    members: ["Ben"],
    isGreetingTold: true,
  });
  space.expectCard("ready", /Ready[^]*An incident would tell 2 people: 2 Webex/);
});

story(
  "somebody who has only a phone is added by a form that the space does not read",
  async (told) => {
    const { ana, space } = await told.space({ moderators: ["Ana"] });
    const phone = told.phone();
    await ana.says(space, "@Muster add external Bo Alm");
    space.expectSaid(/^I sent you the form\.$/);
    ana.expectDirect(/A person with a phone[^]*Name: Bo Alm/);
    await ana.presses("Save and add here", { inputs: { mobile: phone.number } });
    ana.expectDirect(/Bo Alm is saved and is on the roster of Payments/);
    const { text } = space.expectSaid(/^Ana added Bo Alm to the roster\.$/);
    expect(text).not.toMatch(/\d{4}/);
    phone.expectNothing();
  },
);

story("an incident tells everybody once on each of their channels", async (told) => {
  const { ana, ben, cleo, space } = await told.space({
    moderators: ["Ana"],
    members: ["Ben", "Cleo"],
  });
  const [mobile, landline] = [told.phone(), told.phone()];
  await told.addExternal(space, ana, { name: "Bo", mobile, voice: mobile });
  await told.addExternal(space, ana, { name: "Dora", voice: landline });

  await ana.says(space, "@Muster start incident payments down");
  space.expectSaid(
    /payments down is running \(incident \d+\)\.\s+4 people: 2 Webex, 1 SMS, 2 calls$/,
  );
  for (const person of [ben, cleo]) person.expectDirect(/You are needed\npayments down/);
  mobile.expectSms(/^Muster: you are needed for the incident payments down\./);
  mobile.expectNothing();
  landline.expectCall(/^This is Muster\. You are needed now for the incident payments down\./);
  space.expectStatus(
    /payments down\nRunning since 03:00 UTC, started by Ana/,
    /3 waiting|4 waiting/,
  );

  await told.advance(seconds(14));
  mobile.expectNothing();
  space.expectSaid(/^4 of 4 invited$/);
  await told.advance(seconds(1));
  mobile.expectCall(/^This is Muster\. You are needed now for the incident payments down\./);
  space.expectStatus(/Bo\nWaiting\nSMS: accepted · Call: calling/);
  ana.expectNothing();
});

story("whoever has only a phone is told in their own language", async (told) => {
  const { ana, space } = await told.space({ moderators: ["Ana"] });
  const [german, usual] = [told.phone(), told.phone()];
  await ana.says(space, "@Muster bridge https://x.example/m +14085550100 25512345");
  space.expectSaid(/conference/i);
  const jana = { name: "Jana", mobile: german, voice: german, language: "de" };
  await told.addExternal(space, ana, jana);
  await told.addExternal(space, ana, { name: "Bo", mobile: usual });

  await ana.says(space, "@Muster start incident payments down");
  space.expectSaid(/payments down is running/);
  const text = german.expectSms(/^Muster: Sie werden für den Vorfall payments down gebraucht\.\n/);
  expect(text).toMatch(
    /\nTeilnehmen: https:\/\/x\.example\/m\nAnrufen: \+14085550100,,25512345#,,#$/,
  );
  usual.expectSms(/^Muster: you are needed for the incident payments down\.\n/);
  space.expectStatus(/Jana/, /Bo/);

  await told.advance(seconds(15));
  space.expectSaid(/^2 of 2 invited$/);
  const words = german.expectCall(/^Hier ist Muster\. Sie werden jetzt für den Vorfall /);
  expect(words).toContain("Zur Teilnahme wählen Sie plus 1, 4 0 8, 5 5 5, 0 1 0 0.");
  space.expectStatus(/Jana/);
});

/** A running incident about payments, with Ben told on Webex and Bo by text. */
async function running(told: Story) {
  const cast = await told.space({ moderators: ["Ana", "Mia"], members: ["Ben"] });
  const phone = told.phone();
  await told.addExternal(cast.space, cast.ana, { name: "Bo", mobile: phone });
  await cast.ana.says(cast.space, "@Muster start incident payments down");
  cast.space.expectSaid(/payments down is running/);
  for (const person of [cast.mia, cast.ben]) person.expectDirect(/You are needed/);
  phone.expectSms(/you are needed/);
  cast.space.expectStatus(/Bo/);
  return { ...cast, phone };
}

story("a reminder goes to one, to all, or to who has not answered", async (told) => {
  const { ana, mia, ben, space, phone } = await running(told);
  await ana.says(space, "@Muster remind Bo");
  space.expectSaid(/^Sending again to 1 person: 1 SMS\.$/);
  phone.expectSms(/^Muster: reminder, you are still needed for the incident payments down\./);
  space.expectStatus(/Bo/);
  ben.expectNothing();

  await mia.says(space, "@Muster remind all");
  space.expectSaid(/^Sending again to 3 people: 2 Webex, 1 SMS\.$/);
  ana.expectDirect(/Reminder: you are needed/);
  ben.expectDirect(/Reminder: you are needed/);
  phone.expectSms(/reminder/);
  mia.expectNothing();
  space.expectStatus(/Bo/);

  await ana.presses("Remind", { in: space, choose: "Ben" });
  space.expectSaid(/^Sending again to 1 person: 1 Webex\.$/);
  ben.expectDirect(/Reminder: you are needed\npayments down/);
  space.expectStatus(/Ben/);

  await ana.says(space, "@Muster remind waiting");
  space.expectSaid(/^Sending again to 3 people: 2 Webex, 1 SMS\.$/);
  for (const person of [mia, ben]) person.expectDirect(/Reminder/);
  phone.expectSms(/reminder/);
  space.expectStatus(/Bo/);
});

story("a new name is in all later texts", async (told) => {
  const { ana, space, phone } = await running(told);
  await ana.says(space, "@Muster rename incident “cards down”");
  space.expectCard("notice", /Incident \d+ is now cards down\. Texts from now on say so\./);
  await ana.says(space, "@Muster remind bo");
  space.expectSaid(/Sending again/);
  phone.expectSms(/you are still needed for the incident cards down\./);
  space.expectStatus(/cards down\nRunning/);
});

story("a channel is switched off and on, and sends nothing before it is asked to", async (told) => {
  const { ana, space, phone } = await running(told);
  await ana.says(space, "@Muster sms bo off");
  space.expectSaid(/^Texts to Bo are now off\.$/);
  await ana.says(space, "@Muster remind all");
  space.expectSaid(
    /Sending again to 2 people: 2 Webex; nobody can reach Bo \(every channel is switched off\)/,
  );
  await expectReminded(told, space);
  phone.expectNothing();

  await ana.presses("SMS on", { in: space, choose: "Bo" });
  space.expectCard("notice", /Texts to Bo are now on\. Nothing was sent\.\n\[Send now\]/);
  phone.expectNothing();
  await ana.presses("Send now", { in: space });
  space.expectSaid(/^Sending again to 1 person: 1 SMS\.$/);
  phone.expectSms(/reminder/);
  space.expectStatus(/Bo/);

  await ana.says(space, "@Muster voice Bo on");
  space.expectSaid(/Bo has no number for calls\./);
  await ana.says(space, "@Muster sms Bo perhaps");
  space.expectCard("notice", /Write sms <who> on or sms <who> off\. Nothing was changed\./);
});

async function expectReminded(told: Story, space: SpaceInStory): Promise<void> {
  await told.settle();
  space.expectStatus(/Bo/);
  const direct = told.world.transcript.unexpected().filter((line) => line.kind === "post");
  expect(direct.map(({ where }) => where).sort()).toEqual(["to Ben", "to Mia"]);
  for (const line of direct) line.isExpected = true;
}

story("somebody taken off the roster is told nothing more", async (told) => {
  const { ana, mia, ben, space, phone } = await running(told);
  await ana.says(space, "@Muster remove Bo");
  space.expectSaid(/^Bo is off the roster\.$/);
  await ana.says(space, "@Muster remove Mia");
  space.expectSaid(/^Mia is a moderator of this space and stays\.$/);
  await ana.presses("Remove", { in: space, choose: "Ben" });
  space.expectSaid(/^Removing Ben from the space\.$/);
  space.expectSaid(/^Ben is no longer in the space\.$/);
  expect(space.people).toEqual(["Ana", "Mia"]);
  await ana.says(space, "@Muster remind all");
  space.expectSaid(/^Sending again to 1 person: 1 Webex\.$/);
  mia.expectDirect(/Reminder/);
  space.expectStatus(/Mia/);
  phone.expectNothing();
  ben.expectNothing();
});

story("stop asks first, and Cancel changes nothing", async (told) => {
  const { ana, space } = await running(told);
  await ana.says(space, "@Muster stop incident");
  space.expectCard(
    "stop-confirm",
    /payments down[^]*2 people can be removed[^]*Ben, [^]*\[Stop and remove 2 people\]\n\[Stop, keep everyone\]\n\[Cancel\]/,
  );
  const keep = ana.sees("Stop, keep everyone");
  await ana.presses("Cancel", { in: space });
  space.expectSaid(/^The incident goes on\.$/);
  await ana.presses(keep);
  space.expectSaid(/This form was used already, or is too old/);
  await ana.says(space, "@Muster status");
  space.expectStatus(/Running since/);
});

story("the buttons of stop work for five minutes", async (told) => {
  const { ana, space } = await running(told);
  await ana.says(space, "@Muster stop incident");
  space.expectCard("stop-confirm");
  await told.advance(minutes(5));
  await ana.presses("Stop, keep everyone", { in: space });
  space.expectSaid(/This button is no longer valid/);
  space.expectStatus(/Running since/);
});

story(
  "stop and keep everyone keeps everyone, and a second incident tells them again",
  async (told) => {
    const { ana, mia, ben, space, phone } = await running(told);
    await ana.says(space, "@Muster stop incident");
    space.expectCard("stop-confirm");
    await ana.presses("Stop, keep everyone", { in: space });
    space.expectSaid(/payments down \(incident \d+\) is over\. Everyone stays\.$/);
    space.expectStatus(/Stopped at 03:\d\d UTC by Ana/);
    expect(space.people).toEqual(["Ana", "Mia", "Ben"]);

    await ana.says(space, "@Muster start incident cards down");
    space.expectSaid(/cards down is running \(incident \d+\)\.\s+3 people: 2 Webex, 1 SMS/);
    for (const person of [mia, ben]) person.expectDirect(/You are needed\ncards down/);
    phone.expectSms(/cards down/);
    space.expectStatus(/cards down\nRunning/);
  },
);

story(
  "stop and remove takes out who came for the incident, and never a moderator",
  async (told) => {
    const { ana, space, phone } = await running(told);
    const cleo = told.person("Cleo");
    await cleo.joins(space);
    cleo.expectDirect(/You are needed/);
    space.expectSaid(/Cleo joined and is told on Webex/);
    space.expectStatus(/Cleo/);

    await ana.says(space, "@Muster stop incident");
    space.expectCard("stop-confirm", /3 people can be removed[^]*Ben, Cleo, Bo/);
    await ana.presses("Stop and remove 3 people", { in: space });
    space.expectSaid(
      /is over\. Removing 2 people from the space\. 1 person with a phone is off the roster\.$/,
    );
    space.expectStatus(/Stopped/);
    expect(space.people).toEqual(["Ana", "Mia"]);

    await ana.says(space, "@Muster start incident again");
    space.expectSaid(/1 person: 1 Webex/);
    await told.settle();
    phone.expectNothing();
    space.expectStatus(/Mia/);
    expect(told.world.transcript.unexpected()).toHaveLength(1);
    told.world.transcript.unexpected()[0]!.isExpected = true;
  },
);

story("whoever presses stop stays, and a removal that Webex refuses is said", async (told) => {
  const { ana, mia, ben, space } = await running(told);
  await ana.losesRights(space);
  told.faults.add({
    service: "webex",
    route: "DELETE /memberships",
    kind: "status",
    status: 403,
    times: 1,
  });
  await mia.says(space, "@Muster stop incident");
  space.expectCard("stop-confirm", /3 people can be removed[^]*Ana, Ben, Bo/);
  await mia.presses("Stop and remove 3 people", { in: space });
  space.expectSaid(/Removing 2 people/);
  space.expectSaid(/^(Ana|Ben) was not removed: Webex does not allow it\.$/);
  space.expectStatus(/Stopped/);
  expect(space.people).toHaveLength(2);
  expect(space.people).toContain("Mia");
  ben.expectNothing();
});

describe("texts and answers to them", () => textStories(book));
describe("the conference", () => conferenceStories(book));
describe("meetings", () => meetingsStories(book));
describe("grants", () => grantsStories(book));
