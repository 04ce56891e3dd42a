import { createHash } from "node:crypto";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { Incident } from "../incident/incident";
import { planRound, usableChannels, type RoundCounts } from "../incident/plan-round";
import { countProgress, progressOf } from "../incident/progress";
import type { IncidentSettings } from "../incident/settings";
import type { ProgressState, SpaceState } from "../incident/space-state";
import { LINE_EVERY_MS, statusWork, type StatusWork } from "../incident/status-card";
import { newCard, say } from "./replies";
import { progressLine } from "./views/started";
import { status, type StatusInput } from "./views/status";
import { rowView, statusPeople } from "./views/status-rows";

const STATUS_CARD_LIFE_MS = 90 * 24 * 60 * 60_000;
const STATUS_PATIENCE_MS = 10 * 60_000;
const LINE_PATIENCE_MS = 30_000;
const LINE_PRIORITY = 4;

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
  const shown = shownOn(state, options);
  const post = status({ ...shown, cardId: card.id, at: at.now });
  const { fallbackPersonId } = options;
  const to = {
    kind: "space" as const,
    spaceId: space.id,
    ...(fallbackPersonId === undefined ? {} : { fallbackPersonId }),
  };
  const note = { cardId: card.id, isStatusCardOf: space.id, picture: pictureOf(shown) };
  return [
    card.change,
    say(to, post, at, {
      note,
      isFollowing: !options.isAnswer,
      patienceMs: STATUS_PATIENCE_MS,
      spaceId: space.id,
    }),
    // The line spoke until this card.
    ...(state.statusCard?.line
      ? [{ kind: "status-line.dropped" as const, spaceId: space.id }]
      : []),
  ];
}

type Shown = Omit<StatusInput, "cardId" | "at">;

function shownOn(state: ProgressState, options: StatusOptions): Shown {
  const incident = state.incident ?? state.latest;
  return {
    botName: options.botName,
    spaceTitle: state.space.title,
    isWaitingForConference: options.isWaitingForConference ?? false,
    phone: { sms: options.settings.isSmsReady, voice: options.settings.isVoiceReady },
    ...statusPeople(state.progress),
    ...(incident ? { incident } : {}),
    ...(incident?.conference ? { conference: incident.conference } : {}),
  };
}

/** Equal for cards that show the same; when they were made does not count. */
function pictureOf({ choices, conference, incident, rows, ...shown }: Shown): string {
  // Of a meeting it is no news when Webex was last asked for it.
  const join = conference && { ...conference, meeting: undefined };
  const names = choices.map(({ title, value }) => [title, value]);
  const head = incident && [incident.number, incident.name, incident.state, incident.isDrill];
  const picture = JSON.stringify({ ...shown, join, head, names, rows: rows.map(rowView) });
  return createHash("sha256").update(picture).digest("base64url");
}

export interface RefreshOptions extends Pick<StatusOptions, "botName" | "settings"> {
  /** The card is replaced no more often by itself. */
  statusCardMs: number;
}

/** What is to be done about a status card that may be out of date: see `statusWork`. */
export function refreshStatus(
  state: ProgressState,
  { statusCardMs, ...options }: RefreshOptions,
  at: Moment,
): Change[] {
  const line = lineOf(state);
  const picture = pictureOf(shownOn(state, options));
  const work = statusWork(state, { line, picture, statusCardMs }, at.now);
  switch (work.kind) {
    case "nothing":
      return [];
    case "card":
      return postStatus(state, options, at);
    case "later":
      return [
        ...writeLine(state, line, work, at),
        { kind: "status-card.looked", spaceId: state.space.id, at: at.now, dueAt: work.dueAt },
      ];
  }
}

/** Whoever started it needs no invitation. */
function lineOf(state: ProgressState): string {
  return progressLine(countProgress(state.progress.filter((one) => !one.isStarter)));
}

function writeLine(
  { space }: ProgressState,
  markdown: string,
  { line }: Extract<StatusWork, { kind: "later" }>,
  at: Moment,
): Change[] {
  const spaceId = space.id;
  switch (line?.kind) {
    case undefined:
      return [];
    case "post": {
      const to = { kind: "space" as const, spaceId, parentId: line.threadMessageId };
      const note = { isLineOf: spaceId };
      return [
        say(to, { markdown }, at, {
          note,
          isFollowing: true,
          patienceMs: LINE_PATIENCE_MS,
          spaceId,
        }),
      ];
    }
    case "edit":
      return [
        {
          kind: "effect.queued",
          effect: {
            id: at.newId(),
            effect: { kind: "message-edit", spaceId, messageId: line.messageId, markdown },
            spaceId,
            dueAt: at.now,
            // The next one must not be overtaken by it.
            expiresAt: at.now + LINE_EVERY_MS,
            priority: LINE_PRIORITY,
          },
        },
      ];
  }
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
