import type { NotificationKind, Post } from "../../notify/notification";
import template from "../../../cards/told.json";
import { responderPost, type ResponderPostInput } from "./responder-post";

export interface ToldInput extends ResponderPostInput {
  kind: Exclude<NotificationKind, "invite">;
}

/** Every later direct message to a responder. */
export function told(input: ToldInput): Post {
  return responderPost(template, input.kind, input);
}
