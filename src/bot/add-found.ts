import { UserError } from "../errors";
import type { Moment } from "../decision";
import { addKnownExternals } from "../incident/add-externals";
import { requestAdd } from "../incident/add-responder";
import type { Change } from "../incident/change";
import type { FoundPerson } from "../directory/directory";
import type { SpaceState } from "../incident/space-state";
import type { Responder } from "../roster/responder";
import { replyText } from "./replies";
import type { Candidate } from "./search-people";
import { aboutOf, personOf, type Turn } from "./turn";
import { addedSentence } from "./views/people-sentences";
import { goneMeanwhile, leftDirectory } from "./views/sentences";

/** Who is added: responders who are known, and people of the directory. */
export interface Chosen {
  responders: readonly Responder[];
  people: readonly FoundPerson[];
}

export function chosenOf(candidates: readonly Candidate[]): Chosen {
  return {
    responders: candidates.flatMap((one) => (one.kind === "known" ? [one.responder] : [])),
    people: candidates.flatMap((one) => (one.kind === "directory" ? [one.person] : [])),
  };
}

/** Those chosen on a card that asked whom to add. */
export async function addFound(
  turn: Turn,
  { ids, personIds }: { ids: readonly string[]; personIds: readonly string[] },
): Promise<void> {
  const persons = await turn.tools.findInDirectory(personIds);
  const people = personIds.flatMap((id) => persons.get(id) ?? []);
  const count = ids.length + personIds.length;
  if (people.length < personIds.length) throw new UserError("person-gone", leftDirectory(count));
  const about = { ...aboutOf(turn), externalIds: ids };
  await turn.tools.decisions.inSpace(turn.trigger, about, (state, at) => {
    const here = state.roster.map(({ responder }) => responder);
    const there = here.filter(({ id }) => ids.includes(id));
    const others = ids.filter((id) => there.every((one) => one.id !== id));
    const externals = others.flatMap((id) => state.externals?.get(id) ?? []);
    if (externals.length < others.length)
      throw new UserError("responder-gone", goneMeanwhile(count));
    const responders = [...there, ...externals];
    return { changes: addThese(turn, state, { responders, people }, at), result: undefined };
  });
}

/** Who is known comes onto the roster at once; Webex is asked to take in the people of the directory. */
export function addThese(
  turn: Turn,
  state: SpaceState,
  { people, responders }: Chosen,
  at: Moment,
): Change[] {
  const by = personOf(turn.actor);
  const { settings } = turn.tools;
  const { changes, result } = addKnownExternals(state, responders, { by, settings }, at);
  const asked = people.map(({ name, personId }) =>
    requestAdd(state, { invitee: { by: "person", personId, name }, by }, at),
  );
  const answer = addedSentence({
    ...result,
    adding: asked.flatMap((one) => (one.result.kind === "adding" ? [one.result.who] : [])),
    here: asked.flatMap((one) => (one.result.kind === "already-there" ? [one.result.name] : [])),
  });
  return [...changes, ...asked.flatMap((one) => one.changes), replyText(turn, answer, at)];
}
