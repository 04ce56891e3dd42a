import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { whoIsSilent, type CloseResult } from "../incident/close-round";
import type { LostResult } from "../incident/lose-space";
import { silentSince, type RenotifyResult } from "../incident/renotify";
import type { IncidentSettings } from "../incident/settings";
import type { ProgressState, SpaceState } from "../incident/space-state";
import { canBeTexted } from "../incident/tell";
import type { Asker, Recipient } from "../notify/outbox-row";
import { newCard, say, type CardSubject } from "./replies";
import { postStatus } from "./status-post";
import { notice, type NoticeButton } from "./views/notice";
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
  return [...card, ...tellStarter(state, result, settings, at)];
}

type Closed = Extract<CloseResult, { kind: "closed" }>;

/** Nobody who is silent can be reminded any more: its starter hears who they are. */
export function announceGivenUp(
  state: ProgressState,
  result: RenotifyResult,
  { settings }: Pick<Announcer, "settings">,
  at: Moment,
): Change[] {
  if (result.kind !== "given-up") return [];
  const { incident } = result;
  const openedBy = incident.startedBy;
  const silent = { incident, openedBy, ...whoIsSilent(state), isLastAutomatic: true };
  return tellStarter(state, { kind: "closed", ...silent }, settings, at);
}

/**
 * In the space; once nobody is reminded any more by itself, also directly. That is said once of
 * what called them last: a moderator's own reminder brings it no second time.
 */
function tellStarter(
  state: ProgressState,
  result: Closed,
  settings: IncidentSettings,
  at: Moment,
): Change[] {
  const { counts, incident, isLastAutomatic, notReached, openedBy } = result;
  const silent = isLastAutomatic ? onlySilent(result) : [];
  if (notReached.length + silent.length === 0) return [];
  const told = roundClosed({
    told: counts.invited,
    total: counts.total,
    notReached,
    silent: silent.map((one) => one.name),
  });
  const responderIds = [...notReached, ...silent].map((one) => one.responderId);
  const buttons = buttonsFor(state, responderIds, settings);
  const { space } = state;
  const { personId, name } = openedBy;
  const mention = `<@personId:${personId}|${name.replace(/[|<>]/gu, " ")}> `;
  const toSpace = { kind: "space" as const, spaceId: space.id, fallbackPersonId: personId };
  const about = { spaceId: space.id, incidentId: incident.id, payload: { responderIds } };
  const word = { about, buttons, told, mention };
  if (!isLastAutomatic) return saysWhom(toSpace, word, at);
  const what = `**${incidentName(incident)}** in ${shown(space.title)}: ${told}`;
  const onceAs = `given-up:${incident.id}:${silentSince(state)}`;
  return [
    ...saysWhom(toSpace, { ...word, onceAs }, at),
    ...saysWhom(
      { kind: "person", personId },
      { about, buttons, told: what, onceAs: `${onceAs}:direct` },
      at,
    ),
  ];
}

/** What can be done about those people: to text only where one of them can be texted. */
function buttonsFor(
  { roster }: ProgressState,
  responderIds: readonly string[],
  settings: IncidentSettings,
): NoticeButton[] {
  const named = roster.filter(({ responder }) => responderIds.includes(responder.id));
  const text = named.some((entry) => canBeTexted(entry, settings))
    ? [{ title: "Text", action: "incident.text-form" }]
    : [];
  return [
    { title: "Remind", action: "incident.remind" },
    ...text,
    { title: "Mark coming", action: "answer.mark" },
  ];
}

/** Whom nothing reached is named with why. */
function onlySilent({ notReached, unanswered }: Closed): Closed["unanswered"] {
  return unanswered.filter((one) =>
    notReached.every(({ responderId }) => responderId !== one.responderId),
  );
}

interface Word {
  about: CardSubject;
  buttons: readonly NoticeButton[];
  told: string;
  mention?: string;
  /** See `say`. */
  onceAs?: string;
}

/** What was not well, with what can be done about it. */
function saysWhom(
  to: Recipient,
  { about, buttons, told, mention = "", onceAs }: Word,
  at: Moment,
): Change[] {
  const row = newCard("notice", about, at);
  const post = notice({
    cardId: row.id,
    sentence: told,
    buttons,
  });
  return [
    row.change,
    say(to, { ...post, markdown: mention + post.markdown }, at, {
      note: { cardId: row.id },
      isFollowing: true,
      patienceMs: PATIENCE_MS,
      ...(about.spaceId === undefined ? {} : { spaceId: about.spaceId }),
      ...(onceAs === undefined ? {} : { onceAs }),
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
