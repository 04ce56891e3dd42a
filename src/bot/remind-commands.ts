import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { remind } from "../incident/remind";
import type { ProgressState, SpaceState } from "../incident/space-state";
import { runningIncident } from "../incident/stop-incident";
import type { Channel } from "../notify/notification";
import type { RosterEntry } from "../roster/responder";
import { entryById, findEntry } from "./find-entry";
import { replyText } from "./replies";
import { aboutOf, personOf, type Turn } from "./turn";
import { choosePerson } from "./views/sentences";
import { startedSentence } from "./views/started";

/** `remind <who>`, `remind all`, `remind waiting`. */
export async function remindByName(turn: Turn, who: string): Promise<void> {
  const whom = who.toLowerCase();
  if (whom === "all" || whom === "everyone" || whom === "everybody")
    return decideRemind(turn, (state) => undeclined(state));
  if (whom === "waiting")
    return decideRemind(turn, (state) => inGroup(state, ["waiting", "not-reached"]));
  return decideRemind(turn, (state) => [findEntry(state, who)]);
}

export function remindAll(turn: Turn): Promise<void> {
  return decideRemind(turn, (state) => undeclined(state));
}

/** The Remind button, for the responder chosen on the card. */
export function remindChosen(turn: Turn, responderId: string | undefined): Promise<void> {
  if (responderId === undefined) throw new UserError("who-missing", choosePerson());
  return decideRemind(turn, (state) => [entryById(state, responderId)]);
}

/** Send now, after a channel was switched on. */
export function sendNow(turn: Turn, responderId: string, channel: Channel): Promise<void> {
  return decideRemind(turn, (state) => [entryById(state, responderId)], [channel]);
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

const TWICE_MS = 10_000;

async function decideRemind(
  turn: Turn,
  choose: (state: ProgressState) => RosterEntry[],
  only?: readonly Channel[],
): Promise<void> {
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    runningIncident(state);
    const entries = choose(state);
    const names = entries.map((entry) => entry.responder.id).join(",");
    const twice = pressedTwice(turn, state, `remind ${names}`, at);
    if (twice === "same") return { changes: [], result: undefined };
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
    return { changes: [...twice, ...changes, replyText(turn, answer, at)], result: undefined };
  });
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
  if (!turn.card) return [];
  const press = `${turn.actor.personId} ${what}`;
  const recent = state.recentPresses.filter((one) => at.now - one.at < TWICE_MS);
  if (recent.some((one) => one.press === press)) return "same";
  const presses = [...recent, { press, at: at.now }];
  return [{ kind: "press.noted", spaceId: state.space.id, presses }];
}
