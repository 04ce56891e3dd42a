import type { SandboxAction, SandboxMembership, SandboxMessage, SandboxSpace } from "../model";
import type { WorldState } from "../world-state";

/** How resources look in answers and, where Webex shows the same there, in webhooks. */

type Json = Record<string, unknown>;

export function iso(time: number): string {
  return new Date(time).toISOString();
}

export function spaceView(state: WorldState, space: SandboxSpace, viewerId: string): Json {
  return {
    id: space.id,
    title: space.type === "direct" ? directTitle(state, space, viewerId) : space.title,
    type: space.type,
    isLocked: space.isLocked,
    lastActivity: iso(space.lastActivity),
    creatorId: space.creatorId,
    created: iso(space.created),
    ownerId: space.orgId,
    isAnnouncementOnly: space.isAnnouncementOnly,
    isReadOnly: false,
    isPublic: space.isPublic,
    description: space.description,
  };
}

function directTitle(state: WorldState, space: SandboxSpace, viewerId: string): string {
  const other = state.membersOf(space.id).find(({ personId }) => personId !== viewerId);
  return (other && state.people.get(other.personId)?.displayName) ?? "";
}

export function membershipView(state: WorldState, membership: SandboxMembership): Json {
  const person = state.people.get(membership.personId);
  return {
    id: membership.id,
    roomId: membership.spaceId,
    personId: membership.personId,
    personEmail: emailOf(state, membership.personId),
    personDisplayName: person?.displayName,
    personOrgId: person?.orgId,
    isModerator: membership.isModerator,
    isRoomHidden: membership.isRoomHidden,
    roomType: state.spaces.get(membership.spaceId)?.type,
    isMonitor: false,
    created: iso(membership.created),
  };
}

export function messageView(state: WorldState, message: SandboxMessage): Json {
  return {
    id: message.id,
    parentId: message.parentId,
    roomId: message.spaceId,
    roomType: state.spaces.get(message.spaceId)?.type,
    text: message.text,
    markdown: message.markdown,
    html: message.html,
    files: ifAny(message.files),
    attachments: ifAny(message.attachments),
    personId: message.personId,
    personEmail: emailOf(state, message.personId),
    mentionedPeople: ifAny(message.mentionedPeople),
    mentionedGroups: ifAny(message.mentionedGroups),
    created: iso(message.created),
    updated: message.updated === undefined ? undefined : iso(message.updated),
  };
}

/** Webhooks never carry what was said. */
export function messageEventView(
  state: WorldState,
  message: SandboxMessage,
  event: "created" | "deleted" | "updated",
): Json {
  const identity = {
    id: message.id,
    roomId: message.spaceId,
    roomType: state.spaces.get(message.spaceId)?.type,
    personId: message.personId,
    personEmail: emailOf(state, message.personId),
  };
  if (event === "deleted") return identity;
  return {
    ...identity,
    created: iso(message.created),
    updated: message.updated === undefined ? undefined : iso(message.updated),
    mentionedPeople: ifAny(message.mentionedPeople),
    files: ifAny(message.files),
  };
}

export function actionView(action: SandboxAction): Json {
  return { ...actionEventView(action), inputs: action.inputs };
}

export function actionEventView(action: SandboxAction): Json {
  return {
    id: action.id,
    type: "submit",
    messageId: action.messageId,
    personId: action.personId,
    roomId: action.spaceId,
    created: iso(action.created),
  };
}

function emailOf(state: WorldState, personId: string): string | undefined {
  const { email = "" } = state.people.get(personId) ?? {};
  return email === "" ? undefined : email;
}

function ifAny<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length > 0 ? items : undefined;
}
