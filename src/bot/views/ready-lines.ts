import { conditionOf, type DirectoryCondition } from "../../directory/condition";
import { standingRefusal, type StandingRefusal } from "../../incident/meeting-hosts";
import type { Color } from "./post";
import type { ReadyInput } from "./ready";
import { howToModerate, makeBotModerator, notModerated, otherOrgSpace } from "./sentences";
import { countsSentence } from "./started";
import { nameList, shown, thousands } from "./text";
import { ago, utcTime } from "./time";

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
    directory(input),
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

function note(text: string, todo?: string): ReadyLine {
  return { word: "Note", color: "default", text, ...(todo === undefined ? {} : { todo }) };
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

function conference(input: ReadyInput): ReadyLine {
  const { conference: source, facts } = input;
  if (source === "bridge") return ok("Conference: the one that was set for this space.");
  return facts.meetings.length > 0 ? meetings(input) : withoutMeetings(input);
}

const LEND =
  "A moderator can lend theirs for all: they write **authorize meetings** to me directly.";
const MOST_NAMED = 3;

/** Where a moderator lets the bot open the meeting of the space. */
function meetings({ conference: source, facts, now }: ReadyInput): ReadyLine {
  const grants = facts.meetings.map((grant) => ({ grant, refusal: standingRefusal(grant, now) }));
  const usable = grants.filter(({ refusal }) => refusal?.until === undefined);
  const lent = usable.filter(({ grant }) => grant.isLent);
  const own = usable.filter(({ grant }) => !grant.isLent).map(({ grant }) => grant.personName);
  const refused = grants.flatMap(({ grant, refusal }) =>
    refusal ? [wentWrong(grant.personName, refusal, now)] : [],
  );
  const what =
    lent.length > 0
      ? openedForAll(
          lent.map(({ grant }) => grant.personName),
          own,
        )
      : `${openedIf(own)}${otherwise[source]}.`;
  const text = ["Conference:", what, ...refused.slice(0, MOST_NAMED)].join(" ");
  if (lent.some(({ refusal }) => refusal === undefined)) return ok(text);
  return refused.length > 0 ? mend(text, LEND) : note(text, LEND);
}

function openedForAll(lent: readonly string[], own: readonly string[]): string {
  const theirs = own.length > 0 ? `, or in their own if ${oneOf(own)} starts` : "";
  return `whoever starts, this space's meeting is opened in the name of ${oneOf(lent)}${theirs}.`;
}

/** To be followed by what happens otherwise. */
function openedIf(names: readonly string[]): string {
  const [only] = names;
  if (only === undefined) return "";
  const whose = names.length === 1 ? `${oneOf(names)}'s` : "their";
  return `if ${oneOf(names)} starts, this space's meeting is opened in ${whose} name; otherwise `;
}

function oneOf(names: readonly string[]): string {
  return names.length === 1 ? nameList(names) : `one of ${nameList(names, MOST_NAMED)}`;
}

function wentWrong(name: string, { until, why }: StandingRefusal, now: number): string {
  const whose = `in the name of ${nameList([name])}`;
  return until === undefined
    ? `Last time no meeting could be opened ${whose}: ${shown(why, 200)}.`
    : `No meeting is opened ${whose} before ${utcTime(until, now)}: ${shown(why, 200)}.`;
}

const otherwise: Readonly<Record<ReadyInput["conference"], string>> = {
  bridge: "the one that was set for this space",
  meeting: "the one that is open",
  "meeting-info": "Webex is asked, and may not tell",
  configuration: "the one that all spaces share",
  none: "people are told to open the space and press Meet",
};

function withoutMeetings({ botName, conference: source, facts }: ReadyInput): ReadyLine {
  const todo = facts.hasIntegration
    ? `${setBridge(botName)} Or a moderator writes **authorize meetings** to me directly.`
    : setBridge(botName);
  switch (source) {
    case "bridge":
    case "meeting":
      return ok("Conference: a meeting of this space, opened in a moderator's name.");
    case "meeting-info":
      return mend(
        "Conference: Webex is asked for this space's meeting when an incident starts, and may not tell.",
        todo,
      );
    case "configuration":
      return ok("Conference: the one that all spaces share.");
    case "none":
      return mend("No conference: people are told to open the space and press Meet.", todo);
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

function directory({ facts, now }: ReadyInput): ReadyLine {
  const { directory: status, directoryGrant: grant, hasIntegration } = facts;
  if (!grant) return notConnected(hasIntegration);
  const { counts, syncedAt } = status;
  const copy =
    counts === undefined || syncedAt === undefined
      ? undefined
      : `${thousands(counts.people, "person", "people")}, read ${ago(syncedAt, now)}`;
  return ofDirectory[conditionOf({ grant, status, hasIntegration }, now)](copy);
}

const SEE_MORE = "An administrator sees more with **directory**, in a direct message to me.";
const NOBODY = "nobody was read yet";

/** By condition, a line that says what is in use, where something is. */
const ofDirectory: Readonly<Record<DirectoryCondition, (copy?: string) => ReadyLine>> = {
  dead: (copy = NOBODY) => mend(`Directory: the grant does not work any more; ${copy}.`, SEE_MORE),
  "cut-off": (copy = NOBODY) =>
    mend(
      `Directory: not read any more, since the server has no Webex integration; ${copy}.`,
      "The administrator of the server can set CLIENT_ID and CLIENT_SECRET again.",
    ),
  reading: (copy) =>
    copy === undefined ? note("Directory: connected, and being read.") : ok(`Directory: ${copy}.`),
  failed: (copy = NOBODY) => mend(`Directory: it could not be read; ${copy}.`, SEE_MORE),
  unread: () => note("Directory: connected, not read yet."),
  good: (copy = NOBODY) => ok(`Directory: ${copy}.`),
};

function notConnected(hasIntegration: boolean): ReadyLine {
  return note(
    "The directory is not connected; people in Webex are added by their e-mail address.",
    hasIntegration
      ? "An administrator of your organisation connects it: **authorize**, in a direct message to me."
      : "The administrator of the server can set up the Webex integration that it needs.",
  );
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
