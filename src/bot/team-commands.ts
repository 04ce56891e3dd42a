import { UserError } from "../errors";
import type { Moment } from "../decision";
import { bringBackTeam } from "../incident/bring-back-team";
import type { Change } from "../incident/change";
import type { StartState } from "../incident/space-state";
import type { RosterEntry } from "../roster/responder";
import { replyText } from "./replies";
import { aboutOf, personOf, type Turn } from "./turn";
import { teamUsage } from "./views/sentences";
import { teamSentence } from "./views/team";

/** `team`: brings back the roster of the space's last incident. */
export async function team(turn: Turn, rest: string): Promise<void> {
  if (rest !== "") throw new UserError("team-usage", teamUsage());
  const about = { ...aboutOf(turn), withTeam: true };
  await turn.tools.decisions.forStart(turn.trigger, about, (state, at) => {
    const { changes, sentence } = teamBack(turn, state, at);
    return { changes: [...changes, replyText(turn, sentence, at)], result: undefined };
  });
}

/** The team's return, the sentence about it, and the space as it is after it. */
export function teamBack(
  turn: Turn,
  state: StartState,
  at: Moment,
): { changes: readonly Change[]; sentence: string; state: StartState } {
  const { botName, settings } = turn.tools;
  const input = { by: personOf(turn.actor), trigger: turn.via, settings };
  const { changes, result } = bringBackTeam(state, input, at);
  return {
    changes,
    sentence: teamSentence(result, botName),
    state: { ...state, roster: withBack(state.roster, result.back) },
  };
}

/** Who came back as a member of the space has that line instead of the one from before. */
function withBack(roster: readonly RosterEntry[], back: readonly RosterEntry[]): RosterEntry[] {
  const people = new Set(back.flatMap(({ responder }) => responder.personId ?? []));
  const others = roster.filter(({ responder }) => !people.has(responder.personId ?? ""));
  return [...others, ...back];
}
