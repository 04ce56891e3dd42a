import { makeId, membershipId } from "../ids";
import type { SandboxMembership, SandboxPerson, SandboxSpace } from "../model";
import type { WorldState } from "../world-state";
import { announceMembership, announceSpace } from "./announce";

/** Changes of spaces and memberships with all they entail; who may make them is asked elsewhere. */

export interface SpaceWish {
  title: string;
  type: "group" | "direct";
  orgId: string;
  isLocked?: boolean | undefined;
  isAnnouncementOnly?: boolean | undefined;
  isPublic?: boolean | undefined;
  description?: string | undefined;
  creatorId?: string | undefined;
}

export function createSpace(state: WorldState, wish: SpaceWish): SandboxSpace {
  const space: SandboxSpace = {
    isLocked: false,
    isAnnouncementOnly: false,
    isPublic: false,
    ...withoutAbsent(wish),
    id: makeId("ROOM"),
    created: state.now(),
    lastActivity: state.now(),
  };
  state.spaces.set(space.id, space);
  announceSpace(state, "created", space, wish.creatorId ?? "");
  return space;
}

type Absentless<Type> = { [Key in keyof Type]: Exclude<Type[Key], undefined> };

/** An absent wish must not hide a default. */
function withoutAbsent<Type extends object>(wish: Type): Absentless<Type> {
  const entries = Object.entries(wish).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Absentless<Type>;
}

/** New members always arrive without rights; a moderator is made in a second step, as in Webex. */
export function addMember(
  state: WorldState,
  space: SandboxSpace,
  person: SandboxPerson,
  actorId: string,
): SandboxMembership {
  const membership: SandboxMembership = {
    id: membershipId(person.id, space.id),
    spaceId: space.id,
    personId: person.id,
    isModerator: false,
    isRoomHidden: false,
    created: state.now(),
  };
  state.putMembership(membership);
  announceMembership(state, "created", membership, actorId);
  return membership;
}

/** In an unmoderated space this starts moderation, with the one who asks as moderator too. */
export function makeModerator(
  state: WorldState,
  membership: SandboxMembership,
  actorId: string,
): void {
  const space = state.spaces.get(membership.spaceId);
  const actor = state.membership(membership.spaceId, actorId);
  if (space && !space.isLocked) {
    changeSpace(state, space, { isLocked: true }, actorId);
    if (actor) setModerator(state, actor, true, actorId);
  }
  setModerator(state, membership, true, actorId);
}

export function setModerator(
  state: WorldState,
  membership: SandboxMembership,
  isModerator: boolean,
  actorId: string,
): void {
  if (membership.isModerator === isModerator) return;
  membership.isModerator = isModerator;
  announceMembership(state, "updated", membership, actorId);
}

export function removeMember(
  state: WorldState,
  membership: SandboxMembership,
  actorId: string,
): void {
  // Told first: whoever is removed still hears of it.
  announceMembership(state, "deleted", membership, actorId);
  state.dropMembership(membership);
}

export type SpaceChange = Partial<
  Pick<SandboxSpace, "title" | "isLocked" | "isAnnouncementOnly" | "isPublic" | "description">
>;

export function changeSpace(
  state: WorldState,
  space: SandboxSpace,
  change: SpaceChange,
  actorId: string,
): void {
  Object.assign(space, change);
  announceSpace(state, "updated", space, actorId);
}

/** Webex has no webhook for a deleted space: its members hear that they were taken out. */
export function deleteSpace(state: WorldState, space: SandboxSpace, actorId: string): void {
  for (const membership of state.membersOf(space.id)) removeMember(state, membership, actorId);
  announceSpace(state, "deleted", space, actorId);
  state.dropSpace(space);
}

/** The one conversation of two people; it comes into being with its first message. */
export function openDirectSpace(
  state: WorldState,
  from: SandboxPerson,
  to: SandboxPerson,
): SandboxSpace {
  const known = state.directSpaceOf(from.id, to.id);
  if (known) return known;
  const space = createSpace(state, {
    title: `${from.displayName}, ${to.displayName}`,
    type: "direct",
    orgId: from.orgId,
    creatorId: from.id,
  });
  state.putDirectSpace(from.id, to.id, space);
  for (const person of [from, to]) addMember(state, space, person, from.id);
  return space;
}
