import type { Moment } from "../decision";
import { createExternal, type ExternalResult } from "../incident/create-external";
import type { Change } from "../incident/change";
import { keepExternal, type KeepResult } from "../incident/create-external";
import type { ExternalState } from "../incident/space-state";
import { numbersOf, type ExternalFacts, type ExternalValues } from "../roster/external-fields";
import type { Responder } from "../roster/responder";
import { saveEdited } from "./external-edits";
import { newForm, readExternal, type FormContent } from "./external-form";
import { cardDirectly, replyNotice, replyText, sayInSpace, tellDirectly } from "./replies";
import { useOnce } from "./start-commands";
import { aboutOf, personOf, pressedCard, spaceOf, type Turn } from "./turn";
import { notice } from "./views/notice";
import { formSentDirectly } from "./views/sentences";
import { shown } from "./views/text";

/** `add external [name]`: the form holds numbers, so it goes to one person alone. */
export async function offerExternalForm(turn: Turn, name = ""): Promise<void> {
  const { decisions } = turn.tools;
  const content = { values: { name } };
  if (spaceOf(turn).spaceId === undefined) {
    await decisions.forExternals(turn.trigger, pressedCard(turn), (_state, at) => ({
      changes: newForm(turn, undefined, content, at),
      result: undefined,
    }));
    return;
  }
  await decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => {
    const form = newForm(turn, state.space.title, content, at);
    const note = turn.saidIn.kind === "group" ? [replyText(turn, formSentDirectly(), at)] : [];
    return { changes: [...form, ...note], result: undefined };
  });
}

/** Save, or Save and add here. With a mistake the form comes back, the reason at the field. */
export async function saveExternal(
  turn: Turn,
  values: ExternalValues,
  addsHere: boolean,
): Promise<void> {
  if (turn.card?.responderId !== undefined) return saveEdited(turn, turn.card.responderId, values);
  const { external, errors } = readExternal(values, turn);
  const isForSpace = spaceOf(turn).spaceId !== undefined;
  if (!external) return sendAgain(turn, isForSpace, { values, errors });
  if (isForSpace) return saveForSpace(turn, external, addsHere);
  return saveForNoSpace(turn, external);
}

async function sendAgain(turn: Turn, isForSpace: boolean, content: FormContent): Promise<void> {
  const { decisions } = turn.tools;
  if (!isForSpace) {
    await decisions.forExternals(turn.trigger, pressedCard(turn), (state, at) => ({
      changes: [...useOnce(turn, state, at), ...newForm(turn, undefined, content, at)],
      result: undefined,
    }));
    return;
  }
  await decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => ({
    changes: [...useOnce(turn, state, at), ...newForm(turn, state.space.title, content, at)],
    result: undefined,
  }));
}

async function saveForSpace(turn: Turn, external: ExternalFacts, addsHere: boolean): Promise<void> {
  const about = { ...aboutOf(turn), numbers: numbersOf(external) };
  await turn.tools.decisions.forExternal(turn.trigger, about, (state, at) => {
    const used = useOnce(turn, state, at);
    const { settings } = turn.tools;
    const input = { external, addsHere, by: personOf(turn.actor), settings };
    const { changes, result } = createExternal(state, input, at);
    return {
      changes: [...used, ...changes, ...tellSaved(turn, state, result, at)],
      result: undefined,
    };
  });
}

function tellSaved(turn: Turn, state: ExternalState, result: ExternalResult, at: Moment): Change[] {
  if (result.kind === "number-known") return offerExisting(turn, state, result, at);
  const name = shown(result.responder.name);
  const where = result.isAdded ? ` and is on the roster of ${shown(state.space.title)}` : "";
  const told = result.isInvited ? " They are told now." : "";
  const answer = `${name} is saved${where}.${told}`;
  const inSpace: Change[] =
    result.isAdded && turn.saidIn.spaceId !== turn.spaceId
      ? [sayInSpace(turn, `${shown(turn.actor.name)} added ${name} to the roster.${told}`, at)]
      : [];
  return [replyText(turn, answer, at), ...inSpace];
}

function offerExisting(
  turn: Turn,
  state: ExternalState,
  result: Extract<ExternalResult, { kind: "number-known" }>,
  at: Moment,
): Change[] {
  const { existing, isOnRoster } = result;
  if (isOnRoster) {
    const sentence = `${shown(existing.name)} has that number and is on the roster of ${shown(state.space.title)} already.`;
    return [tellDirectly(turn, { markdown: sentence }, at)];
  }
  return replyNotice(
    turn,
    {
      sentence: numberKnown(existing),
      buttons: [{ title: `Add ${existing.name} here`, action: "roster.add-existing" }],
    },
    at,
    { personId: turn.actor.personId, responderId: existing.id },
  );
}

function numberKnown({ name }: Responder): string {
  return `That number is known already: it is ${shown(name)}'s. Nothing was saved.`;
}

async function saveForNoSpace(turn: Turn, external: ExternalFacts): Promise<void> {
  const about = { ...pressedCard(turn), numbers: numbersOf(external) };
  await turn.tools.decisions.forExternals(turn.trigger, about, (state, at) => {
    const used = useOnce(turn, state, at);
    const { changes, result } = keepExternal(state, external, at);
    return { changes: [...used, ...changes, ...tellKept(turn, result, at)], result: undefined };
  });
}

function tellKept(turn: Turn, result: KeepResult, at: Moment): Change[] {
  if (result.kind === "saved") {
    const { name } = result.responder;
    const answer = `${shown(name)} is saved. To put them on a roster, write **externals** in the space where they are needed.`;
    return [replyText(turn, answer, at)];
  }
  const { existing } = result;
  return cardDirectly(
    turn,
    "notice",
    (cardId) =>
      notice({
        cardId,
        sentence: numberKnown(existing),
        buttons: [{ title: `Edit ${existing.name}`, action: "roster.edit-external" }],
      }),
    at,
    { responderId: existing.id },
  );
}
