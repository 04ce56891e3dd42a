import { z } from "zod";
import { UserError } from "../errors";
import type { Moment } from "../decision";
import { recordAnswer, type AnswerResult, type AnswerWord } from "../incident/answer";
import type { Change } from "../incident/change";
import type { Invitation } from "../incident/invitation";
import { UnknownSpaceError } from "../incident/ports";
import type { ProgressState } from "../incident/space-state";
import { fold, foldedWords } from "../fold";
import type { Responder } from "../roster/responder";
import { isCalled } from "./find-entry";
import { isJustNow } from "./remind-commands";
import { replyNotice, replyText } from "./replies";
import type { Turn } from "./turn";
import {
  answerButton,
  answerNoted,
  answerNotNeeded,
  answerTitles,
  answerTooLate,
  areYouComing,
  areYouComingYourself,
  nothingToAnswer,
  notYourAnswer,
  whichIncident,
} from "./views/answer-sentences";
import type { NoticeButton } from "./views/notice";
import { formExpired } from "./views/sentences";

const MOST_BUTTONS = 5;
const MOST_INVITATIONS = 50;

/** On my way, Can't join, on what called a responder: only by them, however old it is. */
export function answerOnCard(turn: Turn, answer: AnswerWord): Promise<void> {
  const { incidentId, responderId, spaceId } = turn.card ?? {};
  if (incidentId === undefined || responderId === undefined || spaceId === undefined)
    throw new UserError("card-unknown", formExpired());
  return decide(turn, { incidentId, responderId, spaceId }, { answer, via: "card" });
}

/** `coming [number]`, `declined [number]`, written directly by who was called. */
export async function answerDirectly(turn: Turn, answer: AnswerWord, rest: string): Promise<void> {
  const invitations = await turn.tools.findInvitations(turn.actor);
  const [newest, ...others] = invitations;
  if (!newest) throw new UserError("nothing-to-answer", nothingToAnswer());
  const number = numberIn(rest);
  const meant = number === undefined ? newest : invitations.find((one) => one.number === number);
  if (!meant || (number === undefined && others.length > 0))
    return askWhich(turn, answer, invitations, meant ? undefined : number);
  if (number === undefined && isUnclear(turn.line, rest)) return askWhether(turn, newest);
  const words = number === undefined ? rest : "";
  return decide(turn, meant, {
    answer,
    via: "direct",
    question: questionWhose(turn, meant, words),
  });
}

const MOST_DIGITS = 9;

/** "42", "#42", "incident 42"; other words do not say which one. */
function numberIn(rest: string): number | undefined {
  const [, digits] = /^(?:incident )?#?(\d+)[.!]?$/iu.exec(rest) ?? [];
  return digits === undefined || digits.length > MOST_DIGITS ? undefined : Number(digits);
}

/** "No idea what this is" is no answer, while "coming, ten minutes" is one. */
function isUnclear(line: string, rest: string): boolean {
  return rest !== "" && /^\P{L}*(?:yes|y|no|n)\P{L}/iu.test(line);
}

/**
 * "Declined Bo" is what a moderator writes in a space: here it may be Bo's answer, or the writer's
 * own. Asks whose it is where somebody else may be named.
 */
function questionWhose(turn: Turn, invitation: Invitation, rest: string): Question {
  return ({ roster }, at) => {
    const others = roster.filter(({ responder }) => responder.id !== invitation.responderId);
    return others.some(({ responder }) => mayName(rest, responder))
      ? whether(turn, areYouComingYourself(invitation), invitation, at)
      : undefined;
  };
}

/** One of the words is a part of their name, or all of them begin such parts. */
function mayName(text: string, responder: Responder): boolean {
  const words = foldedWords(text);
  if (words.length === 0) return false;
  const parts = foldedWords(responder.name);
  return (
    isCalled(responder, fold(text)) ||
    words.some((word) => word.length > 1 && parts.includes(word)) ||
    words.every((word) => parts.some((part) => part.startsWith(word)))
  );
}

/** Buttons for the newest; the others are answered by their numbers. */
function askWhich(
  turn: Turn,
  answer: AnswerWord,
  invitations: readonly Invitation[],
  wrong?: number,
): Promise<void> {
  const buttons = invitations
    .slice(0, MOST_BUTTONS)
    .map((one) => button(answerButton(answer, one), answer, one));
  const sentence = whichIncident(answer, invitations, wrong);
  return askInstead(turn, (at) => asking(turn, { sentence, buttons }, invitations, at));
}

