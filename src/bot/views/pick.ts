import { fold } from "../../fold";
import type { Post } from "../../notify/notification";
import template from "../../../cards/pick.json";
import type { Candidate } from "../search-people";
import { details, NAME_LENGTH, sharedNames } from "./people-choices";
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
  /** How many fit in all. */
  total: number;
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
  const left = input.total - choices.length;
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
    more: left > 0 ? refine(left) : "",
    isForAdding: input.isForAdding,
  };
  return cardPost(template, data, [
    input.sentence,
    ...choices.map(({ name, detail }) => `${shown(name, NAME_LENGTH)}: ${shown(detail)}`),
    data.more,
  ]);
}

function refine(left: number): string {
  return `and ${left} more: refine your search, with more of the name or the e-mail address.`;
}

function choicesOf({ candidates, isForAdding }: PickInput): ChoiceView[] {
  const offered = candidates.slice(0, MOST_PICKS);
  const shared = sharedNames(offered.map(({ responder }) => responder));
  return toldApart(
    offered.map((candidate) => {
      const { responder } = candidate;
      const parts = details(responder, shared.has(fold(plain(responder.name, NAME_LENGTH))));
      const detail = [...parts, ...onRoster(candidate, isForAdding)].join(", ");
      return { value: responder.id, name: plain(responder.name, NAME_LENGTH), detail };
    }),
  );
}

function onRoster({ isOnRoster }: Candidate, isForAdding: boolean): string[] {
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
