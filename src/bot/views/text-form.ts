import type { Post } from "../../notify/notification";
import template from "../../../cards/text-form.json";
import { NAME_LENGTH, nameChoices, type Known } from "./people-choices";
import { MOST_PICKS } from "./pick";
import { bold, cardPost } from "./post";
import { plain, shown } from "./text";

const MOST_WORDS_BACK = 1_000;

export interface TextFormInput {
  cardId: string;
  /** To whom it may go; the first twenty can be chosen. */
  responders: readonly Known[];
  /** What was chosen and written before, when the form comes back with what is wrong. */
  again?: { responder: string; message: string; error: string };
}

const nothing = { responder: "", message: "", error: "" };

/** The form for a text to one of several people. Shown in a space, so without their numbers. */
export function textForm({ cardId, responders, again = nothing }: TextFormInput): Post {
  const offered = responders.slice(0, MOST_PICKS);
  const left = responders.length - offered.length;
  const [only] = offered;
  const data = {
    cardId,
    choices: nameChoices(offered),
    chosen: responders.length === 1 ? only?.id : again.responder,
    message: plain(again.message, MOST_WORDS_BACK),
    error: shown(again.error, 200),
    more:
      left > 0
        ? `and ${left} more: for them write **text** in the space, with the name and the message.`
        : "",
  };
  const names = offered.map(({ name }) => shown(name, NAME_LENGTH)).join(", ");
  return cardPost(template, data, [
    bold("Text somebody"),
    `To one of: ${names}`,
    data.more,
    data.error,
    "Where this form is not shown, write in the space, for example: **text Bo Alm please call Ana**.",
  ]);
}
