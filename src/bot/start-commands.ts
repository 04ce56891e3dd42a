import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { renameIncident } from "../incident/rename-incident";
import { missingTeam } from "../incident/bring-back-team";
import { startIncident, type StartInput, type StartResult } from "../incident/start-incident";
import type { StartState } from "../incident/space-state";
import { reply, replyCard, replyNotice, replyText } from "./replies";
import { postStatus, withIncident } from "./status-post";
import { teamBack } from "./team-commands";
import { offeringTell } from "./tell-commands";
import { aboutOf, personOf, type Turn } from "./turn";
import { lines } from "./views/post";
import { alreadyRunning, formExpired } from "./views/sentences";
import { startForm } from "./views/start-form";
import { started } from "./views/started";
import { teamButton } from "./views/team";
import { shown } from "./views/text";

/** `start incident <name>`; without a name, the form. */
export async function start(turn: Turn, name: string, isConfirmed = false): Promise<void> {
  if (name === "") return offerStartForm(turn);
  await turn.tools.decisions.forStart(turn.trigger, aboutOf(turn), (state, at) => {
    const used = isConfirmed ? useOnce(turn, state, at) : [];
    const { changes, result } = startIncident(state, startInput(turn, name, isConfirmed), at);
    return {
      changes: [...used, ...changes, ...tellStart(turn, state, name, result, at)],
      result: undefined,
    };
  });
}

/** The form that came back: started, or the form again with the reason at the field. */
export async function submitStartForm(turn: Turn, name: string): Promise<void> {
  try {
    await turn.tools.decisions.forStart(turn.trigger, aboutOf(turn), (state, at) => {
      const used = useOnce(turn, state, at);
      const { changes, result } = startIncident(state, startInput(turn, name, false), at);
      const told = tellStart(turn, state, name, result, at);
      return { changes: [...used, ...changes, ...told], result: undefined };
    });
  } catch (error) {
    if (!(error instanceof UserError) || !error.code.startsWith("name-")) throw error;
    await offerStartForm(turn, { name, error: error.message });
  }
}

/** Marks a form as used, in the decision that its press causes; a second press is refused. */
export function useOnce(turn: Turn, state: { card?: { usedAt?: number } }, at: Moment): Change[] {
  if (!turn.card) return [];
  if (state.card?.usedAt !== undefined) throw new UserError("card-used", formExpired());
  return [{ kind: "card.used", cardId: turn.card.id, at: at.now }];
}

export async function offerStartForm(
  turn: Turn,
  again: { name?: string; error?: string } = {},
): Promise<void> {
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => ({
    changes: state.incident
      ? tellRunning(turn, state.incident, at)
      : replyCard(turn, "start-form", (cardId) => startForm({ cardId, ...again }), at),
    result: undefined,
  }));
}

function tellStart(
  turn: Turn,
  state: StartState,
  name: string,
  result: StartResult,
  at: Moment,
  ...more: readonly string[]
): Change[] {
  if (result.kind === "already-running") return tellRunning(turn, result.incident, at);
  if (result.kind === "nobody-to-tell") return askWhoElse(turn, state, name, at);
  const { incident, counts, isWaitingForConference } = result;
  const { settings, botName } = turn.tools;
  const { markdown } = started({ incident, counts, unreachable: counts.unreachable });
  const post = { markdown: lines([markdown, ...more]) };
  return [
    reply(turn, post, at, { threadOfIncident: incident.id }),
    ...postStatus(
      withIncident(state, incident, settings),
      { botName, settings, isWaitingForConference, fallbackPersonId: turn.actor.personId },
      at,
    ),
  ];
}

function tellRunning(
  turn: Turn,
  incident: { id: string; name: string; number: number },
  at: Moment,
): Change[] {
  return replyNotice(
    turn,
    {
      sentence: alreadyRunning(incident),
      input: { id: "name", label: "New name", placeholder: incident.name },
      buttons: [
        { title: "Remind everyone", action: "incident.remind-all" },
        { title: "Rename", action: "incident.rename" },
      ],
    },
    at,
    { incidentId: incident.id },
  );
}

function askWhoElse(turn: Turn, state: StartState, name: string, at: Moment): Change[] {
  const { outside, people } = missingTeam(state);
  const size = outside.length + people.length;
  const { lastTeam } = state;
  const offer =
    lastTeam && size > 0
      ? [{ title: teamButton(lastTeam.incident, size), action: "incident.start-team" }]
      : [];
  return replyNotice(
    turn,
    {
      sentence:
        "There is nobody to tell besides you: nobody else is in this space or on its roster. " +
        "Add people first, or start all the same.",
      buttons: [
        ...offer,
        { title: "Start all the same", action: "incident.start-alone" },
        { title: "Add someone with a phone", action: "roster.external-form" },
      ],
    },
    at,
    { payload: { name } },
  );
}

/**
 * Brings the last team back and starts with it, in one press: externals are told by the start, and
 * Webex people as soon as Webex has let them in.
 */
export async function startWithTeam(turn: Turn, name: string): Promise<void> {
  const about = { ...aboutOf(turn), withTeam: true };
  await turn.tools.decisions.forStart(turn.trigger, about, (before, at) => {
    const used = useOnce(turn, before, at);
    const { changes: back, sentence, state } = teamBack(turn, before, at);
    const { changes, result } = startIncident(state, startInput(turn, name, true), at);
    const told =
      result.kind === "already-running"
        ? [replyText(turn, sentence, at), ...tellRunning(turn, result.incident, at)]
        : tellStart(turn, state, name, result, at, sentence);
    return { changes: [...used, ...back, ...changes, ...told], result: undefined };
  });
}

function startInput(turn: Turn, name: string, isConfirmed: boolean): StartInput {
  return {
    name,
    by: personOf(turn.actor),
    trigger: turn.via,
    isConfirmed,
    isFreshlyRead: turn.isFreshlyRead,
    settings: turn.tools.settings,
  };
}

/** `rename incident <name>`. */
export async function rename(turn: Turn, name: string): Promise<void> {
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    const renamed = renameIncident(state, { name, by: personOf(turn.actor) }, at);
    const { before } = renamed.result;
    const answer = `Incident ${before.number} is now **${shown(renamed.result.name)}**. Texts from now on say so.`;
    return {
      changes: [...renamed.changes, ...offeringTell(turn, state, answer, at)],
      result: undefined,
    };
  });
}
