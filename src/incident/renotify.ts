import type { Decision, Moment } from "../decision";
import type { Channel } from "../notify/notification";
import type { RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import { planLaterRound } from "./conference-needed";
import type { Incident, ResponderProgress } from "./incident";
import { usableChannels, type RoundCounts } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { ProgressState } from "./space-state";

/** Those whose time comes within so long are reminded together. */
const TOGETHER_MS = 5_000;
/** Something is still on its way to somebody whose time has come. */
const LOOK_AGAIN_MS = 30_000;

export type RenotifyResult =
  | { kind: "nobody" }
  /** Somebody has not answered, and there is nobody whom a reminder could still go to. */
  | { kind: "given-up"; incident: Incident }
  | { kind: "reminded"; incident: Incident; counts: RoundCounts };

/** Somebody who is to be reminded some time. */
interface Waiting {
  entry: RosterEntry;
  dueAt: number;
  channels: readonly Channel[];
  /** After this reminder they are left in peace. */
  isLastTime: boolean;
}

/**
 * Reminds who has not answered so long after they were last asked, and says when somebody should
 * look again. However late it comes, it is one reminder.
 */
export function renotify(
  state: ProgressState,
  settings: IncidentSettings,
  at: Moment,
): Decision<Change, RenotifyResult> {
  const { incident } = state;
  if (!incident) return { changes: [], result: { kind: "nobody" } };
  const waiting = waitingOf(state, settings, at.now);
  const together = Math.min(TOGETHER_MS, settings.renotifyMs / 10);
  const due = waiting.filter(({ dueAt }) => dueAt <= at.now + together);
  const next = lookAgain(
    incident,
    waiting.flatMap((one) => {
      if (!due.includes(one)) return one.dueAt;
      return one.isLastTime ? [] : at.now + settings.renotifyMs;
    }),
  );
  const isGivenUp = waiting.length === 0 && state.progress.some(isSilent);
  if (isGivenUp) return { changes: [], result: { kind: "given-up", incident } };
  if (due.length === 0) return { changes: next, result: { kind: "nobody" } };
  const round = planLaterRound(
    incident,
    {
      spaceId: state.space.id,
      kind: "reminder",
      trigger: "timer",
      openedBy: incident.startedBy,
      entries: due.map(({ entry }) => entry),
      only: new Map(due.map(({ channels, entry }) => [entry.responder.id, channels])),
    },
    settings,
    at,
  );
  return {
    changes: [...round.changes, ...next],
    result: { kind: "reminded", incident, counts: round.counts },
  };
}

function lookAgain({ id }: Incident, times: readonly number[]): Change[] {
  if (times.length === 0) return [];
  return [{ kind: "renotify.due", incidentId: id, dueAt: Math.min(...times) }];
}

/** Whether somebody will still be reminded if they do not answer. */
export function isToBeReminded(
  state: ProgressState,
  one: ResponderProgress,
  settings: IncidentSettings,
): boolean {
  return waitingFor(state, one, settings, 0) !== undefined;
}

/** Was asked to come and has said nothing; who started it is in the space. */
export function isSilent({ asked, group, isStarter }: ResponderProgress): boolean {
  return asked !== undefined && !isStarter && (group === "waiting" || group === "not-reached");
}

/** When whoever is silent was last called, other than by a moderator's reminder. */
export function silentSince({ progress }: Pick<ProgressState, "progress">): number {
  return Math.max(0, ...progress.filter(isSilent).map(({ asked }) => asked?.calledAt ?? 0));
}

function waitingOf(state: ProgressState, settings: IncidentSettings, now: number): Waiting[] {
  return state.progress.flatMap((one) => waitingFor(state, one, settings, now) ?? []);
}

function waitingFor(
  { roster }: ProgressState,
  one: ResponderProgress,
  settings: IncidentSettings,
  now: number,
): Waiting | undefined {
  const { asked, responder } = one;
  const entry = roster.find((line) => line.responder.id === responder.id);
  if (!entry || !asked || !isSilent(one) || asked.reminders >= settings.renotifyTimes)
    return undefined;
  const ways = remindableChannels(entry, settings);
  if (ways.length === 0) return undefined;
  const channels = ways.filter((channel) => !asked.open.includes(channel));
  const isUnderWay = channels.length === 0 || asked.settledAt === undefined;
  const isLastTime = asked.reminders + 1 >= settings.renotifyTimes;
  const dueAt = reminderDueAt(asked, settings);
  return { entry, channels, isLastTime, dueAt: isUnderWay ? later(dueAt, now) : dueAt };
}

function later(dueAt: number, now: number): number {
  return Math.max(dueAt, now + LOOK_AGAIN_MS);
}

/**
 * Everybody of a round is reminded together, however long its sends took. Only who was told so
 * late that they would be reminded in the same breath is given their time from then.
 */
function reminderDueAt(
  { at, settledAt = at }: { at: number; settledAt?: number },
  { renotifyMs }: IncidentSettings,
): number {
  return (settledAt - at < renotifyMs ? at : settledAt) + renotifyMs;
}

/** A call to somebody who cannot answer in any way would only come again and again. */
function remindableChannels(entry: RosterEntry, settings: IncidentSettings): Channel[] {
  const usable = usableChannels(entry, settings);
  const canAnswer =
    entry.responder.personId !== undefined ||
    usable.includes("webex") ||
    (usable.includes("sms") && settings.canReplyBySms) ||
    (usable.includes("voice") && settings.canAnswerCalls);
  return canAnswer ? usable : usable.filter((channel) => channel !== "voice");
}
