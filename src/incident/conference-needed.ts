import type { Moment } from "../decision";
import type { Change } from "./change";
import type { Incident } from "./incident";
import { planRound, type PlannedRound, type RoundPlan } from "./plan-round";
import type { IncidentSettings } from "./settings";

/** People come one after the other: what Webex said within the last minute holds for them. */
const HOLDS_FOR_JOINING_MS = 60_000;

/** Asks for the conference's details once the start is written; the round waits a little for it. */
export function conferenceNeeded(
  spaceId: string,
  incidentId: string,
  { roundId }: Pick<PlannedRound, "roundId">,
  at: Moment,
): Change {
  return {
    kind: "own-event.queued",
    event: { kind: "find-conference", spaceId, incidentId, roundId },
    at: at.now,
  };
}

/**
 * Whether the details are asked for again before a round is sent: a meeting that nobody has begun
 * or that is over gets another number, and where there are no details somebody may have let the bot
 * open a meeting meanwhile.
 */
export function asksAgain(
  { conference }: Incident,
  trigger: RoundPlan["trigger"],
  { canOpenMeetings }: IncidentSettings,
  now: number,
): boolean {
  if (!canOpenMeetings) return false;
  if (!conference) return true;
  if (conference.source !== "meeting") return false;
  const heardAt = conference.meeting?.heardAt ?? 0;
  return trigger !== "join" || now - heardAt >= HOLDS_FOR_JOINING_MS;
}

/** A round of an incident that runs already; see `asksAgain`. */
export function planLaterRound(
  incident: Incident,
  plan: Omit<RoundPlan, "incidentId" | "waitsForConference">,
  settings: IncidentSettings,
  at: Moment,
): PlannedRound {
  const asks = asksAgain(incident, plan.trigger, settings, at.now);
  const whole = { ...plan, incidentId: incident.id, waitsForConference: asks };
  const round = planRound(whole, settings, at);
  if (!asks || round.counts.people === 0) return round;
  const needed = conferenceNeeded(plan.spaceId, incident.id, round, at);
  return { ...round, changes: [...round.changes, needed] };
}
