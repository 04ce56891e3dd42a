import { z } from "zod";
import type { SandboxMembership, SandboxSpace } from "../model";
import { ApiError, notFound } from "./api-error";
import {
  checkId,
  NO_CONTENT,
  ok,
  parseBody,
  queried,
  queriedId,
  type Answer,
  type Call,
  type Route,
} from "./call";
import { answerPage } from "./paging";
import {
  addMember,
  changeSpace,
  createSpace,
  deleteSpace,
  removeMember,
  setModerator,
} from "./space-changes";
import { spaceView } from "./views";

export const roomRoutes: Route[] = [
  { method: "get", path: "/rooms", answer: listRooms },
  { method: "post", path: "/rooms", answer: createRoom },
  { method: "get", path: "/rooms/:id", answer: getRoom },
  { method: "put", path: "/rooms/:id", answer: updateRoom },
  { method: "delete", path: "/rooms/:id", answer: deleteRoom },
  { method: "get", path: "/rooms/:id/meetingInfo", answer: getMeetingInfo },
];

const ROOM_BODY = z.object({
  title: z.string().trim().min(1),
  isLocked: z.boolean().optional(),
  isPublic: z.boolean().optional(),
  description: z.string().optional(),
  isAnnouncementOnly: z.boolean().optional(),
  classificationId: z.string().optional(),
});

type RoomBody = z.infer<typeof ROOM_BODY>;

/** The space and the caller's place in it; a space they are not in does not exist for them. */
export function seenSpace(
  { state, caller }: Pick<Call, "state" | "caller">,
  id: string,
): { space: SandboxSpace; membership: SandboxMembership } {
  const space = state.spaces.get(id);
  const membership = state.membership(id, caller.id);
  if (!space || !membership) throw notFound();
  return { space, membership };
}

function listRooms(call: Call): Answer {
  const { state, caller } = call;
  const type = queried(call, "type");
  if (type !== undefined && type !== "direct" && type !== "group") {
    throw new ApiError(400, "type must be direct or group.");
  }
  const isTeam = queriedId(call, "teamId") !== undefined;
  const spaces = isTeam ? [] : spacesOf(call).filter((space) => !type || space.type === type);
  return answerPage(call, sorted(spaces, queried(call, "sortBy")), {
    size: 100,
    largest: 1_000,
    idOf: ({ id }) => id,
    show: (space) => spaceView(state, space, caller.id),
  });
}

function spacesOf({ state, caller }: Call): SandboxSpace[] {
  return state
    .membershipsOf(caller.id)
    .map(({ spaceId }) => state.spaces.get(spaceId))
    .filter((space) => space !== undefined);
}

const ORDERS: Record<string, (one: SandboxSpace, other: SandboxSpace) => number> = {
  id: (one, other) => (one.id < other.id ? -1 : 1),
  lastactivity: (one, other) => other.lastActivity - one.lastActivity,
  created: (one, other) => other.created - one.created,
};

function sorted(spaces: SandboxSpace[], sortBy: string | undefined): SandboxSpace[] {
  if (sortBy === undefined) return spaces;
  const order = ORDERS[sortBy];
  if (!order) throw new ApiError(400, "sortBy must be id, lastactivity or created.");
  return spaces.sort(order);
}

function createRoom({ state, caller, body }: Call): Answer {
  const wish = parseBody(ROOM_BODY, body);
  checkWish(wish, wish.isLocked ?? false);
  if (caller.type === "bot" && wish.classificationId !== undefined) {
    throw new ApiError(400, "A bot cannot classify a space.");
  }
  const { title, isLocked, isPublic, description, isAnnouncementOnly } = wish;
  const space = createSpace(state, {
    ...{ title, isLocked, isPublic, description, isAnnouncementOnly },
    type: "group",
    orgId: caller.orgId,
    creatorId: caller.id,
  });
  const membership = addMember(state, space, caller, caller.id);
  if (space.isLocked) setModerator(state, membership, true, caller.id);
  return ok(spaceView(state, space, caller.id));
}

function checkWish({ isPublic, isAnnouncementOnly, description }: RoomBody, locked: boolean): void {
  if (isPublic === true && !description) {
    throw new ApiError(400, "A public space needs a description.");
  }
  if (isAnnouncementOnly === true && !locked) {
    throw new ApiError(400, "Only a moderated space can be for announcements only.");
  }
}

function getRoom(call: Call): Answer {
  const { space } = seenSpace(call, checkId(call.params.id));
  return ok(spaceView(call.state, space, call.caller.id));
}

function updateRoom(call: Call): Answer {
  const { state, caller } = call;
  const { space, membership } = seenSpace(call, checkId(call.params.id));
  const wish = parseBody(ROOM_BODY, call.body);
  if (space.type === "direct") throw new ApiError(400, "A 1:1 space cannot be changed.");
  checkModerates(space, membership);
  const isLocked = wish.isLocked ?? space.isLocked;
  checkWish(wish, isLocked);
  const isAnnouncementOnly = isLocked && (wish.isAnnouncementOnly ?? space.isAnnouncementOnly);
  const wasLocked = space.isLocked;
  changeSpace(state, space, { title: wish.title, isLocked, isAnnouncementOnly }, caller.id);
  if (isLocked && !wasLocked) setModerator(state, membership, true, caller.id);
  if (!isLocked && wasLocked) dismissModerators(call, space);
  return ok(spaceView(state, space, caller.id));
}

function dismissModerators({ state, caller }: Call, space: SandboxSpace): void {
  for (const member of state.membersOf(space.id)) setModerator(state, member, false, caller.id);
}

/** Where nobody moderates, everybody may act. */
export function checkModerates(space: SandboxSpace, membership: SandboxMembership): void {
  if (!space.isLocked || membership.isModerator) return;
  throw new ApiError(403, "The space is moderated and you are not a moderator of it.");
}

function deleteRoom(call: Call): Answer {
  const { state, caller } = call;
  const { space, membership } = seenSpace(call, checkId(call.params.id));
  if (space.type === "direct") throw new ApiError(400, "A 1:1 space cannot be deleted.");
  // Whoever may not delete a moderated space is merely taken out of it.
  if (space.isLocked && !membership.isModerator) removeMember(state, membership, caller.id);
  else deleteSpace(state, space, caller.id);
  return NO_CONTENT;
}

function getMeetingInfo(call: Call): Answer {
  const { space } = seenSpace(call, checkId(call.params.id));
  const { meetingInfo } = space;
  if (!meetingInfo)
    throw new ApiError(call.state.meetingInfoStatus, "This API is no longer offered.");
  return ok({ roomId: space.id, ...meetingInfo });
}
