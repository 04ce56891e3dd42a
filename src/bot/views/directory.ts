import {
  conditionOf,
  type DirectoryCondition,
  type KnownDirectory,
} from "../../directory/condition";
import type { SyncCounts } from "../../directory/directory";
import type { Grant } from "../../grants/grant";
import type { Post } from "../../notify/notification";
import template from "../../../cards/directory.json";
import { bold, cardPost, type Color } from "./post";
import { NOT_DIALLED, whatStays } from "./sync-sentences";
import { shown, thousands } from "./text";
import { ago, utcTime } from "./time";

export interface DirectoryInput extends KnownDirectory {
  cardId: string;
  now: number;
}

interface Row {
  title: string;
  hint: string;
}

/** How the copy of the organisation's people is, who let the bot read them, and what to do about it. */
export function directory(input: DirectoryInput): Post {
  const { cardId, grant, now } = input;
  const condition = conditionOf(input, now);
  const rows = [failedRow(input), ...countRows(input), grantRow(grant, now), nextRow(input)].filter(
    (row) => row !== undefined,
  );
  const data = {
    cardId,
    ...stateOf(input),
    rows,
    canRefresh: !CANNOT_BE_READ.includes(condition),
    canAuthorise: input.hasIntegration,
    revoking:
      "Deletes the grant and my copy of the directory. People are then added by their full " +
      "e-mail address, and no number is known but those that moderators wrote down.",
  };
  return cardPost(template, data, [
    bold("Directory"),
    bold(data.state),
    data.todo,
    ...rows.map(({ hint, title }) => (hint === "" ? title : `${title}: ${hint}`)),
  ]);
}

/** Of no use to be read again now: nothing would come of it, or it is at it. */
const CANNOT_BE_READ: readonly DirectoryCondition[] = ["dead", "cut-off", "reading"];

interface State {
  state: string;
  color: Color;
  todo: string;
}

function stateOf(input: DirectoryInput): State {
  const { hasIntegration, now, status } = input;
  const stays = whatStays(status.counts?.people);
  switch (conditionOf(input, now)) {
    case "dead":
      return {
        state: "The grant does not work any more",
        color: "attention",
        todo: hasIntegration
          ? `Press Authorise anew. Until then ${stays}.`
          : `It cannot be given anew: the server has no Webex integration. Until then ${stays}.`,
      };
    case "cut-off":
      return {
        state: "Not read any more",
        color: "attention",
        todo:
          "The server has no Webex integration. Whoever runs it has to set CLIENT_ID and " +
          `CLIENT_SECRET again. Until then ${stays}.`,
      };
    case "reading":
      return { state: "Being read now", color: "accent", todo: "" };
    case "failed":
      return {
        state: "The last reading failed",
        color: "warning",
        todo: `Until one succeeds ${stays}.`,
      };
    case "unread":
      return { state: "Connected, not read yet", color: "warning", todo: "" };
    case "good":
      return { state: "Connected", color: "good", todo: "" };
  }
}

function countRows({ now, status: { counts, syncedAt } }: DirectoryInput): Row[] {
  if (counts === undefined || syncedAt === undefined) return [];
  const read = `Read at ${utcTime(syncedAt, now)}, ${ago(syncedAt, now)}.`;
  return [
    { title: thousands(counts.people, "person", "people"), hint: read },
    ...withoutRows(counts),
  ];
}

function withoutRows({ skipped, undialledNumbers, withoutEmail }: SyncCounts): Row[] {
  const rows: [number, Row][] = [
    [
      withoutEmail,
      {
        title: `${thousands(withoutEmail, "person", "people")} without an e-mail address`,
        hint: "Found by their name only.",
      },
    ],
    [
      undialledNumbers,
      {
        title: `${thousands(undialledNumbers, "number", "numbers")} that I do not dial`,
        hint: `Each is ${NOT_DIALLED}.`,
      },
    ],
    [
      skipped,
      {
        title: `${thousands(skipped, "account", "accounts")} left out`,
        hint: "Bots, guests, and people who cannot sign in.",
      },
    ],
  ];
  return rows.filter(([count]) => count > 0).map(([, row]) => row);
}

function grantRow({ grantedAt, personName }: Grant, now: number): Row {
  return {
    title: `Granted by ${shown(personName, 60)}`,
    hint: `At ${utcTime(grantedAt, now)}.`,
  };
}

function nextRow(input: DirectoryInput): Row | undefined {
  const { now, status } = input;
  if (status.dueAt === undefined || CANNOT_BE_READ.includes(conditionOf(input, now)))
    return undefined;
  return { title: `Next reading at ${utcTime(status.dueAt, now)}`, hint: "" };
}

function failedRow({ grant, hasIntegration, now, status }: DirectoryInput): Row | undefined {
  const { failedAt, lastError } = status;
  if (lastError !== undefined && failedAt !== undefined)
    return {
      title: `A reading failed at ${utcTime(failedAt, now)}`,
      hint: `Because ${shown(lastError, 200)}.`,
    };
  if (grant.lastError === undefined) return undefined;
  const { dueAt } = grant;
  const isTried = dueAt !== undefined && hasIntegration;
  const again = isTried ? `; I try again at ${utcTime(dueAt, now)}` : "";
  return {
    title: "The grant could not be renewed",
    hint: `${shown(grant.lastError, 200)}${again}.`,
  };
}
