import { UserError } from "../errors";
import { fold } from "../fold";
import type { Moment } from "../decision";
import { addKnownExternals, requestAdd } from "../incident/add-responder";
import type { Change } from "../incident/change";
import { isMember } from "../incident/join-external";
import type { SpaceState } from "../incident/space-state";
import { numberOr } from "../roster/phone-number";
import type { Found, Responder } from "../roster/responder";
import { isEmail } from "../roster/external-fields";
import { withoutQuotes } from "./arguments";
import { askWhich } from "./ask-which";
import { replyNotice, replyText } from "./replies";
import {
  exactly,
  isExactly,
  joinWithRoster,
  searchPeople,
  type Candidate,
  type PeopleSource,
} from "./search-people";
import { useOnce } from "./start-commands";
import { aboutOf, personOf, type Turn } from "./turn";
import { addedSentence } from "./views/people-sentences";
import { externalGone, goneMeanwhile, nobodyToAdd, searchTooShort } from "./views/sentences";
import { plain, shown } from "./views/text";

/** `add`: a box to type a name or an e-mail address into. */
export async function offerAdd(turn: Turn): Promise<void> {
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (_state, at) => ({
    changes: replyNotice(
      turn,
      {
        sentence:
          "Whom shall I add? Write the e-mail address that they use on Webex. Somebody with a " +
          "phone who is known is also found by a part of their name, or by the last four " +
          "digits of a number.",
        input: { id: "who", label: "Name or e-mail address", placeholder: "ana@example.com" },
        buttons: [
          { title: "Add", action: "roster.add" },
          { title: "Someone with a phone", action: "roster.external-form" },
        ],
      },
      at,
    ),
    result: undefined,
  }));
}

const FEWEST_LETTERS = 3;
const MOST_OF_TERM = 100;

/**
 * `add <who>`: the one person whose whole name, e-mail address or number it is; a card to choose
 * from where it may be several; Webex is asked to take in an address that nobody known has.
 */
export async function add(turn: Turn, who: string): Promise<void> {
  const written = withoutQuotes(who).replace(/^mailto:/iu, "");
  if (written === "") return offerAdd(turn);
  const term = searchTerm(written, turn);
  if (Array.from(fold(term)).length < FEWEST_LETTERS)
    throw new UserError("search-too-short", searchTooShort(FEWEST_LETTERS));
  const known = await searchPeople(sourcesOf(turn), term);
  const exact = known.found.filter((one) => isExactly(one, term));
  const about = { ...aboutOf(turn), externalIds: exact.map(({ id }) => id) };
  await turn.tools.decisions.inSpace(turn.trigger, about, (state, at) => {
    refuseGone(state, about.externalIds);
    const candidates = joinWithRoster(asTheyAre(known, state), state, term);
    const changes = isEmail(term)
      ? addAddress(turn, state, term, candidates.found, at)
      : addOrAsk(turn, state, term, candidates, at);
    return { changes, result: undefined };
  });
}

/** Throws a `UserError` where one of them was deleted after they were found. */
function refuseGone({ externals }: SpaceState, ids: readonly string[]): void {
  if (ids.some((id) => !externals?.has(id)))
    throw new UserError("responder-gone", goneMeanwhile(ids.length));
}

/** Those who may be added at once may have been edited after the search. */
function asTheyAre({ found, total }: Found<Responder>, { externals }: SpaceState) {
  return { found: found.map((one) => externals?.get(one.id) ?? one), total };
}

/** Where people are known who could be added. */
function sourcesOf({ tools }: Turn): PeopleSource[] {
  return [{ search: (term, page) => tools.searchExternals(term, page) }];
}

/** A number as it is kept; an e-mail address in lower case; of anything else so much as fits. */
function searchTerm(line: string, { tools }: Turn): string {
  if (isEmail(line)) return line.toLowerCase();
  return numberOr(plain(line, MOST_OF_TERM), tools.dial);
}

/**
 * Whoever is here with that address is left as they are; then who is known, then Webex. Webex is
 * also asked where who is known turned out to be on it, or is on the roster already: they are
 * wanted in the space.
 */
