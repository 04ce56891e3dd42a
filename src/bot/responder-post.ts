import { randomUUID } from "node:crypto";
import type { NotificationKind, Post } from "../notify/notification";
import type { SendContext } from "../notify/send-context";
import { remembering } from "../remembering";
import { invite } from "./views/invite";
import type { ResponderPostInput } from "./views/responder-post";
import { told } from "./views/told";

/** Enough for the incidents that are told of at the same time. */
const POSTS_KEPT = 50;

/** The card that a responder gets for one notification. Equal ones are made once, but for their id. */
export function responderPosts(): (context: SendContext, cardId: string) => Post {
  // Nobody can write this into a name or a title.
  const anyCard = randomUUID();
  const make = remembering(POSTS_KEPT, (kind: NotificationKind, input: ResponderPostInput) =>
    JSON.stringify(kind === "invite" ? invite(input) : told({ ...input, kind })),
  );
  return (context, cardId) => {
    const { incident, row, space, text = "" } = context;
    const input = {
      cardId: anyCard,
      spaceTitle: space.title,
      incident,
      text,
      ...(incident.conference ? { conference: incident.conference } : {}),
    };
    return JSON.parse(make(row.kind, input).replaceAll(anyCard, cardId)) as Post;
  };
}
