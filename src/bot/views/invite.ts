import type { Post } from "../../notify/notification";
import template from "../../../cards/invite.json";
import { responderPost, type ResponderPostInput } from "./responder-post";

export type InviteInput = ResponderPostInput;

/** The direct message that calls a responder. */
export function invite(input: InviteInput): Post {
  return responderPost(template, "invite", input);
}
