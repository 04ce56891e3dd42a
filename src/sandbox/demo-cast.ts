import type { Told } from "./demo-check";
import type { Sandbox } from "./start-sandbox";

/** Who plays in the demo: a moderator, three people in Webex, two who only have a phone. */

export const BOT = "Muster";
export const SPACE = "Payments incidents";
export const INCIDENT = "payments down";
export const MODERATOR = "Ana Silva";
export const LINK = "https://example.webex.com/meet/incidents";
export const DIAL_IN = "+14085550199";
export const MEETING_NUMBER = "25512345678";

/** The last of them moderates the space too, so that a stop must leave them in it. */
export const inWebex = ["Ben Carter", "Carla Rossi", "Dev Patel"] as const;
export const secondModerator = inWebex[2];
export const members: readonly string[] = [MODERATOR, ...inWebex];

export interface PhonePerson {
  name: string;
  mobile?: string;
  voice?: string;
}

export const onThePhone: readonly [PhonePerson, PhonePerson] = [
  { name: "Farid Haddad", mobile: "+12025550143", voice: "+12025550143" },
  { name: "Greta Holm", voice: "+12025550144" },
];

/** Who comes into the space by being added with their e-mail address. */
export const addedByEmail = inWebex[1];

/** The person whom the moderator reminds by name, before reminding all. */
export const remindedByName = inWebex[0];

/** Who the stop takes out of the space. */
export const removed: readonly string[] = [inWebex[0], inWebex[1]];

const none: Told = { webex: 0, sms: 0, calls: 0 };

/** Everyone told once on each channel that they have; the moderator, who starts it, is there. */
export function toldOnce(): Map<string, Told> {
  return new Map<string, Told>([
    [MODERATOR, none],
    ...inWebex.map((name): [string, Told] => [name, { ...none, webex: 1 }]),
    ...onThePhone.map(({ name, mobile, voice }): [string, Told] => [
      name,
      { ...none, sms: mobile === undefined ? 0 : 1, calls: voice === undefined ? 0 : 1 },
    ]),
  ]);
}

/** `told`, and once more each channel of those people whom `isReminded` chooses. */
export function remind(
  told: ReadonlyMap<string, Told>,
  isReminded: (name: string) => boolean = () => true,
): Map<string, Told> {
  const more = [...toldOnce()].filter(([name]) => isReminded(name));
  const next = new Map(told);
  for (const [name, { webex, sms, calls }] of more) {
    const before = told.get(name) ?? none;
    next.set(name, {
      webex: before.webex + webex,
      sms: before.sms + sms,
      calls: before.calls + calls,
    });
  }
  return next;
}

/** `told`, and that it is over, once by each text and direct message; no call says so. */
export function tellEnd(told: ReadonlyMap<string, Told>): Map<string, Told> {
  return new Map(
    [...toldOnce()].map(([name, { sms, webex }]): [string, Told] => {
      const before = told.get(name) ?? none;
      return [name, { ...before, webex: before.webex + webex, sms: before.sms + sms }];
    }),
  );
}

/** A moderated space with people; the bot is not in it yet. */
export function gather({ world }: Sandbox): void {
  world.addPerson({ name: BOT, type: "bot" });
  for (const name of members) world.addPerson({ name });
  world.addSpace({ title: SPACE, isLocked: true });
  for (const person of members)
    if (person !== addedByEmail) world.setMember({ space: SPACE, person });
  for (const person of [MODERATOR, secondModerator])
    world.setMember({ space: SPACE, person, moderator: true });
}
