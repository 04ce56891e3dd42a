import type { Channel, NotificationKind, SendState } from "../notify/notification";
import type { RosterEntry } from "../roster/responder";
import type { Answer } from "./answer";
import { askedBy } from "./asked";
import type { ChannelOutcome, ResponderProgress } from "./incident";

/** One notification of an incident, as its outbox row tells. */
export interface NotificationFact {
  responderId: string;
  roundId: string;
  channel: Channel;
  kind: NotificationKind;
  /** Nobody asked for its round but the time. */
  isByTimer?: boolean;
  state: SendState;
  isUnclear: boolean;
  error?: string;
  /** How long a call was heard. */
  seconds?: number;
  createdAt: number;
  changedAt: number;
}

const OPEN_OR_THERE: ReadonlySet<SendState> = new Set([
  "queued",
  "sending",
  "accepted",
  "delivered",
]);

/** Shorter calls were hung up before anything was said. */
const HEARD_SECONDS = 10;

/**
 * What became of each responder, in the roster's order. Whoever started the incident is in the
 * space already: they count as coming, and as reached.
 */
export function progressOf(
  roster: readonly RosterEntry[],
  facts: readonly NotificationFact[],
  starterId: string,
  answers: ReadonlyMap<string, Answer> = new Map(),
  present: readonly string[] = [],
): ResponderProgress[] {
  const byResponder = groupByResponder(facts);
  return roster.map((entry) => ({
    ...progressOfOne(
      entry,
      byResponder.get(entry.responder.id) ?? [],
      entry.responder.personId === starterId,
      answers.get(entry.responder.id),
    ),
    ...(present.includes(entry.responder.id) ? { isInMeeting: true } : {}),
  }));
}

function groupByResponder(facts: readonly NotificationFact[]): Map<string, NotificationFact[]> {
  const groups = new Map<string, NotificationFact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.responderId) ?? [];
    group.push(fact);
    groups.set(fact.responderId, group);
  }
  return groups;
}

function progressOfOne(
  entry: RosterEntry,
  everything: readonly NotificationFact[],
  isStarter: boolean,
  answer: Answer | undefined,
): ResponderProgress {
  // That it is over says nothing about how the incident went.
  const facts = everything.filter(({ kind }) => kind !== "stop");
  const asked = askedBy(facts);
  return {
    responder: entry.responder,
    channels: switchedOn(entry),
    outcomes: newestPerChannel(facts),
    group: answer?.answer ?? (isStarter ? "coming" : groupOf(facts)),
    ...(answer ? { answer } : {}),
    isStarter,
    isInvited: facts.some(isTaken),
    toldOn: channelsOf(facts.filter(mayBeThere)),
    ...(asked ? { asked } : {}),
    isReached: isStarter || answer !== undefined || facts.some(hasReached),
  };
}

function isTaken({ state }: NotificationFact): boolean {
  return state === "accepted" || state === "delivered";
}

/** What is being sent may be taken before anybody can hold it back. */
function mayBeThere(fact: NotificationFact): boolean {
  return isTaken(fact) || fact.state === "sending" || fact.isUnclear;
}

function channelsOf(facts: readonly NotificationFact[]): Channel[] {
  return [...new Set(facts.map(({ channel }) => channel))];
}

function groupOf(facts: readonly NotificationFact[]): "waiting" | "not-reached" {
  return facts.some((fact) => OPEN_OR_THERE.has(fact.state)) ? "waiting" : "not-reached";
}

/** A text that arrived, or a call that was heard for a while: voicemail and a slip do not count. */
function hasReached({ channel, seconds = 0, state }: NotificationFact): boolean {
  if (state !== "delivered" || channel === "webex") return false;
  return channel === "sms" || seconds >= HEARD_SECONDS;
}

function switchedOn(entry: RosterEntry): Channel[] {
  return (["webex", "sms", "voice"] as const).filter((channel) => entry.channels[channel]);
}

function newestPerChannel(facts: readonly NotificationFact[]): ChannelOutcome[] {
  const newest = new Map<Channel, NotificationFact>();
  for (const fact of facts) {
    const known = newest.get(fact.channel);
    if (!known || fact.createdAt >= known.createdAt) newest.set(fact.channel, fact);
  }
  return [...newest.values()].map(toOutcome);
}

function toOutcome(fact: NotificationFact): ChannelOutcome {
  return {
    channel: fact.channel,
    kind: fact.kind,
    state: fact.state,
    maybeSent: fact.isUnclear,
    at: fact.changedAt,
    roundId: fact.roundId,
    ...(fact.seconds === undefined ? {} : { seconds: fact.seconds }),
    ...(fact.error === undefined ? {} : { reason: fact.error }),
  };
}

export interface ProgressCounts {
  total: number;
  invited: number;
  reached: number;
  /** Who said something, or for whom somebody did. */
  answered: number;
  coming: number;
  declined: number;
  /** Of the meeting that the bot opened. */
  inMeeting: number;
  waiting: number;
  notReached: number;
}

/** The counts on the status card. */
export function countProgress(progress: readonly ResponderProgress[]): ProgressCounts {
  const inGroup = (group: ResponderProgress["group"]): number =>
    progress.filter((one) => one.group === group).length;
  return {
    total: progress.length,
    invited: progress.filter((one) => one.isInvited).length,
    reached: progress.filter((one) => one.isReached).length,
    answered: progress.filter((one) => one.answer !== undefined).length,
    coming: inGroup("coming"),
    declined: inGroup("declined"),
    inMeeting: progress.filter((one) => one.isInMeeting).length,
    waiting: inGroup("waiting"),
    notReached: inGroup("not-reached"),
  };
}
