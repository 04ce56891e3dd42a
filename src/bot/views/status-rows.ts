import type { ChannelOutcome, ResponderProgress } from "../../incident/incident";
import { countProgress, type ProgressCounts } from "../../incident/progress";
import type { Channel, SendState } from "../../notify/notification";
import { optOutWords } from "../../notify/receipt";
import { noNumberOf } from "../../notify/send-context";
import type { Choice } from "./external-form";
import { nameChoices } from "./people-choices";
import type { Color } from "./post";
import { plain, shown, withoutContacts } from "./text";

const MOST_ROWS = 15;
// With 200 people the list alone would fill a card; the rest are reached by command.
const MOST_CHOICES = 20;

type Group = ResponderProgress["group"];

/** Who needs a moderator comes first. */
const groupOrder: readonly Group[] = ["not-reached", "waiting", "declined", "coming"];

const groupWords: Readonly<Record<Group, { word: string; color: Color }>> = {
  "not-reached": { word: "Not reached", color: "attention" },
  waiting: { word: "Waiting", color: "warning" },
  declined: { word: "Declined", color: "default" },
  coming: { word: "Coming", color: "good" },
};

const channelNames: Readonly<Record<Channel, string>> = {
  webex: "Webex",
  sms: "SMS",
  voice: "Call",
};

const stateWords: Readonly<Record<Channel, Readonly<Record<SendState, string>>>> = {
  webex: words("queued", "sending", "sent", "delivered"),
  sms: words("queued", "sending", "accepted", "delivered"),
  voice: words("queued", "calling", "calling", "answered"),
};

/** The people of a status card. */
export interface StatusPeople {
  counts: ProgressCounts;
  rows: readonly ResponderProgress[];
  /** How many have no row. */
  more: number;
  choices: readonly Choice[];
}

/** Counts everybody, and puts those first for whom something must be done. */
export function statusPeople(progress: readonly ResponderProgress[]): StatusPeople {
  const ordered = inOrder(progress);
  const rows = ordered.slice(0, MOST_ROWS);
  return {
    counts: countProgress(progress),
    rows,
    more: ordered.length - rows.length,
    choices: nameChoices(ordered.map(({ responder }) => responder)),
  };
}

/** Not reached, waiting, declined, coming. */
export function inOrder(progress: readonly ResponderProgress[]): ResponderProgress[] {
  return groupOrder.flatMap((group) => progress.filter((row) => row.group === group));
}

export interface RowView {
  name: string;
  word: string;
  color: Color;
  channels: string;
}

export function rowView(row: ResponderProgress): RowView {
  const told = row.channels.map((channel) => channelText(channel, row));
  const channels =
    row.isStarter && row.outcomes.length === 0
      ? ["started it"]
      : told.length === 0
        ? ["no channel is switched on"]
        : told;
  return {
    name: shown(row.responder.name, 60),
    ...groupWords[row.group],
    channels: [...saidBy(row), ...inMeeting(row), ...channels].join(" · "),
  };
}

/** Who said it for them, or from which phone it came: anybody may hold that. */
function saidBy({ answer }: ResponderProgress): string[] {
  if (answer?.by) return [`by ${shown(answer.by.name, 60)}`];
  if (answer?.via === "sms") return ["by text"];
  return answer?.via === "keypad" ? ["by a key in the call"] : [];
}

/** Now, or when somebody last came into it. */
function inMeeting({ answer, isInMeeting }: ResponderProgress): string[] {
  if (isInMeeting) return ["in the meeting"];
  return answer?.via === "meeting" ? ["was in the meeting"] : [];
}

export function choiceViews(choices: readonly Choice[]): Choice[] {
  return choices
    .slice(0, MOST_CHOICES)
    .map(({ title, value }) => ({ title: plain(title, 120), value }));
}

function channelText(channel: Channel, { answer, outcomes, responder }: ResponderProgress): string {
  const outcome = outcomes.find((one) => one.channel === channel);
  const state = outcome === undefined ? unsent(channel, responder) : outcomeText(outcome);
  const isSent = channel === "webex" && outcome?.state === "accepted";
  const doubt = isSent && answer === undefined && isUnknown(responder) ? ", not confirmed" : "";
  return `${channelNames[channel]}: ${withOptOut(state + doubt, channel, responder)}`;
}

/** Why no further text goes there, unless it is said already. */
function withOptOut(
  state: string,
  channel: Channel,
  { mobile, optOut }: ResponderProgress["responder"],
): string {
  if (channel !== "sms" || optOut === undefined || mobile === undefined) return state;
  const words = optOutWords[optOut];
  if (state === NOTHING_SENT) return words;
  return state.includes(words) ? state : `${state}, ${words}`;
}

const NOTHING_SENT = "nothing sent yet";

/** Webex may take an address that nobody reads. */
function isUnknown({ kind, personId }: ResponderProgress["responder"]): boolean {
  return kind === "external" && personId === undefined;
}

/** A Webex person's number can leave the directory while the channel stays switched on. */
function unsent(channel: Channel, responder: ResponderProgress["responder"]): string {
  const number = channel === "sms" ? responder.mobile : responder.voice;
  const isMissing = responder.kind === "internal" && channel !== "webex" && number === undefined;
  return isMissing ? noNumberOf(responder) : NOTHING_SENT;
}

function outcomeText({ channel, state, reason, maybeSent, seconds }: ChannelOutcome): string {
  if (state === "delivered" && seconds !== undefined) return `heard ${seconds} s`;
  const word = stateWords[channel][state];
  const why = reason === undefined ? "" : `, ${shown(withoutContacts(plain(reason, 200)), 80)}`;
  const isLost = state === "failed" || state === "expired" || state === "cancelled";
  if (!isLost) return word;
  return maybeSent ? `may have been sent${why}` : word + why;
}

function words(queued: string, sending: string, accepted: string, delivered: string) {
  return {
    queued,
    sending,
    accepted,
    delivered,
    failed: "failed",
    cancelled: "not sent",
    expired: "gave up",
  };
}
