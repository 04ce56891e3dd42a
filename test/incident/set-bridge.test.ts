import { setBridge } from "../../src/incident/set-bridge";
import {
  ana,
  anIncident,
  aMeeting,
  aMoment,
  aSettings,
  aSpaceState,
  NOW,
  ofKind,
  SPACE,
} from "../support/builders";

const bridge = { link: "https://meet.example/1", phone: "+14085550100" };
const configured = { link: "https://meet.example/all", source: "configuration" } as const;

test("a space gets its fixed conference", () => {
  const input = { bridge, by: ana, settings: aSettings() };
  expect(setBridge(aSpaceState(), input, aMoment())).toEqual({
    changes: [{ kind: "bridge.set", spaceId: SPACE, bridge }],
    result: { isSet: true, isRunning: false },
  });
});

test("a running incident takes it over, on the record", () => {
  const input = { bridge, by: ana, settings: aSettings() };
  const { changes, result } = setBridge(aSpaceState({ incident: anIncident() }), input, aMoment());
  expect(changes).toEqual([
    { kind: "bridge.set", spaceId: SPACE, bridge },
    {
      kind: "incident.conference",
      incidentId: "incident-1",
      conference: { ...bridge, source: "bridge" },
    },
    {
      kind: "timeline.added",
      incidentId: "incident-1",
      entry: {
        kind: "conference",
        at: NOW,
        actor: "ana",
        payload: { source: "bridge", by: "Ana Berg" },
      },
    },
  ]);
  expect(result).toEqual({ isSet: true, isRunning: true });
});

test.each([
  ["to the configured one", aSettings({ defaultConference: configured }), configured],
  ["to none", aSettings(), undefined],
])("without its bridge a running incident goes back %s", (_what, settings, conference) => {
  const state = aSpaceState({ bridge, incident: anIncident() });
  const { changes, result } = setBridge(state, { bridge: undefined, by: ana, settings }, aMoment());
  expect(changes[0]).toEqual({ kind: "bridge.set", spaceId: SPACE, bridge: undefined });
  expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual(conference);
  expect(result).toEqual({ isSet: false, isRunning: true });
});

test.each([
  ["that gets a bridge", bridge],
  ["that goes back to the configured one", undefined],
])("of a meeting that was opened an incident %s remembers how to end it", (_what, wanted) => {
  const { meeting } = aMeeting();
  const state = aSpaceState({ incident: anIncident({ conference: aMeeting() }) });
  const settings = aSettings({ defaultConference: configured });
  const { changes } = setBridge(state, { bridge: wanted, by: ana, settings }, aMoment());
  expect(ofKind(changes, "incident.conference")[0]?.conference).toEqual({
    ...(wanted ? { ...wanted, source: "bridge" } : configured),
    meeting,
  });
});
