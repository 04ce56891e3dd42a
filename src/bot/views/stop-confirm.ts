import type { Post } from "../../notify/notification";
import template from "../../../cards/stop-confirm.json";
import { bold, cardPost } from "./post";
import { eyebrow, incidentName, nameList, people } from "./text";

export interface StopConfirmInput {
  cardId: string;
  spaceTitle: string;
  incident: { name: string; number: number; isDrill: boolean };
  /** How many people would leave the space or the roster. */
  removeCount: number;
  /** Their names; the first ten are shown. */
  names: readonly string[];
}

/** Asks how to stop. Nobody is removed at the end of a drill, so that is then not offered. */
export function stopConfirm(input: StopConfirmInput): Post {
  const removeCount = input.incident.isDrill ? 0 : input.removeCount;
  const data = {
    cardId: input.cardId,
    eyebrow: eyebrow(input.incident.number, input.spaceTitle),
    name: incidentName(input.incident),
    removeCount,
    removal: `${people(removeCount)} can be removed`,
    names: nameList(input.names, 10, removeCount),
    note: note(removeCount, input.incident.isDrill),
  };
  return cardPost(template, data, [
    `${bold(`Stop “${data.name}”?`)} ${data.eyebrow}`,
    removeCount > 0 ? `${data.removal}: ${data.names}` : undefined,
    data.note,
  ]);
}

function note(removeCount: number, isDrill: boolean): string {
  if (isDrill) return "This is a drill: nobody is removed at its end.";
  if (removeCount === 0) return "There is nobody to remove: moderators stay.";
  return "Moderators stay in any case. These buttons work once, for five minutes.";
}
