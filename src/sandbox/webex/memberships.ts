import { z } from "zod";
import type { SandboxMembership, SandboxPerson } from "../model";
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
import { invitePending } from "./person-changes";
import { checkModerates, seenSpace } from "./rooms";
import { addMember, makeModerator, removeMember, setModerator } from "./space-changes";
import { membershipView } from "./views";

export const membershipRoutes: Route[] = [
  { method: "get", path: "/memberships", answer: listMemberships },
  { method: "post", path: "/memberships", answer: createMembership },
  { method: "get", path: "/memberships/:id", answer: getMembership },
  { method: "put", path: "/memberships/:id", answer: updateMembership },
  { method: "delete", path: "/memberships/:id", answer: deleteMembership },
];

function listMemberships(call: Call): Answer {
  return answerPage(call, wantedMemberships(call), {
    size: 100,
    largest: 1_000,
    idOf: ({ id }) => id,
    show: (membership) => membershipView(call.state, membership),
  });
}

function wantedMemberships(call: Call): SandboxMembership[] {
  const { state, caller } = call;
  const roomId = queriedId(call, "roomId");
  const email = queried(call, "personEmail");
  const personId = queriedId(call, "personId") ?? (email && (state.personByEmail(email)?.id ?? ""));
  if (roomId === undefined) {
    if (personId !== undefined) throw new ApiError(400, "roomId is required with a person.");
    return state.membershipsOf(caller.id);
  }
  seenSpace(call, roomId);
  if (personId === undefined) return state.membersOf(roomId);
  const membership = state.membership(roomId, personId);
  return membership ? [membership] : [];
}

const NEW_MEMBERSHIP = z.object({
  roomId: z.string().optional(),
  personId: z.string().optional(),
  personEmail: z.string().optional(),
  isModerator: z.boolean().optional(),
});

function createMembership(call: Call): Answer {
  const { state, caller } = call;
  const wish = parseBody(NEW_MEMBERSHIP, call.body);
  if (!wish.roomId) throw new ApiError(400, "roomId cannot be null");
  if (!wish.personId && !wish.personEmail) {
    throw new ApiError(400, "Must specify either personId or personEmail.");
  }
  const { space, membership } = seenSpace(call, checkId(wish.roomId));
  if (space.type === "direct") throw new ApiError(403, "Nobody can be added to a 1:1 space.");
  checkModerates(space, membership);
  const person = wantedPerson(call, wish);
  if (state.membership(space.id, person.id)) {
    throw new ApiError(409, "Person is already in the room.");
  }
  const added = addMember(state, space, person, caller.id);
  if (wish.isModerator === true) makeModerator(state, added, caller.id);
  return ok(membershipView(state, added));
}

function wantedPerson({ state }: Call, wish: z.infer<typeof NEW_MEMBERSHIP>): SandboxPerson {
  if (!wish.personId) {
    const email = wish.personEmail ?? "";
    return state.personByEmail(email) ?? invitePending(state, email);
  }
  const person = state.people.get(checkId(wish.personId));
  if (!person) throw notFound("person");
  return person;
}

function seenMembership(call: Call): SandboxMembership {
  const membership = call.state.membershipById(checkId(call.params.id));
  if (!membership) throw notFound("membership");
  seenSpace(call, membership.spaceId);
  return membership;
}

function getMembership(call: Call): Answer {
  return ok(membershipView(call.state, seenMembership(call)));
}

const MEMBERSHIP_CHANGE = z.object({
  isModerator: z.boolean(),
  isRoomHidden: z.boolean().optional(),
});

function updateMembership(call: Call): Answer {
  const { state, caller } = call;
  const membership = seenMembership(call);
  const wish = parseBody(MEMBERSHIP_CHANGE, call.body);
  const { space, membership: own } = seenSpace(call, membership.spaceId);
  const isDirect = space.type === "direct";
  if (isDirect && wish.isModerator) throw new ApiError(400, "A 1:1 space has no moderators.");
  if (!isDirect && wish.isRoomHidden === true) {
    throw new ApiError(400, "Only a 1:1 space can be hidden.");
  }
  if (!isSelfPromotion(call, membership)) checkModerates(space, own);
  membership.isRoomHidden = wish.isRoomHidden ?? membership.isRoomHidden;
  if (wish.isModerator) makeModerator(state, membership, caller.id);
  else setModerator(state, membership, false, caller.id);
  return ok(membershipView(state, membership));
}

/** When the last moderator has left, any member may make themselves one. */
function isSelfPromotion({ state, caller }: Call, membership: SandboxMembership): boolean {
  const hasModerator = state.membersOf(membership.spaceId).some(({ isModerator }) => isModerator);
  return membership.personId === caller.id && !hasModerator;
}

function deleteMembership(call: Call): Answer {
  const membership = seenMembership(call);
  const { space, membership: own } = seenSpace(call, membership.spaceId);
  if (space.type === "direct") throw new ApiError(403, "Nobody can leave a 1:1 space.");
  // Everybody may leave.
  if (membership.personId !== call.caller.id) checkModerates(space, own);
  removeMember(call.state, membership, call.caller.id);
  return NO_CONTENT;
}
