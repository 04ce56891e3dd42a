import type { Channel, NotificationKind, SendState } from "../notify/notification";
import type { RosterEntry } from "../roster/responder";
import type { ChannelOutcome, ResponderProgress } from "./incident";

/** One notification of an incident, as its outbox row tells. */
export interface NotificationFact {
  responderId: string;
  roundId: string;
  channel: Channel;
  kind: NotificationKind;
  state: SendState;
  isUnclear: boolean;
  error?: string;
  createdAt: number;
  changedAt: number;
}

const OPEN_OR_THERE: ReadonlySet<SendState> = new Set([
  "queued",
  "sending",
  "accepted",
  "delivered",
]);

/**
 * What became of each responder, in the roster's order. Whoever started the incident is in the
 * space already: they count as coming, and as reached.
 */
export function progressOf(
  roster: readonly RosterEntry[],
  facts: readonly NotificationFact[],
  starterId: string,
): ResponderProgress[] {
  const byResponder = groupByResponder(facts);
  return roster.map((entry) =>
    progressOfOne(
      entry,
      byResponder.get(entry.responder.id) ?? [],
      entry.responder.personId === starterId,
    ),
  );
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
  facts: readonly NotificationFact[],
  isStarter: boolean,
): ResponderProgress {
  const isThere = facts.some((fact) => OPEN_OR_THERE.has(fact.state));
  return {
    responder: entry.responder,
    channels: switchedOn(entry),
    outcomes: newestPerChannel(facts),
    group: isStarter ? "coming" : isThere ? "waiting" : "not-reached",
    isStarter,
    isInvited: facts.some((fact) => fact.state === "accepted" || fact.state === "delivered"),
    isReached:
      isStarter || facts.some((fact) => fact.channel !== "webex" && fact.state === "delivered"),
  };
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
    ...(fact.error === undefined ? {} : { reason: fact.error }),
  };
}

export interface ProgressCounts {
  total: number;
  invited: number;
  reached: number;
  coming: number;
  declined: number;
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
    coming: inGroup("coming"),
    declined: inGroup("declined"),
    waiting: inGroup("waiting"),
    notReached: inGroup("not-reached"),
  };
}
