import { nameList, plain, shown } from "./text";

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

export function ambiguous(names: readonly string[]): string {
  return `Several people fit: ${nameList(names)}. Write more of the name, or the e-mail address.`;
}

export function notFound(term: string): string {
  return `I find nobody called “${shown(term, 80)}” on the roster of this space.`;
}

/** For `add`: nobody with that address could be added. */
export function nobodyToAdd(term: string): string {
  return (
    `I cannot find “${shown(term, 80)}”. Write the e-mail address that they use on Webex, ` +
    "or add them with their phone number: **add external**."
  );
}

/** For a switch or a remind that lacks its person. */
export function choosePerson(): string {
  return "Choose a person in the list first, then press the button again.";
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

/** `at` is the time as `utcTime` gives it. */
export function tooOld(command: string, at: string): string {
  return `You wrote **${shownCommand(command).text}** at ${at}, I was away. Do it now?`;
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

export function formExpired(): string {
  return "This form was used already, or is too old. Ask for a new one.";
}

export function cannotBePressed(): string {
  return "This button is no longer valid. Here is the present state.";
}

export function onlyInSpace(botName: string): string {
  return `That works in a space: write **@${shown(botName)}** and the command there.`;
}
