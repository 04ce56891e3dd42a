import { renameIncident } from "../../src/incident/rename-incident";
import { ana, anIncident, aMoment, aSpaceState, NOW } from "../support/builders";

const running = aSpaceState({ incident: anIncident() });

test("the new name is kept, and the record says from what to what, by whom", () => {
  expect(renameIncident(running, { name: "  cards  down ", by: ana }, aMoment())).toEqual({
    changes: [
      { kind: "incident.renamed", incidentId: "incident-1", name: "cards down" },
      {
        kind: "timeline.added",
        incidentId: "incident-1",
        entry: {
          kind: "renamed",
          at: NOW,
          actor: "ana",
          payload: { from: "payments down", to: "cards down", by: "Ana Berg" },
        },
      },
    ],
    result: { before: anIncident(), name: "cards down" },
  });
});

test.each([
  ["", "name-missing"],
  [" ", "name-missing"],
  ["x".repeat(121), "name-too-long"],
])("the name %j is refused as %s", (name, code) => {
  expect(() => renameIncident(running, { name, by: ana }, aMoment())).toThrow(
    expect.objectContaining({ name: "UserError", code }) as Error,
  );
});

test("where no incident runs it says so, whatever the name is", () => {
  expect(() => renameIncident(aSpaceState(), { name: "", by: ana }, aMoment())).toThrow(
    expect.objectContaining({ name: "UserError", code: "nothing-running" }) as Error,
  );
});
