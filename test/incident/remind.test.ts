import { remind, type RemindInput } from "../../src/incident/remind";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMeeting,
  aMoment,
  aPerson,
  aSettings,
  aSpaceState,
  notifications,
  ofKind,
  sends,
} from "../support/builders";

const running = aSpaceState({ incident: anIncident() });

function anInput(overrides: Partial<RemindInput> = {}): RemindInput {
  return {
    entries: [anEntry(), anEntry(anExternal())],
    by: ana,
    trigger: "command",
    settings: aSettings(),
    ...overrides,
  };
}

test("a reminder is a new round on the channels that each of them has", () => {
  const { changes, result } = remind(running, anInput(), aMoment());
  expect(sends(changes)).toEqual(["r-bo webex", "r-eve sms", "r-eve voice"]);
  expect(notifications(changes).every((one) => one.kind === "reminder")).toBe(true);
  expect(notifications(changes).some((one) => one.waitsForConference)).toBe(false);
  expect(ofKind(changes, "round.opened")).toHaveLength(1);
  expect(result).toEqual({
    incident: anIncident(),
    counts: { people: 2, webex: 1, sms: 1, voice: 1, unreachable: [] },
  });
});

test("only those who were asked for are reminded", () => {
  const { changes } = remind(running, anInput({ entries: [anEntry()] }), aMoment());
  expect(sends(changes)).toEqual(["r-bo webex"]);
});

test("one channel alone can be sent again", () => {
  const { changes } = remind(running, anInput({ only: ["sms"], trigger: "press" }), aMoment());
  expect(sends(changes)).toEqual(["r-eve sms"]);
  expect(ofKind(changes, "round.opened")[0]?.round.trigger).toBe("press");
});

test.each([
  ["nobody", [], 0],
  ["only the person who reminds", [anEntry(aPerson(ana))], 0],
  [
    "only somebody without a number",
    [
      anEntry(
        { ...anExternal(), mobile: "" },
        {
          channels: { webex: true, sms: false, voice: false },
        },
      ),
    ],
    1,
  ],
])("no round is opened for %s", (_what, entries, unreachable) => {
  const { changes, result } = remind(running, anInput({ entries }), aMoment());
  expect(changes).toEqual([]);
  expect(result.counts.people).toBe(0);
  expect(result.counts.unreachable).toHaveLength(unreachable);
});

test("it is refused where no incident runs", () => {
  expect(() => remind(aSpaceState(), anInput(), aMoment())).toThrow(
    expect.objectContaining({ name: "UserError", code: "nothing-running" }) as Error,
  );
});

test("where the meeting may have another number by now, it is asked for before the reminder goes", () => {
  const state = aSpaceState({ incident: anIncident({ conference: aMeeting() }) });
  const settings = aSettings({ canOpenMeetings: true });
  const { changes } = remind(state, anInput({ settings }), aMoment());
  expect(notifications(changes).every((one) => one.waitsForConference)).toBe(true);
  expect(ofKind(changes, "own-event.queued").map(({ event }) => event.kind)).toEqual([
    "find-conference",
  ]);
});
