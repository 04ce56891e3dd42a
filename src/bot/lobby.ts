import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { LobbyNews } from "../incident/attendance";
import type { Change } from "../incident/change";
import type { Decisions } from "../incident/ports";
import type { AttemptRecord, ClaimedRow, Effect } from "../notify/outbox-row";
import type { LobbyResult } from "../notify/run-effect";
import { announceMembership } from "./announce";
import { incidentOfCard } from "./card-incident";
import { pressedTwice } from "./remind-commands";
import { newCard, say } from "./replies";
import { aboutOf, personOf, type Turn } from "./turn";
import { lobbyAnswer, lobbyWaiting, noLobby } from "./views/meeting-sentences";
import { notice } from "./views/notice";

/** Whoever pressed is waiting for it. */
const ADMIT_PATIENCE_MS = 30_000;
const ADMIT_PRIORITY = 1;

/** The one card that tells how many wait in the lobby: anew when that changes, gone with the last. */
export function announceLobby(news: LobbyNews, at: Moment): Change[] {
  switch (news.kind) {
    case "nothing":
      return [];
    case "empty":
      return [{ kind: "lobby.emptied", ...placeOf(news) }];
    case "waiting":
      return tellOfLobby(news, at);
  }
}

type Waiting = Extract<LobbyNews, { kind: "waiting" }>;

function placeOf({ incident }: Pick<Waiting, "incident">) {
  return { incidentId: incident.id, spaceId: incident.spaceId };
}

/** A message with a card cannot be edited: the card before goes once this one stands. */
function tellOfLobby(news: Waiting, at: Moment): Change[] {
  const { count, incident } = news;
  const place = placeOf(news);
  const card = newCard("notice", place, at);
  const post = notice({
    cardId: card.id,
    sentence: lobbyWaiting(count),
    buttons: [{ title: "Admit all", action: "incident.admit" }],
  });
  const to = {
    kind: "space" as const,
    spaceId: incident.spaceId,
    fallbackPersonId: incident.startedBy.personId,
  };
  const note = { cardId: card.id, isLobbyCardOf: { ...place, waiting: count } };
  return [card.change, say(to, post, at, { note, isFollowing: true, spaceId: incident.spaceId })];
}

/** Admit all: lets in whoever waits when Webex is asked; what comes of it is told after that. */
export async function admitAll(turn: Turn): Promise<void> {
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    const incident = incidentOfCard(turn, state);
    const { attendance } = state;
    const meeting = incident.conference?.meeting;
    if (!attendance || !meeting) throw new UserError("no-lobby", noLobby());
    const twice = pressedTwice(turn, state, "admit", at);
    if (twice === "same") return { changes: [], result: undefined };
    const { hostPersonId, meetingId } = attendance;
    const isDirect = turn.saidIn.kind !== "group";
    const effect: Effect = {
      kind: "lobby-admit",
      spaceId: incident.spaceId,
      meetingId,
      hostPersonId,
      hostName: meeting.hostName,
      asker: { ...personOf(turn.actor), incidentId: incident.id, isDirect },
    };
    return { changes: [...twice, queued(effect, incident.spaceId, at)], result: undefined };
  });
}

function queued(effect: Effect, spaceId: string, at: Moment): Change {
  return {
    kind: "effect.queued",
    effect: {
      id: at.newId(),
      effect,
      spaceId,
      dueAt: at.now,
      expiresAt: at.now + ADMIT_PATIENCE_MS,
      priority: ADMIT_PRIORITY,
    },
  };
}

/** Who pressed hears what came of it, and the card follows what Webex says then. */
export async function tellAdmitted(
  decisions: Decisions,
  { effect }: Pick<ClaimedRow, "id"> & { effect: Effect },
  result: LobbyResult,
  record: AttemptRecord,
): Promise<void> {
  if (effect.kind !== "lobby-admit") throw new Error("That has nothing to do with a lobby.");
  const { asker, hostName, spaceId } = effect;
  await decisions.anywhere({ kind: "effect", record }, (_state, at) => ({
    changes: [
      ...announceMembership(spaceId, asker, lobbyAnswer(asker.name, hostName, result), at),
      ...readSoon(asker.incidentId, result, at),
    ],
    result: undefined,
  }));
}

function readSoon(incidentId: string | undefined, { kind }: LobbyResult, at: Moment): Change[] {
  if (incidentId === undefined || kind !== "admitted") return [];
  return [{ kind: "attendance.due", incidentId, dueAt: at.now }];
}
