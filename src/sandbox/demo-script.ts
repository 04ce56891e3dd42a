import {
  ANA,
  BOT,
  CARLA,
  DIAL_IN,
  INCIDENT,
  LINK,
  MEETING_NUMBER,
  members,
  onThePhone,
  type PhonePerson,
  removed,
  SPACE,
  standings,
  toldAfter,
} from "./demo-cast";
import { answer, remindByItself, textAndTalk } from "./demo-answers";
import { compareMembers, compareTold, describeTold } from "./demo-check";
import { DemoError, type Play, type Stage } from "./demo-stage";
import { countTold, membersNow, withoutConference } from "./demo-tally";

/** Longer than anything is waited for: what has not come by then never comes. */
const LONG_AFTER_MS = 60 * 60_000;

/** One incident from the first look to its end. Throws DemoError where it goes another way. */
export async function play(scene: Play): Promise<void> {
  await prepare(scene);
  await start(scene);
  await answer(scene);
  await remindByItself(scene);
  await textAndTalk(scene);
  await stop(scene);
  await bringBack(scene);
}

async function prepare({ sandbox, stage, printer }: Play): Promise<void> {
  printer.heading("1  The bot is added to a moderated space");
  const { world } = sandbox;
  world.setMember({ space: SPACE, person: BOT, actor: ANA, moderator: true });
  await stage.spaceMessage(/^Ready/);

  printer.heading("2  The moderator names a conference and builds the roster");
  await stage.command(`bridge ${LINK} ${DIAL_IN} ${MEETING_NUMBER}`, /conference/i);
  const { email } = world.person(CARLA);
  await stage.command(`add ${email}`, new RegExp(`Adding ${email}`));
  await stage.until(() => compareMembers([BOT, ...members], membersNow(sandbox)));
  for (const person of onThePhone) await addPhonePerson(stage, person);
  await stage.commandForForm("externals", /Farid Haddad[^]*Iris Moreau/, /I sent you the list/);
  await stage.command("ready", /would tell 8 people: 4 Webex, 3 SMS, 3 calls/);
}

async function addPhonePerson(stage: Stage, person: PhonePerson): Promise<void> {
  const form = await stage.commandForForm(`add external ${person.name}`, /A person with a phone/);
  const { mobile = "", voice = "" } = person;
  const inputs = { name: person.name, mobile, voice, email: "", language: "en" };
  stage.press(form, /add here/, { inputs });
  await stage.spaceMessage(new RegExp(`added ${person.name} to the roster`));
  await stage.directMessage(ANA, new RegExp(`${person.name} is saved`));
}

async function start({ stage, printer }: Play): Promise<void> {
  printer.heading("3  The incident starts: seven people are told");
  await stage.command(`start incident ${INCIDENT}`, /7 people: 3 Webex, 3 SMS, 3 calls/);
  await stage.everyoneTold(toldAfter("start"));
}

async function stop({ sandbox, stage, printer }: Play): Promise<void> {
  printer.heading("7  The incident is stopped, and who was called in leaves");
  const confirm = await stage.command("stop incident", /6 people can be removed/);
  stage.press(confirm, /^Stop and remove 6 people$/);
  await stage.spaceMessage(/is over\. Removing 2 people .*4 people with a phone are off/);
  await stage.until(() => compareMembers(staying(), membersNow(sandbox)));
  await stage.everyoneTold(toldAfter("end"));
  await stage.pass(LONG_AFTER_MS);
  await stage.untilClockIsSeen();
  // Who was called in by phone is off the roster too: the moderators are left.
  await stage.command("ready", /would tell 2 people: 2 Webex/);
}

async function bringBack({ sandbox, stage, printer }: Play): Promise<void> {
  printer.heading("8  The team is brought back for the next time");
  await stage.command("team", /back on the roster/);
  await stage.until(() => compareMembers([BOT, ...members], membersNow(sandbox)));
  await stage.command("ready", /would tell 7 people: 4 Webex, 2 SMS, 3 calls/);
}

function staying(): string[] {
  return [BOT, ...members.filter((name) => !removed.includes(name))];
}

/** To be called when the bot has ended, so that nothing more can come. */
export function checkEnd({ sandbox, printer }: Play): void {
  printer.heading("How everyone ended");
  const told = countTold(sandbox);
  const problems = [
    ...compareTold(toldAfter("end"), told),
    ...compareMembers([BOT, ...members], membersNow(sandbox)),
    ...withoutConference(sandbox),
  ];
  if (problems.length > 0) throw new DemoError(problems.join("\n"));
  for (const { inWords, name } of standings) {
    const came = told.get(name);
    const parts = [inWords, ...(came ? [describeTold(came)] : []), ...stayed(name)];
    printer.good(`${name.padEnd(13)} ${parts.join("; ")}`);
  }
}

function stayed(name: string): string[] {
  if (!members.includes(name)) return [];
  return [removed.includes(name) ? "removed, and brought back" : "never left the space"];
}
