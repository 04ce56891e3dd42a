import { loseSpace } from "../../src/incident/lose-space";
import {
  ana,
  anEntry,
  anIncident,
  aMoment,
  aProgressOf,
  aProgressState,
  aSpaceState,
  NOW,
  SPACE,
} from "../support/builders";

const gone = { kind: "space.gone", spaceId: SPACE, at: NOW };

test("a space without an incident is gone quietly", () => {
  const state = { ...aSpaceState(), progress: [], openRounds: new Set<string>() };
  expect(loseSpace(state, aMoment())).toEqual({ changes: [gone], result: { kind: "quiet" } });
});

test("an incident that ran there stops as lost: nothing more is sent, the team is kept", () => {
  const bos = anEntry();
  const state = aProgressState({
    roster: [bos],
    progress: [aProgressOf(bos, { isInvited: true })],
  });
  const { changes, result } = loseSpace(state, aMoment());
  expect(changes).toEqual([
    { kind: "incident.stopped", incidentId: "incident-1", by: ana, reason: "space lost", at: NOW },
    {
      kind: "notifications.cancelled",
      filter: { incidentId: "incident-1", reason: "the incident is over" },
    },
    {
      kind: "team.kept",
      incidentId: "incident-1",
      members: [{ responderId: "r-bo", channels: { webex: true, sms: false, voice: false } }],
    },
    {
      kind: "timeline.added",
      incidentId: "incident-1",
      entry: { kind: "space-lost", at: NOW, actor: "ana", payload: { by: "Ana Berg" } },
    },
    gone,
  ]);
  expect(result).toMatchObject({
    kind: "incident-lost",
    incident: { ...anIncident(), state: "stopped", stoppedAt: NOW },
    counts: { total: 1, invited: 1 },
  });
});

test("an incident that was stopped before is not stopped again", () => {
  const { incident: latest, ...rest } = aProgressState({
    incident: anIncident({ state: "stopped" }),
  });
  const state = { ...rest, ...(latest ? { latest } : {}) };
  expect(loseSpace(state, aMoment()).result).toEqual({ kind: "quiet" });
});
