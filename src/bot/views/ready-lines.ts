import type { Color } from "./post";
import type { ReadyInput } from "./ready";
import { howToModerate, makeBotModerator, notModerated, otherOrgSpace } from "./sentences";
import { countsSentence } from "./started";
import { nameList, shown } from "./text";

/** One thing that was looked at, and what to do about it. */
export interface ReadyLine {
  word: string;
  color: Color;
  text: string;
  todo?: string;
}

/** Everything that readiness is made of, in the order in which it is worth mending. */
export function readyLines(input: ReadyInput): ReadyLine[] {
  return [
    organisation(input),
    moderation(input),
    botRights(input),
    posting(input),
    conference(input),
    channel("Texts", input.sms),
    channel("Calls", input.voice),
    directory(),
    roster(input),
    unreachable(input),
  ].filter((line) => line !== undefined);
}

function ok(text: string): ReadyLine {
  return { word: "OK", color: "good", text };
}

function mend(text: string, todo: string): ReadyLine {
  return { word: "To do", color: "warning", text, todo };
}

function missing(text: string, todo: string): ReadyLine {
  return { word: "Missing", color: "attention", text, todo };
}

function organisation({ isHomeOrg }: ReadyInput): ReadyLine | undefined {
  if (isHomeOrg) return undefined;
  return missing(otherOrgSpace(), "Create a space in the organisation that runs me.");
}

function moderation({ isModerated }: ReadyInput): ReadyLine {
  return isModerated
    ? ok("The space is moderated; its moderators act on incidents.")
    : missing(notModerated(), howToModerate());
}

function botRights({ isModerated, botIsModerator, botName }: ReadyInput): ReadyLine | undefined {
  if (!isModerated) return undefined;
  return botIsModerator
    ? ok("I am a moderator, so I can add and remove people.")
    : mend("I am not a moderator, so I cannot add or remove people.", makeBotModerator(botName));
}

function posting({ isAnnouncementOnly, botIsModerator }: ReadyInput): ReadyLine | undefined {
  if (!isAnnouncementOnly || botIsModerator) return undefined;
  return mend(
    "Only moderators may write here, so I answer by direct message.",
    "Make me a moderator and I answer here.",
  );
}

function conference({ conference: source, botName }: ReadyInput): ReadyLine {
  switch (source) {
    case "bridge":
      return ok("Conference: the one that was set for this space.");
    case "meeting":
      return ok("Conference: a meeting of this space, opened in a moderator's name.");
    case "meeting-info":
      return mend(
        "Conference: Webex is asked for this space's meeting when an incident starts, and may not tell.",
        setBridge(botName),
      );
    case "configuration":
      return ok("Conference: the one that all spaces share.");
    case "none":
      return mend(
        "No conference: people are told to open the space and press Meet.",
        setBridge(botName),
      );
  }
}

/** How a space gets a conference of its own. */
export function setBridge(botName: string): string {
  return `Set one with **@${shown(botName)} bridge** and its link, number and code.`;
}

function channel(what: string, { isReady, reason }: ReadyInput["sms"]): ReadyLine {
  if (isReady) return ok(`${what} can be sent.`);
  const why = reason === undefined ? "" : `: ${shown(reason, 200)}`;
  return mend(`${what} are not set up${why}.`, "The administrator of the server can change that.");
}

function directory(): ReadyLine {
  const text = "The directory is not connected; people in Webex are added by their e-mail address.";
  return { word: "Note", color: "default", text };
}

function roster({ counts, botName }: ReadyInput): ReadyLine {
  if (counts.people > 0) return ok(`An incident would tell ${countsSentence(counts)}.`);
  return mend(
    "There is nobody to tell.",
    `Add people to the space, or write **@${shown(botName)} add external**.`,
  );
}

function unreachable({ unreachable: names }: ReadyInput): ReadyLine | undefined {
  if (names.length === 0) return undefined;
  return mend(
    `Nobody can reach ${nameList(names)}.`,
    "Switch a channel on for them, or give them a number.",
  );
}
