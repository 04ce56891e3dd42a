import { z } from "zod";
import { ApiError, notFound } from "./api-error";
import { NO_CONTENT, ok, parseBody, queried, type Answer, type Call, type Route } from "./call";
import type { SandboxMeeting, SandboxParticipant } from "./meeting-book";
import { participantView } from "./meeting-views";
import { checkIsHost } from "./meetings";
import { answerPage } from "./paging";

const READ = { scopes: ["meeting:participants_read"] };
const WRITE = { scopes: ["meeting:participants_write"] };
const PATH = "/meetingParticipants";

export const participantRoutes: Route[] = [
  { method: "get", path: PATH, answer: listParticipants, ...READ },
  { method: "post", path: `${PATH}/admit`, answer: admitAll, ...WRITE },
  { method: "get", path: `${PATH}/:id`, answer: getParticipant, ...READ },
  { method: "put", path: `${PATH}/:id`, answer: changeParticipant, ...WRITE },
];

/** Also of a meeting that is over. */
function listParticipants(call: Call): Answer {
  const { state } = call;
  const id = queried(call, "meetingId");
  if (id === undefined) throw new ApiError(400, "meetingId is required.");
  const meeting = state.meetings.byId.get(id.split("_")[0] ?? "");
  if (!meeting) throw notFound("meeting");
  checkIsHost(call, meeting);
  return answerPage(call, meeting.participants, {
    size: 10,
    largest: 100,
    idOf: (participant) => participant.id,
    show: (participant) => participantView(state, meeting, participant),
  });
}

/** The participant, for the host; whether the meeting is over or not. */
function seen(call: Call, id = ""): { meeting: SandboxMeeting; participant: SandboxParticipant } {
  const found = call.state.meetings.participant(id);
  if (!found) throw notFound("participant");
  checkIsHost(call, found.meeting);
  return found;
}

function getParticipant(call: Call): Answer {
  const { meeting, participant } = seen(call, call.params.id);
  return ok(participantView(call.state, meeting, participant));
}

const CHANGE = z.object({
  muted: z.boolean().optional(),
  admit: z.boolean().optional(),
  expel: z.boolean().optional(),
});

function changeParticipant(call: Call): Answer {
  const { state } = call;
  const { meeting, participant } = seen(call, call.params.id);
  if (!state.meetings.goesOn(meeting)) throw notFound("meeting");
  const { muted, admit, expel } = parseBody(CHANGE, call.body);
  participant.isMuted = muted ?? participant.isMuted;
  if (expel === true) state.meetings.leave(participant);
  else if (admit === true) state.meetings.admit(participant);
  return ok(participantView(state, meeting, participant));
}

const ADMIT = z.object({
  items: z
    .array(z.object({ participantId: z.string().min(1) }))
    .min(1)
    .max(100),
});

/** All of one meeting, or nobody. */
function admitAll(call: Call): Answer {
  const { items } = parseBody(ADMIT, call.body);
  const found = items.map(({ participantId }) => seen(call, participantId));
  const [first] = found;
  if (found.some(({ meeting }) => meeting !== first?.meeting))
    throw new ApiError(400, "All participants must be in one meeting.");
  if (!first || !call.state.meetings.goesOn(first.meeting)) throw notFound("meeting");
  for (const { participant } of found) call.state.meetings.admit(participant);
  return NO_CONTENT;
}
