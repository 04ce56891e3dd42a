import type { Standing, Told } from "./demo-check";
import { addTold, type ToldMore } from "./demo-check";
import type { Sandbox } from "./start-sandbox";

/** Who plays in the demo: two moderators, two people in Webex, four who only have a phone. */

export const BOT = "Muster";
export const SPACE = "Payments incidents";
export const INCIDENT = "payments down";
export const LINK = "https://example.webex.com/meet/incidents";
export const DIAL_IN = "+14085550199";
export const MEETING_NUMBER = "25512345678";

/** Moderates, and starts the incident. */
export const ANA = "Ana Silva";
/** Comes at once. */
export const BEN = "Ben Carter";
/** Is added by her e-mail address, and cannot come. */
export const CARLA = "Carla Rossi";
/** Comes when reminded. Moderates too, so that a stop must leave him in the space. */
export const DEV = "Dev Patel";

export const members: readonly string[] = [ANA, BEN, CARLA, DEV];
/** Whom the stop takes out of the space. */
export const removed: readonly string[] = [BEN, CARLA];

export interface PhonePerson {
  name: string;
  mobile?: string;
  voice?: string;
}

/** Answers by text, and is not called then. */
export const farid = {
  name: "Farid Haddad",
  mobile: "+12025550143",
  voice: "+12025550143",
} as const;
/** Has a landline, and answers by a key. */
export const greta = { name: "Greta Holm", voice: "+12025550144" } as const;
/** Never answers, on no channel. */
export const hugo = {
  name: "Hugo Weber",
  mobile: "+12025550145",
  voice: "+12025550145",
} as const;
/** Wants no texts. */
export const iris = { name: "Iris Moreau", mobile: "+12025550146" } as const;

export const onThePhone: readonly PhonePerson[] = [farid, greta, hugo, iris];

/** Whose phone it is, by the first name. */
export function ownerOf(number: string): string | undefined {
  const owner = onThePhone.find(({ mobile, voice }) => mobile === number || voice === number);
  return owner?.name.split(" ")[0];
}

/** What is told to whom, step by step; whoever is not named in a step hears nothing in it. */
const steps = {
  start: {
    [BEN]: { webex: 1 },
    [CARLA]: { webex: 1 },
    [DEV]: { webex: 1 },
    [farid.name]: { sms: 1 },
    [greta.name]: { calls: 1 },
    [hugo.name]: { sms: 1 },
    [iris.name]: { sms: 1 },
  },
  // An answer is confirmed; STOP is obeyed without a word.
  answers: { [BEN]: { webex: 1 }, [CARLA]: { webex: 1 }, [farid.name]: { sms: 1 } },
  // Who has answered the text is not called after it.
  callAfterText: { [hugo.name]: { calls: 1 } },
  firstReminder: { [DEV]: { webex: 1 }, [hugo.name]: { sms: 1 } },
  callAfterFirstReminder: { [hugo.name]: { calls: 1 } },
  devAnswers: { [DEV]: { webex: 1 } },
  secondReminder: { [hugo.name]: { sms: 1 } },
  // Who started it hears directly who is silent.
  callAfterSecondReminder: { [hugo.name]: { calls: 1 }, [ANA]: { webex: 1 } },
  textToOne: { [hugo.name]: { sms: 1 } },
  end: {
    [BEN]: { webex: 1 },
    [CARLA]: { webex: 1 },
    [DEV]: { webex: 1 },
    [farid.name]: { sms: 1 },
    [hugo.name]: { sms: 1 },
  },
} satisfies Record<string, ToldMore>;

export type Step = keyof typeof steps;

/** What everyone was told in all, from the start to the end of that step. */
export function toldAfter(last: Step): Map<string, Told> {
  const nobody = [...members, ...onThePhone.map(({ name }) => name)];
  let told = new Map(nobody.map((name): [string, Told] => [name, { webex: 0, sms: 0, calls: 0 }]));
  for (const [step, more] of Object.entries(steps)) {
    told = addTold(told, more);
    if (step === last) break;
  }
  return told;
}

/** How everyone stands on the last status card before the stop. */
export const standings: readonly Standing[] = [
  { name: ANA, group: "coming", details: ["started it"], inWords: "started it" },
  { name: BEN, group: "coming", details: ["Webex: sent"], inWords: "coming" },
  { name: CARLA, group: "declined", details: ["Webex: sent"], inWords: "declined" },
  { name: DEV, group: "coming", details: ["Webex: sent"], inWords: "coming, when reminded" },
  {
    name: farid.name,
    group: "coming",
    details: ["by text", "SMS: delivered"],
    inWords: "coming, by text, and so not called",
  },
  {
    name: greta.name,
    group: "coming",
    details: ["by a key in the call", "Call: heard"],
    inWords: "coming, by a key in the call",
  },
  {
    name: hugo.name,
    group: "waiting",
    details: ["SMS: delivered", "Call: failed"],
    inWords: "silent, though two reminders were delivered",
  },
  {
    name: iris.name,
    group: "waiting",
    details: ["SMS: delivered", "replied STOP"],
    inWords: "replied STOP, and was not texted again",
  },
];

/** A moderated space with people; the bot is not in it yet. Nobody takes Hugo's calls. */
export function gather({ phones, world }: Sandbox): void {
  world.addPerson({ name: BOT, type: "bot" });
  for (const name of members) world.addPerson({ name });
  world.addSpace({ title: SPACE, isLocked: true });
  for (const person of members) if (person !== CARLA) world.setMember({ space: SPACE, person });
  for (const person of [ANA, DEV]) world.setMember({ space: SPACE, person, moderator: true });
  phones.at(hugo.voice).onCall = "no-answer";
}
