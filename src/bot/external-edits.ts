import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { deleteExternal, type DeleteResult } from "../incident/delete-external";
import { editExternal, type EditResult } from "../incident/edit-external";
import type { ExternalsState, KnownExternal } from "../incident/space-state";
import type { Channel } from "../notify/notification";
import { numbersOf, type ExternalFacts, type ExternalValues } from "../roster/external-fields";
import type { Responder } from "../roster/responder";
import { editForm, readExternal, valuesOf, type Edited } from "./external-form";
import { cardDirectly, replyText, say } from "./replies";
import { useOnce } from "./start-commands";
import { personOf, pressedCard, type Turn } from "./turn";
import { notice } from "./views/notice";
import { choosePerson, externalGone, formExpired } from "./views/sentences";
import { countOf, shown } from "./views/text";

/** Edit: the form with what is kept of the chosen person. */
export async function offerEdit(turn: Turn, chosen: string | undefined): Promise<void> {
  const responderId = chosen ?? turn.card?.responderId;
  if (responderId === undefined) throw new UserError("who-missing", choosePerson());
  const about = { ...pressedCard(turn), responderIds: [responderId] };
  await turn.tools.decisions.forExternals(turn.trigger, about, (state, at) => {
    const { responder } = knownOr(state, responderId);
    return {
      changes: editForm(turn, editedOf(responder), { values: valuesOf(responder) }, at),
      result: undefined,
    };
  });
}

function knownOr({ externals }: ExternalsState, responderId: string): KnownExternal {
  const known = externals.get(responderId);
  if (!known) throw new UserError("responder-gone", externalGone());
  return known;
}

function editedOf({ id, version }: Responder): Edited {
  return { responderId: id, version };
}

/** The form of somebody who is known came back. */
export async function saveEdited(
  turn: Turn,
  responderId: string,
  values: ExternalValues,
): Promise<void> {
  const { version } = turn.card?.payload ?? {};
  if (typeof version !== "number") throw new UserError("card-unknown", formExpired());
  const edited = { responderId, version };
  const { external, errors } = readExternal(values, turn);
  const numbers = external ? numbersOf(external) : [];
  const about = { ...pressedCard(turn), responderIds: [responderId], numbers };
  await turn.tools.decisions.forExternals(turn.trigger, about, (state, at) => {
    const used = useOnce(turn, state, at);
    const { responder } = knownOr(state, responderId);
    if (!external)
      return {
        changes: [...used, ...editForm(turn, edited, { values, errors }, at)],
        result: undefined,
      };
    const facts = withLanguageOf(responder, external, turn);
    const input = { ...edited, external: facts, by: personOf(turn.actor) };
    const { changes, result } = editExternal(state, input, at);
    const told = tellEdited(turn, edited, values, result, at);
    return { changes: [...used, ...changes, ...told], result: undefined };
  });
}

/** A form shows the usual language for somebody who has none; saving it chooses none. */
function withLanguageOf(before: Responder, external: ExternalFacts, turn: Turn): ExternalFacts {
  const { language, ...others } = external;
  const isUsual = language === turn.tools.languages[0]?.value;
  if (language === undefined || (before.language === undefined && isUsual)) return others;
  return external;
}

function tellEdited(
  turn: Turn,
  edited: Edited,
  values: ExternalValues,
  result: EditResult,
  at: Moment,
): Change[] {
  switch (result.kind) {
    case "gone":
      throw new UserError("responder-gone", externalGone());
    case "changed-meanwhile": {
      const { current } = result;
      const problem = `${shown(current.name)} was changed by somebody else after you opened this form, so nothing of yours was saved. This is what is kept now.`;
      return editForm(turn, editedOf(current), { values: valuesOf(current), problem }, at);
    }
    case "number-taken":
      return editForm(turn, edited, { values, errors: takenErrors(result.taken) }, at);
    case "unchanged":
      return [replyText(turn, `Nothing of ${shown(result.responder.name)} was changed.`, at)];
    case "saved":
      return [replyText(turn, savedSentence(result), at)];
  }
}

function takenErrors(taken: Partial<Record<"mobile" | "voice", Responder>>): ExternalValues {
  return Object.fromEntries(
    Object.entries(taken).map(([field, { name }]) => [field, `This is the number of ${name}.`]),
  );
}

