import { RemoteError } from "../errors";
import type { Post } from "../notify/notification";
import type { Recipient } from "../notify/outbox-row";
import type { Talk } from "../notify/run-effect";
import type { BotConnection } from "./bot-connection";
import type { WebexClient } from "./webex-client";

/** The conversation with people: spaces through the framework's bot, persons directly. */
export function createTalk(
  client: WebexClient,
  connection: BotConnection,
  isConnected: () => boolean,
): Omit<Talk, "sendText" | "endMeeting" | "admitWaiting"> {
  return {
    post: (to, post) => postTo(to, post),
    edit: (spaceId, messageId, markdown) => client.edit(messageId, spaceId, markdown),
    deleteMessage: (messageId) => client.deleteMessage(messageId),
    addMember: (spaceId, who) => client.addMember(spaceId, who),
    getMembership: (spaceId, personId) => client.getMembership(spaceId, personId),
    removeMember: (spaceId, personId) => client.removeMember(spaceId, personId),
  };

  async function postTo(to: Recipient, post: Post): Promise<{ messageId: string }> {
    if (to.kind === "person") return client.post({ personId: to.personId, post });
    if (!isConnected()) throw notConnected();
    const { spaceId, parentId } = to;
    const message = { spaceId, post, ...(parentId === undefined ? {} : { parentId }) };
    // The framework takes a file as a stream only, which cannot be tried again.
    return post.file ? client.post(message) : connection.post(message);
  }
}

function notConnected(): RemoteError {
  return new RemoteError("not connected to Webex yet", {
    service: "webex",
    retryable: true,
    unclear: false,
  });
}
