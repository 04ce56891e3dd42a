import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { whoIsSilent, type CloseResult } from "../incident/close-round";
import type { LostResult } from "../incident/lose-space";
import type { RenotifyResult } from "../incident/renotify";
import type { IncidentSettings } from "../incident/settings";
import type { ProgressState, SpaceState } from "../incident/space-state";
import type { Asker, Recipient } from "../notify/outbox-row";
import { newCard, say, type CardSubject } from "./replies";
import { postStatus } from "./status-post";
import { notice } from "./views/notice";
import { roundClosed } from "./views/started";
import { incidentName, people, shown } from "./views/text";

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
  return [...card, ...tellStarter(state, result, at)];
}

type Closed = Extract<CloseResult, { kind: "closed" }>;

/** Nobody who is silent can be reminded any more: its starter hears who they are. */
export function announceGivenUp(
  state: ProgressState,
  result: RenotifyResult,
  at: Moment,
): Change[] {
  if (result.kind !== "given-up") return [];
  const { incident } = result;
  const openedBy = incident.startedBy;
  const silent = { incident, openedBy, ...whoIsSilent(state), isLastAutomatic: true };
  return tellStarter(state, { kind: "closed", ...silent }, at);
}

/** In the space; once nobody is reminded any more by itself, also directly. */
function tellStarter(state: ProgressState, result: Closed, at: Moment): Change[] {
  const { counts, incident, isLastAutomatic, notReached, openedBy } = result;
  const silent = isLastAutomatic ? onlySilent(result) : [];
  if (notReached.length + silent.length === 0) return [];
  const told = roundClosed({
    reached: counts.invited,
    total: counts.total,
    notReached,
    silent: silent.map((one) => one.name),
  }).replace("reached", "told");
  const responderIds = [...notReached, ...silent].map((one) => one.responderId);
  const { space } = state;
  const { personId, name } = openedBy;
  const mention = `<@personId:${personId}|${name.replace(/[|<>]/gu, " ")}> `;
  const toSpace = { kind: "space" as const, spaceId: space.id, fallbackPersonId: personId };
  const about = { spaceId: space.id, incidentId: incident.id, payload: { responderIds } };
  const inSpace = saysWhom(toSpace, { about, told, mention }, at);
  if (!isLastAutomatic) return inSpace;
  const what = `**${incidentName(incident)}** in ${shown(space.title)}: ${told}`;
  return [...inSpace, ...saysWhom({ kind: "person", personId }, { about, told: what }, at)];
}

/** Whom nothing reached is named with why. */
function onlySilent({ notReached, unanswered }: Closed): Closed["unanswered"] {
  return unanswered.filter((one) =>
    notReached.every(({ responderId }) => responderId !== one.responderId),
  );
}

/** What was not well, with what can be done about it. */
function saysWhom(
  to: Recipient,
  { about, told, mention = "" }: { about: CardSubject; told: string; mention?: string },
  at: Moment,
): Change[] {
  const row = newCard("notice", about, at);
  const post = notice({
    cardId: row.id,
    sentence: told,
    buttons: [
      { title: "Remind", action: "incident.remind" },
      { title: "Mark coming", action: "answer.mark" },
    ],
  });
  return [
    row.change,
    say(to, { ...post, markdown: mention + post.markdown }, at, {
      note: { cardId: row.id },
      isFollowing: true,
      patienceMs: PATIENCE_MS,
      ...(about.spaceId === undefined ? {} : { spaceId: about.spaceId }),
    }),
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
