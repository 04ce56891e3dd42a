import type { Decision, Moment } from "../decision";
import type { Channel } from "../notify/notification";
import type { RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import { planLaterRound } from "./conference-needed";
import type { PersonRef } from "./incident";
import { usableChannels, type RoundCounts, type RoundPlan } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { SpaceState } from "./space-state";
import { tieMembers } from "./tie-members";

/** Who comes onto a roster, and who added them. */
export interface Joining {
  spaceId: string;
  entries: readonly RosterEntry[];
  by: PersonRef;
  settings: IncidentSettings;
  /** Where the round is not simply theirs who added somebody. */
  round?: Partial<Pick<RoundPlan, "openedBy" | "only" | "trigger">>;
}

export interface ExternalsJoined {
  /** Those who are members of the space as the person that they are. */
  entries: RosterEntry[];
  /** Who is told now, where an incident runs and somebody is to be told. */
  invited: RoundCounts | undefined;
}

/**
 * Externals onto the roster, and during an incident into it. Who is a member of the space is one
 * person with one line from now on, and is invited only on the channels that are new to them.
 */
export function joinExternals(
  state: SpaceState,
  input: Joining,
  at: Moment,
): Decision<Change, ExternalsJoined> {
  const { changes, entries, toldOnWebex } = tieMembers(state, input.entries, at);
  const joined = joinTogether(state, { ...input, entries }, at, toldOnWebex);
  return { changes: [...changes, ...joined.changes], result: { entries, invited: joined.result } };
}

/** Onto the roster, and during an incident into it: all of them are invited in one round. */
export function joinTogether(
  state: SpaceState | undefined,
  input: Joining,
  at: Moment,
  toldOnWebex: ReadonlySet<string> = new Set(),
): Decision<Change, RoundCounts | undefined> {
  const { by, entries, settings, spaceId } = input;
  const onRoster = entries.map((entry): Change => ({
    kind: "roster.set",
    spaceId,
    responderId: entry.responder.id,
    channels: entry.channels,
    at: at.now,
  }));
  const incident = state?.incident;
  if (!incident || entries.length === 0) return { changes: onRoster, result: undefined };
  const onTimeline = entries.map((entry): Change => ({
    kind: "timeline.added",
    incidentId: incident.id,
    entry: {
      kind: "added",
      at: at.now,
      actor: by.personId,
      payload: { name: entry.responder.name, by: by.name },
    },
  }));
  const untold = untoldOf(entries, toldOnWebex, settings);
  if (untold.entries.length === 0)
    return { changes: [...onRoster, ...onTimeline], result: undefined };
  const round = planLaterRound(
    incident,
    {
      spaceId,
      kind: "invite",
      trigger: "command",
      openedBy: by,
      ...untold,
      ...input.round,
    },
    settings,
    at,
  );
  return { changes: [...onRoster, ...onTimeline, ...round.changes], result: round.counts };
}

const NOT_ON_WEBEX: readonly Channel[] = ["sms", "voice"];
const ALL: readonly Channel[] = ["webex", ...NOT_ON_WEBEX];

/** Who is told on Webex already is told on the other channels, if there are any. */
function untoldOf(
  entries: readonly RosterEntry[],
  toldOnWebex: ReadonlySet<string>,
  settings: IncidentSettings,
): Pick<RoundPlan, "entries" | "only"> {
  if (toldOnWebex.size === 0) return { entries };
  const isTold = (entry: RosterEntry) => toldOnWebex.has(entry.responder.id);
  const untold = entries.filter(
    (entry) => !isTold(entry) || usableChannels(entry, settings).some((one) => one !== "webex"),
  );
  const only = new Map(
    untold.map((entry) => [entry.responder.id, isTold(entry) ? NOT_ON_WEBEX : ALL]),
  );
  return { entries: untold, only };
}
