import type { Post } from "../../notify/notification";
import template from "../../../cards/ready.json";
import type { ReadyFacts } from "../ready-facts";
import { bold, cardPost, type Color } from "./post";
import { readyLines, type ReadyLine } from "./ready-lines";
import type { ChannelCounts } from "./started";
import { countOf, shown } from "./text";

export interface ReadyInput {
  cardId: string;
  botName: string;
  spaceTitle: string;
  isModerated: boolean;
  botIsModerator: boolean;
  /** Only moderators may write in the space. */
  isAnnouncementOnly: boolean;
  isHomeOrg: boolean;
  conference: "bridge" | "meeting" | "meeting-info" | "configuration" | "none";
  facts: ReadyFacts;
  now: number;
  sms: { isReady: boolean; reason?: string };
  voice: { isReady: boolean; reason?: string };
  /** Who would be told if an incident started now. */
  counts: ChannelCounts;
  /** Names of those whom no channel reaches. */
  unreachable: readonly string[];
}

/** Whether an incident could be handled in this space, and what to do about what is missing. */
export function ready(input: ReadyInput): Post {
  const checked = readyLines(input);
  const data = {
    cardId: input.cardId,
    spaceTitle: shown(input.spaceTitle),
    ...headline(checked),
    lines: checked.map((line) => ({ ...line, todo: line.todo ?? "" })),
  };
  return cardPost(template, data, [
    bold(data.headline),
    data.spaceTitle,
    ...checked.map(({ word, text, todo }) => [`${bold(word)}: ${text}`, todo].join(" ").trimEnd()),
  ]);
}

function headline(checked: readonly ReadyLine[]): { headline: string; color: Color } {
  const missing = checked.filter((line) => line.color === "attention").length;
  const todo = checked.filter((line) => line.color === "warning").length;
  if (missing > 0) return { headline: "Not ready", color: "attention" };
  if (todo === 0) return { headline: "Ready", color: "good" };
  return { headline: `Ready, with ${countOf(todo, "thing", "things")} to mend`, color: "warning" };
}
