import type { SpaceLine } from "../../incident/space-line";
import type { Post } from "../../notify/notification";
import template from "../../../cards/spaces.json";
import { bold, cardPost, type Color } from "./post";
import { countOf, incidentName, plain, shown } from "./text";
import { utcTime } from "./time";

export interface SpacesInput {
  cardId: string;
  /** Those of the page. */
  spaces: readonly SpaceLine[];
  /** Counted from 0. */
  page: number;
  perPage: number;
  /** How many there are on all pages. */
  total: number;
  /** Every space is listed, and those that they are not in can be joined. */
  isOperator: boolean;
  at: number;
}

/** A page of somebody's spaces, each with what goes on there. */
export function spaces(input: SpacesInput): Post {
  const { page, perPage, total } = input;
  const rows = input.spaces.map((space) => rowOf(space, input.at));
  const choices = input.isOperator ? joinable(input.spaces) : [];
  const data = {
    cardId: input.cardId,
    heading: input.isOperator ? "All spaces" : "Spaces that you moderate",
    intro: intro(input),
    rows,
    lists: choices.length > 0 ? [{ choices }] : [],
    canJoin: choices.length > 0,
    hasPrevious: page > 0,
    hasNext: (page + 1) * perPage < total,
    previous: page - 1,
    next: page + 1,
  };
  return cardPost(template, data, [
    bold(data.heading),
    data.intro,
    ...rows.map(({ title, state }) => `${bold(title)}: ${state}`),
  ]);
}

function intro({ page, perPage, spaces: those, total }: SpacesInput): string {
  const all = countOf(total, "space", "spaces");
  if (total <= those.length) return all;
  return `${page * perPage + 1} to ${page * perPage + those.length} of ${all}`;
}

function rowOf(space: SpaceLine, now: number): { title: string; state: string; color: Color } {
  const title = shown(space.title, 80);
  const { incident } = space;
  if (!incident) return { title, state: "Quiet, no incident so far", color: "default" };
  const name = incidentName(incident);
  if (incident.stoppedAt === undefined) {
    const since = utcTime(incident.startedAt, now);
    const state = `Incident ${incident.number} is running since ${since}: ${name}`;
    return { title, state, color: "attention" };
  }
  const over = utcTime(incident.stoppedAt, now);
  const state = `Quiet; incident ${incident.number}, ${name}, was over at ${over}`;
  return { title, state, color: "default" };
}

function joinable(those: readonly SpaceLine[]): { title: string; value: string }[] {
  return those
    .filter(({ isMember }) => !isMember)
    .map(({ id, title }) => ({ title: plain(title, 60), value: id }));
}
