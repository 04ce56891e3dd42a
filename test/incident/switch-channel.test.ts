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

function anInput(overrides: Partial<SwitchInput> = {}): SwitchInput {
  return { entries: [anEntry(anExternal())], channel: "sms", isOn: false, by: ana, ...overrides };
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
    result: { switched: [anEntry(anExternal())], unchanged: [], withoutNumber: [] },
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
    result: { switched: [], unchanged: [entry], withoutNumber: [] },
  });
});

test.each([
  ["sms", "Bo Alm has no mobile number for texts. Numbers of Webex people come from the directory"],
  ["voice", "Bo Alm has no number for calls. Numbers of Webex people come from the directory"],
] as const)(
  "%s cannot be switched on without a number, and the answer says so",
  (channel, says) => {
    const input = anInput({ entries: [anEntry(aPerson())], channel, isOn: true });
    expect(() => switchChannels(aSpaceState(), input, aMoment())).toThrow(
      expect.objectContaining({
        name: "UserError",
        code: "no-number",
        message: expect.stringContaining(says) as unknown,
      }) as Error,
    );
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
    expect(result).toEqual({ switched: [eves], unchanged: [finns], withoutNumber: [bos] });
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
      "None of them has a mobile number for texts. Nothing was changed.",
    );
  });
});
