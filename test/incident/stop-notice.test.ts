import type { ResponderProgress } from "../../src/incident/incident";
import type { ProgressState } from "../../src/incident/space-state";
import { stopIncident } from "../../src/incident/stop-incident";
import type { IncidentSettings } from "../../src/incident/settings";
import type { RosterEntry } from "../../src/roster/responder";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMoment,
  aPerson,
  aProgressOf,
  aProgressState,
  aSettings,
  bo,
  notifications,
  ofKind,
  sends,
  timelineKinds,
} from "../support/builders";

const anas = anEntry(aPerson({ ...ana, id: "r-ana" }), { isModerator: true });
const bos = anEntry();
const eves = anEntry(anExternal());

function aState(lines: [RosterEntry, Partial<ResponderProgress>][]): ProgressState {
  return aProgressState({
    roster: lines.map(([entry]) => entry),
    progress: lines.map(([entry, more]) => aProgressOf(entry, more)),
  });
}

function stop(
  state: ProgressState,
  {
    by = ana,
    removes = false,
    ...more
  }: Partial<IncidentSettings> & {
    by?: typeof ana;
    removes?: boolean;
  } = {},
) {
  const input = {
    incidentId: "incident-1",
    by,
    operatorIds: new Set<string>(),
    removes,
    settings: aSettings(more),
  };
  return stopIncident(state, input, aMoment()).changes;
}

const everybodyTold = aState([
  [anas, { toldOn: ["webex"] }],
  [bos, { toldOn: ["webex"] }],
  [eves, { toldOn: ["sms", "voice"] }],
]);

test("at the stop those who were told hear that it is over, on the same channels but no call", () => {
  const changes = stop(everybodyTold);
  expect(sends(changes)).toEqual(["r-bo webex", "r-eve sms"]);
  expect(notifications(changes).every(({ kind }) => kind === "stop")).toBe(true);
  expect(ofKind(changes, "round.opened")[0]?.round).toMatchObject({ kind: "stop", openedBy: ana });
  expect(timelineKinds(changes)).toEqual(["stopped", "round-opened"]);
  expect(ofKind(changes, "renotify.due")).toEqual([]);
});

test("the person who stops it is not told", () => {
  expect(sends(stop(everybodyTold, { by: bo }))).toEqual(["r-ana webex", "r-eve sms"]);
});

test("who leaves with the stop is told, too", () => {
  const changes = stop(everybodyTold, { removes: true });
  expect(sends(changes)).toEqual(["r-bo webex", "r-eve sms"]);
  expect(ofKind(changes, "roster.removed")).toHaveLength(1);
});

test("who declined is told as well", () => {
  expect(sends(stop(aState([[bos, { toldOn: ["webex"], group: "declined" }]])))).toEqual([
    "r-bo webex",
  ]);
});

test.each([
  ["nothing reached them", eves, []],
  ["only a call did", eves, ["voice"]],
  [
    "texts were switched off since",
    { ...eves, channels: { webex: false, sms: false, voice: true } },
    ["sms"],
  ],
  ["they replied STOP", anEntry(anExternal({ optOut: "stop" })), ["sms"]],
  ["the number turned out to be nobody's", { ...eves, refused: { sms: "nobody" } }, ["sms"]],
] as const)("who is not told, as %s", (_why, entry, toldOn) => {
  const changes = stop(aState([[entry, { toldOn }]]));
  expect(sends(changes)).toEqual([]);
  expect(ofKind(changes, "round.opened")).toEqual([]);
});

test("nobody is told where that is switched off", () => {
  expect(sends(stop(everybodyTold, { hasStopNotice: false }))).toEqual([]);
});

test("the end of a drill is told as well", () => {
  const incident = anIncident({ isDrill: true });
  expect(sends(stop({ ...everybodyTold, incident, latest: incident }))).toHaveLength(2);
});
