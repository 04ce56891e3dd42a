import { SMS_NUMBER } from "./bot-environment";
import type { Sandbox } from "./start-sandbox";

export interface DefaultWorld {
  bot: string;
  people: readonly string[];
  moderator: string;
  moderatedSpace: string;
  openSpace: string;
  /** Phones of people outside Webex. */
  phones: readonly string[];
}

export const defaultWorld: DefaultWorld = {
  bot: "Muster",
  people: ["Ana Silva", "Ben Carter", "Carla Rossi", "Dev Patel", "Eve Lindqvist"],
  moderator: "Ana Silva",
  moderatedSpace: "Payments incidents",
  openSpace: "Coffee corner",
  phones: ["+12025550143", "+12025550144", "+12025550145"],
};

/** A small organisation, so that one command is enough to see an incident. */
export function fillWorld({ world, phones }: Sandbox): void {
  const { bot, people, moderator, moderatedSpace, openSpace } = defaultWorld;
  world.addPerson({ name: bot, type: "bot" });
  for (const [index, name] of people.entries()) {
    const email = `${name.toLowerCase().replace(" ", ".")}@example.com`;
    world.addPerson({ name, email, isAdmin: name === moderator, phoneNumbers: numbers(index) });
  }
  for (const title of [moderatedSpace, openSpace]) {
    const space = world.addSpace({ title, isLocked: title === moderatedSpace }).id;
    for (const person of [moderator, bot, ...people]) {
      const isModerator = title === moderatedSpace && [moderator, bot].includes(person);
      world.setMember({ space, person, ...(isModerator ? { moderator: true } : {}) });
    }
  }
  phones.inboundNumber = SMS_NUMBER;
  for (const number of defaultWorld.phones) phones.at(number);
}

function numbers(index: number): { type: string; value: string }[] {
  return [
    { type: "work", value: `+1 202 555 01${10 + index}` },
    { type: "mobile", value: `+1 202 555 01${60 + index}` },
  ];
}
