import { UserError } from "../errors";
import type { Moment } from "../decision";
import { addKnownExternals } from "../incident/add-externals";
import type { Change } from "../incident/change";
import { numberOr } from "../roster/phone-number";
import type { Responder } from "../roster/responder";
import { cardDirectly, replyText, sayInSpace, tellDirectly } from "./replies";
import { aboutOf, personOf, pressedCard, spaceOf, type Turn } from "./turn";
import { externals } from "./views/externals";
import {
  choosePerson,
  externalGone,
  formExpired,
  listSentDirectly,
  noExternalFits,
  noExternals,
} from "./views/sentences";
import { plain, shown } from "./views/text";

const PEOPLE_PER_PAGE = 10;
const MOST_OF_TERM = 100;

/** `externals [search]`: the list holds numbers, so it goes to one person alone. */
export async function listExternals(turn: Turn, search: string): Promise<void> {
  const page = await findPage(turn, search, 0);
  const { decisions } = turn.tools;
  if (spaceOf(turn).spaceId === undefined) {
    await decisions.forExternals(turn.trigger, pressedCard(turn), (_state, at) => ({
      changes: listDirectly(turn, page, at),
      result: undefined,
    }));
    return;
  }
  await decisions.inSpace(turn.trigger, aboutOf(turn), (_state, at) => ({
    changes:
      page.people.length === 0
        ? [replyText(turn, nobody(page), at)]
        : [...listDirectly(turn, page, at), replyText(turn, listSentDirectly(), at)],
    result: undefined,
  }));
}

/** Next, Previous: another page of the same list. */
export async function turnPage(turn: Turn, wanted: number): Promise<void> {
  const { term } = turn.card?.payload ?? {};
  if (typeof term !== "string") throw new UserError("card-unknown", formExpired());
  const page = await findPage(turn, term, wanted);
  await turn.tools.decisions.forExternals(turn.trigger, pressedCard(turn), (_state, at) => ({
    changes: listDirectly(turn, page, at),
    result: undefined,
  }));
}

interface ListPage {
  /** As it was written. */
  term: string;
  people: Responder[];
  /** Counted from 0. */
  page: number;
  total: number;
}

/** The page, or the last one where there are no longer so many. */
async function findPage(turn: Turn, search: string, wanted: number): Promise<ListPage> {
  const term = plain(search, MOST_OF_TERM);
  const find = (page: number) =>
    turn.tools.searchExternals(numberOr(term, turn.tools.dial), {
      limit: PEOPLE_PER_PAGE,
      offset: page * PEOPLE_PER_PAGE,
    });
  const { found, total } = await find(wanted);
  if (found.length > 0 || total === 0) return { term, people: found, page: wanted, total };
  const page = Math.ceil(total / PEOPLE_PER_PAGE) - 1;
  const last = await find(page);
  return { term, people: last.found, page, total: last.total };
}

function listDirectly(turn: Turn, page: ListPage, at: Moment): Change[] {
  if (page.people.length === 0) return [tellDirectly(turn, { markdown: nobody(page) }, at)];
  const { languages } = turn.tools;
  const canAddHere = spaceOf(turn).spaceId !== undefined;
  return cardDirectly(
    turn,
    "externals",
    (cardId) => externals({ cardId, ...page, perPage: PEOPLE_PER_PAGE, canAddHere, languages }),
    at,
    { payload: { term: page.term } },
  );
}

function nobody({ term }: ListPage): string {
  return term === "" ? noExternals() : noExternalFits();
}

/** Add here: onto the roster of the space in which the list was asked for. */
export async function addChosen(turn: Turn, responderId: string | undefined): Promise<void> {
  if (responderId === undefined) throw new UserError("who-missing", choosePerson());
  if (spaceOf(turn).spaceId === undefined) throw new UserError("card-unknown", formExpired());
  const { decisions, settings } = turn.tools;
  const about = { ...aboutOf(turn), externalIds: [responderId] };
  await decisions.inSpace(turn.trigger, about, (state, at) => {
    const external = state.externals?.get(responderId);
    if (!external) throw new UserError("responder-gone", externalGone());
    const name = shown(external.name);
    const title = shown(state.space.title);
    if (state.roster.some(({ responder }) => responder.id === responderId)) {
      const answer = `${name} is on the roster of ${title} already.`;
      return { changes: [replyText(turn, answer, at)], result: undefined };
    }
    const input = { by: personOf(turn.actor), settings };
    const { changes, result } = addKnownExternals(state, [external], input, at);
    const told = (result.invited?.people ?? 0) > 0 ? " They are told now." : "";
    const line = `${shown(turn.actor.name)} added ${name} to the roster.${told}`;
    return {
      changes: [
        ...changes,
        replyText(turn, `${name} is on the roster of ${title} now.${told}`, at),
        ...(turn.saidIn.spaceId === turn.spaceId ? [] : [sayInSpace(turn, line, at)]),
      ],
      result: undefined,
    };
  });
}
