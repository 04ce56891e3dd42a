import type { Moment } from "../decision";
import type { NewCard } from "../notify/change";
import {
  asksForAnswer,
  channels as allChannels,
  type Channel,
  type NotificationKind,
} from "../notify/notification";
import { optOutWords } from "../notify/receipt";
import type { NewNotification } from "../notify/outbox-row";
import { noNumberOf } from "../notify/send-context";
import type { RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import type { IncidentSettings } from "./settings";

export interface RoundPlan {
  incidentId: string;
  spaceId: string;
  kind: NotificationKind;
  trigger: "command" | "press" | "join" | "timer";
  openedBy: PersonRef;
  /** Who is told, in this order. */
  entries: readonly RosterEntry[];
  /** Only these channels, the same for all or by responder; all that are on when absent. */
  only?: readonly Channel[] | ReadonlyMap<string, readonly Channel[]>;
  waitsForConference?: boolean;
  text?: string;
}

export interface PlannedRound {
  roundId: string;
  changes: Change[];
  counts: RoundCounts;
}

export interface RoundCounts {
  people: number;
  webex: number;
  sms: number;
  voice: number;
  unreachable: { name: string; reason: string }[];
}

/**
 * The notifications of one round. Whoever opens it is skipped on Webex, since they are in the
 * space; a call follows a text to the same person after the configured time.
 */
export function planRound(plan: RoundPlan, settings: IncidentSettings, at: Moment): PlannedRound {
  const roundId = at.newId();
  const counts: RoundCounts = { people: 0, webex: 0, sms: 0, voice: 0, unreachable: [] };
  const changes: Change[] = [roundOpened(plan, roundId, at)];
  plan.entries.forEach((entry, position) => {
    const channels = channelsFor(entry, plan, settings);
    count(counts, entry, channels, plan, settings);
    for (const channel of channels)
      changes.push(...notify({ entry, channel, channels, position, roundId }, plan, settings, at));
  });
  changes.push(...lookAgain(plan, counts, settings, at), roundOnTimeline(plan, counts, at));
  return { roundId, changes, counts };
}

function roundOpened(plan: RoundPlan, roundId: string, at: Moment): Change {
  return {
    kind: "round.opened",
    round: {
      id: roundId,
      incidentId: plan.incidentId,
      kind: plan.kind,
      trigger: plan.trigger,
      openedBy: plan.openedBy,
      at: at.now,
      ...(plan.text === undefined ? {} : { text: plan.text }),
    },
  };
}

/** Who is asked now and does not answer is reminded; the timer says itself when it looks again. */
function lookAgain(
  { incidentId, kind, trigger }: RoundPlan,
  { people }: RoundCounts,
  { renotifyMs, renotifyTimes }: IncidentSettings,
  at: Moment,
): Change[] {
  if (!asksForAnswer(kind) || trigger === "timer" || people === 0 || renotifyTimes === 0) return [];
  return [{ kind: "renotify.due", incidentId, dueAt: at.now + renotifyMs }];
}

function roundOnTimeline(plan: RoundPlan, counts: RoundCounts, at: Moment): Change {
  const { people, webex, sms, voice } = counts;
  return {
    kind: "timeline.added",
    incidentId: plan.incidentId,
    entry: {
      kind: "round-opened",
      at: at.now,
      actor: plan.trigger === "timer" ? "muster" : plan.openedBy.personId,
      payload: { round: plan.kind, people, webex, sms, voice },
    },
  };
}

/** The channels on which this responder is told in this round. */
export function channelsFor(
  entry: RosterEntry,
  plan: Pick<RoundPlan, "openedBy" | "only">,
  settings: IncidentSettings,
): Channel[] {
  const wanted = usableChannels(entry, settings);
  const only = onlyFor(entry, plan);
  const isOpener = entry.responder.personId === plan.openedBy.personId;
  return wanted.filter(
    (channel) => (only?.includes(channel) ?? true) && !(channel === "webex" && isOpener),
  );
}

function onlyFor(
  { responder }: RosterEntry,
  { only }: Pick<RoundPlan, "only">,
): readonly Channel[] | undefined {
  if (only === undefined || Array.isArray(only)) return only as readonly Channel[] | undefined;
  return (only as ReadonlyMap<string, readonly Channel[]>).get(responder.id) ?? [];
}

/** Channels that are switched on, set up, and have somewhere to go to. */
export function usableChannels(entry: RosterEntry, settings: IncidentSettings): Channel[] {
  const { responder, channels } = entry;
  const { email, mobile, optOut, personId, voice } = responder;
  const there: Readonly<Record<Channel, boolean>> = {
    webex: personId !== undefined || email !== undefined,
    sms: mobile !== undefined && settings.isSmsReady && optOut === undefined,
    voice: voice !== undefined && settings.isVoiceReady,
  };
  return allChannels.filter(
    (channel) => channels[channel] && there[channel] && entry.refused?.[channel] === undefined,
  );
}

function count(
  counts: RoundCounts,
  entry: RosterEntry,
  channels: readonly Channel[],
  plan: RoundPlan,
  settings: IncidentSettings,
): void {
  if (channels.length > 0) counts.people += 1;
  else if (entry.responder.personId !== plan.openedBy.personId)
    counts.unreachable.push({
      name: entry.responder.name,
      reason: whyUnreachable(entry, settings),
    });
  for (const channel of channels) counts[channel] += 1;
}

/** Why nobody can reach a responder, in a few words for a moderator. */
export function whyUnreachable(entry: RosterEntry, settings: IncidentSettings): string {
  const refusals = whyRefused(entry);
  return refusals.length > 0 ? refusals.join(", ") : whyNoWay(entry, settings);
}

/** What an owner of a number, or the provider, does not let pass, of the channels that are on. */
function whyRefused({ channels, refused = {}, responder }: RosterEntry): string[] {
  const { mobile, optOut } = responder;
  const noTexts = optOut !== undefined && channels.sms && mobile !== undefined;
  const others = allChannels
    .filter((channel) => channels[channel])
    .flatMap((channel) => refused[channel] ?? []);
  return [...new Set([...(noTexts ? [optOutWords[optOut]] : []), ...others])];
}

function whyNoWay(entry: RosterEntry, settings: IncidentSettings): string {
  const { mobile, voice, personId, email } = entry.responder;
  if ([mobile, voice, personId, email].every((way) => way === undefined)) return "no number";
  const lacksSms = entry.channels.sms && mobile !== undefined && !settings.isSmsReady;
  const lacksVoice = entry.channels.voice && voice !== undefined && !settings.isVoiceReady;
  if (lacksSms && lacksVoice) return "SMS and calls are not set up";
  if (lacksSms) return "SMS is not set up";
  if (lacksVoice) return "calls are not set up";
  if (lacksNumber(entry, "sms") || lacksNumber(entry, "voice")) return noNumberOf(entry.responder);
  return "every channel is switched off";
}

/** Whether a phone is switched on for a responder who has no number for it (any more). */
function lacksNumber(
  { channels, responder }: Pick<RosterEntry, "channels" | "responder">,
  channel: "sms" | "voice",
): boolean {
  return (
    channels[channel] && (channel === "sms" ? responder.mobile : responder.voice) === undefined
  );
}

interface Target {
  entry: RosterEntry;
  channel: Channel;
  channels: readonly Channel[];
  position: number;
  roundId: string;
}

function notify(target: Target, plan: RoundPlan, settings: IncidentSettings, at: Moment): Change[] {
  const { entry, channel, channels, position, roundId } = target;
  const followsText = channel === "voice" && channels.includes("sms");
  const card = channel === "webex" ? cardFor(entry, plan, at) : undefined;
  const notification: NewNotification = {
    id: at.newId(),
    incidentId: plan.incidentId,
    roundId,
    responderId: entry.responder.id,
    channel,
    kind: plan.kind,
    dueAt: at.now + (followsText ? settings.voiceAfterSmsMs : 0),
    waitsForConference: plan.waitsForConference ?? false,
    expiresAt: at.now + settings.expiryMs,
    position,
    ...(card ? { cardId: card.id } : {}),
  };
  const queued: Change = { kind: "notification.queued", notification };
  return card ? [{ kind: "card.written", card, at: at.now }, queued] : [queued];
}

function cardFor(entry: RosterEntry, plan: RoundPlan, at: Moment): NewCard {
  const { personId } = entry.responder;
  return {
    id: at.newCardId(),
    kind: plan.kind === "invite" ? "invite" : "told",
    spaceId: plan.spaceId,
    incidentId: plan.incidentId,
    responderId: entry.responder.id,
    ...(personId === undefined ? {} : { personId }),
  };
}
