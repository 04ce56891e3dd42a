import type { Moment } from "../decision";
import type { Change } from "./change";
import type { Incident, PersonRef } from "./incident";

const END_PATIENCE_MS = 30 * 60_000;
const END_PRIORITY = 2;

/** Ends the meeting that the bot opened for an incident, once; nothing where it opened none. */
export function endMeeting(
  { conference, id, spaceId }: Incident,
  by: PersonRef,
  at: Moment,
): Change[] {
  const meeting = conference?.meeting;
  if (!meeting) return [];
  const { grantId, hostName } = meeting;
  return [
    {
      kind: "effect.queued",
      effect: {
        id: at.newId(),
        effect: {
          kind: "meeting-end",
          spaceId,
          meetingId: meeting.id,
          grantId,
          hostName,
          asker: { ...by, incidentId: id, isStop: true },
        },
        spaceId,
        dueAt: at.now,
        expiresAt: at.now + END_PATIENCE_MS,
        priority: END_PRIORITY,
        uniqueKey: `meeting-end:${id}`,
      },
    },
  ];
}
