import { switchChannels, type SwitchInput } from "../../src/incident/switch-channel";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMoment,
  aPerson,
  aSpaceState,
  NOW,
  notifications,
  ofKind,
  SPACE,
} from "../support/builders";

const none = { unblocked: [], stopped: [] };

function anInput(overrides: Partial<SwitchInput> = {}): SwitchInput {
  const entries = [anEntry(anExternal())];
  return { entries, channel: "sms", isOn: false, by: ana, hasDirectory: true, ...overrides };
}

test("a channel switched off changes that channel only and cancels what waits on it", () => {
  expect(switchChannels(aSpaceState(), anInput(), aMoment())).toEqual({
    changes: [
      {
        kind: "roster.set",
        spaceId: SPACE,
        responderId: "r-eve",
        channels: { webex: false, sms: false, voice: true },
        at: NOW,
      },
      {
        kind: "notifications.cancelled",
        filter: {
          spaceId: SPACE,
          responderId: "r-eve",
          channel: "sms",
          reason: "channel switched off",
        },
      },
    ],
    result: { switched: [anEntry(anExternal())], unchanged: [], withoutNumber: [], ...none },
  });
});

test("a channel switched on sends nothing and cancels nothing", () => {
  const entry = anEntry(anExternal(), { channels: { webex: false, sms: true, voice: false } });
  const state = aSpaceState({ incident: anIncident() });
  const { changes } = switchChannels(
    state,
    anInput({ entries: [entry], channel: "voice", isOn: true }),
    aMoment(),
  );
  expect(ofKind(changes, "roster.set")[0]?.channels).toEqual({
    webex: false,
    sms: true,
    voice: true,
  });
  expect(notifications(changes)).toEqual([]);
  expect(ofKind(changes, "notifications.cancelled")).toEqual([]);
});

test("during an incident the switch is on the record", () => {
  const state = aSpaceState({ incident: anIncident() });
  const { changes } = switchChannels(state, anInput(), aMoment());
  expect(ofKind(changes, "timeline.added")[0]).toMatchObject({
    incidentId: "incident-1",
    entry: {
      kind: "switched",
      actor: "ana",
      payload: { name: "Eve Dahl", channel: "sms", isOn: false, by: "Ana Berg" },
    },
  });
});

test.each([true, false])("a channel that is %s already changes nothing", (isOn) => {
  const channels = { webex: false, sms: isOn, voice: !isOn };
  const entry = anEntry(anExternal(), { channels });
  const state = aSpaceState({ incident: anIncident() });
  expect(switchChannels(state, anInput({ entries: [entry], isOn }), aMoment())).toEqual({
    changes: [],
    result: { switched: [], unchanged: [entry], withoutNumber: [], ...none },
  });
});

const fromDirectory = "Numbers of Webex people come from the directory, which";

test.each([
  ["sms", true, `Bo Alm has no mobile number for texts. ${fromDirectory} has none for them`],
  ["voice", true, `Bo Alm has no number for calls. ${fromDirectory} has none for them`],
  ["sms", false, `${fromDirectory} is not connected: **ready** says what to do about it.`],
] as const)(
  "%s cannot be switched on without a number, and the answer says so (with a directory: %s)",
  (channel, hasDirectory, says) => {
    const entries = [
      anEntry(aPerson({ [channel === "sms" ? "voice" : "mobile"]: "+14085550101" })),
    ];
    const input = anInput({ entries, channel, isOn: true, hasDirectory });
    expect(() => switchChannels(aSpaceState(), input, aMoment())).toThrow(
      expect.objectContaining({
        name: "UserError",
        code: "no-number",
        message: expect.stringContaining(says) as unknown,
      }) as Error,
    );
  },
);

test.each(["sms", "voice"] as const)(
  "%s is switched on for who has a number in the directory",
  (channel) => {
    const numbers = { mobile: "+14085550101", voice: "+14085550102" };
    const entries = [anEntry(aPerson(numbers))];
    const { changes } = switchChannels(
      aSpaceState(),
      anInput({ entries, channel, isOn: true }),
      aMoment(),
    );
    expect(ofKind(changes, "roster.set")[0]?.channels).toMatchObject({
      webex: true,
      [channel]: true,
    });
  },
);

