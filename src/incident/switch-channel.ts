import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import { escapeMarkdown } from "../notify/template";
import type { RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import type { SpaceState } from "./space-state";

export interface SwitchInput {
  entries: readonly RosterEntry[];
  channel: "sms" | "voice";
  /** The wanted value, never "the other one". */
  isOn: boolean;
  by: PersonRef;
  /** The organisation's directory was read: else no Webex person has a number yet. */
  hasDirectory: boolean;
}

/** What became of each of them. */
export interface SwitchResult {
  switched: RosterEntry[];
  /** Who had it so already. */
  unchanged: RosterEntry[];
  /** Who has no number on which the channel could be switched on. */
  withoutNumber: RosterEntry[];
  /** Of those whose texts are on now: to whom the provider let none pass until now. */
  unblocked: RosterEntry[];
  /** Of them: who replied STOP, which nobody but they can take back. */
  stopped: RosterEntry[];
}

/**
 * Switches a channel for responders in this space. Sends nothing; switched off, what still waits
 * on that channel is not sent. Texts that are switched on go again to a number that the provider
 * had blocked. Who has no number is left out of a switching on; throws a `UserError` where that is
 * everybody.
 */
export function switchChannels(
  state: SpaceState,
  input: SwitchInput,
  at: Moment,
): Decision<Change, SwitchResult> {
  const { channel, entries, hasDirectory, isOn } = input;
  const withoutNumber = isOn ? entries.filter((entry) => !hasNumber(entry, channel)) : [];
  if (withoutNumber.length > 0 && withoutNumber.length === entries.length)
    throw noNumber(withoutNumber, channel, hasDirectory);
  const able = entries.filter((entry) => !withoutNumber.includes(entry));
  const switched = able.filter((entry) => entry.channels[channel] !== isOn);
  const texted = isOn && channel === "sms" ? able : [];
  const unblocked = texted.filter(({ responder }) => responder.optOut === "blocked");
  return {
    changes: [
      ...switched.flatMap((entry) => switchOne(state, entry, input, at)),
      ...unblocked.flatMap((entry) => unblock(entry, at)),
    ],
    result: {
      switched,
      unchanged: able.filter((entry) => entry.channels[channel] === isOn),
      withoutNumber,
      unblocked,
      stopped: texted.filter(({ responder }) => responder.optOut === "stop"),
    },
  };
}

/** A provider's block is ours to try; a STOP is its owner's word. */
function unblock({ responder: { mobile } }: RosterEntry, at: Moment): Change[] {
  if (mobile === undefined) return [];
  return [{ kind: "number.opted-in", number: mobile, source: "blocked", at: at.now }];
}

function hasNumber({ responder }: RosterEntry, channel: "sms" | "voice"): boolean {
  return (channel === "sms" ? responder.mobile : responder.voice) !== undefined;
}

function switchOne(
  state: SpaceState,
  { channels, responder }: RosterEntry,
  { by, channel, isOn }: SwitchInput,
  at: Moment,
): Change[] {
  const changes: Change[] = [
    {
      kind: "roster.set",
      spaceId: state.space.id,
      responderId: responder.id,
      channels: { ...channels, [channel]: isOn },
      at: at.now,
    },
  ];
  if (!isOn)
    changes.push({
      kind: "notifications.cancelled",
      filter: {
        spaceId: state.space.id,
        responderId: responder.id,
        channel,
        reason: "channel switched off",
      },
    });
  if (state.incident)
    changes.push({
      kind: "timeline.added",
      incidentId: state.incident.id,
      entry: {
        kind: "switched",
        at: at.now,
        actor: by.personId,
        payload: { name: responder.name, channel, isOn, by: by.name },
      },
    });
  return changes;
}

function noNumber(
  entries: readonly RosterEntry[],
  channel: "sms" | "voice",
  hasDirectory: boolean,
): UserError {
  const what = channel === "sms" ? "mobile number for texts" : "number for calls";
  const [only] = entries;
  const isOnWebex = entries.some(({ responder }) => responder.kind === "internal");
  const missing = "Numbers of Webex people come from the directory, which";
  const hint = !isOnWebex
    ? "Give them one with **externals**, Edit."
    : hasDirectory
      ? `${missing} has none for them that can be dialled: an administrator of your organisation can add it at Webex.`
      : `${missing} is not connected: **ready** says what to do about it.`;
  if (only === undefined || entries.length > 1) {
    const how = isOnWebex ? ` ${hint}` : "";
    return new UserError("no-number", `None of them has a ${what}. Nothing was changed.${how}`);
  }
  const { name } = only.responder;
  return new UserError("no-number", `${escapeMarkdown(name)} has no ${what}. ${hint}`);
}
