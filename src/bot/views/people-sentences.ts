import type { KnownAdded } from "../../incident/add-externals";
import type { RemoveResult } from "../../incident/remove-responder";
import type { SwitchResult } from "../../incident/switch-channel";
import type { Responder, RosterEntry } from "../../roster/responder";
import { isOrAre, nameList, shown } from "./text";

export interface Added extends KnownAdded {
  /** Names of those whom Webex is asked to take into the space. */
  adding?: readonly string[];
  /** Names of those whom Webex has taken in before. */
  here?: readonly string[];
}

/** "Eve and Finn are on the roster and are told now. Adding Ana." */
export function addedSentence({ adding = [], here = [], ...known }: Added): string {
  const { added, already, invited } = known;
  const told = (invited?.people ?? 0) > 0 ? ` and ${are(added)} told now` : "";
  const external = already.filter(({ kind }) => kind === "external");
  const internal = already.filter(({ kind }) => kind === "internal").map(({ name }) => name);
  const inSpace = [...internal, ...here];
  const unreachable = (invited?.unreachable ?? []).map(({ name, reason }) => `${name} (${reason})`);
  return sentences([
    added.length > 0 ? `${names(added)} ${are(added)} on the roster${told}.` : "",
    external.length > 0 ? `${names(external)} ${are(external)} on the roster already.` : "",
    inSpace.length > 0 ? `${named(inSpace)} ${isOrAre(inSpace)} in this space already.` : "",
    adding.length > 0 ? `Adding ${named(adding)}.` : "",
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
  { stopped, switched, unblocked, unchanged, withoutNumber }: SwitchResult,
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
    unblocked.length > 0
      ? `the provider let no texts to ${names(respondersOf(unblocked))} pass, they are tried again`
      : "",
    stopped.length > 0
      ? `${names(respondersOf(stopped))} replied STOP, so no text goes there until START comes from that phone`
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
  return named(responders.map(({ name }) => name));
}

function named(list: readonly string[]): string {
  const [one, other] = list;
  if (one !== undefined && other !== undefined && list.length === 2)
    return `${shown(one, 60)} and ${shown(other, 60)}`;
  return nameList(list);
}

function are(responders: readonly Responder[]): string {
  return responders.length === 1 ? "is" : "are";
}

function sentences(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
