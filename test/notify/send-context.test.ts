import { destinationOf, reasonNotToSend } from "../../src/notify/send-context";
import { aSend } from "../support/outbox-builders";

describe("right before a send", () => {
  test("what is still needed is sent", () => {
    expect(reasonNotToSend(aSend())).toBeUndefined();
  });

  test.each([
    ["the space is gone", aSend({ space: { isGone: true } })],
    ["the space is gone", aSend({ space: { isGone: true }, row: { kind: "stop" } })],
    ["the incident is over", aSend({ incident: { isRunning: false } })],
    ["channel switched off", aSend({ channelsOn: { sms: false } })],
  ])("it is not sent when %s", (reason, context) => {
    expect(reasonNotToSend(context)).toBe(reason);
  });

  test("it is not sent to who left the roster", () => {
    const context = aSend();
    delete context.channelsOn;
    expect(reasonNotToSend(context)).toBe("no longer on the roster");
  });

  test("another channel that is off does not matter", () => {
    expect(reasonNotToSend(aSend({ channelsOn: { voice: false } }))).toBeUndefined();
  });

  test("that it is over is told although it is over", () => {
    const over = aSend({ row: { kind: "stop" }, incident: { isRunning: false } });
    expect(reasonNotToSend(over)).toBeUndefined();
  });
});

test.each([
  ["sms", {}, "+14085550101"],
  ["voice", {}, "+14085550102"],
  ["webex", { personId: "bo", email: "bo@corp.example" }, "bo"],
  ["webex", { email: "eve@else.example" }, "eve@else.example"],
  ["webex", {}, undefined],
] as const)("%s to %j goes to %s", (channel, responder, to) => {
  expect(destinationOf(aSend({ row: { channel }, responder }))).toBe(to);
});
