import type { Decision, Moment } from "../decision";
import { UserError } from "../errors";
import { escapeMarkdown } from "../notify/template";
import type { RosterEntry } from "../roster/responder";
import type { Change } from "./change";
import type { PersonRef } from "./incident";
import type { SpaceState } from "./space-state";

export interface SwitchInput {
  entry: RosterEntry;
  channel: "sms" | "voice";
  /** The wanted value, never "the other one". */
  isOn: boolean;
  by: PersonRef;
}

export interface SwitchResult {
  name: string;
  isChanged: boolean;
}

/**
 * Switches a channel for one responder in this space. Sends nothing; switched off, what still
 * waits on that channel is not sent. Throws a `UserError` where there is no number to switch on.
 */
export function switchChannel(
  state: SpaceState,
  input: SwitchInput,
  at: Moment,
): Decision<Change, SwitchResult> {
  const { entry, channel, isOn, by } = input;
  const { responder } = entry;
  const number = channel === "sms" ? responder.mobile : responder.voice;
  if (isOn && number === undefined) throw noNumber(responder.name, channel, responder.kind);
  if (entry.channels[channel] === isOn)
    return { changes: [], result: { name: responder.name, isChanged: false } };
  const changes: Change[] = [
    {
      kind: "roster.set",
      spaceId: state.space.id,
      responderId: responder.id,
      channels: { ...entry.channels, [channel]: isOn },
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
  return { changes, result: { name: responder.name, isChanged: true } };
}

function noNumber(name: string, channel: "sms" | "voice", kind: string): UserError {
  const what = channel === "sms" ? "mobile number for texts" : "number for calls";
  const how =
    kind === "internal"
      ? "Numbers of Webex people come from the directory, which is not connected."
      : "Add them again with that number.";
  return new UserError("no-number", `${escapeMarkdown(name)} has no ${what}. ${how}`);
}
