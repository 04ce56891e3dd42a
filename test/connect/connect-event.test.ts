import { readConnectEvent, type ConnectEvent } from "../../src/connect/connect-event";
import type { Receipt } from "../../src/notify/receipt";

const NOW = Date.parse("2026-11-22T03:10:00Z");
const AT = "2026-11-22T03:09:30.404Z";
const reading = { ours: ["14085550100", "+14085550100"], now: NOW };

function read(body: unknown): ConnectEvent | undefined {
  return readConnectEvent(body, reading);
}

function flat(fields: object) {
  return { messageId: "m-1", statusTime: AT, correlationId: "n-1", ...fields };
}

function nested(info: object, fields: object = {}) {
  return {
    deliveryInfoNotification: {
      deliveryInfo: {
        timeStamp: "2026-11-22T03:09:30.404+00:00",
        deliveryChannel: "SMS",
        additionalInfo: "",
        destination: "351912345678",
        ...info,
      },
      carrier: "",
      transid: "m-1",
      callbackData: "",
      correlationid: "n-1",
      ...fields,
    },
  };
}

function aReceipt(fields: Partial<Receipt>): ConnectEvent {
  return {
    kind: "receipt",
    receipt: {
      kind: "delivered",
      channel: "sms",
      notificationId: "n-1",
      providerId: "m-1",
      at: Date.parse(AT),
      ...fields,
    },
  };
}

describe("the flat receipt", () => {
  it.each([
    ["a delivered text", flat({ status: "DELIVERED" }), aReceipt({})],
    ["a submitted text", flat({ status: "SENT" }), aReceipt({ kind: "submitted" })],
    [
      "a text that failed",
      flat({ status: "FAILED", error: { code: "7203", message: "Unknown" } }),
      aReceipt({ kind: "failed", code: "7203" }),
    ],
    [
      "a code as a number",
      flat({ status: "FAILED", error: { code: 7203 } }),
      aReceipt({ kind: "failed", code: "7203" }),
    ],
    ["an undelivered text", flat({ status: "Un-Delivered" }), aReceipt({ kind: "failed" })],
    [
      "a call by its session",
      flat({ messageId: undefined, sessionId: "s-1", status: "ANSWERED" }),
      aReceipt({ kind: "answered", channel: "voice", providerId: "s-1" }),
    ],
    [
      "a call whose id is called a message's",
      flat({ status: "DROPPED" }),
      aReceipt({ kind: "ended", channel: "voice" }),
    ],
    [
      "a call that nobody answered",
      flat({ status: "REJECTED", error: { code: "7401" } }),
      aReceipt({ kind: "failed", channel: "voice", code: "7401" }),
    ],
    [
      "without our id",
      flat({ status: "DELIVERED", correlationId: undefined }),
      aReceiptWithoutId(),
    ],
    ["a state that no page names", flat({ status: "WONDERFUL" }), { kind: "other" }],
    ["nobody's id", flat({ status: "DELIVERED", messageId: undefined }), { kind: "other" }],
  ])("%s", (_what, body, event) => {
    expect(read(body)).toEqual(event);
  });

  function aReceiptWithoutId(): ConnectEvent {
    return {
      kind: "receipt",
      receipt: { kind: "delivered", channel: "sms", providerId: "m-1", at: Date.parse(AT) },
    };
  }
});

