import type { Asked } from "../../src/incident/asked";
import type { ResponderProgress } from "../../src/incident/incident";
import { isToBeReminded, renotify } from "../../src/incident/renotify";
import type { IncidentSettings } from "../../src/incident/settings";
import type { ProgressState } from "../../src/incident/space-state";
import type { RosterEntry } from "../../src/roster/responder";
import {
  ana,
  anEntry,
  anExternal,
  aMoment,
  aPerson,
  aProgressOf,
  aProgressState,
  aSettings,
  NOW,
  notifications,
  ofKind,
  sends,
} from "../support/builders";

const MINUTE = 60_000;
const settings = aSettings();
const bos = anEntry();
const eves = anEntry(anExternal());

/** Asked five minutes ago, unless told otherwise; the invite went out at once. */
function asked(overrides: Partial<Asked> = {}): Asked {
  const at = overrides.at ?? NOW - 5 * MINUTE;
  return { at, calledAt: at, settledAt: at + 300, reminders: 0, open: [], ...overrides };
}

interface Line {
  entry: RosterEntry;
  more?: Partial<ResponderProgress>;
}

function aState(...lines: Line[]): ProgressState {
  return aProgressState({
    roster: lines.map(({ entry }) => entry),
    progress: lines.map(({ entry, more }) => aProgressOf(entry, { asked: asked(), ...more })),
  });
}

function remind(state: ProgressState, more: Partial<IncidentSettings> = {}) {
  const { changes } = renotify(state, { ...settings, ...more }, aMoment());
  return { sends: sends(changes), next: nextLook(changes), changes };
}

function nextLook(changes: Parameters<typeof ofKind>[0]): number | undefined {
  const looks = ofKind(changes, "renotify.due");
  expect(looks.length).toBeLessThanOrEqual(1);
  return looks[0]?.dueAt;
}

test("who has not answered after five minutes is reminded on their channels", () => {
  const { changes, sends: told } = remind(aState({ entry: bos }, { entry: eves }), {
    canAnswerCalls: true,
  });
  expect(told).toEqual(["r-bo webex", "r-eve sms", "r-eve voice"]);
  expect(ofKind(changes, "round.opened")[0]?.round).toMatchObject({
    kind: "reminder",
    trigger: "timer",
    openedBy: ana,
    incidentId: "incident-1",
  });
  expect(notifications(changes).every(({ kind }) => kind === "reminder")).toBe(true);
});

test("the record says that nobody asked for it", () => {
  const { changes } = remind(aState({ entry: bos }));
  expect(ofKind(changes, "timeline.added").map(({ entry }) => entry)).toMatchObject([
    { kind: "round-opened", actor: "muster" },
  ]);
});

test.each([
  ["is coming", { group: "coming" }],
  ["declined", { group: "declined" }],
  ["started the incident", { isStarter: true, group: "waiting" }],
  ["was never asked", { asked: undefined }],
  ["was reminded twice already", { asked: asked({ reminders: 2 }) }],
] as const)("who %s is not reminded, and nobody looks again", (_who, more) => {
  const [one] = aState({ entry: bos }).progress;
  const { asked: was, ...rest } = { ...one!, ...more };
  const state = {
    ...aState({ entry: bos }),
    progress: [{ ...rest, ...(was ? { asked: was } : {}) }],
  };
  expect(remind(state)).toMatchObject({ sends: [], next: undefined, changes: [] });
});

test("nobody is reminded where that is switched off, or when nothing runs any more", () => {
  expect(remind(aState({ entry: bos }), { renotifyTimes: 0 }).changes).toEqual([]);
  const stopped = aState({ entry: bos });
  delete stopped.incident;
  expect(remind(stopped).changes).toEqual([]);
});

test("who left the roster is not reminded", () => {
  expect(remind({ ...aState({ entry: bos }), roster: [eves] }).changes).toEqual([]);
});

test.each([
  ["no channel is on", { channels: { webex: false, sms: false, voice: false } }, {}],
  ["SMS and calls are not set up", {}, { isSmsReady: false, isVoiceReady: false }],
  ["both numbers were refused for good", { refused: { sms: "nobody", voice: "nobody" } }, {}],
])("who cannot be told is left out: %s", (_why, entry, more) => {
  expect(remind(aState({ entry: { ...eves, ...entry } }), more).changes).toEqual([]);
});

describe("a call to somebody who cannot answer", () => {
  const voiceOnly = anEntry(anExternal(), { channels: { webex: false, sms: false, voice: true } });
  test.each([
    ["is not made, and their text goes", eves, {}, ["r-eve sms"]],
    ["is not made, and they have no other channel", voiceOnly, {}, []],
    ["is made where it takes a key", voiceOnly, { canAnswerCalls: true }, ["r-eve voice"]],
    ["is made where they can text", eves, { canReplyBySms: true }, ["r-eve sms", "r-eve voice"]],
    [
      "is not made for being able to text, where texts are switched off",
      { ...eves, channels: { webex: false, sms: false, voice: true } },
      { canReplyBySms: true },
      [],
    ],
    [
      "is made where they are on Webex",
      anEntry(aPerson({ voice: "+14085550103" }), {
        channels: { webex: false, sms: false, voice: true },
      }),
      {},
      ["r-bo voice"],
    ],
  ] as const)("%s", (_what, entry, more, told) => {
    expect(remind(aState({ entry }), more).sends).toEqual(told);
  });
});

