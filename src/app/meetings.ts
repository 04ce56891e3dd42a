import type { Meetings } from "../bot/find-conference";
import { GrantDeadError } from "../grants/ports";
import type { Talk } from "../notify/run-effect";
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
