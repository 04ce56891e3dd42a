import type { Post } from "../notify/notification";
import type { SendContext } from "../notify/send-context";
import { invite } from "./views/invite";
import { told } from "./views/told";

/** The card that a responder gets for one notification. */
export function responderPostOf(context: SendContext, cardId: string): Post {
  const { incident, row, space, text = "" } = context;
  const input = {
    cardId,
    spaceTitle: space.title,
    incident,
    text,
    ...(incident.conference ? { conference: incident.conference } : {}),
  };
  return row.kind === "invite" ? invite(input) : told({ ...input, kind: row.kind });
}
