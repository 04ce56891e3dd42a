import type { Post } from "../../notify/notification";
import { bold, lines } from "./post";
import { countOf, incidentName, nameList, people, shown } from "./text";

/** How many would be, or are, told in all and on each channel. */
export interface ChannelCounts {
  people: number;
  webex: number;
  sms: number;
  voice: number;
}

export interface Unreached {
  name: string;
  /** In words, such as "no number". */
  reason: string;
}

export interface StartedInput {
  incident: { name: string; number: number; isDrill: boolean };
  counts: ChannelCounts;
  /** Who cannot be told on any channel. */
  unreachable: readonly Unreached[];
}

/** The answer to a start: what runs now, who is told, who cannot be. */
export function started(input: StartedInput): Post {
  const { incident } = input;
  return {
    markdown: lines([
      `${bold(incidentName(incident))} is running (incident ${incident.number}).`,
      startedSentence(input),
    ]),
  };
}

/** "18 people: 15 Webex, 9 SMS, 4 calls; nobody can reach Bo (no number)". */
export function startedSentence({ counts, unreachable }: Omit<StartedInput, "incident">): string {
  const told = countsSentence(counts);
  return unreachable.length === 0 ? told : `${told}; nobody can reach ${withReasons(unreachable)}`;
}

/** "18 people: 15 Webex, 9 SMS, 4 calls"; a channel that reaches nobody is left out. */
export function countsSentence(counts: ChannelCounts): string {
  const channels = [
    counts.webex > 0 ? `${counts.webex} Webex` : undefined,
    counts.sms > 0 ? `${counts.sms} SMS` : undefined,
    counts.voice > 0 ? countOf(counts.voice, "call", "calls") : undefined,
  ].filter((channel) => channel !== undefined);
  return channels.length === 0
    ? people(counts.people)
    : `${people(counts.people)}: ${channels.join(", ")}`;
}

export interface RoundClosedInput {
  /** How many something went to; who was reached only receipts and answers say. */
  told: number;
  total: number;
  notReached: readonly Unreached[];
  /** Names of those who have not answered, where nobody reminds them any more. */
  silent?: readonly string[];
}

/** "12 of 18 told; not reached: Bo (nobody has this number)". */
export function roundClosed({ told, total, notReached, silent = [] }: RoundClosedInput): string {
  const parts = [
    `${told} of ${total} told`,
    notReached.length === 0 ? "" : `not reached: ${withReasons(notReached)}`,
    silent.length === 0 ? "" : `no answer from ${nameList(silent)}; I remind nobody any more`,
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/**
 * "12 of 18 answered, 5 in the meeting, 2 not reached": the one line in the thread that is kept up
 * to date. Before anybody has answered it tells how many are invited.
 */
export function progressLine(counts: {
  answered: number;
  inMeeting: number;
  invited: number;
  total: number;
  notReached: number;
}): string {
  const { answered, inMeeting, invited, notReached, total } = counts;
  const far =
    answered === 0 ? `${invited} of ${total} invited` : `${answered} of ${total} answered`;
  const here = inMeeting === 0 ? "" : `, ${inMeeting} in the meeting`;
  return far + here + (notReached === 0 ? "" : `, ${notReached} not reached`);
}

function withReasons(people: readonly Unreached[], max = 10): string {
  const listed = people
    .slice(0, max)
    .map(({ name, reason }) => `${shown(name, 60)} (${shown(reason, 80)})`)
    .join(", ");
  return people.length > max ? `${listed} and ${people.length - max} more` : listed;
}