function addAddress(
  turn: Turn,
  state: SpaceState,
  email: string,
  candidates: readonly Candidate[],
  at: Moment,
): Change[] {
  const isHere = state.members.some((member) => member.email.toLowerCase() === email);
  const known = isHere
    ? []
    : exactly(candidates, email).filter(({ responder }) => responder.kind === "external");
  const [first] = known.some((one) => isWantedInSpace(one, state)) ? [] : known;
  if (first && known.length === 1) return addThem(turn, state, [first.responder], at);
  if (first) return askWhich(turn, { verb: "add" }, email, pageOf(known), at);
  const input = { invitee: { by: "email" as const, email }, by: personOf(turn.actor) };
  const { changes, result } = requestAdd(state, input, at);
  const answer =
    result.kind === "already-there"
      ? `${shown(result.name)} is in this space already.`
      : `Adding ${shown(result.who)}.`;
  return [...changes, replyText(turn, answer, at)];
}

function isWantedInSpace({ isOnRoster, responder }: Candidate, { members }: SpaceState): boolean {
  return (isOnRoster || responder.personId !== undefined) && !isMember(members, responder);
}

function addOrAsk(
  turn: Turn,
  state: SpaceState,
  term: string,
  candidates: Found<Candidate>,
  at: Moment,
): Change[] {
  const exact = exactly(candidates.found, term);
  const [first] = exact;
  if (first && exact.length === 1) return addThem(turn, state, [first.responder], at);
  if (first) return askWhich(turn, { verb: "add" }, term, pageOf(exact), at);
  if (candidates.total > 0) return askWhich(turn, { verb: "add" }, term, candidates, at);
  return offerNew(turn, term, at);
}

function pageOf(found: Candidate[]): Found<Candidate> {
  return { found, total: found.length };
}

/** Nobody fits: the form for somebody new, with the name that was written. */
function offerNew(turn: Turn, term: string, at: Moment): Change[] {
  return replyNotice(
    turn,
    {
      sentence: nobodyToAdd(term),
      buttons: [{ title: "Add someone with a phone", action: "roster.external-form" }],
    },
    at,
    { payload: { who: term } },
  );
}

/** Those chosen on a card that asked whom to add. */
export async function addFound(turn: Turn, ids: readonly string[]): Promise<void> {
  const about = { ...aboutOf(turn), externalIds: ids };
  await turn.tools.decisions.inSpace(turn.trigger, about, (state, at) => {
    const here = state.roster.map(({ responder }) => responder);
    const there = here.filter(({ id }) => ids.includes(id));
    const others = ids.filter((id) => there.every((one) => one.id !== id));
    const externals = others.flatMap((id) => state.externals?.get(id) ?? []);
    if (externals.length < others.length)
      throw new UserError("responder-gone", goneMeanwhile(ids.length));
    return { changes: addThem(turn, state, [...there, ...externals], at), result: undefined };
  });
}

function addThem(
  turn: Turn,
  state: SpaceState,
  responders: readonly Responder[],
  at: Moment,
): Change[] {
  const input = { by: personOf(turn.actor), settings: turn.tools.settings };
  const { changes, result } = addKnownExternals(state, responders, input, at);
  return [...changes, replyText(turn, addedSentence(result), at)];
}

/** The existing external that was offered instead of a second one with the same number. */
export async function addExisting(turn: Turn): Promise<void> {
  const responderId = turn.card?.responderId ?? "";
  const about = { ...aboutOf(turn), externalIds: [responderId] };
  await turn.tools.decisions.inSpace(turn.trigger, about, (state, at) => {
    const used = useOnce(turn, state, at);
    const external = state.externals?.get(responderId);
    if (!external) throw new UserError("responder-gone", externalGone());
    const input = { by: personOf(turn.actor), settings: turn.tools.settings };
    const { changes, result } = addKnownExternals(state, [external], input, at);
    const answer = addedSentence(result);
    return { changes: [...used, ...changes, replyText(turn, answer, at)], result: undefined };
  });
}
