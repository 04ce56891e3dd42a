import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { Incident } from "../incident/incident";
import { planRound, usableChannels, type RoundCounts } from "../incident/plan-round";
import { progressOf } from "../incident/progress";
import type { IncidentSettings } from "../incident/settings";
import type { ProgressState, SpaceState } from "../incident/space-state";
import { newCard, say } from "./replies";
import { status } from "./views/status";
import { statusPeople } from "./views/status-rows";

const STATUS_CARD_LIFE_MS = 90 * 24 * 60 * 60_000;
const STATUS_PATIENCE_MS = 10 * 60_000;

export interface StatusOptions {
  botName: string;
  settings: IncidentSettings;
  isWaitingForConference?: boolean;
  /** Where it may go if the bot may not write into the space. */
  fallbackPersonId?: string;
  /** It answers a person, and is as urgent as any answer. */
  isAnswer?: boolean;
}

/** Posts the space's status card; the one before goes once this one stands. */
export function postStatus(state: ProgressState, options: StatusOptions, at: Moment): Change[] {
  const { space } = state;
  const incident = state.incident ?? state.latest;
  const card = newCard(
    "status",
    {
      spaceId: space.id,
      lifeMs: STATUS_CARD_LIFE_MS,
      ...(incident ? { incidentId: incident.id } : {}),
    },
    at,
  );
  const post = status({
    cardId: card.id,
    botName: options.botName,
    spaceTitle: space.title,
    at: at.now,
    isWaitingForConference: options.isWaitingForConference ?? false,
    phone: { sms: options.settings.isSmsReady, voice: options.settings.isVoiceReady },
    ...statusPeople(state.progress),
    ...(incident ? { incident } : {}),
    ...(incident?.conference ? { conference: incident.conference } : {}),
  });
  const { fallbackPersonId } = options;
  const to = {
    kind: "space" as const,
    spaceId: space.id,
    ...(fallbackPersonId === undefined ? {} : { fallbackPersonId }),
  };
  const note = { cardId: card.id, isStatusCardOf: space.id };
  return [
    card.change,
    say(to, post, at, {
      note,
      isFollowing: !options.isAnswer,
      patienceMs: STATUS_PATIENCE_MS,
      spaceId: space.id,
    }),
  ];
}

/** The state as it is right after a start or a stop that this very decision writes. */
export function withIncident(
  state: SpaceState,
  incident: Incident,
  settings: IncidentSettings,
): ProgressState {
  const { incident: before, ...rest } = state;
  const isRunning = incident.state === "running";
  const facts = isRunning && !before ? queuedFacts(state, incident, settings) : [];
  return {
    ...rest,
    ...(isRunning ? { incident } : {}),
    latest: incident,
    progress: progressOf(state.roster, facts, incident.startedBy.personId),
    openRounds: new Set(),
  };
}

function queuedFacts(state: SpaceState, incident: Incident, settings: IncidentSettings) {
  return state.roster.flatMap((entry) =>
    usableChannels(entry, settings)
      .filter(
        (channel) =>
          channel !== "webex" || entry.responder.personId !== incident.startedBy.personId,
      )
      .map((channel) => ({
        responderId: entry.responder.id,
        roundId: incident.id,
        channel,
        kind: "invite" as const,
        state: "queued" as const,
        isUnclear: false,
        createdAt: incident.startedAt,
        changedAt: incident.startedAt,
      })),
  );
}

/** Who would be told on which channel if an incident started now. */
export function dryCounts(state: SpaceState, settings: IncidentSettings, at: Moment): RoundCounts {
  return planRound(
    {
      incidentId: "",
      spaceId: state.space.id,
      kind: "invite",
      trigger: "command",
      openedBy: { personId: "", name: "" },
      entries: state.roster,
    },
    settings,
    at,
  ).counts;
}
