import { z } from "zod";
import { ApiError, notFound } from "./api-error";
import { checkId, hasScope, NO_CONTENT, ok, parseBody } from "./call";
import type { Answer, Call, Route } from "./call";
import type { SandboxMeeting } from "./meeting-book";
import { meetingView } from "./meeting-views";

const WRITE = "meeting:schedules_write";

export const meetingRoutes: Route[] = [
  { method: "post", path: "/meetings", answer: openMeeting, scopes: [WRITE] },
  { method: "post", path: "/meetings/:id/end", answer: endMeeting, scopes: [WRITE] },
];

const NEW_MEETING = z.object({
  adhoc: z.literal(true, { error: "This stand-in opens ad-hoc meetings only." }),
  roomId: z.string().min(1),
  title: z.string().max(128).optional(),
});

/** The meeting of a space: the one that goes on, else a new one. */
function openMeeting(call: Call): Answer {
  const { state, caller } = call;
  if (caller.type === "bot") throw new ApiError(403, "Bots do not meet.");
  state.meetings.countAsking(caller);
  const { roomId, title } = parseBody(NEW_MEETING, call.body);
  checkMayMeet(call, checkId(roomId));
  const ongoing = state.meetings.ongoing(roomId);
  return ok(meetingView(state, ongoing ?? state.meetings.open(roomId, caller, title)));
}

function checkMayMeet(call: Call, spaceId: string): void {
  const { state, caller } = call;
  if (!hasScope(call, "spark:all"))
    throw new ApiError(403, "The scope spark:all is required with roomId.");
  const space = state.spaces.get(spaceId);
  if (!space) throw notFound();
  if (!state.membership(spaceId, caller.id))
    throw new ApiError(403, "The user is not a member of the room.");
  if (space.type === "group" && space.orgId !== caller.orgId)
    throw new ApiError(403, "The user does not belong to the organization of the room.");
}

const END = z.object({ reason: z.string().optional() });

function endMeeting(call: Call): Answer {
  const { state, params, body } = call;
  const meeting = state.meetings.byId.get(params.id ?? "");
  if (!meeting || !state.meetings.goesOn(meeting)) throw notFound("meeting");
  checkIsHost(call, meeting);
  parseBody(END, body);
  state.meetings.end(meeting);
  return NO_CONTENT;
}

export function checkIsHost({ caller }: Call, meeting: SandboxMeeting): void {
  if (caller.id !== meeting.hostId) throw new ApiError(403, "Only the host may do this.");
}
