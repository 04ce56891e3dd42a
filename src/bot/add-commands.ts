import { UserError } from "../errors";
import { fold } from "../fold";
import type { Moment } from "../decision";
import { addKnownExternals } from "../incident/add-externals";
import { requestAdd } from "../incident/add-responder";
import type { Change } from "../incident/change";
import { isMember } from "../incident/join-external";
import type { SpaceState } from "../incident/space-state";
import { numberOr } from "../roster/phone-number";
import { isEmail } from "../roster/external-fields";
import { addThese, chosenOf } from "./add-found";
import { withoutQuotes } from "./arguments";
import { askWhich } from "./ask-which";
import { replyNotice, replyText } from "./replies";
import {
  exactly,
  isExactly,
  isSame,
  joinWithRoster,
  searchPeople,
  type Candidate,
  type Candidates,
  type DirectoryLack,
  type FoundPeople,
} from "./search-people";
import { useOnce } from "./start-commands";
import { aboutOf, personOf, type Turn } from "./turn";
import { addedSentence } from "./views/people-sentences";
import { directoryLack, nobodyToAdd, searchTooShort } from "./views/search-sentences";
import { externalGone, goneMeanwhile } from "./views/sentences";
import { plain, shown } from "./views/text";

/** `add`: a box to type a name or an e-mail address into. */
export async function offerAdd(turn: Turn): Promise<void> {
  await turn.tools.decisions.inSpace(turn.trigger, aboutOf(turn), (_state, at) => ({
    changes: replyNotice(
      turn,
      {
        sentence:
          "Whom shall I add? Write a name, or the beginning of one, or an e-mail address. " +
          "Somebody with a phone who is known is also found by the last four digits of a number.",
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
  const wanted = { term, written: plain(written, MOST_OF_TERM) };
  const people = await searchPeople(turn.tools, wanted);
  const about = { ...aboutOf(turn), externalIds: exactExternals(people, term) };
  await turn.tools.decisions.inSpace(turn.trigger, about, (state, at) => {
    refuseGone(state, about.externalIds);
    const candidates = joinWithRoster(asTheyAre(people, state), state, term);
    const changes = isEmail(term)
      ? addAddress(turn, state, term, candidates, at)
      : addOrAsk(turn, state, term, candidates, at);
    return { changes, result: undefined };
  });
}

/** Ids of those who may be added at once. */
function exactExternals({ directory, externals }: FoundPeople, term: string): string[] {
  const persons = directory.found.filter((one) => isExactly(one, term));
  return externals.found
    .filter((one) => isExactly(one, term) || persons.some((person) => isSame(one, person)))
    .map(({ id }) => id);
}

/** Throws a `UserError` where one of them was deleted after they were found. */
function refuseGone({ externals }: SpaceState, ids: readonly string[]): void {
  if (ids.some((id) => !externals?.has(id)))
    throw new UserError("responder-gone", goneMeanwhile(ids.length));
}

/** Those who may be added at once may have been edited after the search. */
function asTheyAre(people: FoundPeople, { externals }: SpaceState): FoundPeople {
  const { found, total } = people.externals;
  const fresh = found.map((one) => externals?.get(one.id) ?? one);
  return { ...people, externals: { found: fresh, total } };
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
  candidates: Candidates,
  at: Moment,
): Change[] {
  const exact = exactly(candidates.found, email);
  const isHere = state.members.some((member) => member.email.toLowerCase() === email);
  const known = isHere ? [] : exact.filter(isExternal);
  const [first] = known.some((one) => isWantedInSpace(one, state)) ? [] : known;
  if (first && known.length === 1) return addThese(turn, state, chosenOf([first]), at);
  if (first) return askWhich(turn, { verb: "add" }, email, pageOf(candidates, known), at);
  const onWebex = exact.filter((one) => !isExternal(one));
  if (onWebex.length === 1) return addThese(turn, state, chosenOf(onWebex), at);
  const input = { invitee: { by: "email" as const, email }, by: personOf(turn.actor) };
  const { changes, result } = requestAdd(state, input, at);
  const answer =
    result.kind === "already-there"
      ? `${shown(result.name)} is in this space already.`
      : [`Adding ${shown(result.who)}.`, directoryLack(candidates.lack)].join(" ").trimEnd();
  return [...changes, replyText(turn, answer, at)];
}

function isExternal(candidate: Candidate): boolean {
  return candidate.kind === "known" && candidate.responder.kind === "external";
}

function isWantedInSpace(candidate: Candidate, { members }: SpaceState): boolean {
  if (candidate.kind === "directory") return true;
  const { isOnRoster, responder } = candidate;
  return (isOnRoster || responder.personId !== undefined) && !isMember(members, responder);
}

function addOrAsk(
  turn: Turn,
  state: SpaceState,
  term: string,
  candidates: Candidates,
  at: Moment,
): Change[] {
  const exact = exactly(candidates.found, term);
  if (exact.length === 1) return addThese(turn, state, chosenOf(exact), at);
  if (exact.length > 1) return askWhich(turn, { verb: "add" }, term, pageOf(candidates, exact), at);
  if (candidates.total > 0) return askWhich(turn, { verb: "add" }, term, candidates, at);
  return offerNew(turn, term, candidates.lack, at);
}

/** Of all that were found only these. */
function pageOf(candidates: Candidates, found: Candidate[]): Candidates {
  return { ...candidates, found, total: found.length, isMore: false };
}

/** Nobody fits: the form for somebody new, with the name that was written. */
function offerNew(turn: Turn, term: string, lack: DirectoryLack | undefined, at: Moment): Change[] {
  return replyNotice(
    turn,
    {
      sentence: nobodyToAdd(term, lack),
      buttons: [{ title: "Add someone with a phone", action: "roster.external-form" }],
    },
    at,
    { payload: { who: term } },
  );
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
