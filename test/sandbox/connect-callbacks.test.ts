import { createHmac } from "node:crypto";
import { ANA, startConnect, startReceiver } from "./connect-fixture";

type Fixture = Awaited<ReturnType<typeof startConnect>>;
type Receiver = Awaited<ReturnType<typeof startReceiver>>;
let connect: Fixture;
let bot: Receiver;
let answers: number[];

beforeEach(async () => {
  connect = await startConnect({ receiptsMode: "auto" });
  answers = [];
  bot = await startReceiver(() => answers.shift() ?? 200);
});
afterEach(async () => {
  await connect.close();
  await bot.close();
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;

async function sendAndWait(ms = 10 * SECOND): Promise<string> {
  const fields = { callbackUrl: bot.url, correlationId: "c-1", callbackData: "d-1" };
  const { body } = await connect.sendSms(fields);
  await connect.clock.advance(ms);
  return String(body.messageId);
}

interface Nested {
  deliveryInfoNotification: { deliveryInfo: { code: string; deliveryStatus: string } };
}
const codes = () =>
  bot
    .bodies()
    .map((body) => (body as unknown as Nested).deliveryInfoNotification.deliveryInfo.code);
const attempts = () => connect.connect.callbacks.log.map((record) => record.attempts);

describe("receipts of a text", () => {
  it("come in the nested format", async () => {
    const id = await sendAndWait();
    expect(codes()).toEqual(["7501", "7500"]);
    expect(bot.bodies()[1]).toEqual({
      deliveryInfoNotification: {
        deliveryInfo: {
          timeStamp: "2026-01-05T03:00:02.000+00:00",
          Description: "Delivered",
          code: "7500",
          messageCount: "1",
          deliveryChannel: "SMS",
          additionalInfo: "",
          destination: "12025550143",
          destinationType: "msisdn",
          deliveryStatus: "Delivered",
        },
        carrier: "",
        subtid: "",
        transid: id,
        callbackData: "d-1",
        correlationid: "c-1",
      },
    });
  });

  it("come in the flat format", async () => {
    connect.connect.settings.callbackFormat = "flat";
    const messageId = await sendAndWait();
    const same = { messageId, callbackData: "d-1", correlationId: "c-1" };
    expect(bot.bodies()).toEqual([
      { ...same, status: "SENT", statusTime: "2026-01-05T03:00:00.500Z" },
      { ...same, status: "DELIVERED", statusTime: "2026-01-05T03:00:02.000Z" },
    ]);
  });

  it("say why a text was not delivered, in both formats", async () => {
    connect.phones.at(ANA).smsCode = "7203";
    await sendAndWait();
    connect.connect.settings.callbackFormat = "flat";
    await sendAndWait();
    const { deliveryInfo } = (bot.bodies()[1] as unknown as Nested).deliveryInfoNotification;
    expect(deliveryInfo).toMatchObject({ code: "7203", deliveryStatus: "Un-Delivered" });
    expect(bot.bodies()[3]).toMatchObject({ status: "FAILED", error: { code: "7203" } });
  });

  it("are not sent without a callbackUrl or where none are wanted", async () => {
    await connect.sendSms();
    connect.connect.settings.receiptsMode = "none";
    await sendAndWait();
    expect(bot.received).toEqual([]);
  });
});

describe("the delivery of a callback", () => {
  const SIGNING = { secret: "s3", algorithm: "sha512" } as const;
  const signatures = () => bot.received.map(({ headers }) => headers["x-hub-signature"]);

  it("to a number's webhook is signed over the bytes sent, where a secret is set", async () => {
    connect.connect.settings.signing = SIGNING;
    connect.phones.inboundUrl = bot.url;
    connect.phones.sendText(ANA, "Y");
    await connect.rest();
    const { headers, raw } = bot.received[0]!;
    const digest = createHmac("sha512", "s3").update(raw).digest("hex");
    expect(signatures()).toEqual([`sha512=${digest}`]);
    expect(headers["x-wx-gtrid"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("to the address that came with a send is signed only where that is asked for", async () => {
    connect.connect.settings.signing = SIGNING;
    await sendAndWait();
    expect(signatures()).toEqual([undefined, undefined]);
    connect.connect.settings.signing = { ...SIGNING, signsSends: true };
    await sendAndWait();
    expect(signatures().slice(2)).toEqual([
      expect.stringMatching(/^sha512=/),
      expect.stringMatching(/^sha512=/),
    ]);
  });

  it.each([500, 503, 401, 429, 201])(
    "is tried three times more, a minute apart, after %i",
    async (status) => {
      answers = [200, status, status, status, status, status];
      await sendAndWait(2 * SECOND);
      expect(attempts()).toEqual([[200], [status]]);
      await connect.clock.advance(MINUTE - 1);
      expect(attempts()[1]).toHaveLength(1);
      await connect.clock.advance(1);
      expect(attempts()[1]).toHaveLength(2);
      await connect.clock.advance(10 * MINUTE);
      expect(attempts()[1]).toEqual([status, status, status, status]);
      expect(connect.connect.callbacks.log[1]?.state).toBe("given up");
    },
  );

  it.each([202, 204, 226, 302, 308, 400, 402, 404, 410, 416, 418, 505])(
    "is not tried again after %i",
    async (status) => {
      answers = [status];
      await sendAndWait(10 * MINUTE);
      expect(attempts()).toEqual([[status], [200]]);
    },
  );

  it("ends as soon as one attempt is taken", async () => {
    answers = [500, 200];
    await sendAndWait(10 * MINUTE);
    expect(attempts()).toEqual([[500, 200], [200]]);
  });

  it("is tried again when nobody can be reached", async () => {
    await bot.close();
    await sendAndWait(10 * MINUTE);
    expect(attempts()[0]).toEqual(Array(4).fill("unreachable"));
  });

  it("is tried again when no answer comes in time", async () => {
    connect.connect.settings.callbackTimeoutMs = 30;
    const { Server } = await import("node:net");
    const silent = new Server().listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    await connect.sendSms({ callbackUrl: `http://127.0.0.1:${port}/` });
    await connect.clock.advance(SECOND);
    silent.close();
    expect(attempts()[0]).toEqual(["timeout"]);
  });
});

describe("a faulty callback", () => {
  const fault = (kind: "duplicate" | "missing" | "late" | "out-of-order", delayMs?: number) =>
    connect.faults.add({
      service: "callbacks",
      route: "sms",
      kind,
      times: 1,
      ...(delayMs === undefined ? {} : { delayMs }),
    });

  it("comes twice", async () => {
    fault("duplicate");
    await sendAndWait();
    expect(codes()).toEqual(["7501", "7501", "7500"]);
  });

  it("never comes", async () => {
    fault("missing");
    await sendAndWait(10 * MINUTE);
    expect(codes()).toEqual(["7500"]);
  });

  it("comes hours late", async () => {
    fault("late", 180 * MINUTE);
    await sendAndWait(179 * MINUTE);
    expect(codes()).toEqual(["7500"]);
    await connect.clock.advance(2 * MINUTE);
    expect(codes()).toEqual(["7500", "7501"]);
  });

  it("comes after the one that should follow it: Submitted after Delivered", async () => {
    fault("out-of-order");
    await sendAndWait();
    expect(codes()).toEqual(["7500", "7501"]);
  });
});

describe("a text from a phone", () => {
  beforeEach(() => {
    connect.phones.inboundUrl = bot.url;
  });

  it("answers the number that wrote last, with our number in da", async () => {
    await connect.sendSms({ from: "34343" });
    const { id } = connect.phones.sendText(ANA, "Y");
    await connect.rest();
    expect(bot.bodies()).toEqual([
      {
        userId: "12025550143",
        Channel: "SMS",
        da: "34343",
        oa: "12025550143",
        message_source: "SMS",
        message: "Y",
        messageCount: "1",
        tid: id,
        datetime: "2026-01-05T03:00:00.000Z",
        ts: "2026-01-05T03:00:00.000Z",
        x_networkid: "",
      },
    ]);
  });

  it("has our number in oa where set so, also from an unknown sender", async () => {
    connect.phones.inboundOrder = "table";
    connect.phones.sendText("+12025550177", "STOP");
    await connect.rest();
    expect(bot.bodies()).toMatchObject([{ oa: "14085550100", da: "12025550177", message: "STOP" }]);
  });
});