describe("the nested receipt", () => {
  it.each([
    ["7500", "SMS", "delivered"],
    ["7501", "SMS", "submitted"],
    ["7203", "SMS", "failed"],
    ["7109", "SMS", "failed"],
    ["7999", "SMS", "failed"],
    ["7407", "voice", "offered"],
    ["7408", "voice", "ringing"],
    ["7519", "voice", "answered"],
    ["7405", "voice", "ended"],
    ["7409", "Voice", "ended"],
    ["7410", "voice", "ended"],
    ["7401", "voice", "failed"],
    ["7402", "voice", "failed"],
    ["7404", "voice", "failed"],
    ["7406", "voice", "failed"],
  ] as const)("%s for %s is %s", (code, deliveryChannel, kind) => {
    const event = read(nested({ code, deliveryChannel }));
    const channel = deliveryChannel === "SMS" ? "sms" : "voice";
    expect(event).toEqual(aReceipt({ kind, channel, code }));
  });

  it.each([
    ["7999", "Delivered", "delivered"],
    ["7999", "Submitted", "submitted"],
    ["7999", "Un-Delivered", "failed"],
    ["7999", "Wonderful", "failed"],
    ["7203", "Delivered", "failed"],
  ] as const)("with the code %s and the state %s is %s", (code, deliveryStatus, kind) => {
    expect(read(nested({ code, deliveryStatus }))).toEqual(aReceipt({ kind, code }));
  });

  it.each(["7411", "7412"])("of a call that was passed on (%s) says nothing", (code) => {
    const event = read(nested({ code, deliveryChannel: "voice", deliveryStatus: "Released" }));
    expect(event).toEqual({ kind: "other" });
  });

  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "with the code %s is a failure as any unknown one",
    (code) => {
      expect(read(nested({ code }))).toEqual(aReceipt({ kind: "failed", code }));
    },
  );

  it("goes by the state where there is no code", () => {
    const event = read(nested({ code: "", deliveryStatus: "Un-Delivered" }));
    expect(event).toMatchObject({ receipt: { kind: "failed" } });
  });

  it("is matched by the provider's id where ours was left out", () => {
    const event = read(nested({ code: "7410", deliveryChannel: "voice" }, { correlationid: "" }));
    expect(event).toMatchObject({ receipt: { kind: "ended", providerId: "m-1" } });
    expect(event).not.toHaveProperty("receipt.notificationId");
  });

  it("may carry the event as XML besides", () => {
    const body = { deliveryTransInfo: "<event/>", ...nested({ code: "7500" }) };
    expect(read(body)).toMatchObject({ receipt: { kind: "delivered" } });
  });
});

describe("a text to our number", () => {
  const body = {
    userId: "351912345678",
    Channel: "SMS",
    da: "14085550100",
    oa: "351912345678",
    message: "Y42",
    tid: "0044_7826374",
    datetime: AT,
  };
  const wanted = {
    kind: "text",
    text: { id: "0044_7826374", from: "+351912345678", text: "Y42", at: Date.parse(AT) },
  };

  it.each([
    ["as the sample has it", body],
    ["as the table has it", { ...body, da: body.oa, oa: body.da }],
    ["with a plus", { ...body, da: "+14085550100" }],
    ["with the sender only as the user", { ...body, da: undefined, oa: undefined }],
    [
      "with the user's key as it is printed",
      { ...body, userId: undefined, oa: undefined, userld: "351912345678" },
    ],
  ])("%s", (_how, given) => {
    expect(read(given)).toEqual(wanted);
  });

  it("whose numbers are numbers in its JSON is the same", () => {
    expect(read({ ...body, userId: 351912345678, oa: 351912345678, da: 14085550100 })).toEqual(
      wanted,
    );
    expect(read({ ...body, userId: undefined, oa: undefined, userld: 351912345678 })).toEqual(
      wanted,
    );
  });

  it("to a number that we do not know goes by the user", () => {
    expect(read({ ...body, da: "14085550999" })).toEqual(wanted);
  });

  it("from nobody, or from a sender that is no number, is nothing of ours", () => {
    expect(read({ message: "hello", tid: "t" })).toEqual({ kind: "other" });
    expect(read({ ...body, userId: "BANK", oa: "BANK" })).toEqual({ kind: "other" });
  });

  it("is cut where it is longer than any text", () => {
    const event = read({ ...body, message: "x".repeat(100_000) });
    expect(event?.kind === "text" && event.text.text).toHaveLength(4_000);
  });

  it("without an id of its own has none", () => {
    const event = read({ ...body, tid: undefined });
    expect(event?.kind === "text" && event.text).not.toHaveProperty("id");
  });
});

