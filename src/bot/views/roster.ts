import type { Incident, ResponderProgress } from "../../incident/incident";
import type { Post } from "../../notify/notification";
import template from "../../../cards/roster.json";
import { nameChoices } from "./people-choices";
import { bold, cardPost, fits } from "./post";
import { inOrder, rowView, type RowView } from "./status-rows";
import { eyebrow, incidentName, people } from "./text";
import { utcTime } from "./time";

const PEOPLE_PER_PAGE = 20;

export interface RosterInput {
  cardId: string;
  spaceTitle: string;
  incident: Pick<Incident, "name" | "number" | "isDrill" | "state">;
  /** Everybody. */
  progress: readonly ResponderProgress[];
  /** Counted from 0; past the end it is the last one. */
  page: number;
  /** When the card is made, ms. */
  at: number;
}

/** Everybody of an incident with the last state of each channel, a page at a time. */
export function roster(input: RosterInput): Post {
  const post = rosterPost(input, (view) => view);
  // Reasons are long: where they do not fit, it is still told who is where.
  return fits(post) ? post : rosterPost(input, (view) => ({ ...view, channels: "" }));
}

function rosterPost(input: RosterInput, shorten: (view: RowView) => RowView): Post {
  const ordered = inOrder(input.progress);
  const pages = Math.max(1, Math.ceil(ordered.length / PEOPLE_PER_PAGE));
  const page = Math.min(input.page, pages - 1);
  const first = page * PEOPLE_PER_PAGE;
  const shown = ordered.slice(first, first + PEOPLE_PER_PAGE);
  const data = {
    cardId: input.cardId,
    eyebrow: eyebrow(input.incident.number, input.spaceTitle),
    title: incidentName(input.incident),
    intro: intro(ordered.length, first, shown.length, input.at),
    rows: shown.map((one) => shorten(rowView(one))),
    isRunning: input.incident.state === "running",
    choices: nameChoices(shown.map(({ responder }) => responder)),
    hasPrevious: page > 0,
    previous: page - 1,
    hasNext: page < pages - 1,
    next: page + 1,
  };
  return cardPost(template, data, [
    `${bold(data.title)} (${data.eyebrow})`,
    data.intro,
    ...data.rows.map(line),
  ]);
}

/** "21 to 40 of 200 people · as of 03:10 UTC". */
function intro(total: number, first: number, count: number, at: number): string {
  const asOf = `as of ${utcTime(at)}`;
  if (count === 0 || count === total) return `${people(total)} · ${asOf}`;
  return `${first + 1} to ${first + count} of ${people(total)} · ${asOf}`;
}

function line({ channels, name, word }: RowView): string {
  const told = channels === "" ? "" : ` (${channels})`;
  return `${bold(name)}: ${word.toLowerCase()}${told}`;
}
