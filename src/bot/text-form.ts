import { z } from "zod";
import { UserError } from "../errors";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
import type { Incident } from "../incident/incident";
import type { ProgressState } from "../incident/space-state";
import { canBeTexted, whyNoText } from "../incident/tell";
import type { RosterEntry } from "../roster/responder";
import { incidentOfCard } from "./card-incident";
import { entriesByIds, entriesStillThere } from "./find-entry";
import { pressedTwice } from "./remind-commands";
import { replyCard } from "./replies";
import { useOnce } from "./start-commands";
import { textThem } from "./tell-commands";
import { aboutOf, type Turn } from "./turn";
import { formExpired } from "./views/sentences";
import { textForm, type TextFormInput } from "./views/text-form";
import { allAnswered, nobodyToText, writeMessage } from "./views/text-sentences";
import { whileRunning } from "./while-running";

/** What was chosen and written on the form. */
export interface TextWish {
  /** "" where nobody was chosen. */
  responder: string;
  message: string;
}

/** Mistakes that come back with the form; of anything else only the sentence is said. */
const ON_THE_FORM: ReadonlySet<string> = new Set([
  "who-missing",
  "words-missing",
  "words-too-long",
]);

/** Text, on a card that names people: a form for a message to one of them, for who pressed alone. */
export async function offerTextForm(turn: Turn, ids: readonly string[]): Promise<void> {
  await turn.tools.decisions.withProgress(turn.trigger, aboutOf(turn), (state, at) => {
    const incident = incidentOfCard(turn, state);
    const entries = whoCanBeTexted(turn, state, ids);
    const twice = pressedTwice(turn, state, `text-form ${turn.card?.id ?? ""}`, at);
    const changes = twice === "same" ? [] : [...twice, ...newForm(turn, { incident, entries }, at)];
    return { changes, result: undefined };
  });
}

/** The form that came back: texted as by the command, or the form again with what is wrong. */
export async function submitTextForm(turn: Turn, wish: TextWish): Promise<void> {
  try {
    await whileRunning(turn, (state, at) => {
      incidentOfCard(turn, state);
      const used = useOnce(turn, state, at);
      return [...used, ...textThem(turn, state, chosen(turn, state, wish), wish.message, at)];
    });
  } catch (error) {
    if (!(error instanceof UserError) || !ON_THE_FORM.has(error.code)) throw error;
    await offerAgain(turn, wish, error.message);
  }
}

function chosen(turn: Turn, state: ProgressState, { message, responder }: TextWish): RosterEntry[] {
  const ids = responder === "" ? [] : [responder];
  if (ids.some((id) => !offeredOn(turn).includes(id)))
    throw new UserError("pick-forged", formExpired());
  const entries = entriesByIds(state, ids);
  if (message === "") throw new UserError("words-missing", writeMessage());
  return entries;
}

async function offerAgain(turn: Turn, wish: TextWish, error: string): Promise<void> {
  await whileRunning(turn, (state, at) => {
    const incident = incidentOfCard(turn, state);
    const entries = whoCanBeTexted(turn, state, offeredOn(turn));
    const form = newForm(turn, { incident, entries, again: { ...wish, error } }, at);
    return [...useOnce(turn, state, at), ...form];
  });
}

interface FormContent {
  incident: Incident;
  entries: readonly RosterEntry[];
  again?: TextFormInput["again"];
}

function newForm(turn: Turn, { again, entries, incident }: FormContent, at: Moment): Change[] {
  const responders = entries.map(({ responder }) => responder);
  return replyCard(
    turn,
    "text-form",
    (cardId) => textForm({ cardId, responders, ...(again ? { again } : {}) }),
    at,
    {
      incidentId: incident.id,
      personId: turn.actor.personId,
      payload: { responderIds: responders.map(({ id }) => id) },
    },
  );
}

function offeredOn({ card }: Turn): string[] {
  const ids = z.array(z.string()).safeParse(card?.payload.responderIds);
  if (!ids.success) throw new UserError("card-unknown", formExpired());
  return ids.data;
}

/**
 * Those of them whom a text can reach and who have not answered since they were named, by name.
 * Throws a `UserError` that says why where there is nobody.
 */
function whoCanBeTexted(turn: Turn, state: ProgressState, ids: readonly string[]): RosterEntry[] {
  const { settings } = turn.tools;
  const answered = new Set(
    state.progress.filter((one) => one.answer).map(({ responder }) => responder.id),
  );
  const there = entriesStillThere(state, ids);
  const silent = there.filter(({ responder }) => !answered.has(responder.id));
  const able = silent.filter((entry) => canBeTexted(entry, settings));
  const [first, ...others] = silent;
  if (first === undefined) throw new UserError("nobody-to-text", allAnswered());
  if (able.length > 0) return byName(able);
  const why = others.length === 0 ? whyNoText(first, settings) : nobodyToText();
  throw new UserError("cannot-text", why);
}

function byName(entries: readonly RosterEntry[]): RosterEntry[] {
  return [...entries].sort((one, other) =>
    one.responder.name.localeCompare(other.responder.name, "en"),
  );
}