const channelNames: Readonly<Record<Channel, string>> = {
  webex: "Webex messages",
  sms: "Texts",
  voice: "Calls",
};

function savedSentence(result: Extract<EditResult, { kind: "saved" }>): string {
  const { gained, isInIncident, lost, responder } = result;
  const isUntold = isInIncident && gained.length > 0;
  return [
    `${shown(responder.name)} is saved.`,
    ...gained.map((channel) => `${channelNames[channel]} to them are on now.`),
    ...lost.map((channel) => `${channelNames[channel]} to them are off now.`),
    ...(isUntold ? ["Nothing was sent: to tell them, write **remind** in the space."] : []),
  ].join(" ");
}

/** Delete: asks once more. */
export async function askToDelete(turn: Turn, responderId: string | undefined): Promise<void> {
  if (responderId === undefined) throw new UserError("who-missing", choosePerson());
  const about = { ...pressedCard(turn), responderIds: [responderId] };
  await turn.tools.decisions.forExternals(turn.trigger, about, (state, at) => {
    const known = knownOr(state, responderId);
    const changes = cardDirectly(
      turn,
      "notice",
      (cardId) =>
        notice({
          cardId,
          sentence: deleteQuestion(known),
          buttons: [
            { title: "Delete", action: "roster.delete-external-now" },
            { title: "Keep", action: "roster.keep-external" },
          ],
        }),
      at,
      { responderId },
    );
    return { changes, result: undefined };
  });
}

function deleteQuestion({ responder, rosters }: KnownExternal): string {
  const running = rosters.filter(({ incidentId }) => incidentId !== undefined).length;
  const where = rosters.length === 0 ? "no roster" : countOf(rosters.length, "roster", "rosters");
  const members = rosters.some(({ isMember }) => isMember)
    ? " Where they are a member of the space they stay, without their phone."
    : "";
  const incidents =
    running === 0
      ? ""
      : ` An incident runs in ${countOf(running, "space", "spaces")} of these; whatever still waits for them is not sent.`;
  return `Delete **${shown(responder.name)}**? They are on ${where}.${members}${incidents}`;
}

/** The question was answered with Delete. */
export async function deleteNow(turn: Turn): Promise<void> {
  const responderId = turn.card?.responderId;
  if (responderId === undefined) throw new UserError("card-unknown", formExpired());
  const about = { ...pressedCard(turn), responderIds: [responderId] };
  await turn.tools.decisions.forExternals(turn.trigger, about, (state, at) => {
    const used = useOnce(turn, state, at);
    const input = { responderId, by: personOf(turn.actor) };
    const { changes, result } = deleteExternal(state, input, at);
    return { changes: [...used, ...changes, ...tellDeleted(turn, result, at)], result: undefined };
  });
}

function tellDeleted(turn: Turn, result: DeleteResult, at: Moment): Change[] {
  if (result.kind === "gone") return [replyText(turn, externalGone(), at)];
  const name = shown(result.responder.name);
  return [
    replyText(turn, deletedSentence(result), at),
    ...result.runningIn.map(({ isMember, spaceId }) => {
      const what = isMember
        ? "their phone is off; they stay as a member, and are told on Webex."
        : "they are off the roster, and nothing more is sent to them.";
      const line = `${shown(turn.actor.name)} deleted ${name}: ${what}`;
      const { personId: fallbackPersonId } = turn.actor;
      const to = { kind: "space" as const, spaceId, fallbackPersonId };
      return say(to, { markdown: line }, at, { spaceId });
    }),
  ];
}

function deletedSentence(result: Extract<DeleteResult, { kind: "deleted" }>): string {
  const { responder, rosters, stays } = result;
  const off = rosters === 0 ? "" : `, and off ${countOf(rosters, "roster", "rosters")}`;
  const members =
    stays === 0
      ? ""
      : ` In ${countOf(stays, "space", "spaces")} they stay as a member, without their phone.`;
  return `${shown(responder.name)} is deleted${off}.${members}`;
}

/** The question was answered with Keep. */
export async function keep(turn: Turn): Promise<void> {
  await turn.tools.decisions.forExternals(turn.trigger, pressedCard(turn), (state, at) => ({
    changes: [...useOnce(turn, state, at), replyText(turn, "Nobody was deleted.", at)],
    result: undefined,
  }));
}
