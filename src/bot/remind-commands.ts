import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { remind } from "../incident/remind";
import type { ProgressState, SpaceState } from "../incident/space-state";
import type { Channel } from "../notify/notification";
import type { RosterEntry } from "../roster/responder";
import { forThoseMeant, type Whom } from "./ask-which";
import { incidentOfCard } from "./card-incident";
import { entriesStillThere } from "./find-entry";
import { replyText } from "./replies";
import { personOf, type Turn } from "./turn";
import { startedSentence } from "./views/started";
import { whileRunning } from "./while-running";

/** `remind <who>`, `remind all`, `remind waiting`. */
export async function remindByName(turn: Turn, who: string): Promise<void> {
  const whom = who.toLowerCase();
  if (whom === "all" || whom === "everyone" || whom === "everybody")
    return whileRunning(turn, (state, at) => remindThem(turn, state, undeclined(state), at));
  if (whom === "waiting")
    return whileRunning(turn, (state, at) => {
      const waiting = inGroup(state, ["waiting", "not-reached"]);
      return remindThem(turn, state, waiting, at);
    });
  return remindMeant(turn, { name: who });
}

export function remindAll(turn: Turn): Promise<void> {
  return whileRunning(turn, (state, at) => remindThem(turn, state, undeclined(state), at));
}

/** The Remind button, for the responders chosen on the card. */
export function remindChosen(turn: Turn, ids: readonly string[]): Promise<void> {
  return remindMeant(turn, { ids });
}

function remindMeant(turn: Turn, whom: Whom): Promise<void> {
  return whileRunning(turn, (state, at) =>
    forThoseMeant(turn, state, { whom, doing: { verb: "remind" } }, at, (entries) =>
      remindThem(turn, state, entries, at),
    ),
  );
}

/** Send now, after a channel was switched on; who left the roster since is not asked for again. */
export function sendNow(turn: Turn, ids: readonly string[], channel: Channel): Promise<void> {
  return whileRunning(turn, (state, at) =>
    remindThem(turn, state, entriesStillThere(state, ids), at, [channel]),
  );
}

/** Remind, on a card that names people; of an incident before this one it says nothing any more. */
export function remindNamed(turn: Turn, ids: readonly string[]): Promise<void> {
  return whileRunning(turn, (state, at) => {
    incidentOfCard(turn, state);
    return remindThem(turn, state, entriesStillThere(state, ids), at);
  });
}

function undeclined(state: ProgressState): RosterEntry[] {
  return inGroup(state, ["waiting", "not-reached", "coming"]);
}

function inGroup(state: ProgressState, groups: readonly string[]): RosterEntry[] {
  const wanted = new Set(
    state.progress.filter((one) => groups.includes(one.group)).map((one) => one.responder.id),
  );
  return state.roster.filter((entry) => wanted.has(entry.responder.id));
}

function remindThem(
  turn: Turn,
  state: ProgressState,
  entries: readonly RosterEntry[],
  at: Moment,
  only?: readonly Channel[],
): Change[] {
  const what = ["remind", idsOf(entries), ...(only ?? [])].join(" ");
  const twice = pressedTwice(turn, state, what, at);
  if (twice === "same") return [];
  const { changes, result } = remind(
    state,
    {
      entries,
      by: personOf(turn.actor),
      trigger: turn.via,
      settings: turn.tools.settings,
      ...(only ? { only } : {}),
    },
    at,
  );
  const { counts } = result;
  const answer =
    counts.people === 0 && counts.unreachable.length === 0
      ? "There is nobody to remind."
      : `Sending again to ${startedSentence({ counts, unreachable: counts.unreachable })}.`;
  return [...twice, ...changes, replyText(turn, answer, at)];
}

/** The same text for the same people, in whichever order they were chosen. */
export function idsOf(entries: readonly RosterEntry[]): string {
  return entries
    .map(({ responder }) => responder.id)
    .sort()
    .join(",");
}

const TWICE_MS = 10_000;

/** So short ago that the same again is the same, pressed twice; never where there was nothing. */
export function isJustNow(then: number | undefined, { now }: Moment): boolean {
  return then !== undefined && now - then < TWICE_MS;
}

/**
 * A button that may be pressed again and again: the same by the same person for the same targets
 * within ten seconds is one press, also on the card that replaced the first one's.
 */
export function pressedTwice(
  turn: Turn,
  state: Pick<SpaceState, "space" | "recentPresses">,
  what: string,
  at: Moment,
): Change[] | "same" {
  // A card that works once needs no guard.
  if (!turn.card || turn.card.kind === "pick") return [];
  const press = `${turn.actor.personId} ${what}`;
  const recent = state.recentPresses.filter((one) => isJustNow(one.at, at));
  if (recent.some((one) => one.press === press)) return "same";
  const presses = [...recent, { press, at: at.now }];
  return [{ kind: "press.noted", spaceId: state.space.id, presses }];
}
