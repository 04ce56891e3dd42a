import type { NowOnWebex } from "../../incident/join-external";
import { isOrAre, nameList, plain, shown } from "./text";

/** How a space gets moderators, for who is not one or where there are none. */
export function turnOnModeration(): string {
  return `${notModerated()} ${howToModerate()}`;
}

export function notModerated(): string {
  return "This space is not moderated, so nobody can act on incidents here.";
}

export function howToModerate(): string {
  return (
    "Turn moderation on in the space's settings (Moderate this space): you are then its " +
    "moderator. Make me one too, under People."
  );
}

/** The refusal to who is not a moderator, and how to become one. */
export function notModerator(space: { isModerated: boolean; botName: string }): string {
  if (!space.isModerated) return turnOnModeration();
  return (
    "Only moderators of this space can do that. Ask one of them to open People and make you a " +
    `moderator, or to do it for you. **@${shown(space.botName)} help** shows what you can do.`
  );
}

/** The refusal of what concerns all people with a phone, not those of one space. */
export function notKeeper({ hasOperators }: { hasOperators: boolean }): string {
  return hasOperators
    ? "Only operators can do that here. A moderator can do it for their space, in the space."
    : "Only people who moderate a space that I am in can do that.";
}

export function notHomeOrg(): string {
  return "I take orders only from people of the organisation that runs me. Ask a colleague there.";
}

/** For somebody who left the space, and presses a card of it. */
export function notInSpace(): string {
  return "You are not in that space any more, so I can do nothing there for you.";
}

/** For a space that another organisation owns. */
export function notHomeOrgSpace(): string {
  return `${otherOrgSpace()} Create a space in the organisation that runs me.`;
}

export function otherOrgSpace(): string {
  return "This space belongs to another organisation, so I do nothing here.";
}

/** `suggestion` is a whole command line, as `parseCommand` gives it. */
export function unknownCommand(word: string, suggestion?: string): string {
  if (suggestion !== undefined) return `Did you mean **${shownCommand(suggestion).text}**?`;
  return `I do not know the command “${shown(word, 40)}”. Write **help** to see what I can do.`;
}

/** For a written command that lacks its person. */
export function namePerson(): string {
  return "Write whom you mean behind the command: a name, or the beginning of one.";
}

/** For a switch or a remind that lacks its person. */
export function choosePerson(): string {
  return "Choose a person in the list first, then press the button again.";
}

/** `missing` of `chosen` people on a card left the roster after it was posted. */
export function leftRoster(missing: number, chosen: number): string {
  if (chosen === 1) return "That person is no longer on the roster.";
  const who = `${missing} of the ${chosen} people you chose`;
  const what = `${missing === 1 ? "is" : "are"} no longer on the roster`;
  return `${who} ${what}, so nothing was done. Choose again on the newest card.`;
}

/** Somebody who was found has been deleted since. */
export function goneMeanwhile(chosen: number): string {
  return chosen === 1
    ? "That person was deleted meanwhile. Nobody was added."
    : "One of them was deleted meanwhile, so nobody was added. Please search again.";
}

/** Somebody who was found is not in the directory any more. */
export function leftDirectory(chosen: number): string {
  return chosen === 1
    ? "That person is not in the directory any more. Nobody was added."
    : "One of them is not in the directory any more, so nobody was added. Please search again.";
}

export function switchUsage(channel: "sms" | "voice"): string {
  return `Write **${channel} &lt;who> on** or **${channel} &lt;who> off**. Nothing was changed.`;
}

export function bridgeUsage(): string {
  return (
    "Write **bridge** and then the link (https), the number to dial, or both, and the code: " +
    "**bridge https://example.webex.com/meet/ana +14085550100 123456**. **bridge off** removes it."
  );
}

export function bridgeTooLong(length: number, most: number): string {
  return (
    `That link has ${length} characters; ${most} is the most that texts have room for. ` +
    "Copy the short form of the meeting link, without what stands after the question mark."
  );
}

export function alreadyRunning(incident: { name: string; number: number }): string {
  return (
    `Incident ${incident.number} is already running here: **${shown(incident.name)}**. ` +
    "Do you want to remind everyone, or give it another name?"
  );
}

