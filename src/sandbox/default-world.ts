import { SMS_NUMBER } from "./bot-environment";
import type { Sandbox } from "./start-sandbox";

export interface DefaultWorld {
  bot: string;
  people: readonly string[];
  moderator: string;
  moderatedSpace: string;
  openSpace: string;
  /** In the organisation and in the open space, but not in the moderated one. */
  colleague: string;
  /** Phones of people outside Webex. */
  phones: readonly { number: string; owner: string }[];
  /** So many more are in the organisation's directory. */
  directorySize: number;
}

export const defaultWorld: DefaultWorld = {
  bot: "Muster",
  people: ["Ana Silva", "Ben Carter", "Carla Rossi", "Dev Patel", "Finn Okafor"],
  moderator: "Ana Silva",
  moderatedSpace: "Payments incidents",
  openSpace: "Coffee corner",
  colleague: "Eve Lindqvist",
  phones: [
    { number: "+12025550143", owner: "Grace Hall" },
    { number: "+12025550144", owner: "Hugo Weber" },
    { number: "+12025550145", owner: "Iris Moreau" },
  ],
  directorySize: 250,
};

/** A small organisation, so that one command is enough to see an incident. */
export function fillWorld({ world, phones, connect }: Sandbox): void {
  const { bot, people, moderator, moderatedSpace, openSpace, colleague } = defaultWorld;
  world.addPerson({ name: bot, type: "bot" });
  for (const [index, name] of [...people, colleague].entries()) {
    const email = `${name.toLowerCase().replace(" ", ".")}@example.com`;
    world.addPerson({ name, email, isAdmin: name === moderator, phoneNumbers: numbers(index) });
  }
  world.fillDirectory(defaultWorld.directorySize);
  const everyone = [moderator, bot, ...people];
  addSpace(world, moderatedSpace, everyone, [moderator, bot]);
  addSpace(world, openSpace, [...everyone, colleague], []);
  phones.inboundNumber = SMS_NUMBER;
  // Whoever looks at the page takes the calls, or lets them ring.
  phones.usualOnCall = "rings";
  for (const { number, owner } of defaultWorld.phones) phones.at(number).owner = owner;
  connect.settings.receiptsMode = "auto";
}

function addSpace(
  world: Sandbox["world"],
  title: string,
  members: readonly string[],
  moderators: readonly string[],
): void {
  const space = world.addSpace({ title, isLocked: moderators.length > 0 }).id;
  for (const person of members) {
    const moderator = moderators.includes(person);
    world.setMember({ space, person, ...(moderator ? { moderator } : {}) });
  }
}

function numbers(index: number): { type: string; value: string }[] {
  return [
    { type: "work", value: `+1 202 555 01${10 + index}` },
    { type: "mobile", value: `+1 202 555 01${60 + index}` },
  ];
}
