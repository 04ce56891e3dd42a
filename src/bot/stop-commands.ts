import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { planStop, stopIncident, type Stopper, type StopResult } from "../incident/stop-incident";
import { replyCard, replyText } from "./replies";
import { useOnce } from "./start-commands";
import { postStatus, withIncident } from "./status-post";
import { aboutOf, personOf, type Turn } from "./turn";
import { botNotModerator, formExpired } from "./views/sentences";
import { stopConfirm } from "./views/stop-confirm";
import { people, shown } from "./views/text";

const CONFIRM_LIFE_MS = 5 * 60_000;

/** `stop incident`: asks how, with three buttons. */
export async function askToStop(turn: Turn): Promise<void> {
  const stopper = await stopperOf(turn);
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => {
    const { incident, toRemove, externals } = planStop(state, stopper);
    const leaving = [...toRemove, ...externals];
    const changes = replyCard(
      turn,
      "stop-confirm",
      (cardId) =>
        stopConfirm({
          cardId,
          spaceTitle: state.space.title,
          incident,
          removeCount: leaving.length,
          names: leaving.map((person) => person.name),
        }),
      at,
      { incidentId: incident.id, lifeMs: CONFIRM_LIFE_MS },
    );
    return { changes, result: undefined };
  });
}

/** The confirmation was pressed; whom to remove is worked out again. */
export async function stop(turn: Turn, removes: boolean): Promise<void> {
  const stopper = await stopperOf(turn);
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    const used = useOnce(turn, state, at);
    const incidentId = turn.card?.incidentId;
    if (incidentId === undefined) throw new UserError("card-unknown", formExpired());
    const { settings, botName } = turn.tools;
    const input = { incidentId, ...stopper, removes, settings };
    const { changes, result } = stopIncident(state, input, at);
    const after = { ...withIncident(state, result.incident, settings), progress: state.progress };
    const card = postStatus(after, { botName, settings }, at);
    return {
      changes: [...used, ...changes, replyText(turn, told(turn, result), at), ...card],
      result: undefined,
    };
  });
}

async function stopperOf(turn: Turn): Promise<Stopper> {
  return { by: personOf(turn.actor), operatorIds: await turn.tools.findOperators() };
}

function told(turn: Turn, result: StopResult): string {
  const { incident, removing, dropped, cannotRemove, endsMeeting } = result;
  const over = `**${shown(incident.name)}** (incident ${incident.number}) is over.`;
  const what = endsMeeting ? `${over} I end its meeting.` : over;
  if (cannotRemove) return `${what} ${botNotModerator(turn.tools.botName)}`;
  const parts = [
    removing > 0 ? `Removing ${people(removing)} from the space.` : "",
    dropped > 0
      ? `${people(dropped)} with a phone ${dropped === 1 ? "is" : "are"} off the roster.`
      : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? `${what} Everyone stays.` : `${what} ${parts.join(" ")}`;
}

export async function cancelStop(turn: Turn): Promise<void> {
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at: Moment) => {
    const used = useOnce(turn, state, at);
    const changes: Change[] = [...used, replyText(turn, "The incident goes on.", at)];
    return { changes, result: undefined };
  });
}
