import type { AnswerWord } from "../../incident/answer";
import { isOrAre, nameList, shown } from "./text";

/** Fits on a phone's screen beside others. */
const MOST_OF_TEXT = 500;

/** What somebody wrote from their phone, in their name. */
export function saidBySms(names: readonly string[], text: string, isLast: boolean): string {
  const said = `**${nameList(names)}**, by SMS: ${shown(text, MOST_OF_TEXT)}`;
  return isLast ? `${said}\n\nFurther texts from this phone are not shown for a while.` : said;
}

/** Several people have the phone that answered. */
export function answeredBySharedPhone(names: readonly string[], answer: AnswerWord): string {
  const what = answer === "coming" ? "coming" : "not coming";
  return `A text from the phone that ${nameList(names)} share says that they ${isOrAre(names)} ${what}.`;
}

export function tellUsage(): string {
  return "Write what I shall tell everybody: **tell the bridge has moved to room 4**.";
}

export function textUsage(): string {
  return "Write to whom, and what: **text Bo Alm please call Ana**.";
}

export function nobodyToTell(): string {
  return "There is nobody to tell: nobody was invited who has not declined.";
}

export function textedSentence(names: readonly string[]): string {
  return `Texting ${nameList(names)}.`;
}

/** For a form without a message. */
export function writeMessage(): string {
  return "Write what I shall text.";
}

/** For a card that names people of whom each has answered since. */
export function allAnswered(): string {
  return "Whoever is named there has answered by now.";
}

/** For a card that names several people. */
export function nobodyToText(): string {
  return (
    "None of them can be texted: they have no number for it, take no texts, or their texts are " +
    "switched off. **status** shows which."
  );
}

/** To somebody who wrote `sms Bo please call`. */
export function textMeant(rest: string): string {
  return `To write to somebody: **text ${shown(rest)}**.`;
}
