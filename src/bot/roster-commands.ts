import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { removeResponders } from "../incident/remove-responder";
import type { SpaceState } from "../incident/space-state";
import { switchChannels, type SwitchResult } from "../incident/switch-channel";
import type { RosterEntry } from "../roster/responder";
import { parseSwitch } from "./arguments";
import { forThoseMeant, type Whom } from "./ask-which";
import { idsOf, pressedTwice } from "./remind-commands";
import { replyNotice, replyText } from "./replies";
import { aboutOf, personOf, type Turn } from "./turn";
import { removedSentence, switchedSentence } from "./views/people-sentences";
import { switchUsage } from "./views/sentences";

/** `remove <who>`. */
export function removeByName(turn: Turn, who: string): Promise<void> {
  return decideRemove(turn, { name: who });
}

export function removeChosen(turn: Turn, ids: readonly string[]): Promise<void> {
  return decideRemove(turn, { ids });
}

async function decideRemove(turn: Turn, whom: Whom): Promise<void> {
  const doing = { verb: "remove" } as const;
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => ({
    changes: forThoseMeant(turn, state, { whom, doing }, at, (entries) => {
      const { changes, result } = removeResponders(state, entries, personOf(turn.actor), at);
      return [...changes, replyText(turn, removedSentence(result), at)];
    }),
    result: undefined,
  }));
}

/** `sms <who> on|off`, `voice <who> on|off`. */
export function switchByName(turn: Turn, channel: "sms" | "voice", rest: string): Promise<void> {
  const wanted = parseSwitch(rest);
  if (!wanted) throw new UserError("switch-usage", switchUsage(channel));
  return decideSwitch(turn, { name: wanted.who }, { channel, isOn: wanted.on });
}

export function switchChosen(
  turn: Turn,
  { channel, ids, on }: { ids: readonly string[]; channel: "sms" | "voice"; on: boolean },
): Promise<void> {
  return decideSwitch(turn, { ids }, { channel, isOn: on });
}

interface Wanted {
  channel: "sms" | "voice";
  isOn: boolean;
}

async function decideSwitch(turn: Turn, whom: Whom, wanted: Wanted): Promise<void> {
  const doing = { verb: "switch", channel: wanted.channel, on: wanted.isOn } as const;
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => ({
    changes: forThoseMeant(turn, state, { whom, doing }, at, (entries) =>
      switchThem(turn, state, entries, wanted, at),
    ),
    result: undefined,
  }));
}

function switchThem(
  turn: Turn,
  state: SpaceState,
  entries: readonly RosterEntry[],
  wanted: Wanted,
  at: Moment,
): Change[] {
  const { channel, isOn } = wanted;
  const twice = pressedTwice(turn, state, `switch ${idsOf(entries)} ${channel} ${isOn}`, at);
  if (twice === "same") return [];
  const input = { entries, channel, isOn, by: personOf(turn.actor) };
  const { changes, result } = switchChannels(state, input, at);
  return [...twice, ...changes, ...offersSend(turn, state, wanted, result, at)];
}

/** Switching sends nothing; during an incident it can be sent with one press. */
function offersSend(
  turn: Turn,
  state: SpaceState,
  { channel, isOn }: Wanted,
  result: SwitchResult,
  at: Moment,
): Change[] {
  const { settings } = turn.tools;
  const sentence = switchedSentence(result, channel, isOn);
  const isReady = channel === "sms" ? settings.isSmsReady : settings.isVoiceReady;
  if (!isOn || !isReady || !state.incident) return [replyText(turn, sentence, at)];
  const responderIds = [...result.switched, ...result.unchanged].map((one) => one.responder.id);
  return replyNotice(
    turn,
    {
      sentence: `${sentence} Nothing was sent.`,
      buttons: [{ title: "Send now", action: "incident.send-now", data: { channel } }],
    },
    at,
    { incidentId: state.incident.id, payload: { responderIds } },
  );
}
