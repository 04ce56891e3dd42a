import { UserError } from "../errors";
import type { Moment } from "../decision";
import { addKnownExternal, requestAdd } from "../incident/add-responder";
import type { Change } from "../incident/change";
import { removeResponder, type RemoveResult } from "../incident/remove-responder";
import type { SpaceState } from "../incident/space-state";
import { switchChannel } from "../incident/switch-channel";
import type { RosterEntry } from "../roster/responder";
import { isEmail, parseSwitch, withoutQuotes } from "./arguments";
import { entryById, findEntry } from "./find-entry";
import { pressedTwice } from "./remind-commands";
import { replyCard, replyText } from "./replies";
import { useOnce } from "./start-commands";
import { aboutOf, personOf, type Turn } from "./turn";
import { notice } from "./views/notice";
import { choosePerson, nobodyToAdd, switchUsage } from "./views/sentences";
import { shown } from "./views/text";

/** `add`: a box to type an e-mail address into. */
export async function offerAdd(turn: Turn): Promise<void> {
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (_state, at) => ({
    changes: replyCard(
      turn,
      "notice",
      (cardId) =>
        notice({
          cardId,
          sentence: "Whom shall I add? Write the e-mail address that they use on Webex.",
          input: { id: "who", label: "E-mail address", placeholder: "ana@example.com" },
          buttons: [
            { title: "Add", action: "roster.add" },
            { title: "Someone with a phone", action: "roster.external-form" },
          ],
        }),
      at,
    ),
    result: undefined,
  }));
}

/** `add <e-mail>`: asks Webex to take the person into the space. */
export async function add(turn: Turn, who: string): Promise<void> {
  const email = withoutQuotes(who)
    .replace(/^mailto:/iu, "")
    .toLowerCase();
  if (email === "") return offerAdd(turn);
  if (!isEmail(email)) throw new UserError("not-an-email", nobodyToAdd(who));
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => {
    const input = { invitee: { by: "email" as const, email }, by: personOf(turn.actor) };
    const { changes, result } = requestAdd(state, input, at);
    const answer =
      result.kind === "already-there"
        ? `${shown(result.name)} is in this space already.`
        : `Adding ${shown(result.who)}.`;
    return { changes: [...changes, replyText(turn, answer, at)], result: undefined };
  });
}

/** The existing external that was offered instead of a second one with the same number. */
export async function addExisting(turn: Turn): Promise<void> {
  const responderId = turn.card?.responderId ?? "";
  const external = await turn.tools.findExternal(responderId);
  if (!external) throw new UserError("responder-gone", "That person was deleted meanwhile.");
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => {
    const used = useOnce(turn, state, at);
    const input = { by: personOf(turn.actor), settings: turn.tools.settings };
    const { changes, result } = addKnownExternal(state, external, input, at);
    const answer = `${shown(external.name)} is on the roster${result.isInvited ? " and is told now" : ""}.`;
    return { changes: [...used, ...changes, replyText(turn, answer, at)], result: undefined };
  });
}

/** `remove <who>`. */
export function removeByName(turn: Turn, who: string): Promise<void> {
  return decideRemove(turn, (state) => findEntry(state, who));
}

export function removeChosen(turn: Turn, responderId: string | undefined): Promise<void> {
  if (responderId === undefined) throw new UserError("who-missing", choosePerson());
  return decideRemove(turn, (state) => entryById(state, responderId));
}

async function decideRemove(turn: Turn, choose: (state: SpaceState) => RosterEntry): Promise<void> {
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => {
    const entry = choose(state);
    const { changes, result } = removeResponder(state, entry, personOf(turn.actor), at);
    return {
      changes: [...changes, replyText(turn, removedSentence(result), at)],
      result: undefined,
    };
  });
}

function removedSentence(result: RemoveResult): string {
  const name = shown(result.name);
  switch (result.kind) {
    case "removed":
      return `${name} is off the roster.`;
    case "removing":
      return `Removing ${name} from the space.`;
    case "is-moderator":
      return `${name} is a moderator of this space and stays.`;
  }
}

/** `sms <who> on|off`, `voice <who> on|off`. */
export function switchByName(turn: Turn, channel: "sms" | "voice", rest: string): Promise<void> {
  const wanted = parseSwitch(rest);
  if (!wanted) throw new UserError("switch-usage", switchUsage(channel));
  return decideSwitch(turn, channel, wanted.on, (state) => findEntry(state, wanted.who));
}

export function switchChosen(
  turn: Turn,
  input: { responder?: string | undefined; channel: "sms" | "voice"; on: boolean },
): Promise<void> {
  const { responder } = input;
  if (responder === undefined) throw new UserError("who-missing", choosePerson());
  return decideSwitch(turn, input.channel, input.on, (state) => entryById(state, responder));
}

async function decideSwitch(
  turn: Turn,
  channel: "sms" | "voice",
  isOn: boolean,
  choose: (state: SpaceState) => RosterEntry,
): Promise<void> {
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => {
    const entry = choose(state);
    const what = `switch ${entry.responder.id} ${channel} ${isOn}`;
    const twice = pressedTwice(turn, state, what, at);
    if (twice === "same") return { changes: [], result: undefined };
    const input = { entry, channel, isOn, by: personOf(turn.actor) };
    const { changes, result } = switchChannel(state, input, at);
    const sentence = switchedSentence(result.name, channel, isOn, result.isChanged);
    const told = offersSend(turn, state, entry, { channel, isOn, sentence }, at);
    return { changes: [...twice, ...changes, ...told], result: undefined };
  });
}

function switchedSentence(
  name: string,
  channel: "sms" | "voice",
  isOn: boolean,
  isChanged: boolean,
): string {
  const what = channel === "sms" ? "Texts" : "Calls";
  const state = isOn ? "on" : "off";
  return `${what} to ${shown(name)} are ${isChanged ? "now" : "already"} ${state}.`;
}

/** Switching sends nothing; during an incident it can be sent with one press. */
function offersSend(
  turn: Turn,
  state: SpaceState,
  entry: RosterEntry,
  switched: { channel: "sms" | "voice"; isOn: boolean; sentence: string },
  at: Moment,
): Change[] {
  const { settings } = turn.tools;
  const isReady = switched.channel === "sms" ? settings.isSmsReady : settings.isVoiceReady;
  if (!switched.isOn || !isReady || !state.incident)
    return [replyText(turn, switched.sentence, at)];
  return replyCard(
    turn,
    "notice",
    (cardId) =>
      notice({
        cardId,
        sentence: `${switched.sentence} Nothing was sent.`,
        buttons: [
          { title: "Send now", action: "incident.send-now", data: { channel: switched.channel } },
        ],
      }),
    at,
    { incidentId: state.incident.id, payload: { responderId: entry.responder.id } },
  );
}
