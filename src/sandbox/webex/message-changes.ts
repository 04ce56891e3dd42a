import { makeId } from "../ids";
import type {
  Attachment,
  Content,
  SandboxAction,
  SandboxMessage,
  SandboxPerson,
  SandboxSpace,
  UploadedFile,
} from "../model";
import type { WorldState } from "../world-state";
import { announceAction, announceMessage } from "./announce";
import { ApiError, notFound } from "./api-error";
import { storeFile } from "./contents";

/** Changes of messages with all they entail, for the API and for those who act in the sandbox. */

export interface Draft {
  space: SandboxSpace;
  author: SandboxPerson;
  content: Content;
  attachments?: Attachment[] | undefined;
  /** Addresses of files that lie elsewhere. */
  files?: readonly string[] | undefined;
  uploads?: readonly UploadedFile[] | undefined;
  parentId?: string | undefined;
}

export function postMessage(state: WorldState, draft: Draft): SandboxMessage {
  const { space, author, parentId } = draft;
  checkMayPost(state, space, author);
  if (parentId !== undefined) checkParent(state, space, parentId);
  const message: SandboxMessage = {
    ...draft.content,
    id: makeId("MESSAGE"),
    spaceId: space.id,
    personId: author.id,
    attachments: draft.attachments ?? [],
    files: [
      ...(draft.files ?? []),
      ...(draft.uploads ?? []).map((file) => storeFile(state, space.id, file)),
    ],
    parentId,
    created: state.now(),
    edits: 0,
  };
  space.lastActivity = message.created;
  state.putMessage(message);
  state.delayReading(message.id);
  announceMessage(state, "created", message);
  return message;
}

function checkMayPost(state: WorldState, space: SandboxSpace, author: SandboxPerson): void {
  const membership = state.membership(space.id, author.id);
  if (!membership) throw notFound();
  if (space.isAnnouncementOnly && !membership.isModerator) {
    throw new ApiError(403, "Only moderators may post in an announcement space.");
  }
}

function checkParent(state: WorldState, space: SandboxSpace, parentId: string): void {
  const parent = state.messages.get(parentId);
  if (parent?.spaceId !== space.id) throw new ApiError(400, "Invalid parentId.");
  if (parent.parentId !== undefined) throw new ApiError(400, "Cannot reply to a reply.");
}

export function editMessage(state: WorldState, message: SandboxMessage, content: Content): void {
  const { markdown, html } = content;
  Object.assign(message, { ...content, markdown, html, updated: state.now() });
  message.edits += 1;
  announceMessage(state, "updated", message);
}

export function deleteMessage(state: WorldState, message: SandboxMessage, actorId: string): void {
  state.dropMessage(message);
  announceMessage(state, "deleted", message, actorId);
}

export function pressCard(
  state: WorldState,
  person: SandboxPerson,
  messageId: string,
  inputs: Record<string, unknown>,
): SandboxAction {
  const message = state.messages.get(messageId);
  if (!message || !state.membership(message.spaceId, person.id)) throw notFound("message");
  if (message.attachments.length === 0) throw new ApiError(400, "The message has no card.");
  if (message.personId === person.id) {
    throw new ApiError(400, "The author of a card cannot submit it.");
  }
  const action: SandboxAction = {
    id: makeId("ATTACHMENT_ACTION"),
    messageId,
    spaceId: message.spaceId,
    personId: person.id,
    inputs,
    created: state.now(),
  };
  state.actions.set(action.id, action);
  state.delayReading(action.id);
  announceAction(state, action, state.people.get(message.personId));
  return action;
}