describe("when it is time", () => {
  const other = anEntry(aPerson({ personId: "cy" }));
  const askedAgo = (ms: number) => ({ asked: asked({ at: NOW - ms }) });

  test("those whose time comes within five seconds are reminded together", () => {
    const soon = { entry: other, more: askedAgo(5 * MINUTE - 5_000) };
    expect(remind(aState({ entry: bos }, soon)).sends).toEqual(["r-bo webex", "r-cy webex"]);
  });

  test("who comes later waits, and is what is looked at next", () => {
    const later = { entry: other, more: askedAgo(5 * MINUTE - 5_001) };
    expect(remind(aState({ entry: bos }, later))).toMatchObject({
      sends: ["r-bo webex"],
      next: NOW + 5_001,
    });
  });

  test("who was reminded once is looked at again five minutes later", () => {
    expect(remind(aState({ entry: bos })).next).toBe(NOW + 5 * MINUTE);
  });

  test("after the last reminder nobody looks again", () => {
    const last = { entry: bos, more: { asked: asked({ reminders: 1 }) } };
    expect(remind(aState(last))).toMatchObject({ sends: ["r-bo webex"], next: undefined });
  });

  test("a moderator's reminder puts it off", () => {
    const reminded = { entry: bos, more: askedAgo(MINUTE) };
    expect(remind(aState(reminded))).toMatchObject({ sends: [], next: NOW + 4 * MINUTE });
  });

  test("hours late it is one reminder", () => {
    const late = { entry: bos, more: askedAgo(180 * MINUTE) };
    expect(remind(aState(late))).toMatchObject({
      sends: ["r-bo webex"],
      next: NOW + 5 * MINUTE,
    });
  });

  test("with a short time between, few are taken together", () => {
    const soon = { entry: other, more: askedAgo(600) };
    const first = { entry: bos, more: askedAgo(1_000) };
    expect(remind(aState(first, soon), { renotifyMs: 1_000 }).sends).toEqual(["r-bo webex"]);
  });
});

describe("while something is on its way to them", () => {
  test("a reminder waits for the invite", () => {
    const at = NOW - 5 * MINUTE;
    const waiting = { at, calledAt: at, reminders: 0, open: ["webex" as const] };
    expect(remind(aState({ entry: bos, more: { asked: waiting } }))).toMatchObject({
      sends: [],
      next: NOW + 30_000,
    });
  });

  test("a channel that is not done with the invite is left out", () => {
    const more = { asked: asked({ open: ["voice"] }) };
    const told = remind(aState({ entry: eves, more }), { canAnswerCalls: true }).sends;
    expect(told).toEqual(["r-eve sms"]);
  });

  test("who was told late has their five minutes from then", () => {
    const more = { asked: asked({ at: NOW - 20 * MINUTE, settledAt: NOW - 2 * MINUTE }) };
    expect(remind(aState({ entry: bos, more }))).toMatchObject({
      sends: [],
      next: NOW + 3 * MINUTE,
    });
  });

  test("who was told a little later is reminded with the others of the round", () => {
    const more = { asked: asked({ settledAt: NOW - 2 * MINUTE }) };
    expect(remind(aState({ entry: bos, more })).sends).toEqual(["r-bo webex"]);
  });
});

test("the meeting's details are asked for again before the reminder goes", () => {
  const { changes } = remind(aState({ entry: bos }), { canOpenMeetings: true });
  expect(ofKind(changes, "own-event.queued")).toMatchObject([
    { event: { kind: "find-conference", incidentId: "incident-1" } },
  ]);
});

test("whether somebody will be reminded again is told without looking at the time", () => {
  const once = aState({ entry: bos, more: { asked: asked({ at: NOW, reminders: 1 }) } });
  expect(isToBeReminded(once, once.progress[0]!, settings)).toBe(true);
  const twice = aState({ entry: bos, more: { asked: asked({ at: NOW, reminders: 2 }) } });
  expect(isToBeReminded(twice, twice.progress[0]!, settings)).toBe(false);
});

describe("once nobody is left whom a reminder could go to", () => {
  const result = (...lines: Line[]) => renotify(aState(...lines), settings, aMoment()).result;
  const dead = { ...eves, refused: { sms: "nobody", voice: "nobody" } };

  test("it is given up while somebody is silent", () => {
    expect(result({ entry: dead })).toMatchObject({ kind: "given-up" });
    expect(result({ entry: bos, more: { asked: asked({ reminders: 2 }) } }).kind).toBe("given-up");
    expect(result({ entry: dead }, { entry: bos, more: { group: "coming" } }).kind).toBe(
      "given-up",
    );
  });

  test("it is not while somebody will still be reminded", () => {
    const later = { entry: bos, more: { asked: asked({ at: NOW }) } };
    expect(result({ entry: dead }, later).kind).toBe("nobody");
    expect(result({ entry: dead }, { entry: bos }).kind).toBe("reminded");
  });

  test("it is not where everybody has answered, or was never asked", () => {
    expect(result({ entry: bos, more: { group: "declined" } }).kind).toBe("nobody");
    const state = aProgressState({ roster: [bos], progress: [aProgressOf(bos)] });
    expect(renotify(state, settings, aMoment()).result.kind).toBe("nobody");
  });
});
