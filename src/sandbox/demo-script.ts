import {
  addedByEmail,
  BOT,
  DIAL_IN,
  INCIDENT,
  LINK,
  MEETING_NUMBER,
  members,
  MODERATOR,
  onThePhone,
  type PhonePerson,
  remind,
  remindedByName,
  removed,
  SPACE,
  tellEnd,
  toldOnce,
} from "./demo-cast";
import type { Told } from "./demo-check";
import { compareMembers, compareTold, describeTold } from "./demo-check";
import type { Printer } from "./demo-print";
import { DemoError, type Stage } from "./demo-stage";
import { countTold, membersNow, withoutConference } from "./demo-tally";
import type { Sandbox } from "./start-sandbox";

/** The default of VOICE_AFTER_SMS_SECONDS, and one more. */
const CALL_AFTER_TEXT_MS = 16_000;
/** Longer than anything is waited for: what has not come by then never comes. */
const LONG_AFTER_MS = 60 * 60_000;
export interface Play {
  sandbox: Sandbox;
  stage: Stage;
  printer: Printer;
}

/** One incident from the first look to its end. Throws DemoError where it goes another way. */
export async function play(scene: Play): Promise<void> {
  await prepare(scene);
  const once = toldOnce();
  await start(scene, once);
  const again = remind(once, (name) => name === remindedByName);
  await remindOne(scene, again);
  await remindAll(scene, remind(again));
  await stop(scene, finallyTold());
  await bringBack(scene);
}

/** What was told in the end, looked at when nothing can come any more. */
export const finallyTold = (): Map<string, Told> =>
  tellEnd(remind(remind(toldOnce(), (name) => name === remindedByName)));

async function prepare({ sandbox, stage, printer }: Play): Promise<void> {
  printer.heading("1  The bot is added to a moderated space");
  const { world } = sandbox;
  world.setMember({ space: SPACE, person: BOT, actor: MODERATOR, moderator: true });
  await stage.spaceMessage(/^Ready/);

  printer.heading("2  The moderator names a conference and builds the roster");
  await stage.command(`bridge ${LINK} ${DIAL_IN} ${MEETING_NUMBER}`, /conference/i);
  const { email } = world.person(addedByEmail);
  await stage.command(`add ${email}`, new RegExp(`Adding ${email}`));
  await stage.until(() => compareMembers([BOT, ...members], membersNow(sandbox)));
  for (const person of onThePhone) await addPhonePerson(stage, person);
  await stage.commandForForm("externals", /Farid Haddad[^]*Greta Holm/, /I sent you the list/);
  const [{ name }] = onThePhone;
  await stage.command(`voice ${name} off`, new RegExp(`Calls to ${name} are now off`));
  await stage.command("ready", /would tell 6 people: 4 Webex, 1 SMS, 1 call/);
  await stage.command(`voice ${name} on`, new RegExp(`Calls to ${name} are now on`));
}

async function addPhonePerson(stage: Stage, person: PhonePerson): Promise<void> {
  const form = await stage.commandForForm(`add external ${person.name}`, /A person with a phone/);
  const { mobile = "", voice = "" } = person;
  stage.press(form, /add here/, { name: person.name, mobile, voice, email: "", language: "en" });
  await stage.spaceMessage(new RegExp(`added ${person.name} to the roster`));
}

async function start({ stage, printer }: Play, expected: Map<string, Told>): Promise<void> {
  printer.heading("3  The incident starts: five people are told");
  await stage.command(`start incident ${INCIDENT}`, /5 people: 3 Webex, 1 SMS, 2 calls/);
  await stage.everyoneTold(beforeLaterCalls(expected));
  await stage.pass(CALL_AFTER_TEXT_MS);
  await stage.everyoneTold(expected);
  await stage.command("status", /6 people, 5 invited/);
}

/** A call follows a text to the same person after a while. */
function beforeLaterCalls(told: Map<string, Told>): Map<string, Told> {
  const early = [...told].map(([name, one]): [string, Told] => [
    name,
    { ...one, calls: one.sms > 0 ? one.calls - 1 : one.calls },
  ]);
  return new Map(early);
}

async function remindOne({ stage, printer }: Play, expected: Map<string, Told>): Promise<void> {
  printer.heading(`4  A reminder to one: ${remindedByName}`);
  await stage.command(`remind ${remindedByName}`, /Sending again to 1 person: 1 Webex/);
  await stage.everyoneTold(expected);
}

async function remindAll({ stage, printer }: Play, expected: Map<string, Told>): Promise<void> {
  printer.heading("5  A reminder to all");
  await stage.command("remind all", /Sending again to 5 people: 3 Webex, 1 SMS, 2 calls/);
  await stage.everyoneTold(beforeLaterCalls(expected));
  await stage.pass(CALL_AFTER_TEXT_MS);
  await stage.everyoneTold(expected);
}

async function stop({ sandbox, stage, printer }: Play, expected: Map<string, Told>): Promise<void> {
  printer.heading("6  The incident is stopped, and who was called in leaves");
  const confirm = await stage.command("stop incident", /4 people can be removed/);
  stage.press(confirm, /^Stop and remove 4 people$/);
  await stage.spaceMessage(/is over\. Removing 2 people .*2 people with a phone are off/);
  await stage.until(() => compareMembers(staying(), membersNow(sandbox)));
  await stage.everyoneTold(expected);
  await stage.pass(LONG_AFTER_MS);
  await stage.untilClockIsSeen();
  // Who was called in by phone is off the roster too: the moderators are left.
  await stage.command("ready", /would tell 2 people: 2 Webex/);
}

async function bringBack({ sandbox, stage, printer }: Play): Promise<void> {
  printer.heading("7  The team is brought back for the next time");
  await stage.command("team", /back on the roster/);
  await stage.until(() => compareMembers([BOT, ...members], membersNow(sandbox)));
  await stage.command("ready", /would tell 6 people: 4 Webex, 1 SMS, 2 calls/);
}

function staying(): string[] {
  return [BOT, ...members.filter((name) => !removed.includes(name))];
}

/** To be called when the bot has ended, so that nothing more can come. */
export function checkEnd({ sandbox, printer }: Play): void {
  printer.heading("How everyone ended");
  const expected = finallyTold();
  const told = countTold(sandbox);
  const problems = [
    ...compareTold(expected, told),
    ...compareMembers([BOT, ...members], membersNow(sandbox)),
    ...withoutConference(sandbox),
  ];
  if (problems.length > 0) throw new DemoError(problems.join("\n"));
  for (const [name, one] of told) printer.good(`${name.padEnd(14)} ${ending(name, one)}`);
}

function ending(name: string, told: Told): string {
  const isInWebex = members.includes(name);
  const left = removed.includes(name) ? "removed, and brought back" : "never left the space";
  const what = name === MODERATOR ? "started it, was not told" : describeTold(told);
  return isInWebex ? `${what}; ${left}` : what;
}
