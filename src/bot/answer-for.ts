import { UserError } from "../errors";
import type { Moment } from "../decision";
import { recordAnswer, type AnswerWord } from "../incident/answer";
import type { Change } from "../incident/change";
import type { Incident } from "../incident/incident";
import type { ProgressState } from "../incident/space-state";
import { runningIncident } from "../incident/stop-incident";
import type { RosterEntry } from "../roster/responder";
import { askWhichOf, forThoseMeant, type Whom } from "./ask-which";
import { incidentOfCard } from "./card-incident";
import { entriesStillThere } from "./find-entry";
import { isJustNow } from "./remind-commands";
import { replyText, sayInSpace } from "./replies";
import { aboutOf, personOf, type Turn } from "./turn";
import { answeredFor } from "./views/answer-sentences";
import { formExpired } from "./views/sentences";

/** `coming <who>`, `declined <who>`: a moderator says it for somebody. */
export function answerByName(turn: Turn, answer: AnswerWord, who: string): Promise<void> {
  return answerFor(turn, answer, { name: who });
}

/** Those chosen on a card; `incidentId` is the one that the card asked about. */
export function answerForChosen(
  turn: Turn,
  answer: AnswerWord,
  ids: readonly string[],
  incidentId = turn.card?.incidentId,
): Promise<void> {
  return answerFor(turn, answer, { ids }, incidentId);
}

async function answerFor(
  turn: Turn,
  answer: AnswerWord,
  whom: Whom,
  incidentId?: string,
): Promise<void> {
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    const incident = thatIncident(state, incidentId);
    const doing = { verb: "answer", answer, incidentId: incident.id } as const;
    const changes = forThoseMeant(turn, state, { whom, doing }, at, (entries) =>
      recordFor(turn, state, { answer, entries, incident }, at),
    );
    return { changes, result: undefined };
  });
}

/** A card of an incident before this one says nothing about this one. */
function thatIncident(state: ProgressState, incidentId: string | undefined): Incident {
  const incident = runningIncident(state);
  if (incidentId !== undefined && incidentId !== incident.id)
    throw new UserError("card-unknown", formExpired());
  return incident;
}

/**
 * Mark coming, on a card that names people who were not reached: at once where there is only one,
 * else it asks who of them. Who left the roster since is not asked about.
 */
export async function markNamed(turn: Turn, ids: readonly string[]): Promise<void> {
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    const incident = incidentOfCard(turn, state);
    const entries = entriesStillThere(state, ids);
    const doing = { verb: "answer", answer: "coming", incidentId: incident.id } as const;
    const changes =
      entries.length === 1
        ? recordFor(turn, state, { answer: "coming", entries, incident }, at)
        : askWhichOf(turn, doing, entries, at);
    return { changes, result: undefined };
  });
}

interface AnswerForThem {
  answer: AnswerWord;
  entries: readonly RosterEntry[];
  incident: Incident;
}

function recordFor(
  turn: Turn,
  state: ProgressState,
  { answer, entries, incident }: AnswerForThem,
  at: Moment,
): Change[] {
  const by = personOf(turn.actor);
  const responderIds = entries.map(({ responder }) => responder.id);
  const before = state.progress.filter(({ responder }) => responderIds.includes(responder.id));
  const input = { incidentId: incident.id, responderIds, answer, via: "moderator", by } as const;
  const { changes, result } = recordAnswer(state, input, at);
  const isSaid = (one: (typeof before)[number]): boolean => one.answer?.answer === answer;
  const justNow = before.every((one) => isSaid(one) && isJustNow(one.answer?.at, at));
  // The same button, pressed twice in one breath.
  if (turn.via === "press" && result.kind === "recorded" && result.isRepeated && justNow) return [];
  const names = (wanted: boolean): string[] =>
    before.filter((one) => isSaid(one) === wanted).map((one) => one.responder.name);
  const sentence = answeredFor(by.name, answer, { fresh: names(false), known: names(true) });
  return [...changes, ...tell(turn, sentence, at)];
}

/** The space hears it wherever it was pressed. */
function tell(turn: Turn, sentence: string, at: Moment): Change[] {
  const inSpace = sayInSpace(turn, sentence, at);
  return turn.saidIn.kind === "group" ? [inSpace] : [inSpace, replyText(turn, sentence, at)];
}