function askWhether(turn: Turn, invitation: Invitation): Promise<void> {
  return askInstead(turn, (at) => whether(turn, areYouComing(invitation), invitation, at));
}

function whether(turn: Turn, sentence: string, invitation: Invitation, at: Moment): Change[] {
  const buttons = (["coming", "declined"] as const).map((answer) =>
    button(answerTitles[answer], answer, invitation),
  );
  return asking(turn, { sentence, buttons }, [invitation], at);
}

function button(title: string, answer: AnswerWord, { number }: Invitation): NoticeButton {
  return { title, action: "answer.choose", data: { answer, incident: number } };
}

function asking(
  turn: Turn,
  content: { sentence: string; buttons: readonly NoticeButton[] },
  invitations: readonly Invitation[],
  at: Moment,
): Change[] {
  const { personId } = turn.actor;
  const payload = { invitations: invitations.slice(0, MOST_INVITATIONS) };
  return replyNotice(turn, content, at, { personId, payload });
}

async function askInstead(turn: Turn, question: (at: Moment) => Change[]): Promise<void> {
  await turn.tools.decisions.anywhere(turn.trigger, (_state, at) => ({
    changes: question(at),
    result: undefined,
  }));
}

const asked = z.object({
  invitations: z.array(
    z.object({
      incidentId: z.string(),
      number: z.number(),
      spaceId: z.string(),
      responderId: z.string(),
    }),
  ),
});

/** The answer for one of the incidents that a card asks about. */
export function answerChosen(turn: Turn, answer: AnswerWord, number: number): Promise<void> {
  const kept = asked.safeParse(turn.card?.payload);
  const meant = kept.data?.invitations.find((one) => one.number === number);
  if (!meant) throw new UserError("card-unknown", formExpired());
  return decide(turn, meant, { answer, via: "direct" });
}

type Meant = Pick<Invitation, "incidentId" | "responderId" | "spaceId">;

/** What is asked instead of taking an answer down, where it may not be one. */
type Question = (state: ProgressState, at: Moment) => Change[] | undefined;

async function decide(
  turn: Turn,
  { incidentId, responderId, spaceId }: Meant,
  { answer, question, via }: { answer: AnswerWord; via: "card" | "direct"; question?: Question },
): Promise<void> {
  const { decisions } = turn.tools;
  const cardId = turn.card?.id;
  const about = { spaceId, ...(cardId === undefined ? {} : { cardId }) };
  try {
    await decisions.withProgress(turn.trigger, about, (state, at) => {
      const before = state.progress.find(({ responder }) => responder.id === responderId);
      const personId = before?.responder.personId;
      if (personId !== undefined && personId !== turn.actor.personId)
        throw new UserError("not-your-answer", notYourAnswer());
      const input = { incidentId, responderIds: [responderId], answer, via };
      const { changes, result } = recordAnswer(state, input, at);
      const instead = result.kind === "recorded" ? question?.(state, at) : undefined;
      if (instead) return { changes: instead, result: undefined };
      // Two clicks in one breath are one answer, confirmed once.
      const isTwice =
        turn.via === "press" &&
        result.kind === "recorded" &&
        result.isRepeated &&
        isJustNow(before?.answer?.at, at);
      const told = isTwice ? [] : [replyText(turn, toldBack(state, result), at)];
      return { changes: [...changes, ...told], result: undefined };
    });
  } catch (error) {
    if (!(error instanceof UnknownSpaceError)) throw error;
    await overWithItsSpace(turn);
  }
}

function toldBack(state: ProgressState, result: AnswerResult): string {
  switch (result.kind) {
    case "recorded":
      return answerNoted(result.answer, result.incident, state.space.title);
    case "over":
      return answerTooLate(result.incident, state.incident !== undefined);
    case "not-there":
      return answerNotNeeded(result.incident);
  }
}

/** The bot is in that space no more, which has ended the incident. */
async function overWithItsSpace(turn: Turn): Promise<void> {
  await turn.tools.decisions.anywhere(turn.trigger, (_state, at: Moment) => {
    const changes: Change[] = [replyText(turn, answerTooLate(undefined, false), at)];
    return { changes, result: undefined };
  });
}
