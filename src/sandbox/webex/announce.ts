import type { SandboxEvent } from "../events";
import type {
  SandboxAction,
  SandboxMembership,
  SandboxMessage,
  SandboxPerson,
  SandboxSpace,
} from "../model";
import { publicPerson } from "../world-snapshot";
import type { WorldState } from "../world-state";
import type { SandboxMeeting } from "./meeting-book";
import { actionEventView, membershipView, messageEventView, spaceView } from "./views";
import type { WebhookEvent } from "./webhook-filter";

/** Each change is told twice: to the sandbox's own listeners and to the webhooks of members. */

type Happening = WebhookEvent["event"];

export function announceMessage(
  state: WorldState,
  event: Happening,
  message: SandboxMessage,
  actorId = message.personId,
): void {
  const kind = { created: "message", updated: "edited", deleted: "deleted" } as const;
  emit(state, kind[event], { event, actorId, ...messagePayload(state, message) });
  state.delivery.announce({
    resource: "messages",
    event,
    actorId,
    data: messageEventView(state, message, event),
    isHeardBy: (ownerId) => canSeeMessage(state, message, ownerId, "hear"),
  });
}

function messagePayload(state: WorldState, message: SandboxMessage): Record<string, unknown> {
  const space = state.spaces.get(message.spaceId);
  return {
    messageId: message.id,
    spaceId: message.spaceId,
    spaceTitle: space?.title,
    spaceType: space?.type,
    personId: message.personId,
    personName: state.people.get(message.personId)?.displayName,
    to: state.membersOf(message.spaceId).map(({ personId }) => personId),
    text: message.text,
    markdown: message.markdown,
    html: message.html,
    attachments: message.attachments,
    files: message.files,
    mentionedPeople: message.mentionedPeople,
    parentId: message.parentId,
  };
}

/**
 * A bot is told only of what was said to it: in a group space, of messages that mention it. It may
 * besides read what it wrote there itself.
 */
export function canSeeMessage(
  state: WorldState,
  message: SandboxMessage,
  personId: string,
  way: "hear" | "read",
): boolean {
  if (!state.membership(message.spaceId, personId)) return false;
  if (state.people.get(personId)?.type !== "bot") return true;
  if (state.spaces.get(message.spaceId)?.type === "direct") return true;
  if (way === "read" && message.personId === personId) return true;
  return message.mentionedPeople.includes(personId);
}

export function announceMembership(
  state: WorldState,
  event: Happening,
  membership: SandboxMembership,
  actorId: string,
): void {
  const data = membershipView(state, membership);
  emit(state, "membership", { event, actorId, ...data });
  state.delivery.announce({
    resource: "memberships",
    event,
    actorId,
    data,
    isHeardBy: (ownerId) => state.membership(membership.spaceId, ownerId) !== undefined,
  });
}

export function announceSpace(
  state: WorldState,
  event: Happening,
  space: SandboxSpace,
  actorId: string,
): void {
  const data = spaceView(state, space, actorId);
  emit(state, "space", { event, actorId, ...data });
  if (event === "deleted") return;
  state.delivery.announce({
    resource: "rooms",
    event,
    actorId,
    data,
    isHeardBy: (ownerId) =>
      state.membership(space.id, ownerId) !== undefined ||
      // Webex tells of a new space before it tells of its first member.
      (event === "created" && ownerId === space.creatorId),
  });
}

/** Only whoever posted the card hears that it was pressed. */
export function announceAction(
  state: WorldState,
  action: SandboxAction,
  author: SandboxPerson | undefined,
): void {
  state.delivery.announce({
    resource: "attachmentActions",
    event: "created",
    actorId: action.personId,
    data: actionEventView(action),
    isHeardBy: (ownerId) => ownerId === author?.id,
  });
}

/** No webhook tells of people; the page has to know them. */
export function announcePerson(
  state: WorldState,
  person: SandboxPerson,
  event: "created" | "updated",
): void {
  emit(state, "person", { event, ...publicPerson(person) });
}

/** Who comes to a meeting, waits for it or leaves it; and its beginning and end. */
export function announceMeeting(state: WorldState, meeting: SandboxMeeting): void {
  emit(state, "meeting", { meeting: structuredClone(meeting) });
}

function emit(
  state: WorldState,
  kind: SandboxEvent["kind"],
  payload: Record<string, unknown>,
): void {
  state.context.events.emit({ kind, at: state.now(), payload });
}
