import type { Answer } from "./connect-fixture";
import { ANA, anSms, aVoice, startConnect } from "./connect-fixture";

type Fixture = Awaited<ReturnType<typeof startConnect>>;
let connect: Fixture;

beforeEach(async () => {
  connect = await startConnect();
});
afterEach(() => connect.close());

const anyString = expect.any(String) as string;
const refused = ({ status, body }: Answer): [number, unknown] => [status, body.code];

describe("an accepted request", () => {
  it("answers an SMS with its id, time and correlation id, and the phone shows it", async () => {
    const answer = await connect.sendSms({ correlationId: "r17-1" });
    const acceptedTime = new Date(connect.clock.now()).toISOString();
    expect(answer.status).toBe(202);
    expect(answer.headers.get("request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body).toEqual({
      acceptedTime,
      messageId: anyString,
      correlationId: "r17-1",
    });
    expect(connect.phones.at(ANA).texts[0]?.text).toMatch("DB down");
  });

  it("answers a voice message with a session id, or with a message id where set so", async () => {
    const { body } = await connect.sendVoice();
    expect(body).toEqual({ sessionId: anyString, status: "QUEUED" });
    connect.connect.settings.voiceIdForm = "messageId";
    const other = await connect.sendVoice({ correlationId: "r17-2" });
    expect(other.body).toMatchObject({ messageId: anyString, correlationId: "r17-2" });
    expect(connect.phones.at(ANA).calls).toMatchObject([
      { state: "ended", words: "Incident DB down" },
      { state: "ended", words: "Incident DB down" },
    ]);
  });

  it("is recorded with both times and everything that was asked for", async () => {
    const wanted = {
      callbackUrl: "http://127.0.0.1:9/x",
      expireAt: "2026-01-05T04:00:00.000Z",
      correlationId: "c",
    };
    const before = Date.now();
    await connect.sendSms(wanted, { "idempotency-key": "n-1" });
    const [send] = connect.connect.accepted;
    expect(send).toMatchObject({ kind: "sms", to: ANA, from: "14085550100", ...wanted });
    expect(send).toMatchObject({ idempotencyKey: "n-1", at: connect.clock.now() });
    expect(send!.atReal).toBeGreaterThanOrEqual(before);
    expect(connect.connect.requests).toEqual(new Map([["POST /v1/sms/messages", 1]]));
  });

  it("can be asked for its status", async () => {
    const sms = await connect.sendSms();
    const voice = await connect.sendVoice();
    const smsStatus = await connect.call("GET", `/v1/sms/messages/${String(sms.body.messageId)}`);
    const voiceStatus = await connect.call(
      "GET",
      `/v1/voice/calls/${String(voice.body.sessionId)}`,
    );
    expect(smsStatus.body).toMatchObject({ to: ANA, status: "DELIVERED" });
    expect(voiceStatus.body).toMatchObject({ dialedNumber: ANA, status: "COMPLETED" });
  });
});

describe("a text on its way to the phone", () => {
  it("loses what GSM-7 cannot write unless it is sent as unicode", async () => {
    await connect.sendSms({ content: "Łuk €5" });
    await connect.sendSms({ content: "Łuk €5", contentType: "unicode" });
    expect(connect.phones.at(ANA).texts.map(({ text }) => text)).toEqual(["?uk €5", "Łuk €5"]);
  });

  it("has the provider's placeholders replaced", async () => {
    await connect.sendSms({ content: "a $(x) b $(y)", substitutions: { x: "1" } });
    expect(connect.phones.at(ANA).texts[0]?.text).toBe("a 1 b ");
  });

  it("does not arrive at a wrong number, an unreachable phone or after its time", async () => {
    connect.phones.at(ANA).smsCode = "7207";
    await connect.sendSms();
    await connect.sendSms({ to: "2025550144" });
    await connect.sendSms({ to: "+12025550145", expireAt: "2020-01-01T00:00:00.000Z" });
    expect(connect.phones.all().flatMap(({ texts }) => texts)).toEqual([]);
    const codes = connect.connect.accepted.map(({ errorCode }) => errorCode);
    expect(codes).toEqual(["7207", "7102", "7208"]);
  });
});

describe("a refused request", () => {
  const sms = "/v1/sms/messages";
  const voice = "/v1/voice/messages";

  afterEach(() => expect(connect.connect.accepted).toEqual([]));

  it.each([
    ["no key", { authorization: "" }],
    ["another key", { authorization: "wrong" }],
    ["a key with Bearer", { authorization: "Bearer test-service-key" }],
  ])("is answered 403 7001 with %s", async (_, headers) => {
    expect(refused(await connect.call("POST", sms, anSms(), headers))).toEqual([403, "7001"]);
  });

  it.each([
    ["7000", "broken JSON", sms, "{"],
    ["7003", "no recipient", sms, { from: "1", content: "x" }],
    ["7003", "an empty text", sms, anSms({ content: "" })],
    ["7003", "no spoken text", voice, aVoice({ audio: { type: "TTS" } })],
    ["7003", "no callbackUrl for a call", "/v1/voice/calls", { callerId: "1", dialedNumber: ANA }],
    ["7004", "a number as recipient", sms, anSms({ to: 12025550143 })],
    ["7004", "an unknown content type", sms, anSms({ contentType: "HTML" })],
    ["7004", "a field that is not documented", sms, anSms({ callbackURL: "http://x.example/" })],
    ["7004", "a callbackUrl that is none", sms, anSms({ callbackUrl: "nowhere" })],
    ["7004", "an expireAt that is no time", sms, anSms({ expireAt: "tomorrow" })],
    ["7004", "1025 characters", sms, anSms({ content: "x".repeat(1025) })],
    [
      "7004",
      "3001 spoken characters",
      voice,
      aVoice({ audio: { type: "TTS", text: "x".repeat(3001) } }),
    ],
    ["7004", "a list", sms, []],
  ])("is answered 400 %s with %s", async (code, _, path, body) => {
    expect(refused(await connect.call("POST", path, body))).toEqual([400, code]);
  });

  it("is answered 400 7000 when it does not say that it is JSON, or is too long", async () => {
    const headers = { "content-type": "text/plain" };
    expect(refused(await connect.call("POST", sms, anSms(), headers))).toEqual([400, "7000"]);
    expect(refused(await connect.call("POST", sms, "x".repeat(200_000)))).toEqual([400, "7000"]);
  });

  it("is answered 400 7004 for a number that is not verified", async () => {
    connect.connect.settings.verifiedNumbers = new Set(["+12025550199"]);
    expect(refused(await connect.sendSms())).toEqual([400, "7004"]);
    expect(refused(await connect.sendVoice())).toEqual([400, "7004"]);
  });

  it("is answered 404 or 405 elsewhere", async () => {
    expect(await connect.call("GET", "/v1/sms/messages/none")).toMatchObject({
      status: 404,
      body: {},
    });
    expect((await connect.call("POST", "/v1/fax/messages", {})).status).toBe(404);
    expect((await connect.call("PUT", sms, anSms())).status).toBe(405);
  });
});

it("takes 4,000 characters where set so", async () => {
  connect.connect.settings.contentLimit = 4000;
  expect((await connect.sendSms({ content: "x".repeat(4000) })).status).toBe(202);
});
