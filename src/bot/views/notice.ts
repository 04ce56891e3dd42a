import type { Post } from "../../notify/notification";
import template from "../../../cards/notice.json";
import { cardPost } from "./post";
import { plain } from "./text";

const MOST_BUTTONS = 5;
/** Buttons with more letters have no room beside each other on a phone: each gets a line. */
const MOST_BESIDE = 36;

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
  const buttons = input.buttons.slice(0, MOST_BUTTONS).map((button) => ({
    title: plain(button.title, 60),
    data: { ...button.data, action: button.action, v: 1, card: input.cardId },
  }));
  const isList =
    buttons.length > 1 && buttons.map(({ title }) => title).join("").length > MOST_BESIDE;
  const data = {
    sentence: input.sentence,
    inputs: input.input === undefined ? [] : [input.input],
    buttons: isList ? [] : buttons,
    listed: isList ? buttons : [],
  };
  return cardPost(template, data, [input.sentence]);
}
