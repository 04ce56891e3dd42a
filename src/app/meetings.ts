import type { Meetings } from "../bot/find-conference";
import { GrantDeadError } from "../grants/ports";
import type { AttendanceTimerOptions } from "../incident/attendance-timer";
import type { Talk } from "../notify/run-effect";
import type { Grants } from "./grants";
import type { Wiring } from "./wiring";

/** What opens meetings in people's names; `undefined` without an integration. */
export function createMeetings(
  { grants, store }: Pick<Wiring, "grants" | "store">,
  homeOrgId: string,
): Meetings | undefined {
  if (!grants) return undefined;
  const { asPerson, use } = grants;
  return {
    findBasis: (event) => store.findMeetingBasis(event, homeOrgId),
    grantsOf: (personIds) => store.grants.meetingsGrants(personIds),
    open: (grantId, spaceId) =>
      use.use(grantId, (accessToken) => asPerson.openMeeting(accessToken, spaceId)),
  };
}

type Reach = Pick<Wiring, "grants" | "store">;

/** Reads who is in a meeting, with whichever grant its host gives now. */
export function attendeesLister(reach: Reach): AttendanceTimerOptions["listAttendees"] {
  return (hostPersonId, meetingId) =>
    asHost(reach, hostPersonId, ({ asPerson }, token) =>
      asPerson.listParticipants(token, meetingId),
    );
}

/** Lets in who waits, with whichever grant the meeting's host gives now. */
export function lobbyAdmitter(reach: Reach): Talk["admitWaiting"] {
  return (hostPersonId, meetingId) =>
    asHost(reach, hostPersonId, ({ asPerson }, token) => asPerson.admitWaiting(token, meetingId));
}

async function asHost<T>(
  { grants, store }: Reach,
  personId: string,
  call: (grants: Grants, accessToken: string) => Promise<T>,
): Promise<T | "no grant"> {
  const [grant] = await store.grants.meetingsGrants([personId]);
  if (!grants || !grant) return "no grant";
  try {
    return await grants.use.use(grant.id, (accessToken) => call(grants, accessToken));
  } catch (error) {
    if (error instanceof GrantDeadError) return "no grant";
    throw error;
  }
}

/** Ends a meeting with the grant that it was opened with. */
export function meetingEnder({ grants }: Pick<Wiring, "grants">): Talk["endMeeting"] {
  return async (grantId, meetingId) => {
    if (!grants) return "no grant";
    try {
      await grants.use.use(grantId, (accessToken) =>
        grants.asPerson.endMeeting(accessToken, meetingId),
      );
      return "ended";
    } catch (error) {
      if (error instanceof GrantDeadError) return "no grant";
      throw error;
    }
  };
}
