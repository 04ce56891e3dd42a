import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { CloseResult } from "../incident/close-round";
import type { LostResult } from "../incident/lose-space";
import type { IncidentSettings } from "../incident/settings";
import type { ProgressState, SpaceState } from "../incident/space-state";
import type { Asker, Recipient } from "../notify/outbox-row";
import { newCard, say } from "./replies";
import { postStatus } from "./status-post";
import { notice } from "./views/notice";
import { roundClosed } from "./views/started";
import { people, shown } from "./views/text";

const PATIENCE_MS = 30 * 60_000;

export interface Announcer {
  botName: string;
  settings: IncidentSettings;
}

/** A round has closed: the card anew, and a word to the starter if something is not well. */
export function announceRoundClosed(
  state: ProgressState,
  result: CloseResult,
  { botName, settings }: Announcer,
  at: Moment,
): Change[] {
  if (result.kind !== "closed" || result.incident.state !== "running") return [];
  const card = postStatus(state, { botName, settings }, at);
  if (result.notReached.length === 0) return card;
  return [...card, ...tellStarter(state, result, at)];
}

function tellStarter(
  state: ProgressState,
  result: Extract<CloseResult, { kind: "closed" }>,
  at: Moment,
): Change[] {
  const { incident, counts, notReached, openedBy } = result;
  const row = newCard("notice", { spaceId: state.space.id, incidentId: incident.id }, at);
  const told = roundClosed({ reached: counts.invited, total: counts.total, notReached });
  const post = notice({
    cardId: row.id,
    sentence: told.replace("reached", "told"),
    buttons: [{ title: "Remind everyone", action: "incident.remind-all" }],
  });
  const { personId, name } = openedBy;
  const mention = `<@personId:${personId}|${name.replace(/[|<>]/gu, " ")}> `;
  return [
    row.change,
    say(
      { kind: "space", spaceId: state.space.id, fallbackPersonId: personId },
      { ...post, markdown: mention + post.markdown },
      at,
      {
        note: { cardId: row.id },
        isFollowing: true,
        patienceMs: PATIENCE_MS,
        spaceId: state.space.id,
      },
    ),
  ];
}

/** The space is gone while an incident ran: its starter hears of it directly, with the counts. */
export function announceSpaceLost(state: SpaceState, result: LostResult, at: Moment): Change[] {
  if (result.kind === "quiet") return [];
  const { incident, counts } = result;
  const markdown =
    `I am no longer in the space **${shown(state.space.title)}**, so incident ${incident.number}, ` +
    `**${shown(incident.name)}**, is stopped. ${counts.invited} of ${people(counts.total)} ` +
    "were told; nothing more is sent.";
  return [
    say({ kind: "person", personId: incident.startedBy.personId }, { markdown }, at, {
      patienceMs: PATIENCE_MS,
    }),
  ];
}

/** What came of adding or removing somebody, for the space that asked, or who asked directly. */
export function announceMembership(
  spaceId: string,
  asker: Asker,
  sentence: string,
  at: Moment,
): Change[] {
  const to: Recipient = asker.isDirect
    ? { kind: "person", personId: asker.personId }
    : { kind: "space", spaceId, fallbackPersonId: asker.personId };
  return [say(to, { markdown: sentence }, at, { patienceMs: PATIENCE_MS, spaceId })];
}
