import { fold } from "../../fold";
import type { Post } from "../../notify/notification";
import template from "../../../cards/pick.json";
import type { Candidate } from "../search-people";
import { details, NAME_LENGTH, sharedNames, type Known } from "./people-choices";
import { cardPost } from "./post";
import { besideBox, plain, shown } from "./text";

const TITLE_LENGTH = 200;
/** More cannot be told apart on a phone. */
export const MOST_PICKS = 20;

export interface PickInput {
  cardId: string;
  /** Markdown, whatever a person wrote in it escaped: one of the sentences beside this file. */
  sentence: string;
  /** What the one button says. */
  button: string;
  /** The first 20 are shown. */
  candidates: readonly Candidate[];
  /** How many fit in all, as far as they are counted. */
  total: number;
  /** More fit than are counted. */
  isMore?: boolean;
  /** Why the directory could not be looked into, as Markdown; "" where it was. */
  lack?: string;
  /** Says of each whether they are on the roster, and offers to add somebody new. */
  isForAdding: boolean;
}

interface ChoiceView {
  value: string;
  name: string;
  detail: string;
}

/** Several people fit what was written: which of them? Shown in a space, so without their numbers. */
export function pick(input: PickInput): Post {
  const choices = choicesOf(input);
  const [only] = choices;
  const data = {
    cardId: input.cardId,
    sentence: input.sentence,
    button: plain(input.button, 60),
    choices: choices.map(({ detail, name, value }) => ({
      title: besideBox(`${name} (${detail})`, TITLE_LENGTH),
      value,
    })),
    chosen: choices.length === 1 ? only?.value : "",
    more: [refine(input, choices.length), input.lack ?? ""].join(" ").trim(),
    isForAdding: input.isForAdding,
  };
  return cardPost(template, data, [
    input.sentence,
    ...choices.map(({ name, detail }) => `${shown(name, NAME_LENGTH)}: ${shown(detail)}`),
    data.more,
  ]);
}

function refine({ isMore, total }: PickInput, shownHere: number): string {
  const how = "refine your search, with more of the name or the e-mail address.";
  if (isMore) return `There are more than ${shownHere}: ${how}`;
  return total > shownHere ? `and ${total - shownHere} more: ${how}` : "";
}

function choicesOf({ candidates, isForAdding }: PickInput): ChoiceView[] {
  const offered = candidates.slice(0, MOST_PICKS);
  const shared = sharedNames(offered.map(knownAs));
  return toldApart(
    offered.map((candidate) => {
      const somebody = knownAs(candidate);
      const name = plain(somebody.name, NAME_LENGTH);
      const parts = details(somebody, shared.has(fold(name)));
      const detail = [...parts, ...onRoster(candidate, isForAdding)].join(", ");
      return { value: somebody.id, name, detail };
    }),
  );
}

function knownAs(candidate: Candidate): Known {
  if (candidate.kind === "known") return candidate.responder;
  const { personId: id, ...person } = candidate.person;
  return { id, kind: "directory", ...person };
}

function onRoster(candidate: Candidate, isForAdding: boolean): string[] {
  const isOnRoster = candidate.kind === "known" && candidate.isOnRoster;
  return isForAdding && isOnRoster ? ["on the roster already"] : [];
}

/** Numbers those whom nothing that may be shown tells apart: "2 of 3". */
function toldApart(choices: readonly ChoiceView[]): ChoiceView[] {
  const keyOf = ({ detail, name }: ChoiceView) => `${name}\n${detail}`;
  return choices.map((choice) => {
    const same = choices.filter((other) => keyOf(other) === keyOf(choice));
    if (same.length === 1) return choice;
    return { ...choice, detail: `${choice.detail}, ${same.indexOf(choice) + 1} of ${same.length}` };
  });
}
