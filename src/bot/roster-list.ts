import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { ProgressState } from "../incident/space-state";
import { pressedTwice } from "./remind-commands";
import { cardDirectly, replyText } from "./replies";
import { aboutOf, type Turn } from "./turn";
import { roster } from "./views/roster";
import { formExpired, listSentDirectly } from "./views/sentences";

/** "All 200" on the status card: everybody, page by page, to the person who pressed. */
export function showEverybody(turn: Turn): Promise<void> {
  return showPage(turn, 0);
}

/** Next, Previous: another page, as things stand now. */
export async function showPage(turn: Turn, page: number): Promise<void> {
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    const what = `roster ${turn.card?.id ?? ""} ${page}`;
    const twice = pressedTwice(turn, state, what, at);
    if (twice === "same") return { changes: [], result: undefined };
    return { changes: [...twice, ...listDirectly(turn, state, page, at)], result: undefined };
  });
}

function listDirectly(turn: Turn, state: ProgressState, page: number, at: Moment): Change[] {
  const { latest, progress, space } = state;
  // A list of an incident before this one would be taken for this one's.
  if (!latest || (turn.card?.kind === "roster" && turn.card.incidentId !== latest.id))
    throw new UserError("card-unknown", formExpired());
  const sent = cardDirectly(
    turn,
    "roster",
    (cardId) =>
      roster({ cardId, spaceTitle: space.title, incident: latest, progress, page, at: at.now }),
    at,
    { incidentId: latest.id },
  );
  return turn.saidIn.kind === "group" ? [...sent, replyText(turn, listSentDirectly(), at)] : sent;
}
