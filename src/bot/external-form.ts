import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import { checkExternal, type ExternalFacts, type ExternalValues } from "../roster/external-fields";
import { formatInternational } from "../roster/phone-number";
import type { Responder } from "../roster/responder";
import { cardDirectly } from "./replies";
import { spaceOf, type Turn } from "./turn";
import { externalForm } from "./views/external-form";

/** What a form opens with, or comes back with. */
export interface FormContent {
  values?: ExternalValues;
  /** What is wrong, by field, in a sentence. */
  errors?: ExternalValues;
  /** What is wrong with the whole of it. */
  problem?: string;
}

/** The form for somebody new; it holds numbers, so it goes to the person of the turn alone. */
export function newForm(
  turn: Turn,
  spaceTitle: string | undefined,
  content: FormContent,
  at: Moment,
): Change[] {
  const { languages } = turn.tools;
  const canAddHere = spaceOf(turn).spaceId !== undefined;
  return cardDirectly(
    turn,
    "external-form",
    (cardId) =>
      externalForm({ cardId, ...titled(spaceTitle), ...filled(content), canAddHere, languages }),
    at,
  );
}

/** What the form of somebody who is known keeps to itself. */
export interface Edited {
  responderId: string;
  /** As the form shows them; another one by the time it comes back means that somebody was faster. */
  version: number;
}

/** The form for somebody who is known. */
export function editForm(turn: Turn, edited: Edited, content: FormContent, at: Moment): Change[] {
  const { languages } = turn.tools;
  const { responderId, version } = edited;
  return cardDirectly(
    turn,
    "external-form",
    (cardId) =>
      externalForm({ cardId, ...filled(content), isEdit: true, canAddHere: false, languages }),
    at,
    { responderId, payload: { version } },
  );
}

function titled(spaceTitle: string | undefined): { spaceTitle?: string } {
  return spaceTitle === undefined ? {} : { spaceTitle };
}

function filled({ values = {}, errors = {}, problem = "" }: FormContent) {
  return { values, errors, problem };
}

/** What is kept of somebody, as the form shows it. */
export function valuesOf({ name, mobile, voice, email, language }: Responder): ExternalValues {
  return {
    name,
    ...(mobile === undefined ? {} : { mobile: formatInternational(mobile) }),
    ...(voice === undefined ? {} : { voice: formatInternational(voice) }),
    ...(email === undefined ? {} : { email }),
    ...(language === undefined ? {} : { language }),
  };
}

export interface ReadForm {
  /** Absent when anything is wrong. */
  external?: ExternalFacts;
  errors: ExternalValues;
}

/** Checks what was written into the form: each mistake at its field, in a sentence. */
export function readExternal(values: ExternalValues, { tools }: Turn): ReadForm {
  const checked = checkExternal(values, tools);
  return "errors" in checked ? checked : { ...checked, errors: {} };
}
