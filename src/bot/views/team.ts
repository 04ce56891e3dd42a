import type { TeamResult } from "../../incident/bring-back-team";
import { botNotModerator } from "./sentences";
import { isOrAre, shown } from "./text";

const MOST_NAMES = 10;
const andList = new Intl.ListFormat("en", { type: "conjunction" });

/** "Eve and Bo are back on the roster. Adding Cleo. Dora was deleted." */
export function teamSentence(result: TeamResult, botName: string): string {
  const { incident, back, adding, notAllowed, deleted, isInvited } = result;
  if (!incident) return "No incident was stopped in this space yet, so there is no team.";
  const names = back.map(({ responder }) => responder.name);
  const told = isInvited ? ` and ${names.length === 1 ? "is" : "are"} told now` : "";
  const parts = [
    names.length > 0 ? `${listed(names)} ${isOrAre(names)} back on the roster${told}.` : "",
    adding.length > 0 ? `Adding ${listed(adding)}.` : "",
    notAllowed.length > 0 ? `Not added: ${listed(notAllowed)}. ${botNotModerator(botName)}` : "",
    deleted.length > 0 ? `${listed(deleted)} ${wasOrWere(deleted)} deleted.` : "",
  ].filter((part) => part !== "");
  if (parts.length > 0) return parts.join(" ");
  return `Everybody of the team of incident ${incident.number} is here already.`;
}

/** "Bring back the team of incident 41 (12 people)". */
export function teamButton(incident: { number: number }, size: number): string {
  return `Bring back the team of incident ${incident.number} (${size} ${size === 1 ? "person" : "people"})`;
}

function wasOrWere(names: readonly string[]): string {
  return names.length === 1 ? "was" : "were";
}

function listed(names: readonly string[]): string {
  const some = names.slice(0, MOST_NAMES).map((name) => shown(name, 60));
  const left = names.length - some.length;
  return andList.format(left > 0 ? [...some, `${left} more`] : some);
}
