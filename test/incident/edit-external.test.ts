import { editExternal, type EditInput } from "../../src/incident/edit-external";
import type { ExternalsState, KnownExternal } from "../../src/incident/space-state";
import type { Responder } from "../../src/roster/responder";
import { ana, anExternal, aMoment, NOW, ofKind, SPACE } from "../support/builders";

const ALL_ON = { webex: true, sms: true, voice: true };

function aState(
  responder: Responder = anExternal(),
  { rosters = [], owners = [] }: { rosters?: KnownExternal["rosters"]; owners?: Responder[] } = {},
): ExternalsState {
  return {
    externals: new Map([[responder.id, { responder, rosters }]]),
    owners: new Map(
      owners.flatMap((owner) =>
        [owner.mobile, owner.voice].flatMap((number): [string, Responder][] =>
          number === undefined ? [] : [[number, owner]],
        ),
      ),
    ),
  };
}

const facts = { name: "Eve Dahl", mobile: "+14085550101", voice: "+14085550102" };

function anInput(overrides: Partial<EditInput> = {}): EditInput {
  return { responderId: "r-eve", version: 1, external: facts, by: ana, ...overrides };
}

const onRosters: KnownExternal["rosters"] = [
  {
    spaceId: SPACE,
    incidentId: "incident-1",
    channels: { webex: false, sms: true, voice: false },
    isMember: false,
  },
  {
    spaceId: "space-quiet",
    channels: { webex: false, sms: false, voice: true },
    isMember: false,
  },
];

test("an edit keeps everything that is given, as the next version", () => {
  const external = { ...facts, name: "Eve Holm", email: "eve@out.example", language: "de" };
  const { changes, result } = editExternal(aState(), anInput({ external }), aMoment());
  const responder = { id: "r-eve", kind: "external", version: 2, ...external };
  expect(changes).toEqual([{ kind: "responder.edited", responder }]);
  expect(result).toEqual({
    kind: "saved",
    responder,
    gained: ["webex"],
    lost: [],
    isInIncident: false,
  });
});

test("a number that goes switches its channel off on every roster and cancels what waits on it", () => {
  const external = { name: "Eve Dahl", mobile: "+14085550101" };
  const state = aState(anExternal(), { rosters: onRosters });
  const { changes, result } = editExternal(state, anInput({ external }), aMoment());
  expect(ofKind(changes, "roster.set")).toEqual([
    {
      kind: "roster.set",
      spaceId: SPACE,
      responderId: "r-eve",
      channels: { webex: false, sms: true, voice: false },
      at: NOW,
    },
    {
      kind: "roster.set",
      spaceId: "space-quiet",
      responderId: "r-eve",
      channels: { webex: false, sms: false, voice: false },
      at: NOW,
    },
  ]);
  expect(ofKind(changes, "notifications.cancelled").map(({ filter }) => filter)).toEqual([
    { responderId: "r-eve", channel: "voice", reason: "number removed" },
  ]);
  expect(result).toMatchObject({ kind: "saved", gained: [], lost: ["voice"] });
});

test("a first number switches its channel on, and sends nothing", () => {
  const eve = anExternal();
  delete eve.voice;
  const state = aState(eve, { rosters: onRosters });
  const { changes } = editExternal(state, anInput(), aMoment());
  expect(ofKind(changes, "roster.set").map(({ channels }) => channels)).toEqual([
    { webex: false, sms: true, voice: true },
    { webex: false, sms: false, voice: true },
  ]);
  expect(new Set(changes.map(({ kind }) => kind))).toEqual(
    new Set(["responder.edited", "roster.set", "timeline.added"]),
  );
});

test("another number leaves the channels as they were switched", () => {
  const external = { ...facts, mobile: "+14085550199" };
  const state = aState(anExternal(), { rosters: onRosters });
  const { changes } = editExternal(state, anInput({ external }), aMoment());
  expect(changes.map(({ kind }) => kind)).toEqual(["responder.edited", "timeline.added"]);
});

