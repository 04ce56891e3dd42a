import type { KnownAdded } from "../../incident/add-responder";
import type { RemoveResult } from "../../incident/remove-responder";
import type { SwitchResult } from "../../incident/switch-channel";
import type { Responder, RosterEntry } from "../../roster/responder";
import { nameList, shown } from "./text";

/** "Eve and Finn are on the roster and are told now." */
export function addedSentence({ added, already, invited }: KnownAdded): string {
  const told = (invited?.people ?? 0) > 0 ? ` and ${are(added)} told now` : "";
  const external = already.filter(({ kind }) => kind === "external");
  const internal = already.filter(({ kind }) => kind === "internal");
  const unreachable = (invited?.unreachable ?? []).map(({ name, reason }) => `${name} (${reason})`);
  return sentences([
    added.length > 0 ? `${names(added)} ${are(added)} on the roster${told}.` : "",
    external.length > 0 ? `${names(external)} ${are(external)} on the roster already.` : "",
    internal.length > 0 ? `${names(internal)} ${are(internal)} in this space already.` : "",
    unreachable.length > 0 ? `Nobody can reach ${nameList(unreachable)}.` : "",
  ]);
}

/** "Eve is off the roster. Removing Ben from the space. Mia is a moderator of this space and stays." */
export function removedSentence(result: RemoveResult): string {
  const [removed, removing, moderators, notAllowed] = [
    respondersOf(result.removed),
    respondersOf(result.removing),
    respondersOf(result.moderators),
    respondersOf(result.notAllowed),
  ];
  const stay =
    moderators.length === 1
      ? "is a moderator of this space and stays"
      : "are moderators of this space and stay";
  return sentences([
    removed.length > 0 ? `${names(removed)} ${are(removed)} off the roster.` : "",
    removing.length > 0 ? `Removing ${names(removing)} from the space.` : "",
    moderators.length > 0 ? `${names(moderators)} ${stay}.` : "",
    notAllowed.length > 0
      ? `${names(notAllowed)} ${are(notAllowed)} still here: make me a moderator of this space ` +
        "(open People, choose Make moderator from the menu beside my name), and try again."
      : "",
  ]);
}

/** "Texts to Bo, Eve and 3 more are now on; Finn has no mobile number." */
export function switchedSentence(
  { switched, unchanged, withoutNumber }: SwitchResult,
  channel: "sms" | "voice",
  isOn: boolean,
): string {
  const what = channel === "sms" ? "Texts" : "Calls";
  const number = channel === "sms" ? "mobile number" : "number for calls";
  const state = isOn ? "on" : "off";
  const lacking = respondersOf(withoutNumber);
  const already = names(respondersOf(unchanged));
  const parts = [
    switched.length > 0 ? `${what} to ${names(respondersOf(switched))} are now ${state}` : "",
    already === "" ? "" : `${what.toLowerCase()} to ${already} are already ${state}`,
    lacking.length > 0
      ? `${names(lacking)} ${lacking.length === 1 ? "has" : "have"} no ${number}`
      : "",
  ];
  return `${capitalised(parts.filter((part) => part !== "").join("; "))}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function respondersOf(entries: readonly RosterEntry[]): Responder[] {
  return entries.map(({ responder }) => responder);
}

/** "Bo", "Bo and Eve", "Bo, Eve and 3 more". */
function names(responders: readonly Responder[]): string {
  const [one, other] = responders;
  if (one && other && responders.length === 2)
    return `${shown(one.name, 60)} and ${shown(other.name, 60)}`;
  return nameList(responders.map(({ name }) => name));
}

function are(responders: readonly Responder[]): string {
  return responders.length === 1 ? "is" : "are";
}

function sentences(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
