import { UserError } from "../errors";
import { fold } from "../fold";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { ProgressState } from "../incident/space-state";
import { tell, textOne } from "../incident/tell";
import type { RosterEntry } from "../roster/responder";
import { forThoseMeant } from "./ask-which";
import { incidentOfCard } from "./card-incident";
import { fittingEntries, isCalled } from "./find-entry";
import { pressedTwice } from "./remind-commands";
import { replyNotice, replyText } from "./replies";
import { personOf, type Turn } from "./turn";
import { countsSentence } from "./views/started";
import { nobodyToTell, tellUsage, textedSentence, textUsage } from "./views/text-sentences";
import { whileRunning } from "./while-running";

/** `tell <message>`: to everybody invited who has not declined, by Webex and SMS. */
export async function tellAll(turn: Turn, words: string): Promise<void> {
  if (words === "") throw new UserError("words-missing", tellUsage());
  await whileRunning(turn, (state, at) => told(turn, state, words, at));
}

/** The button after a new name or a new conference: everybody gets what is true now. */
export async function tellDetails(turn: Turn): Promise<void> {
  await whileRunning(turn, (state, at) => {
    incidentOfCard(turn, state);
    const twice = pressedTwice(turn, state, "tell details", at);
    return twice === "same" ? [] : [...twice, ...told(turn, state, undefined, at)];
  });
}

function told(turn: Turn, state: ProgressState, words: string | undefined, at: Moment): Change[] {
  const { changes, result } = tell(
    state,
    {
      by: personOf(turn.actor),
      trigger: turn.via,
      settings: turn.tools.settings,
      ...(words === undefined ? {} : { words }),
    },
    at,
  );
  const { counts } = result;
  const answer = counts.people === 0 ? nobodyToTell() : `Telling ${countsSentence(counts)}.`;
  return [...changes, replyText(turn, answer, at)];
}

/** `text <who> <message>`: one text to one person, whose name is the beginning of what was written. */
export async function textByName(turn: Turn, rest: string): Promise<void> {
  await whileRunning(turn, (state, at) => {
    const { who, words } = splitWho(state, rest);
    const doing = { verb: "text", words } as const;
    return forThoseMeant(turn, state, { whom: { name: who }, doing }, at, (entries) =>
      textThem(turn, state, entries, words, at),
    );
  });
}

/** Those chosen on the card that asked who was meant. */
export async function textChosen(turn: Turn, ids: readonly string[], words: string): Promise<void> {
  await whileRunning(turn, (state, at) =>
    forThoseMeant(turn, state, { whom: { ids }, doing: { verb: "text", words } }, at, (entries) =>
      textThem(turn, state, entries, words, at),
    ),
  );
}

/** One text to each of them, and the answer; throws a `UserError` where one of them can get none. */
export function textThem(
  turn: Turn,
  state: ProgressState,
  entries: readonly RosterEntry[],
  words: string,
  at: Moment,
): Change[] {
  const by = personOf(turn.actor);
  const { settings } = turn.tools;
  const changes = entries.flatMap(
    (entry) => textOne(state, { entry, words, by, trigger: turn.via, settings }, at).changes,
  );
  const names = entries.map(({ responder }) => responder.name);
  return [...changes, replyText(turn, textedSentence(names), at)];
}

const MOST_NAME_WORDS = 6;
/** A shorter word belongs to the message: "a", "is". */
const SHORTEST_NAME_PART = 3;

/**
 * Where the name ends and the message begins: quotes say so; else the longest beginning that is
 * somebody's whole name or address, else the longest that begins parts of one.
 */
function splitWho(state: ProgressState, rest: string): { who: string; words: string } {
  const quoted = /^["“„'‘](?<who>[^"”“'’]+)["”“'’]:?\s+(?<words>.+)$/su.exec(rest)?.groups;
  if (quoted?.who !== undefined && quoted.words !== undefined)
    return { who: quoted.who, words: quoted.words };
  const words = rest.split(" ").filter((word) => word !== "");
  const most = Math.min(words.length - 1, MOST_NAME_WORDS);
  const lengths = Array.from({ length: Math.max(0, most) }, (_, index) => most - index);
  const nameOf = (length: number): string => words.slice(0, length).join(" ").replace(/[:,]$/u, "");
  const length =
    lengths.find((n) => isSomebody(state, nameOf(n))) ??
    lengths.find((n) => mayBeSomebody(state, nameOf(n))) ??
    1;
  const message = words.slice(length).join(" ");
  if (message === "") throw new UserError("words-missing", textUsage());
  return { who: nameOf(length), words: message };
}

function isSomebody({ roster }: ProgressState, name: string): boolean {
  const term = fold(name);
  return roster.some(({ responder }) => isCalled(responder, term));
}

function mayBeSomebody(state: ProgressState, name: string): boolean {
  const term = fold(name);
  const parts = term.split(" ");
  const areParts = parts.length === 1 || parts.every((part) => part.length >= SHORTEST_NAME_PART);
  return areParts && fittingEntries(state, term).length > 0;
}

/** Says it, and offers to tell everybody who was invited what is true now. */
export function offeringTell(
  turn: Turn,
  state: ProgressState,
  sentence: string,
  at: Moment,
): Change[] {
  const isAnybodyInvited = state.progress.some(
    ({ group, isInvited }) => isInvited && group !== "declined",
  );
  if (!state.incident || !isAnybodyInvited) return [replyText(turn, sentence, at)];
  return replyNotice(
    turn,
    { sentence, buttons: [{ title: "Tell everybody now", action: "incident.tell-details" }] },
    at,
    { incidentId: state.incident.id },
  );
}