test("an external's number for calls is not one for texts", () => {
  const eve = anExternal();
  delete eve.mobile;
  const input = anInput({ entries: [anEntry(eve)], isOn: true });
  expect(() => switchChannels(aSpaceState(), input, aMoment())).toThrow("Give them one with");
});

test("a channel without a number can be switched off", () => {
  const entry = anEntry(aPerson(), { channels: { webex: true, sms: true, voice: false } });
  expect(switchChannels(aSpaceState(), anInput({ entries: [entry] }), aMoment()).result).toEqual({
    switched: [entry],
    unchanged: [],
    withoutNumber: [],
    ...none,
  });
});

describe("for several at once", () => {
  const off = { webex: false, sms: false, voice: false };
  const on = { webex: false, sms: true, voice: false };
  const eves = anEntry(anExternal(), { channels: off });
  const finns = anEntry(anExternal({ id: "r-finn", name: "Finn" }), { channels: on });
  const bos = anEntry();

  test("who can be is switched, and who cannot is told apart", () => {
    const state = aSpaceState({ incident: anIncident() });
    const input = anInput({ entries: [eves, finns, bos], isOn: true });
    const { changes, result } = switchChannels(state, input, aMoment());
    expect(ofKind(changes, "roster.set").map(({ responderId }) => responderId)).toEqual(["r-eve"]);
    expect(ofKind(changes, "timeline.added")).toHaveLength(1);
    expect(result).toEqual({ switched: [eves], unchanged: [finns], withoutNumber: [bos], ...none });
  });

  test("switched off, what waits for each of them is cancelled", () => {
    const input = anInput({ entries: [anEntry(anExternal()), finns] });
    const { changes } = switchChannels(aSpaceState(), input, aMoment());
    const filters = ofKind(changes, "notifications.cancelled").map(({ filter }) => filter);
    expect(filters.map(({ responderId }) => responderId)).toEqual(["r-eve", "r-finn"]);
  });

  test("it is refused where none of them has a number", () => {
    const input = anInput({ entries: [bos, anEntry(aPerson({ personId: "x" }))], isOn: true });
    expect(() => switchChannels(aSpaceState(), input, aMoment())).toThrow(
      `None of them has a mobile number for texts. Nothing was changed. ${fromDirectory} has none`,
    );
  });
});

describe("texts switched on again", () => {
  const on = (optOut: "stop" | "blocked", sms = true) => {
    const channels = { webex: false, sms, voice: true };
    const entry = anEntry(anExternal({ optOut }), { channels });
    const input = anInput({ entries: [entry], isOn: true });
    return { entry, ...switchChannels(aSpaceState(), input, aMoment()) };
  };

  test.each([true, false])("lift a provider's block (they were on: %s)", (wereOn) => {
    const { changes, entry, result } = on("blocked", wereOn);
    expect(ofKind(changes, "number.opted-in")).toEqual([
      { kind: "number.opted-in", number: "+14085550101", source: "blocked", at: NOW },
    ]);
    expect(result).toMatchObject({ unblocked: [entry], stopped: [] });
  });

  test("never take back a STOP", () => {
    const { changes, entry, result } = on("stop");
    expect(ofKind(changes, "number.opted-in")).toEqual([]);
    expect(result).toMatchObject({ unblocked: [], stopped: [entry] });
  });

  test.each([
    { channel: "sms", isOn: false },
    { channel: "voice", isOn: true },
  ] as const)("are nothing else: $channel, on $isOn", (wanted) => {
    const entries = [anEntry(anExternal({ optOut: "blocked" }))];
    const { changes, result } = switchChannels(
      aSpaceState(),
      anInput({ entries, ...wanted }),
      aMoment(),
    );
    expect(ofKind(changes, "number.opted-in")).toEqual([]);
    expect(result).toMatchObject(none);
  });
});
