import {
  asksForAnswer,
  type Conference,
  type NotificationKind,
  type Post,
} from "../../notify/notification";
import type { CardJson } from "../../notify/template";
import { joinLines, joinView, openSpaceHint, type JoinView } from "./join";
import { bold, cardPost, type Color } from "./post";
import { howToAnswer } from "./answer-sentences";
import { eyebrow, incidentName, shownParagraphs } from "./text";

/** What every direct message to a responder tells. */
export interface ResponderPostInput {
  cardId: string;
  spaceTitle: string;
  incident: { name: string; number: number; isDrill: boolean };
  conference?: Conference;
  /** Plain text, escaped here; empty where there is nothing to add. */
  text: string;
}

const headlines: Readonly<Record<NotificationKind, { headline: string; color: Color }>> = {
  invite: { headline: "You are needed", color: "attention" },
  reminder: { headline: "Reminder: you are needed", color: "warning" },
  update: { headline: "Update", color: "accent" },
  stop: { headline: "It is over", color: "good" },
  message: { headline: "Message", color: "accent" },
};

const nothingToJoin: JoinView = { link: "", dialIn: "", hint: "" };

/** The post of one kind of notification, on the card of that kind. */
export function responderPost(
  template: CardJson,
  kind: NotificationKind,
  input: ResponderPostInput,
): Post {
  const hint = openSpaceHint(input.spaceTitle);
  const join = kind === "stop" ? nothingToJoin : joinView(input.conference, hint);
  const canAnswer = asksForAnswer(kind);
  const data = {
    cardId: input.cardId,
    ...headlines[kind],
    name: incidentName(input.incident),
    eyebrow: eyebrow(input.incident.number, input.spaceTitle),
    paragraphs: shownParagraphs(input.text),
    ...join,
    canAnswer,
  };
  return cardPost(template, data, [
    `${bold(data.headline)}: ${data.name}`,
    data.eyebrow,
    ...data.paragraphs,
    ...joinLines(join),
    canAnswer ? howToAnswer(input.incident.number) : undefined,
  ]);
}
