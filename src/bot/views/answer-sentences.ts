import type { AnswerWord } from "../../incident/answer";
import type { Conference } from "../../notify/notification";
import { joinLines, joinView, openSpaceHint } from "./join";
import { bold, lines } from "./post";
import { incidentName, isOrAre, nameList, plain, shown } from "./text";

interface ShownIncident {
  name: string;
  number: number;
  isDrill: boolean;
}

/** What the buttons for an answer are called, on whichever card. */
export const answerTitles: Readonly<Record<AnswerWord, string>> = {
  coming: "On my way",
  declined: "Can't join",
};

/** For whoever sees the message without its buttons. */
export function howToAnswer(number: number): string {
  return `Write ${bold(`coming ${number}`)} or ${bold(`declined ${number}`)} to answer.`;
}

/** The one confirmation of an answer, with how to join and how to say otherwise. */
export function answerNoted(
  answer: AnswerWord,
  incident: ShownIncident & { conference?: Conference },
  spaceTitle: string,
): string {
  const name = `${bold(incidentName(incident))} (incident ${incident.number})`;
  if (answer === "declined")
    return lines([
      `Noted: you cannot join ${name}. I do not remind you of it by myself any more.`,
      changedMind("coming", incident.number),
    ]);
  return lines([
    `Noted: you are on your way to ${name}.`,
    ...joinLines(joinView(incident.conference, openSpaceHint(spaceTitle))),
    changedMind("declined", incident.number),
  ]);
}

function changedMind(other: AnswerWord, number: number): string {
  return `Changed your mind? Press ${answerTitles[other]}, or write ${bold(`${other} ${number}`)}.`;
}

/** An answer to an incident that was stopped; `incident` is it, as far as it is known. */
export function answerTooLate(incident: ShownIncident | undefined, runsAnother: boolean): string {
  const what = incident
    ? `${bold(incidentName(incident))} (incident ${incident.number})`
    : "That incident";
  const over = `${what} is over: nobody waits for you any more. Thank you all the same.`;
  return runsAnother ? `${over} Another one runs there now: answer what I wrote about it.` : over;
}

/** An answer by somebody who was taken off the roster. */
export function answerNotNeeded(incident: ShownIncident): string {
  return (
    `You are no longer on the roster of ${bold(incidentName(incident))} (incident ` +
    `${incident.number}), so you are not waited for. Thank you all the same.`
  );
}

/** For an answer written by who was called by none of the running incidents. */
export function nothingToAnswer(): string {
  return "No incident that runs now has called you, so there is nothing to answer. **help** shows what I can do.";
}

/** The question by which incident somebody means; `wrong` is a number that none of them has. */
export function whichIncident(
  answer: AnswerWord,
  incidents: readonly ShownIncident[],
  wrong?: number,
): string {
  const notThat = wrong === undefined ? "" : `Incident ${wrong} has not called you, or is over. `;
  const [only, ...others] = incidents;
  if (only && others.length === 0) return `${notThat}Do you mean ${named(only)}?`;
  const first = incidents.slice(0, MOST_NAMED).map(named).join(", ");
  const left = incidents.length - MOST_NAMED;
  const list = left > 0 ? `${first} and ${left} more` : first;
  const example = bold(`${answer} ${only?.number ?? ""}`);
  return `${notThat}You are called by ${list}. Which one do you mean? Press a button, or write its number: ${example}.`;
}

const MOST_NAMED = 10;

function named(incident: ShownIncident): string {
  return `${bold(incidentName(incident))} (${incident.number})`;
}

/** For words behind a short "yes" or "no", which may mean anything. */
export function areYouComing(incident: ShownIncident): string {
  return `I am not sure what you mean, so nothing is noted yet. Are you coming to ${named(incident)}?`;
}

/** For words that name somebody else. */
export function areYouComingYourself(incident: ShownIncident): string {
  return (
    `I am not sure whom you mean, so nothing is noted yet. Are you coming to ${named(incident)} ` +
    "yourself? For somebody else a moderator says it in the incident's space."
  );
}

/** The button for one of several incidents. */
export function answerButton(answer: AnswerWord, { name, number }: ShownIncident): string {
  return `${answerTitles[answer]}: ${number}, ${plain(name, 30)}`;
}

/** "Ana: Bo is coming.", for the space; `known` were down as that already. */
export function answeredFor(
  by: string,
  answer: AnswerWord,
  { fresh, known }: { fresh: readonly string[]; known: readonly string[] },
): string {
  const said =
    fresh.length === 0 ? "" : `${shown(by, 60)}: ${nameList(fresh)} ${is(answer, fresh)}.`;
  const before =
    known.length === 0
      ? ""
      : `${nameList(known)} ${isOrAre(known)} down as ${answer === "coming" ? "coming" : "not coming"} already.`;
  return [said, before].filter((part) => part !== "").join(" ");
}

function is(answer: AnswerWord, names: readonly string[]): string {
  return answer === "coming" ? `${isOrAre(names)} coming` : "cannot join";
}

/** For a card that somebody else was called with. */
export function notYourAnswer(): string {
  return "That was written to somebody else, so you cannot answer it.";
}
