import { keepExternal } from "../../src/incident/create-external";
import { deleteExternal } from "../../src/incident/delete-external";
import type { ExternalsState, KnownExternal } from "../../src/incident/space-state";
import { ana, anExternal, aMoment, NOW, SPACE } from "../support/builders";

const channels = { webex: false, sms: true, voice: true };

function aState(rosters: KnownExternal["rosters"] = []): ExternalsState {
  const responder = anExternal();
  return { externals: new Map([[responder.id, { responder, rosters }]]), owners: new Map() };
}

const input = { responderId: "r-eve", by: ana };

function offRoster(spaceId: string) {
  const place = { spaceId, responderId: "r-eve" };
  const filter = { ...place, sparesStop: true, reason: "deleted" };
  return [
    { kind: "roster.removed", ...place },
    { kind: "notifications.cancelled", filter },
  ];
}

test("an external goes off every roster, and nothing more is sent to them", () => {
  const state = aState([
    { spaceId: SPACE, incidentId: "incident-1", channels, isMember: false },
    { spaceId: "space-quiet", channels, isMember: false },
  ]);
  const { changes, result } = deleteExternal(state, input, aMoment());
  expect(changes).toEqual([
    ...offRoster(SPACE),
    ...offRoster("space-quiet"),
    {
      kind: "timeline.added",
      incidentId: "incident-1",
      entry: {
        kind: "removed",
        at: NOW,
        actor: "ana",
        payload: { name: "Eve Dahl", by: "Ana Berg", reason: "deleted" },
      },
    },
    { kind: "notifications.cancelled", filter: { responderId: "r-eve", reason: "deleted" } },
    { kind: "responder.deleted", responderId: "r-eve", at: NOW },
  ]);
  expect(result).toEqual({
    kind: "deleted",
    responder: anExternal(),
    rosters: 2,
    stays: 0,
    runningIn: [{ spaceId: SPACE, isMember: false }],
  });
});

test("where they are a member they stay, without their phone, and nothing is sent twice", () => {
  const email = "eve@corp.example";
  const eve = anExternal({ personId: "eve", email, language: "de" });
  const rosters = [
    { spaceId: SPACE, incidentId: "incident-1", channels, isMember: true },
    { spaceId: "space-quiet", channels, isMember: false },
  ];
  const state = { externals: new Map([["r-eve", { responder: eve, rosters }]]), owners: new Map() };
  const { changes, result } = deleteExternal(state, input, aMoment());
  const reason = "deleted";
  const inQuiet = { spaceId: "space-quiet", responderId: "r-eve" };
  expect(changes).toEqual([
    { kind: "roster.removed", ...inQuiet },
    { kind: "notifications.cancelled", filter: { ...inQuiet, sparesStop: true, reason } },
    {
      kind: "roster.set",
      spaceId: SPACE,
      responderId: "r-eve",
      channels: { webex: true, sms: false, voice: false },
      at: NOW,
    },
    {
      kind: "timeline.added",
      incidentId: "incident-1",
      entry: {
        kind: "edited",
        at: NOW,
        actor: "ana",
        payload: { name: "Eve Dahl", by: "Ana Berg", reason, fields: ["mobile", "voice"] },
      },
    },
    {
      kind: "responder.edited",
      responder: {
        id: "r-eve",
        kind: "internal",
        name: "Eve Dahl",
        personId: "eve",
        email,
        version: 2,
      },
    },
    { kind: "notifications.cancelled", filter: { responderId: "r-eve", channel: "sms", reason } },
    { kind: "notifications.cancelled", filter: { responderId: "r-eve", channel: "voice", reason } },
  ]);
  expect(result).toEqual({
    kind: "deleted",
    responder: eve,
    rosters: 1,
    stays: 1,
    runningIn: [{ spaceId: SPACE, isMember: true }],
  });
});

test("somebody on no roster is deleted, too", () => {
  const { changes } = deleteExternal(aState(), input, aMoment());
  expect(changes.map(({ kind }) => kind)).toEqual(["notifications.cancelled", "responder.deleted"]);
});

test("who is deleted already is so once", () => {
  const state: ExternalsState = { externals: new Map(), owners: new Map() };
  expect(deleteExternal(state, input, aMoment())).toEqual({
    changes: [],
    result: { kind: "gone" },
  });
});

test("somebody is kept for no space: on no roster, and told nothing", () => {
  const external = { name: "Eve Dahl", mobile: "+14085550101" };
  const { changes, result } = keepExternal(
    { externals: new Map(), owners: new Map() },
    external,
    aMoment(),
  );
  const responder = { id: "id-1", kind: "external", version: 1, ...external };
  expect(changes).toEqual([{ kind: "responder.created", responder, at: NOW }]);
  expect(result).toEqual({ kind: "saved", responder });
});

test.each(["mobile", "voice"] as const)("a known number, as %s, is not kept twice", (field) => {
  const eve = anExternal();
  const state = { externals: new Map(), owners: new Map([["+14085550101", eve]]) };
  const external = { name: "Bob", [field]: "+14085550101" };
  expect(keepExternal(state, external, aMoment())).toEqual({
    changes: [],
    result: { kind: "number-known", existing: eve },
  });
});
