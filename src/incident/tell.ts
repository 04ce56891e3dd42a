import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import { escapeMarkdown } from "../notify/template";
import type { RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import { planLaterRound } from "./conference-needed";
import type { Incident, PersonRef } from "./incident";
import { planRound, usableChannels, type RoundCounts } from "./plan-round";
import type { IncidentSettings } from "./settings";
import type { ProgressState, SpaceState } from "./space-state";
import { runningIncident } from "./stop-incident";

/** What a moderator writes to people fits into a text with the rest of it. */
export const MOST_OF_WORDS = 300;

export interface TellInput {
  /** Absent: how to join, and what the incident is called now. */
  words?: string;
  by: PersonRef;
  trigger: "command" | "press";
  settings: IncidentSettings;
}

export interface TellResult {
  incident: Incident;
  counts: RoundCounts;
}

/** An update to everybody who was invited and has not declined, by Webex and SMS. */
export function tell(
  state: ProgressState,
  input: TellInput,
  at: Moment,
): Decision<Change, TellResult> {
  const wanted = new Set(
    state.progress
      .filter(({ group, isInvited }) => isInvited && group !== "declined")
      .map(({ responder }) => responder.id),
  );
  const entries = state.roster.filter(({ responder }) => wanted.has(responder.id));
  return toldRound(state, { ...input, kind: "update", entries, only: ["webex", "sms"] }, at);
}

/** One text to one person. Throws a `UserError` where none can go there. */
export function textOne(
  state: SpaceState,
  { entry, ...input }: TellInput & { words: string; entry: RosterEntry },
  at: Moment,
): Decision<Change, TellResult> {
  if (!canBeTexted(entry, input.settings))
    throw new UserError("cannot-text", whyNoText(entry, input.settings));
  return toldRound(state, { ...input, kind: "message", entries: [entry], only: ["sms"] }, at);
}

interface Told extends TellInput {
  kind: "update" | "message";
  entries: readonly RosterEntry[];
  only: readonly ("webex" | "sms")[];
}

function toldRound(
  state: SpaceState,
  { by, entries, kind, only, settings, trigger, words }: Told,
  at: Moment,
): Decision<Change, TellResult> {
  const incident = runningIncident(state);
  refuseTooLong(words ?? "");
  const plan = {
    spaceId: state.space.id,
    kind,
    trigger,
    openedBy: by,
    entries,
    only,
    ...(words === undefined ? {} : { text: words }),
  };
  // An update says how to join now; words to one person do not.
  const round =
    kind === "update"
      ? planLaterRound(incident, plan, settings, at)
      : planRound({ ...plan, incidentId: incident.id }, settings, at);
  const changes = round.counts.people === 0 ? [] : round.changes;
  return { changes, result: { incident, counts: round.counts } };
}

function refuseTooLong(words: string): void {
  const { length } = Array.from(words);
  if (length > MOST_OF_WORDS)
    throw new UserError(
      "words-too-long",
      `That has ${length} characters; ${MOST_OF_WORDS} is the most that fits into a text message. Please shorten it.`,
    );
}

/** Whether a text to somebody can be tried at all. */
export function canBeTexted(entry: RosterEntry, settings: IncidentSettings): boolean {
  return usableChannels(entry, settings).includes("sms");
}

/** Why `canBeTexted` says no, as a sentence for a moderator. */
export function whyNoText(
  { channels, responder }: RosterEntry,
  settings: IncidentSettings,
): string {
  const { mobile, optOut } = responder;
  const name = escapeMarkdown(responder.name);
  if (!settings.isSmsReady) return "SMS is not set up.";
  if (mobile === undefined) return `${name} has no number to text to.`;
  if (optOut === "stop") return `${name} replied STOP and gets no texts until they reply START.`;
  if (optOut === "blocked") return `The number of ${name} takes no texts from us.`;
  return channels.sms
    ? `A text to ${name} was refused for good in this incident.`
    : `Texts to ${name} are switched off here; switch them on with "sms ${name} on".`;
}
