import { DO_NOW } from "../../src/bot/line-actions";
import { commands } from "../../src/bot/table";
import { ana, anIncident, NOW, ofKind } from "../support/builders";
import { anaIsHere, aRig, data, deeds, DIRECT } from "../support/bot-rig";
import { buttons } from "../support/card-buttons";
import { janasGrant } from "../support/grant-samples";

const MINUTE = 60_000;
const late = { at: NOW - 5 * MINUTE - 1 };
const directly = { spaceId: DIRECT, spaceKind: "direct" as const };
const anasGrant = janasGrant({ ...ana, personName: ana.name });

/** Ana may do everything, and has given every grant. */
function aLateRig() {
  const rig = aRig({
    people: [anaIsHere],
    state: { incident: anIncident(), latest: anIncident() },
    tools: { readFile: () => Promise.reject(new Error("a file was read")) },
  });
  rig.decisions.grants = {
    status: {},
    directory: anasGrant,
    meetings: { ...anasGrant, id: "grant-2", kind: "meetings" },
  };
  return {
    rig,
    writes: ({ verb, where }: (typeof commands)[number], more: object = {}) =>
      where === "direct"
        ? rig.says(verb, ana, { ...late, ...directly, ...more })
        : rig.says(`Muster ${verb} bo`, ana, { ...late, ...more }),
  };
}

const named = commands.map((command) => ({
  ...command,
  name: `${command.verb} (${command.where})`,
}));

test("what changes nothing is looking, asking for a list, and answering", () => {
  const others = named.filter(({ changes }) => !changes).map(({ name }) => name);
  expect(others.sort()).toEqual(
    [
      ...["help (space)", "help (direct)", "status (space)", "ready (space)"],
      ...["externals (space)", "externals (direct)", "spaces (direct)", "export (direct)"],
      ...["contact (direct)", "directory (direct)", "coming (direct)", "declined (direct)"],
    ].sort(),
  );
});

test.each(named.filter(({ changes }) => changes))(
  "$name, read late, is asked about",
  async (command) => {
    const { rig, writes } = aLateRig();
    await writes(command);
    expect(deeds(rig.changes)).toEqual([]);
    expect(rig.said).toEqual([
      expect.stringMatching(/^You wrote \*\*.+\*\* at 03:04 UTC, I was away\. Do it now\?$/),
    ]);
    expect(buttons(rig.answers[0]!.post)).toEqual(["Do it now"]);
    const [card] = ofKind(rig.changes, "card.written");
    expect(card!.card).toMatchObject({ kind: "notice", personId: "ana" });
    expect(card!.card.spaceId === undefined).toBe(command.where === "direct");
  },
);

test.each(named.filter(({ changes }) => !changes))(
  "$name, read late, is carried out",
  async (command) => {
    const { rig, writes } = aLateRig();
    await writes(command);
    expect(rig.said).toHaveLength(1);
    expect(rig.said[0]).not.toContain("I was away");
  },
);

test.each([
  ["authorize", "oauth-state.written"],
  ["authorize meetings", "oauth-state.written"],
  ["directory refresh", "directory.wanted"],
  ["revoke", "grant.revoked"],
  ["revoke meetings", "grant.revoked"],
] as const)("%s, read late, is done by the button, once", async (line, deed) => {
  const { rig } = aLateRig();
  await rig.says(line, ana, { ...late, ...directly });
  const [card] = ofKind(rig.changes, "card.written");
  const press = () => rig.presses(data(DO_NOW, card!.card.id), ana, { spaceId: DIRECT });
  await press();
  expect(deeds(rig.changes)).toContain(deed);
  expect(deeds(rig.changes)).toContain("card.used");
  const { length } = deeds(rig.changes);
  await press();
  expect(deeds(rig.changes)).toHaveLength(length);
  expect(rig.said.at(-1)).toContain("used already, or is too old");
});

test("add external, read late, is a form by the button", async () => {
  const { rig } = aLateRig();
  await rig.says("add external Eve Dahl", ana, { ...late, ...directly });
  const [card] = ofKind(rig.changes, "card.written");
  await rig.presses(data(DO_NOW, card!.card.id), ana, { spaceId: DIRECT });
  const kinds = ofKind(rig.changes, "card.written").map((written) => written.card.kind);
  expect(kinds).toEqual(["notice", "external-form"]);
});

test("the button asks anew whether its writer may", async () => {
  const { rig } = aLateRig();
  await rig.says("revoke", ana, { ...late, ...directly });
  const [card] = ofKind(rig.changes, "card.written");
  rig.decisions.grants = { status: {}, directory: janasGrant() };
  await rig.presses(data(DO_NOW, card!.card.id), ana, { spaceId: DIRECT });
  expect(deeds(rig.changes)).toEqual([]);
  expect(rig.said.at(-1)).toContain("Only administrators");
});

test("what came with a file is to be written again, since the file is not kept", async () => {
  const { rig } = aLateRig();
  await rig.says("import", ana, { ...late, ...directly, files: ["https://webex.example/file"] });
  expect(ofKind(rig.changes, "card.written")).toEqual([]);
  expect(rig.said).toEqual([
    "You wrote **import** at 03:04 UTC, I was away. Write it again if you still want it.",
  ]);
});
