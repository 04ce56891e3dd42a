import type { Change } from "../../src/incident/change";
import type { Member } from "../../src/roster/responder";
import { ana, aMeeting, aMember, bo, HOME_ORG, SPACE, theBot } from "../support/builders";
import { eachDatabase } from "../support/databases";
import { anIncidentStopped, seedIncident, seedSpace, START, write } from "./seed";

function saved(member: Member): Change {
  return { kind: "member.saved", spaceId: SPACE, member };
}

const event = { spaceId: SPACE, incidentId: "incident-1" };

eachDatabase("what is known for opening a meeting", ({ open }) => {
  it("is who started and who moderates, of the organisation's members, and no bot", async () => {
    const store = await open();
    await seedSpace(store);
    await seedIncident(store);
    await write(
      store,
      saved(theBot()),
      saved(aMember({ ...ana })),
      saved(aMember({ ...bo, isModerator: true })),
      saved(aMember({ personId: "carol" })),
      saved(aMember({ personId: "dan", isModerator: true, orgId: "org-other" })),
    );
    expect(await store.findMeetingBasis(event, HOME_ORG)).toEqual({
      starterId: ana.personId,
      members: [
        { personId: ana.personId, isModerator: false },
        { personId: bo.personId, isModerator: true },
      ],
    });
  });

  it("tells the present conference, and when Webex refused to tell of the space's own", async () => {
    const store = await open();
    const conference = aMeeting();
    await seedSpace(store);
    await seedIncident(store);
    await write(
      store,
      { kind: "incident.conference", incidentId: "incident-1", conference },
      { kind: "meeting-info.ended", spaceId: SPACE, at: START },
    );
    expect(await store.findMeetingBasis(event, HOME_ORG)).toEqual({
      starterId: ana.personId,
      members: [],
      conference,
      meetingInfoEndedAt: START,
    });
  });

  it("is nothing for an incident that is over, or another space's", async () => {
    const store = await open();
    await seedSpace(store);
    await seedIncident(store);
    expect(await store.findMeetingBasis({ ...event, spaceId: "other" }, HOME_ORG)).toBeUndefined();
    await write(store, anIncidentStopped());
    expect(await store.findMeetingBasis(event, HOME_ORG)).toBeUndefined();
  });
});
