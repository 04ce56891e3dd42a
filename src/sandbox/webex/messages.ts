import { z } from "zod";
import type { Attachment, Content, SandboxMessage, SandboxPerson, SandboxSpace } from "../model";
import type { WorldState } from "../world-state";
import { canSeeMessage } from "./announce";
import { ApiError, notFound } from "./api-error";
import { checkId, NO_CONTENT, ok, parseBody, type Answer, type Call, type Route } from "./call";
import { plainContent, renderMarkdown } from "./markdown";
import { deleteMessage, editMessage, postMessage } from "./message-changes";
import { invitePending } from "./person-changes";
import { seenSpace } from "./rooms";
import { openDirectSpace } from "./space-changes";
import { messageView } from "./views";

const MOST_BYTES = 7_439;
const MOST_EDITS = 10;
const CARD_TYPE = "application/vnd.microsoft.card.adaptive";

export const messageRoutes: Route[] = [
  { method: "post", path: "/messages", answer: createMessage },
  { method: "put", path: "/messages/:id", answer: updateMessage },
  { method: "delete", path: "/messages/:id", answer: removeMessage },
];

const NEW_MESSAGE = z.object({
  roomId: z.string().optional(),
  toPersonId: z.string().optional(),
  toPersonEmail: z.string().optional(),
  parentId: z.string().optional(),
  text: z.string().optional(),
  markdown: z.string().optional(),
  files: z.array(z.url()).max(1, "only one file may be sent").optional(),
  attachments: z
    .array(
      z.object({ contentType: z.literal(CARD_TYPE), content: z.record(z.string(), z.unknown()) }),
    )
    .max(1, "only one attachment may be sent")
    .optional(),
});

type NewMessage = z.infer<typeof NEW_MESSAGE>;

function createMessage(call: Call): Answer {
  const { state, caller } = call;
  const wish = parseBody(NEW_MESSAGE, call.body);
  checkOneDestination(wish);
  const { uploads = [] } = call;
  checkSaysSomething(wish, uploads.length);
  const attachments = wish.attachments ?? [];
  for (const attachment of attachments) checkCard(state, attachment);
  if (wish.parentId !== undefined) checkId(wish.parentId);
  const space = destination(call, wish);
  const { files, parentId } = wish;
  const content = contentOf(state, space, wish);
  const draft = { space, author: caller, content, attachments, files, uploads, parentId };
  const { toPersonId, toPersonEmail } = wish;
  return ok({ ...messageView(state, postMessage(state, draft)), toPersonId, toPersonEmail });
}

function checkOneDestination({ roomId, toPersonId, toPersonEmail }: NewMessage): void {
  if ([roomId, toPersonId, toPersonEmail].filter(Boolean).length === 1) return;
  throw new ApiError(
    400,
    "Exactly one of the destination fields must not be empty (roomId, toPersonEmail, toPersonId)",
  );
}

function checkSaysSomething(wish: NewMessage, uploaded: number): void {
  const { text, markdown, files = [], attachments = [] } = wish;
  const sent = files.length + uploaded;
  if (!text && !markdown && sent === 0 && attachments.length === 0) {
    throw new ApiError(400, "Both text and file cannot be empty.");
  }
  if (sent > 1) throw new ApiError(400, "only one file may be sent");
  // That Webex takes no card with a file is documented; its words for it are not known.
  if (sent > 0 && attachments.length > 0) {
    throw new ApiError(400, "Files and attachments cannot be sent together.");
  }
}

function checkCard(state: WorldState, { content }: Attachment): void {
  if (content.type !== "AdaptiveCard") throw new ApiError(400, "Unable to retrieve content.");
  if (Buffer.byteLength(JSON.stringify(content)) > state.cardLimitBytes) {
    throw new ApiError(400, `The card is larger than ${state.cardLimitBytes} bytes.`);
  }
}

function destination(call: Call, wish: NewMessage): SandboxSpace {
  if (wish.roomId) return seenSpace(call, checkId(wish.roomId)).space;
  const person = recipient(call.state, wish);
  if (person.id === call.caller.id) throw new ApiError(400, "You cannot write to yourself.");
  return openDirectSpace(call.state, call.caller, person);
}

function recipient(state: WorldState, { toPersonId, toPersonEmail }: NewMessage): SandboxPerson {
  if (!toPersonId) {
    const email = toPersonEmail ?? "";
    return state.personByEmail(email) ?? invitePending(state, email);
  }
  const person = state.people.get(checkId(toPersonId));
  if (!person) throw notFound("person");
  return person;
}

/** The limit counts the bytes that were sent, before anything is rendered. */
function contentOf(
  state: WorldState,
  space: SandboxSpace,
  { text, markdown }: { text?: string | undefined; markdown?: string | undefined },
): Content {
  for (const part of [text, markdown]) {
    if (part !== undefined && Buffer.byteLength(part) > MOST_BYTES) {
      throw new ApiError(400, `The message is longer than ${MOST_BYTES} bytes.`);
    }
  }
  if (!markdown) return plainContent(text ?? "");
  const content = renderMarkdown(markdown, (by, value) => {
    const person = by === "id" ? state.people.get(value) : state.personByEmail(value);
    return person && state.membership(space.id, person.id) ? person : undefined;
  });
  return text ? { ...content, text } : content;
}

/** The message, if the caller may read it. */
export function seenMessage({ state, caller }: Call, id: string): SandboxMessage {
  const message = state.messages.get(id);
  if (!message || !canSeeMessage(state, message, caller.id, "read")) throw notFound("message");
  return message;
}

const CHANGED_MESSAGE = z.object({
  roomId: z.string().min(1),
  text: z.string().optional(),
  markdown: z.string().optional(),
  html: z.undefined("cannot be sent").optional(),
});

function updateMessage(call: Call): Answer {
  const { state, caller } = call;
  const message = seenMessage(call, checkId(call.params.id));
  const wish = parseBody(CHANGED_MESSAGE, call.body);
  const { space } = seenSpace(call, checkId(wish.roomId));
  if (message.spaceId !== space.id) throw new ApiError(400, "The message is in another room.");
  if (message.personId !== caller.id) throw new ApiError(403, "Not the author of the message.");
  if (!wish.text && !wish.markdown) throw new ApiError(400, "Text or markdown is required.");
  checkEditable(message);
  editMessage(state, message, contentOf(state, space, wish));
  return ok(messageView(state, message));
}

function checkEditable(message: SandboxMessage): void {
  if (message.attachments.length > 0 || message.files.length > 0) {
    throw new ApiError(400, "Messages with attachments or files cannot be edited.");
  }
  if (message.edits >= MOST_EDITS) {
    throw new ApiError(400, `A message can be edited ${MOST_EDITS} times.`);
  }
}

function removeMessage(call: Call): Answer {
  const { state, caller } = call;
  const message = seenMessage(call, checkId(call.params.id));
  const { space, membership } = seenSpace(call, message.spaceId);
  const isModerated = space.isLocked && membership.isModerator;
  if (message.personId !== caller.id && !isModerated) {
    throw new ApiError(403, "Not the author of the message.");
  }
  deleteMessage(state, message, caller.id);
  return NO_CONTENT;
}
