import type { MeetingBasis } from "../incident/meeting-hosts";
import type { Secrets } from "../secrets";
import type { Database } from "./database";
import { toIncident, type IncidentRow, type MemberRow, type SpaceRow } from "./rows";

/**
 * What is known for looking for a running incident's conference: of the space's members those of
 * the organisation who moderate it, and who started. `undefined` where the incident runs no more.
 */
export async function findMeetingBasis(
  { read }: Pick<Database, "read">,
  secrets: Secrets,
  { spaceId, incidentId }: { spaceId: string; incidentId: string },
  orgId: string,
): Promise<MeetingBasis | undefined> {
  const row = await read<IncidentRow>("incidents")
    .where({ id: incidentId, space_id: spaceId, state: "running" })
    .first();
  if (!row) return undefined;
  const { conference, startedBy } = toIncident(secrets, row);
  const space = await read<SpaceRow>("spaces")
    .where({ id: spaceId })
    .first("meeting_info_ended_at");
  const members = await read<MemberRow>("members")
    .where({ space_id: spaceId, org_id: orgId, is_bot: 0 })
    .where((where) => void where.where({ is_moderator: 1 }).orWhere({ person_id: row.started_by }))
    .orderBy("person_id")
    .select("person_id", "is_moderator");
  const endedAt = space?.meeting_info_ended_at ?? null;
  return {
    starterId: startedBy.personId,
    members: members.map((one) => ({
      personId: one.person_id,
      isModerator: one.is_moderator === 1,
    })),
    ...(conference ? { conference } : {}),
    ...(endedAt === null ? {} : { meetingInfoEndedAt: endedAt }),
  };
}
