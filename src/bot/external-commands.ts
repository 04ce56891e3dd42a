import { UserError } from "../errors";
import type { Moment } from "../decision";
import { createExternal, type ExternalInput, type ExternalResult } from "../incident/add-responder";
import type { Change } from "../incident/change";
import type { ExternalState } from "../incident/space-state";
import { parsePhoneNumber } from "../roster/phone-number";
import { isEmail } from "./arguments";
import { cardDirectly, replyCard, replyText, tellDirectly } from "./replies";
import { useOnce } from "./start-commands";
import { aboutOf, personOf, type Turn } from "./turn";
import { externalForm, externalFields, type ExternalField } from "./views/external-form";
import { notice } from "./views/notice";
import { formSentDirectly } from "./views/sentences";
import { shown } from "./views/text";

export type ExternalValues = Partial<Record<ExternalField, string>>;

const MAX_NAME = 100;
const orList = new Intl.ListFormat("en", { type: "disjunction" });

/** `add external [name]`: the form holds numbers, so it goes to the moderator alone. */
export async function offerExternalForm(turn: Turn, name = ""): Promise<void> {
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => {
    const form = formDirectly(turn, state.space.title, { name }, {}, at);
    const note = turn.saidIn.kind === "group" ? [replyText(turn, formSentDirectly(), at)] : [];
    return { changes: [...form, ...note], result: undefined };
  });
}

function formDirectly(
  turn: Turn,
  spaceTitle: string,
  values: ExternalValues,
  errors: ExternalValues,
  at: Moment,
): Change[] {
  return cardDirectly(
    turn,
    "external-form",
    (cardId) =>
      externalForm({
        cardId,
        spaceTitle,
        values,
        errors,
        canAddHere: true,
        languages: turn.tools.languages,
      }),
    at,
  );
}

/** Save, or Save and add here. With a mistake the form comes back, the reason at the field. */
export async function saveExternal(
  turn: Turn,
  values: ExternalValues,
  addsHere: boolean,
): Promise<void> {
  const { external, errors } = readExternal(values, turn);
  if (!external) {
    await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (state, at) => ({
      changes: [
        ...useOnce(turn, state, at),
        ...formDirectly(turn, state.space.title, values, errors, at),
      ],
      result: undefined,
    }));
    return;
  }
  const numbers = [external.mobile, external.voice].filter((number) => number !== undefined);
  await turn.tools.decisions.forExternal(
    turn.trigger,
    { ...aboutOf(turn), numbers },
    (state, at) => {
      const used = useOnce(turn, state, at);
      const { settings } = turn.tools;
      const input = { external, addsHere, by: personOf(turn.actor), settings };
      const { changes, result } = createExternal(state, input, at);
      return {
        changes: [...used, ...changes, ...tellSaved(turn, state, result, at)],
        result: undefined,
      };
    },
  );
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

function sayInSpace(turn: Turn, markdown: string, at: Moment): Change {
  return replyText({ ...turn, saidIn: { spaceId: turn.spaceId, kind: "group" } }, markdown, at);
}

function offerExisting(
  turn: Turn,
  state: ExternalState,
  result: Extract<ExternalResult, { kind: "number-known" }>,
  at: Moment,
): Change[] {
  const { existing, isOnRoster } = result;
  const name = shown(existing.name);
  if (isOnRoster) {
    const sentence = `${name} has that number and is on the roster of ${shown(state.space.title)} already.`;
    return [tellDirectly(turn, { markdown: sentence }, at)];
  }
  return replyCard(
    turn,
    "notice",
    (cardId) =>
      notice({
        cardId,
        sentence: `That number is known already: it is ${name}'s. Nothing was saved.`,
        buttons: [{ title: `Add ${existing.name} here`, action: "roster.add-existing" }],
      }),
    at,
    { personId: turn.actor.personId, responderId: existing.id },
  );
}

interface ReadForm {
  external?: ExternalInput["external"];
  errors: ExternalValues;
}

function readExternal(values: ExternalValues, turn: Turn): ReadForm {
  const errors: ExternalValues = {};
  const given = Object.fromEntries(
    externalFields.flatMap((field) => {
      const value = values[field]?.trim() ?? "";
      return value === "" ? [] : [[field, value]];
    }),
  ) as ExternalValues;
  const name = checkName(given.name, errors);
  const mobile = checkNumber("mobile", given.mobile, errors, turn);
  const voice = checkNumber("voice", given.voice, errors, turn);
  if (given.email !== undefined && !isEmail(given.email))
    errors.email = "This is not an e-mail address.";
  checkLanguage(given.language, errors, turn);
  if (given.mobile === undefined && given.voice === undefined)
    errors.mobile = "Give at least one number, here or below.";
  if (Object.keys(errors).length > 0 || name === undefined) return { errors };
  return {
    errors,
    external: {
      name,
      ...(mobile === undefined ? {} : { mobile }),
      ...(voice === undefined ? {} : { voice }),
      ...(given.email === undefined ? {} : { email: given.email.toLowerCase() }),
      ...(given.language === undefined ? {} : { language: given.language }),
    },
  };
}

function checkName(name: string | undefined, errors: ExternalValues): string | undefined {
  if (name === undefined) errors.name = "Give a name.";
  else if (name.length > MAX_NAME) errors.name = `Use ${MAX_NAME} characters at most.`;
  else return name;
  return undefined;
}

function checkLanguage(code: string | undefined, errors: ExternalValues, turn: Turn): void {
  const { languages } = turn.tools;
  if (code === undefined || languages.some(({ value }) => value === code)) return;
  const names = orList.format(languages.map(({ title }) => title));
  errors.language = `There are no texts in that language. Choose ${names}.`;
}

function checkNumber(
  field: "mobile" | "voice",
  text: string | undefined,
  errors: ExternalValues,
  turn: Turn,
): string | undefined {
  if (text === undefined) return undefined;
  try {
    return parsePhoneNumber(text, turn.tools.dial).e164;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    errors[field] = error.message;
    return undefined;
  }
}
