import type { Post } from "../../notify/notification";
import template from "../../../cards/help.json";
import { bold, cardPost, type Color } from "./post";
import { turnOnModeration } from "./sentences";
import { shown } from "./text";

export interface HelpInput {
  cardId: string;
  botName: string;
  /** Whether the person who asks may act here: a moderator of the space, or an operator. */
  isModerator: boolean;
  isModerated: boolean;
  /** The running one. */
  incident?: { name: string; number: number };
  canStart: boolean;
}

export interface HelpDirectInput {
  cardId: string;
  botName: string;
  /** Where texts and calls come from; absent while the channel is not set up. */
  numbers: { sms?: string; voice?: string };
  /** Grants can be given at Webex. */
  hasIntegration: boolean;
  /** Nobody has connected the directory. */
  canConnect: boolean;
}

interface HelpLine {
  command: string;
  meaning: string;
}

const forMembers: readonly HelpLine[] = [
  { command: "status", meaning: "who was reached, who is coming" },
  { command: "ready", meaning: "whether everything is set up here" },
];

const forModerators: readonly HelpLine[] = [
  { command: "start incident <name>", meaning: "tells everyone on the roster how to join" },
  { command: "stop incident", meaning: "asks first who shall stay in the space" },
  { command: "rename incident <name>", meaning: "for all later texts" },
  {
    command: "remind <who> · remind all · remind waiting",
    meaning: "sends again: to one, to everybody who has not declined, to who has not answered",
  },
  {
    command: "coming <who> · declined <who>",
    meaning: "an answer that somebody gave you, written down for them",
  },
  {
    command: "add <name or e-mail> · remove <who>",
    meaning: "someone on Webex, or known with a phone",
  },
  { command: "add external", meaning: "someone who has only a phone" },
  {
    command: "externals [search]",
    meaning: "all who have only a phone: to edit, to delete, to add here",
  },
  { command: "team", meaning: "brings back the people of the last incident" },
  { command: "sms <who> on|off · voice <who> on|off", meaning: "texts and calls to one person" },
  { command: "bridge <link> [phone] [code]", meaning: "a fixed conference for this space" },
];

const forGrants: readonly HelpLine[] = [
  {
    command: "authorize meetings · revoke meetings",
    meaning: "For moderators: lets me open the meetings of your spaces in your name, or ends that",
  },
  {
    command: "authorize · directory [refresh] · revoke",
    meaning: "For administrators: connects your organisation's directory, shows it, ends it",
  },
];

/** Help in a space: what this person may do here. */
export function help(input: HelpInput): Post {
  const intro = `Write to me by mentioning me: **@${shown(input.botName)}** and then a command.`;
  const data = {
    title: shown(input.botName),
    intro,
    ...incidentState(input),
    lines: escaped(input.isModerator ? [...forModerators, ...forMembers] : forMembers),
    note: memberNote(input),
    cardId: input.cardId,
    isDirect: false,
    canConnect: false,
    canStart: input.canStart,
    canAct: input.isModerator,
    canStop: input.isModerator && input.incident !== undefined,
  };
  return helpPost(data);
}

/** Help in a direct message: what Muster does, and how its texts and calls are known. */
export function helpDirect(input: HelpDirectInput): Post {
  const name = shown(input.botName);
  const data = {
    title: name,
    intro: "I gather the people who must handle an incident.",
    state: "",
    stateColor: "default",
    lines: [
      {
        command: "When you are needed",
        meaning: `I write to you here, with how to join. ${numbersSentence(input.numbers)}`,
      },
      {
        command: "coming [number] · declined [number]",
        meaning: "your answer when you are called; the number is the incident's",
      },
      {
        command: "When you handle incidents",
        meaning: `Add me to your space, make me a moderator there, and write @${name} help in it.`,
      },
      {
        command: "contact",
        meaning: "my numbers for your phone's address book, so that it can let them through",
      },
      {
        command: "import · export",
        meaning: "everyone who has only a phone, as a list (CSV); for moderators",
      },
      { command: "spaces", meaning: "The spaces that you moderate, and what goes on there." },
      {
        command: "externals [search] · add external",
        meaning: "For moderators: all who have only a phone, to edit and to delete",
      },
      ...(input.hasIntegration ? forGrants : []),
    ],
    note: "",
    cardId: input.cardId,
    isDirect: true,
    canConnect: input.canConnect,
    canStart: false,
    canAct: false,
    canStop: false,
  };
  return helpPost(data);
}

interface HelpData {
  title: string;
  intro: string;
  state: string;
  lines: readonly HelpLine[];
  note: string;
}

function helpPost(data: HelpData): Post {
  const commands = data.lines.map((line) => `${bold(line.command)}: ${line.meaning}`);
  return cardPost(template, data, [
    bold(data.title),
    data.intro,
    data.state,
    ...commands,
    data.note,
  ]);
}

function incidentState({ incident }: HelpInput): { state: string; stateColor: Color } {
  if (incident === undefined) return { state: "No incident is running.", stateColor: "good" };
  const state = `Incident ${incident.number} is running: ${shown(incident.name)}`;
  return { state, stateColor: "attention" };
}

function memberNote(input: HelpInput): string {
  if (!input.isModerated) return turnOnModeration();
  if (input.isModerator) return "";
  return "Starting and stopping incidents is for the moderators of this space.";
}

function numbersSentence({ sms, voice }: HelpDirectInput["numbers"]): string {
  const texts = sms === undefined ? undefined : `texts come from ${shown(sms)}`;
  const calls = voice === undefined ? undefined : `calls come from ${shown(voice)}`;
  const known = [texts, calls].filter((part) => part !== undefined);
  if (known.length === 0) return "Texts and calls are not set up.";
  const sentence = `My ${known.join(", my ")}`;
  return `${sentence}. Save ${known.length === 1 ? "it" : "them"} as a contact that may ring at night.`;
}

function escaped(helpLines: readonly HelpLine[]): HelpLine[] {
  return helpLines.map(({ command, meaning }) => ({ command: shown(command), meaning }));
}
