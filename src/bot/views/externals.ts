import type { Post } from "../../notify/notification";
import { formatInternational, lastTwo } from "../../roster/phone-number";
import type { Responder } from "../../roster/responder";
import template from "../../../cards/externals.json";
import type { Choice } from "./external-form";
import { bold, cardPost } from "./post";
import { people as countPeople, plain, shown } from "./text";

export interface ExternalsInput {
  cardId: string;
  /** Those of the page. */
  people: readonly Responder[];
  /** Counted from 0. */
  page: number;
  perPage: number;
  /** How many there are on all pages. */
  total: number;
  /** What was searched for; empty for all. */
  term: string;
  /** Whether it was asked for in a space, so that somebody can be added to its roster. */
  canAddHere: boolean;
  languages: readonly Choice[];
}

/** A page of the people who have only a phone; it holds numbers, so it goes to one person only. */
export function externals(input: ExternalsInput): Post {
  const { page, people, perPage, total } = input;
  const rows = people.map((one) => rowOf(one, input.languages));
  const hasNext = (page + 1) * perPage < total;
  const data = {
    cardId: input.cardId,
    title: "People with a phone",
    intro: intro(input),
    rows,
    choices: people.map((one) => ({ title: choiceTitle(one, people), value: one.id })),
    canAddHere: input.canAddHere,
    hasPrevious: page > 0,
    hasNext,
    previous: page - 1,
    next: page + 1,
  };
  return cardPost(template, data, [
    bold(data.title),
    data.intro,
    ...rows.map(({ name, contact }) => `${bold(name)}: ${contact}`),
    "To edit, delete or add somebody, press the buttons in a Webex app that shows cards.",
  ]);
}

function intro({ page, people, perPage, term, total }: ExternalsInput): string {
  const first = page * perPage + 1;
  const last = page * perPage + people.length;
  const fitting = term === "" ? "" : ` fitting “${shown(term, 60)}”`;
  return total > people.length
    ? `${first} to ${last} of ${countPeople(total)}${fitting}`
    : `${countPeople(total)}${fitting}`;
}

function rowOf(
  { email, language, mobile, name, voice }: Responder,
  languages: readonly Choice[],
): { name: string; contact: string } {
  const spoken = languages.find(({ value }) => value === language);
  const parts = [
    mobile === undefined ? "no texts" : `texts ${formatInternational(mobile)}`,
    voice === undefined ? "no calls" : `calls ${formatInternational(voice)}`,
    email === undefined ? undefined : shown(email, 80),
    spoken === undefined ? undefined : shown(spoken.title, 40),
  ];
  return {
    name: shown(name, 60),
    contact: parts.filter((part) => part !== undefined).join(" · "),
  };
}

/** Two of the same name are told apart by their numbers. */
function choiceTitle({ mobile, name, voice }: Responder, all: readonly Responder[]): string {
  const number = mobile ?? voice;
  const title = plain(name, 40);
  const isOnly = all.filter((one) => plain(one.name, 40) === title).length === 1;
  return isOnly || number === undefined ? title : `${title} (${lastTwo(number)})`;
}
