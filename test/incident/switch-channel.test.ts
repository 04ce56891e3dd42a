import { switchChannel, type SwitchInput } from "../../src/incident/switch-channel";
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
  return { entry: anEntry(anExternal()), channel: "sms", isOn: false, by: ana, ...overrides };
}

test("a channel switched off changes that channel only and cancels what waits on it", () => {
  expect(switchChannel(aSpaceState(), anInput(), aMoment())).toEqual({
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
    result: { name: "Eve Dahl", isChanged: true },
  });
});

test("a channel switched on sends nothing and cancels nothing", () => {
  const entry = anEntry(anExternal(), { channels: { webex: false, sms: true, voice: false } });
  const state = aSpaceState({ incident: anIncident() });
  const { changes } = switchChannel(
    state,
    anInput({ entry, channel: "voice", isOn: true }),
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
  const { changes } = switchChannel(state, anInput(), aMoment());
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
  expect(switchChannel(state, anInput({ entry, isOn }), aMoment())).toEqual({
    changes: [],
    result: { name: "Eve Dahl", isChanged: false },
  });
});

test.each([
  ["sms", "Bo Alm has no mobile number for texts. Numbers of Webex people come from the directory"],
  ["voice", "Bo Alm has no number for calls. Numbers of Webex people come from the directory"],
] as const)(
  "%s cannot be switched on without a number, and the answer says so",
  (channel, says) => {
    const input = anInput({ entry: anEntry(aPerson()), channel, isOn: true });
    expect(() => switchChannel(aSpaceState(), input, aMoment())).toThrow(
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
  const input = anInput({ entry: anEntry(eve), isOn: true });
  expect(() => switchChannel(aSpaceState(), input, aMoment())).toThrow("Add them again");
});

test("a channel without a number can be switched off", () => {
  const entry = anEntry(aPerson(), { channels: { webex: true, sms: true, voice: false } });
  expect(switchChannel(aSpaceState(), anInput({ entry }), aMoment()).result.isChanged).toBe(true);
});
