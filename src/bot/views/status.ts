import type { Incident } from "../../incident/incident";
import type { ProgressCounts } from "../../incident/progress";
import type { Conference, Post } from "../../notify/notification";
import template from "../../../cards/status.json";
import { joinLines, joinView, type JoinView } from "./join";
import { bold, cardPost, fits, type Color } from "./post";
import { setBridge } from "./ready-lines";
import { choiceViews, rowView, type RowView, type StatusPeople } from "./status-rows";
import { eyebrow, incidentName, people, shown } from "./text";
import { utcTime } from "./time";

/** The part of an incident that its card tells. */
export type StatusIncident = Pick<
  Incident,
  "name" | "number" | "state" | "isDrill" | "startedAt" | "startedBy" | "stoppedAt" | "stoppedBy"
>;

/** `statusPeople` makes counts, rows, more and choices from the responders' progress. */
export interface StatusInput extends StatusPeople {
  cardId: string;
  botName: string;
  spaceTitle: string;
  /** When the card is made, ms. */
  at: number;
  /** The running or the last one. */
  incident?: StatusIncident;
  conference?: Conference;
  isWaitingForConference: boolean;
  /** Which of the phone channels are set up. */
  phone: { sms: boolean; voice: boolean };
}

/** What runs in a space, who was reached, who is coming, and what a moderator can do about it. */
export function status(input: StatusInput): Post {
  for (const mostRows of [15, 10, 5]) {
    const post = statusPost(input, mostRows);
    if (fits(post)) return post;
  }
  return statusPost(input, 0);
}

function statusPost(input: StatusInput, mostRows: number): Post {
  const isRunning = input.incident?.state === "running";
  const heading =
    input.incident === undefined ? idle(input) : incidentHeading(input.incident, input);
  const join = isRunning ? joinView(input.conference, missingConference(input)) : nothingToJoin;
  const rows = input.rows.slice(0, mostRows).map(rowView);
  const more = input.more + input.rows.length - rows.length;
  const choices = choiceViews(input.choices);
  const data = {
    cardId: input.cardId,
    ...heading,
    ...join,
    isRunning,
    hasNone: input.incident === undefined,
    hasCounts: input.incident !== undefined,
    counts: input.counts,
    totals: totals(input.counts, input.at),
    rows,
    more,
    notes: isRunning ? phoneNote(input.phone) : [],
    choices,
    choicesNote: isRunning ? choicesNote(choices.length, input.choices.length) : "",
  };
  return cardPost(template, data, [
    `${bold(heading.title)} (${heading.eyebrow})`,
    heading.state,
    ...joinLines(join),
    ...(data.hasCounts ? [groups(input.counts), data.totals] : []),
    ...rows.map(rowLine),
    more > 0 ? `and ${more} more` : undefined,
    ...data.notes,
    data.choicesNote,
  ]);
}

const nothingToJoin: JoinView = { link: "", dialIn: "", hint: "" };

interface Heading {
  eyebrow: string;
  title: string;
  state: string;
  color: Color;
}

function idle({ spaceTitle }: StatusInput): Heading {
  const title = "No incident is running";
  return { eyebrow: shown(spaceTitle), title, state: "All quiet", color: "good" };
}

function incidentHeading(incident: StatusIncident, { spaceTitle, at }: StatusInput): Heading {
  const title = incidentName(incident);
  const subject = { eyebrow: eyebrow(incident.number, spaceTitle), title };
  if (incident.state === "stopped")
    return { ...subject, state: stopped(incident, at), color: "good" };
  const since = `since ${utcTime(incident.startedAt, at)}`;
  const state = `Running ${since}, started by ${shown(incident.startedBy.name, 60)}`;
  return { ...subject, state, color: incident.isDrill ? "warning" : "attention" };
}

function stopped({ stoppedAt, stoppedBy }: StatusIncident, at: number): string {
  const when = stoppedAt === undefined ? "" : ` at ${utcTime(stoppedAt, at)}`;
  const by = stoppedBy === undefined ? "" : ` by ${shown(stoppedBy.name, 60)}`;
  return `Stopped${when}${by}`;
}

function missingConference({ isWaitingForConference, botName }: StatusInput): string {
  if (isWaitingForConference) return "Looking for the meeting…";
  return `No conference: people are told to open the space and press Meet. ${setBridge(botName)}`;
}

function totals({ inMeeting, invited, reached, total }: ProgressCounts, at: number): string {
  const here = inMeeting === 0 ? "" : `, ${inMeeting} in the meeting`;
  return `${people(total)}, ${invited} invited, ${reached} reached${here} · as of ${utcTime(at)}`;
}

function groups({ notReached, waiting, declined, coming }: ProgressCounts): string {
  return `${notReached} not reached, ${waiting} waiting, ${declined} declined, ${coming} coming`;
}

function rowLine({ name, word, channels }: RowView): string {
  return `${bold(name)}: ${word.toLowerCase()} (${channels})`;
}

function phoneNote({ sms, voice }: StatusInput["phone"]): string[] {
  if (sms && voice) return [];
  const what = sms ? "Calls are" : voice ? "SMS is" : "SMS and calls are";
  return [`${what} not set up.`];
}

function choicesNote(offered: number, all: number): string {
  if (offered === all) return "";
  return `Choose among the first ${offered}; the others are under **All ${all}**.`;
}
