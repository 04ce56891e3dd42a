import type { Post } from "../../notify/notification";
import template from "../../../cards/notice.json";
import { cardPost } from "./post";
import { plain } from "./text";

const MOST_BUTTONS = 5;

export interface NoticeButton {
  title: string;
  /** `<feature>.<verb>` of the table of card actions. */
  action: string;
  /** What the button stands for besides its verb. */
  data?: Readonly<Record<string, string | number | boolean>>;
}

export interface NoticeInput {
  cardId: string;
  /** Markdown, whatever a person wrote in it escaped: one of the sentences beside this file. */
  sentence: string;
  input?: { id: string; label: string; placeholder: string };
  /** Five at most; more are left out. */
  buttons: readonly NoticeButton[];
}

/** A sentence with what can be done about it. */
export function notice(input: NoticeInput): Post {
  const data = {
    sentence: input.sentence,
    inputs: input.input === undefined ? [] : [input.input],
    buttons: input.buttons.slice(0, MOST_BUTTONS).map((button) => ({
      title: plain(button.title, 60),
      data: { ...button.data, action: button.action, v: 1, card: input.cardId },
    })),
  };
  return cardPost(template, data, [input.sentence]);
}
