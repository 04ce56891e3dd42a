import type { Post } from "../../notify/notification";
import template from "../../../cards/start-form.json";
import { cardPost } from "./post";
import { plain, shown } from "./text";

export interface StartFormInput {
  cardId: string;
  /** What was written before, when the form comes back. */
  name?: string;
  error?: string;
}

/** The form that asks for the name of an incident. */
export function startForm({ cardId, name = "", error = "" }: StartFormInput): Post {
  const data = { cardId, name: plain(name), error: shown(error, 200) };
  return cardPost(template, data, [
    "What is happening? Write **start incident** and a name of 1 to 120 characters.",
    data.error,
  ]);
}