describe("a step of a call", () => {
  const base = { eventTime: AT, sessionId: "s-1", transactionId: "s-1", correlationId: "n-1" };

  it.each([
    ["ANSWERED", {}, { step: "answered", isFailure: false, digits: "" }],
    [
      "COLLECTED_DIGITS",
      { digitsReceived: "1", status: "SUCCESS" },
      { step: "digits", digits: "1" },
    ],
    ["COLLECTED_DIGITS", { digitsReceived: 2 }, { step: "digits", digits: "2" }],
    ["COLLECTED_DIGITS", { status: "FAILURE" }, { step: "digits", isFailure: true, digits: "" }],
    ["PLAYED", { status: "SUCCESS" }, { step: "played" }],
    ["VMDETECTED", {}, { step: "voicemail" }],
    [
      "DROPPED",
      { status: "FAILURE", error: { code: "7402" } },
      { step: "dropped", isFailure: true, code: "7402" },
    ],
    ["RECORDED", {}, { step: "other" }],
  ])("%s %j", (event, fields, call) => {
    expect(read({ ...base, event, ...fields })).toMatchObject({
      kind: "call",
      call: { sessionId: "s-1", notificationId: "n-1", at: Date.parse(AT), ...call },
    });
  });
});

describe("what is none of these", () => {
  /** No column of a PostgreSQL database holds it. */
  const NUL = "a\u0000b";

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["text", "hello"],
    ["a list", [flat({ status: "DELIVERED" })]],
    ["an empty object", {}],
    ["a receipt without its inside", { deliveryInfoNotification: {} }],
    ["an id of the wrong type", { ...flat({ status: "DELIVERED" }), messageId: { $ne: 1 } }],
    ["a code that is no code of theirs", nested({ code: "7500", deliveryChannel: 5 })],
    ["a flat receipt with our id and a NUL", flat({ status: "DELIVERED", correlationId: NUL })],
    ["a flat receipt with a NUL for an id", flat({ status: "DELIVERED", messageId: NUL })],
    ["a flat receipt with a NUL in its code", flat({ status: "FAILED", error: { code: NUL } })],
    ["a nested receipt with a NUL", nested({ code: "7500" }, { correlationid: NUL })],
    ["a nested receipt with a NUL for an id", nested({ code: "7500" }, { transid: NUL })],
    ["a nested receipt with a NUL in its code", nested({ code: NUL })],
    ["a text with a NUL in its id", { oa: "351912345678", message: "Y42", tid: NUL }],
    ["a call with a NUL in its id", { event: "ANSWERED", sessionId: NUL, correlationId: "n-1" }],
    ["a call with our id and a NUL", { event: "ANSWERED", sessionId: "s-1", correlationId: NUL }],
    ["a line break in an id", flat({ status: "DELIVERED", messageId: "m-1\n" })],
    ["an endless id", flat({ status: "DELIVERED", messageId: "m".repeat(500) })],
  ])("%s", (_what, body) => {
    expect(read(body)).toBeUndefined();
  });
});

test("a time that cannot be read, or lies years ahead, is about now", () => {
  const at = (statusTime: unknown) => {
    const event = read(flat({ status: "DELIVERED", statusTime }));
    return event?.kind === "receipt" ? event.receipt.at : undefined;
  };
  expect(at(undefined)).toBe(NOW);
  expect(at("yesterday")).toBe(NOW);
  expect(at("2099-01-01T00:00:00Z")).toBe(NOW + 24 * 60 * 60_000);
});

/** These say more where the tests run in a zone of their own, as with `TZ=Asia/Kolkata`. */
test.each([
  "2026-11-22T03:09:30.404Z",
  "2026-11-22T03:09:30.404",
  "2026-11-22 03:09:30.404",
  "2026-11-22T03:09:30.404+00:00",
  "2026-11-22T08:39:30.404+05:30",
])("%s is one moment, whatever the time here", (statusTime) => {
  expect(read(flat({ status: "DELIVERED", statusTime }))).toEqual(aReceipt({}));
});
