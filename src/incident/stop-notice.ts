import type { Moment } from "../decision";
import type { Channel } from "../notify/notification";
import type { Change } from "./change";
import type { Incident, PersonRef } from "./incident";
import { planRound, usableChannels } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { ProgressState } from "./space-state";

/** A call that it is over would only disturb. */
const QUIET: ReadonlySet<Channel> = new Set(["webex", "sms"]);

export interface StopNotice {
  by: PersonRef;
  settings: IncidentSettings;
}

/**
 * Tells everybody whom the incident told, whatever they answered, on the same channels as far as
 * they still go; never by a call, and not the person who stops it. People who leave with the stop
 * are told, too.
 */
export function tellThatItIsOver(
  { progress, roster, space }: ProgressState,
  incident: Incident,
  { by, settings }: StopNotice,
  at: Moment,
): Change[] {
  if (!settings.hasStopNotice) return [];
  const toldOn = new Map(progress.map((one) => [one.responder.id, one.toldOn]));
  const only = new Map(
    roster.map((entry): [string, Channel[]] => {
      const channels = toldOn.get(entry.responder.id) ?? [];
      const still = usableChannels(entry, settings);
      return [entry.responder.id, still.filter((one) => QUIET.has(one) && channels.includes(one))];
    }),
  );
  const entries = roster.filter(
    ({ responder }) => responder.personId !== by.personId && only.get(responder.id)?.length,
  );
  if (entries.length === 0) return [];
  const round = planRound(
    {
      incidentId: incident.id,
      spaceId: space.id,
      kind: "stop",
      trigger: "press",
      openedBy: by,
      entries,
      only,
    },
    settings,
    at,
  );
  return round.changes;
}