/** For adding and removing people, which Webex lets only moderators do in a moderated space. */
export function botNotModerator(botName: string): string {
  return (
    `I am not a moderator of this space, so I cannot add or remove people. ` +
    `${makeBotModerator(botName)} Everything else works.`
  );
}

export function makeBotModerator(botName: string): string {
  return `Open People, find ${shown(botName)} and choose Make moderator.`;
}

/** A command line, with whether there is a button that does it all the same; or a press. */
export type ReadLate = { line: string; hasButton: boolean } | "press";

/** What was read too late to be carried out; `at` is the time as `utcTime` gives it. */
export function tooOld(late: ReadLate, at: string): string {
  const wasAway = `at ${at}, I was away.`;
  if (late === "press") return `You pressed that ${wasAway} Press it again if you still want it.`;
  const next = late.hasButton ? "Do it now?" : "Write it again if you still want it.";
  return `You wrote **${shownCommand(late.line).text}** ${wasAway} ${next}`;
}

const MOST_OF_COMMAND = 200;

/** A whole command line as it is shown, and whether that is all of it. */
export function shownCommand(line: string): { text: string; isWhole: boolean } {
  const whole = plain(line, Infinity);
  return { text: shown(line, MOST_OF_COMMAND), isWhole: whole === plain(line, MOST_OF_COMMAND) };
}

/** After a question about a command that is longer than what is shown of it. */
export function tooLongToAsk(): string {
  return "It is too long for a button: please write it again.";
}

export function somethingWentWrong(id: string): string {
  return `Something went wrong on my side (id ${shown(id, 60)}). Please try again.`;
}

export function couldNotReadLastMessage(): string {
  return "I could not read your last message. Please write it again.";
}

/** Where a form holds what the space shall not read. */
export function formSentDirectly(): string {
  return "I sent you the form.";
}

/** Where a list holds what the space shall not read. */
export function listSentDirectly(): string {
  return "I sent you the list.";
}

/** For a search among the people with a phone; what was searched for may be a number. */
export function noExternalFits(): string {
  return (
    "I find nobody with a phone who fits. Search by part of the name, the whole number, its last " +
    "four digits, or the whole e-mail address. **add external** adds somebody."
  );
}

export function noExternals(): string {
  return "Nobody with a phone is known yet. **add external** adds somebody.";
}

export function externalGone(): string {
  return "That person was deleted meanwhile.";
}

/** For a list of spaces with none on it. */
export function noSpaces(isOperator: boolean): string {
  return isOperator
    ? "I am in no space of this organisation yet. Add me to one under People."
    : "You moderate none of the spaces that I am in. Add me to a space of yours, under People.";
}

export function chooseSpace(): string {
  return "Choose a space in the list first, then press the button again.";
}

/** For a space that is not on anybody's list: gone, of another organisation, or made up. */
export function notThatSpace(): string {
  return "I do nothing in that space, or am not in it any more. Write **spaces** for a new list.";
}

/** The refusal of what is for the members of the operators' space. */
export function notOperator(): string {
  return "Only operators can do that. Ask a moderator of that space to add you.";
}

export function formExpired(): string {
  return "This form was used already, or is too old. Ask for a new one.";
}

export function cannotBePressed(): string {
  return "This button is no longer valid. Here is the present state.";
}

/** Nobody may believe that they got the team of another incident. */
export function teamUsage(): string {
  return "Write **team** alone: it brings back the people of this space's last incident. Nothing was done.";
}

export function onlyDirectly(): string {
  return "That works in a direct message to me: open one and write the command there.";
}

export function onlyInSpace(botName: string): string {
  return `That works in a space: write **@${shown(botName)}** and the command there.`;
}

/** Who was on a roster as an external turned out to be a member; nothing where nobody did. */
export function nowOnWebex(found: readonly NowOnWebex[]): string {
  if (found.length === 0) return "";
  const names = found.map(({ knownAs, name }) =>
    knownAs === name ? name : `${knownAs} (${name})`,
  );
  const each = found.length === 1 ? "" : " each";
  return `${nameList(names)}, who had only a phone here, ${isOrAre(names)} on Webex now: one entry${each}, numbers kept.`;
}
