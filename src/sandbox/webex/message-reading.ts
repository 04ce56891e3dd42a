import type { SandboxMessage, SandboxSpace } from "../model";
import { ApiError, notFound } from "./api-error";
import { checkId, ok, queried, queriedId, type Answer, type Call, type Route } from "./call";
import { seenMessage } from "./messages";
import { answerPage } from "./paging";
import { seenSpace } from "./rooms";
import { messageView } from "./views";

const MOST_OF_A_PAGE = 1_000;
const MOST_WITH_MENTIONS = 100;

export const messageReadingRoutes: Route[] = [
  { method: "get", path: "/messages", answer: listMessages },
  { method: "get", path: "/messages/direct", answer: listDirectMessages },
  { method: "get", path: "/messages/:id", answer: getMessage },
];

function getMessage(call: Call): Answer {
  const id = checkId(call.params.id);
  if (!call.state.isReadable(id)) throw notFound("message");
  return ok(messageView(call.state, seenMessage(call, id)));
}

function listMessages(call: Call): Answer {
  const roomId = queried(call, "roomId");
  if (roomId === undefined) throw new ApiError(400, "roomId cannot be null");
  const { space } = seenSpace(call, checkId(roomId));
  const mentioned = wantedMention(call);
  checkMayList(call, space, mentioned);
  const messages = messagesBefore(call, space.id).filter(
    (message) => mentioned === undefined || message.mentionedPeople.includes(mentioned),
  );
  return page(call, messages, mentioned === undefined ? MOST_OF_A_PAGE : MOST_WITH_MENTIONS);
}

function wantedMention(call: Call): string | undefined {
  const mentioned = queried(call, "mentionedPeople");
  if (mentioned === undefined) return undefined;
  return mentioned === "me" ? call.caller.id : checkId(mentioned);
}

function checkMayList({ caller }: Call, space: SandboxSpace, mentioned: string | undefined): void {
  if (caller.type !== "bot" || space.type === "direct" || mentioned === caller.id) return;
  throw new ApiError(403, "Failed to get activity.");
}

function listDirectMessages(call: Call): Answer {
  const { state, caller } = call;
  const personId = queriedId(call, "personId");
  const email = queried(call, "personEmail");
  if ((personId === undefined) === (email === undefined)) {
    throw new ApiError(400, "Exactly one of personId and personEmail must be given.");
  }
  const otherId = personId ?? state.personByEmail(email ?? "")?.id ?? "";
  const space = state.directSpaceOf(caller.id, otherId);
  if (!space) throw notFound();
  return page(call, messagesBefore(call, space.id), MOST_OF_A_PAGE);
}

/** Newest first, as far as `before`, `beforeMessage` and `parentId` allow. */
function messagesBefore(call: Call, spaceId: string): SandboxMessage[] {
  const messages = call.state.messagesIn(spaceId).reverse();
  const before = beforeTime(call);
  const parentId = queriedId(call, "parentId");
  return messagesAfterCut(call, messages).filter(
    (message) =>
      message.created < before && (parentId === undefined || message.parentId === parentId),
  );
}

function beforeTime(call: Call): number {
  const before = queried(call, "before");
  const time = before === undefined ? Number.POSITIVE_INFINITY : Date.parse(before);
  if (Number.isNaN(time)) throw new ApiError(400, "before must be an ISO 8601 date.");
  return time;
}

function messagesAfterCut(call: Call, messages: SandboxMessage[]): SandboxMessage[] {
  const id = queriedId(call, "beforeMessage");
  if (id === undefined) return messages;
  const index = messages.findIndex((message) => message.id === id);
  if (index < 0) throw notFound("message");
  return messages.slice(index + 1);
}

function page(call: Call, messages: SandboxMessage[], largest: number): Answer {
  return answerPage(call, messages, {
    size: 50,
    largest,
    idOf: ({ id }) => id,
    show: (message) => messageView(call.state, message),
  });
}
