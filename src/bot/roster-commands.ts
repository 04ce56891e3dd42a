import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { removeResponders } from "../incident/remove-responder";
import type { SpaceState } from "../incident/space-state";
import { switchChannels, type SwitchResult } from "../incident/switch-channel";
import type { RosterEntry } from "../roster/responder";
import { parseSwitch } from "./arguments";
import { forThoseMeant, type Whom } from "./ask-which";
import { RUN_SUGGESTION } from "./line-actions";
import { idsOf, pressedTwice } from "./remind-commands";
import { replyNotice, replyText } from "./replies";
import { aboutOf, personOf, type Turn } from "./turn";
import { removedSentence, switchedSentence } from "./views/people-sentences";
import { shownCommand, switchUsage } from "./views/sentences";
import { textMeant } from "./views/text-sentences";

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
  if (!wanted && channel === "sms" && rest.includes(" ")) return offerText(turn, rest);
  if (!wanted) throw new UserError("switch-usage", switchUsage(channel));
  return decideSwitch(turn, { name: wanted.who }, { channel, isOn: wanted.on });
}

/** Somebody wanted to write to a person, and `sms` only switches: nothing is sent. */
async function offerText(turn: Turn, rest: string): Promise<void> {
  const line = `text ${rest}`;
  const isWhole = shownCommand(line).isWhole;
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (_state, at) => ({
    changes: replyNotice(
      turn,
      {
        sentence: `${switchUsage("sms")} ${textMeant(rest)}`,
        buttons: isWhole ? [{ title: "Yes, text them", action: RUN_SUGGESTION }] : [],
      },
      at,
      { personId: turn.actor.personId, payload: { line } },
    ),
    result: undefined,
  }));
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
  const { decisions, grants } = turn.tools;
  const { channel, isOn } = wanted;
  const doing = { verb: "switch", channel, on: isOn } as const;
  const hasDirectory = isOn && (await grants.directoryStatus()).syncedAt !== undefined;
  const about = { ...aboutOf(turn), withNumbers: isOn };
  await decisions.inSpace(turn.trigger, about, (state, at) => ({
    changes: forThoseMeant(turn, state, { whom, doing }, at, (entries) =>
      switchThem(turn, state, entries, { ...wanted, hasDirectory }, at),
    ),
    result: undefined,
  }));
}

function switchThem(
  turn: Turn,
  state: SpaceState,
  entries: readonly RosterEntry[],
  { hasDirectory, ...wanted }: Wanted & { hasDirectory: boolean },
  at: Moment,
): Change[] {
  const { channel, isOn } = wanted;
  const twice = pressedTwice(turn, state, `switch ${idsOf(entries)} ${channel} ${isOn}`, at);
  if (twice === "same") return [];
  const input = { entries, channel, isOn, hasDirectory, by: personOf(turn.actor) };
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
  const able = [...result.switched, ...result.unchanged];
  const responderIds = able
    .filter((one) => !result.stopped.includes(one))
    .map((one) => one.responder.id);
  if (responderIds.length === 0) return [replyText(turn, sentence, at)];
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