test("an address that goes ends Webex for them, unless they are known there as a person", () => {
  const eve = anExternal({ email: "eve@out.example" });
  const rosters = [{ spaceId: SPACE, channels: ALL_ON, isMember: false }];
  const { changes } = editExternal(aState(eve, { rosters }), anInput(), aMoment());
  expect(ofKind(changes, "notifications.cancelled").map(({ filter }) => filter)).toEqual([
    { responderId: "r-eve", channel: "webex", reason: "address removed" },
  ]);
  const joined = anExternal({ email: "eve@out.example", personId: "eve" });
  const kept = editExternal(aState(joined, { rosters }), anInput(), aMoment());
  expect(kept.changes).toEqual([
    {
      kind: "responder.edited",
      responder: { id: "r-eve", kind: "external", personId: "eve", version: 2, ...facts },
    },
  ]);
});

test("each running incident records what was changed, without numbers and addresses", () => {
  const external = { name: "Eve Holm", mobile: "+14085550199", email: "eve@out.example" };
  const state = aState(anExternal(), { rosters: onRosters });
  const { changes } = editExternal(state, anInput({ external }), aMoment());
  expect(ofKind(changes, "timeline.added")).toEqual([
    {
      kind: "timeline.added",
      incidentId: "incident-1",
      entry: {
        kind: "edited",
        at: NOW,
        actor: "ana",
        payload: {
          name: "Eve Holm",
          before: "Eve Dahl",
          fields: ["name", "mobile", "voice", "email"],
          by: "Ana Berg",
        },
      },
    },
  ]);
});

test("an older version overwrites nothing: the present one is told", () => {
  const eve = anExternal({ version: 2 });
  const { changes, result } = editExternal(aState(eve), anInput(), aMoment());
  expect(changes).toEqual([]);
  expect(result).toEqual({ kind: "changed-meanwhile", current: eve });
});

test("somebody who was deleted stays so", () => {
  const state: ExternalsState = { externals: new Map(), owners: new Map() };
  expect(editExternal(state, anInput(), aMoment())).toEqual({
    changes: [],
    result: { kind: "gone" },
  });
});

test("a number of another external is refused, at its field, with whose it is", () => {
  const dan = anExternal({ id: "r-dan", name: "Dan", mobile: "+14085550103" });
  delete dan.voice;
  const external = { ...facts, voice: "+14085550103" };
  const state = aState(anExternal(), { owners: [anExternal(), dan] });
  const { changes, result } = editExternal(state, anInput({ external }), aMoment());
  expect(changes).toEqual([]);
  expect(result).toEqual({ kind: "number-taken", taken: { voice: dan } });
});

test("their own numbers may change places", () => {
  const eve = anExternal();
  const external = { name: "Eve Dahl", mobile: "+14085550102", voice: "+14085550101" };
  const { result } = editExternal(aState(eve, { owners: [eve] }), anInput({ external }), aMoment());
  expect(result.kind).toBe("saved");
});

test("what is the same as before is no new version", () => {
  const state = aState(anExternal(), { rosters: onRosters });
  const { changes, result } = editExternal(state, anInput(), aMoment());
  expect(changes).toEqual([]);
  expect(result.kind).toBe("unchanged");
});

test.each([
  ["is new", {}, "eve@out.example", [SPACE, "space-quiet"]],
  ["changes", { email: "old@out.example" }, "eve@out.example", [SPACE, "space-quiet"]],
  ["stays", { email: "eve@out.example" }, "eve@out.example", []],
  ["goes", { email: "eve@out.example" }, undefined, []],
  ["is a person's", { personId: "eve" }, "eve@out.example", []],
])("where an address %s the spaces are read anew, if it may be a member's", (...row) => {
  const [, before, email, spaces] = row;
  const state = aState(anExternal(before), { rosters: onRosters });
  const external = { ...facts, name: "Eve Holm", ...(email === undefined ? {} : { email }) };
  const { changes } = editExternal(state, anInput({ external }), aMoment());
  expect(ofKind(changes, "own-event.queued").map(({ event }) => event)).toEqual(
    spaces.map((spaceId) => ({ kind: "reread-space", spaceId })),
  );
});
