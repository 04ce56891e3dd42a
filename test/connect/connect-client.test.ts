import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import nock from "nock";
import type { ConnectOptions, SmsSend, VoiceSend } from "../../src/connect/connect-client";
import { ConnectClient } from "../../src/connect/connect-client";
import { isDuplicate } from "../../src/connect/connect-failure";
import { RemoteError } from "../../src/errors";
import { outcomeOf } from "../../src/notify/retry-policy";
import { ManualClock } from "../support/manual-clock";

const BASE = "https://api.connect.test";
const KEY = "service-key-of-the-test";
const NUMBER = "+351912345678";
const TEXT = "payments are down";

const sms: SmsSend = {
  to: NUMBER,
  text: TEXT,
  isUnicode: false,
  expiresAt: Date.UTC(2026, 0, 5, 3, 30, 0),
  correlationId: "n1",
  idempotencyKey: "n1-0",
  callbackUrl: "https://bot.test/webhooks/connect/s3cret",
};

const call: VoiceSend = {
  to: NUMBER,
  text: TEXT,
  language: "en-US",
  voice: "AriaNeural",
  gender: "FEMALE",
  correlationId: "n2",
  idempotencyKey: "n2-3",
  callbackUrl: "https://bot.test/webhooks/connect/s3cret",
};

function aClient(options: Partial<ConnectOptions> = {}): ConnectClient {
  return new ConnectClient({
    baseUrl: BASE,
    serviceKey: KEY,
    smsOrigin: "+14085550100",
    voiceOrigin: "+14085550101",
    clock: new ManualClock(),
    ...options,
  });
}

async function errorOf(call: Promise<unknown>): Promise<RemoteError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RemoteError)) throw new Error("was not refused", { cause: error });
  for (const secret of [KEY, NUMBER, NUMBER.slice(1), TEXT, "s3cret"]) {
    expect(JSON.stringify([error.message, error.failure, String(error.cause)])).not.toContain(
      secret,
    );
  }
  return error;
}

const headers = {
  reqheaders: {
    authorization: KEY,
    key: KEY,
    "content-type": "application/json",
  },
};

describe("sendSms", () => {
  const accepted = {
    acceptedTime: "2026-01-05T03:00:00.000Z",
    messageId: "0e36bb32-1",
    correlationId: "n1",
  };

  it("posts the text and returns the provider's id", async () => {
    nock(BASE, { reqheaders: { ...headers.reqheaders, "idempotency-key": "n1-0" } })
      .post("/v1/sms/messages", {
        from: "14085550100",
        to: "+351912345678",
        content: "payments are down",
        contentType: "TEXT",
        correlationId: "n1",
        callbackUrl: "https://bot.test/webhooks/connect/s3cret",
        expireAt: "2026-01-05T03:30:00.000Z",
      })
      .reply(202, accepted);
    await expect(aClient().sendSms(sms)).resolves.toEqual({ providerId: "0e36bb32-1" });
  });

  it("says when the text is unicode", async () => {
    nock(BASE)
      .post("/v1/sms/messages", (body: { contentType: string }) => body.contentType === "UNICODE")
      .reply(202, accepted);
    await aClient().sendSms({ ...sms, isUnicode: true });
  });

  it.each([
    ["+14085550100", "14085550100"],
    ["14085550100", "14085550100"],
    ["72345", "72345"],
    ["ACMEOps", "ACMEOps"],
  ])("sends from %s as %s", async (smsOrigin, from) => {
    nock(BASE)
      .post("/v1/sms/messages", (body: { from: string }) => body.from === from)
      .reply(202, accepted);
    await aClient({ smsOrigin }).sendSms(sms);
  });

  it("appends the path to an address with a slash or a path of its own", async () => {
    nock(BASE).post("/proxy/v1/sms/messages").reply(202, accepted);
    await aClient({ baseUrl: `${BASE}/proxy/` }).sendSms(sms);
  });

  it("sends nothing without an origin", async () => {
    const client = new ConnectClient({ baseUrl: BASE, serviceKey: KEY, clock: new ManualClock() });
    await expect(client.sendSms(sms)).rejects.toThrow("SMS_ORIGIN is not set");
    await expect(client.sendVoice(call)).rejects.toThrow("VOICE_ORIGIN is not set");
  });
});

describe("sendVoice", () => {
  const body = {
    callerId: "+14085550101",
    dialedNumber: "+351912345678",
    audio: {
      type: "TTS",
      text: "payments are down",
      textFormat: "TEXT",
      style: "NEURAL",
      engine: "AZURE",
      voice: "AriaNeural",
      language: "en-US",
      gender: "FEMALE",
    },
    correlationId: "n2",
    callbackUrl: "https://bot.test/webhooks/connect/s3cret",
  };

  it.each([
    ["of the trial host", { sessionId: "s-1", status: "QUEUED" }, "s-1"],
    [
      "of production",
      { acceptedTime: "2026-01-05T03:00:00.000Z", messageId: "m-1", correlationId: "n2" },
      "m-1",
    ],
  ])("posts the call and takes the id %s", async (_, answer, providerId) => {
    nock(BASE, { reqheaders: { ...headers.reqheaders, "idempotency-key": "n2-3" } })
      .post("/v1/voice/messages", body)
      .reply(202, answer);
    await expect(aClient().sendVoice(call)).resolves.toEqual({ providerId });
  });

  it("takes an accepted call that failed as a refusal", async () => {
    nock(BASE).post("/v1/voice/messages").reply(202, { sessionId: "s-1", status: "FAILED" });
    const { failure } = await errorOf(aClient().sendVoice(call));
    expect(failure).toMatchObject({ status: 202, retryable: false, unclear: false });
    expect(outcomeOf(failure).kind).toBe("refused");
  });
});

describe("a refused send", () => {
  const html = "<html><body>Bad gateway for +351912345678</body></html>";
  const definite = { unclear: false };
  const unclear = { unclear: true, retryable: true };

  it.each<[string, number, string | object, object, string]>([
    [
      "a bad value",
      400,
      { code: "7004", message: `Invalid to ${NUMBER}` },
      { ...definite, code: "7004", retryable: false },
      "refused",
    ],
    ["400 without a body", 400, "", { ...definite, retryable: false }, "refused"],
    ["401", 401, "", { ...definite, retryable: false }, "refused"],
    [
      "a wrong key",
      403,
      { code: "7001", message: "Authentication failed" },
      { ...definite, code: "7001", retryable: false },
      "refused",
    ],
    ["404", 404, html, { ...definite, retryable: false }, "refused"],
    ["a redirect", 302, "", { ...definite, retryable: false }, "refused"],
    ["408", 408, "", { ...definite, retryable: true }, "later"],
    ["423", 423, "", { ...definite, retryable: true }, "later"],
    ["425", 425, "", { ...definite, retryable: true }, "later"],
    [
      "429",
      429,
      { code: "7020", message: "Throttled" },
      { ...definite, code: "7020", retryable: true },
      "later",
    ],
    ["429 without a body", 429, "", { ...definite, retryable: true }, "later"],
    [
      "the throttle code of the tenant with another status",
      400,
      { code: "7020", message: "Throttled" },
      { ...definite, code: "7020", retryable: true },
      "later",
    ],
    [
      "the throttle code of the sender, as a number",
      403,
      { code: 7302 },
      { ...definite, code: "7302", retryable: true },
      "later",
    ],
    [
      "500 with Connect's own body",
      500,
      { code: "7006", message: "Internal" },
      { ...definite, code: "7006", retryable: true },
      "later",
    ],
    [
      "503 with Connect's own body",
      503,
      { code: "7006", message: "Internal" },
      { ...definite, code: "7006", retryable: true },
      "later",
    ],
    ["500 without a body", 500, "", unclear, "unclear"],
    ["500 with a page", 500, html, unclear, "unclear"],
    ["500 with other JSON", 500, { error: "x" }, unclear, "unclear"],
    ["500 with a list", 500, [1], unclear, "unclear"],
    ["502 with a page", 502, html, unclear, "unclear"],
    ["502 with Connect's own body", 502, { code: "7006" }, { ...unclear, code: "7006" }, "unclear"],
    ["503 without a body", 503, "", unclear, "unclear"],
    ["504", 504, { code: "7006" }, { ...unclear, code: "7006" }, "unclear"],
    ["202 without an id", 202, {}, { ...unclear, status: 202 }, "unclear"],
    ["200 with a page", 200, html, { ...unclear, status: 200 }, "unclear"],
  ])("%s", async (_, status, answer, expected, outcome) => {
    nock(BASE).post("/v1/sms/messages").reply(status, answer);
    const { failure, name } = await errorOf(aClient().sendSms(sms));
    expect(name).toBe("RemoteError");
    expect(failure).toMatchObject({ service: "connect", status, ...expected });
    expect(isDuplicate(failure)).toBe(false);
    expect(outcomeOf(failure).kind).toBe(outcome);
  });

  it("says in its message what was answered, and nothing of what was sent", async () => {
    nock(BASE).post("/v1/sms/messages").reply(400, { code: "7004", message: TEXT });
    const error = await errorOf(aClient().sendSms(sms));
    expect(error.message).toBe("Webex Connect answered 400 (code 7004)");
  });

  it("keeps no code that is none of Connect's", async () => {
    nock(BASE).post("/v1/sms/messages").reply(400, { code: NUMBER });
    const { failure } = await errorOf(aClient().sendSms(sms));
    expect(failure).not.toHaveProperty("code");
  });

  it.each([
    ["3", 3_000],
    ["0", 0],
    ["1.5", 1_500],
    [" 7 ", 7_000],
    ["Mon, 05 Jan 2026 03:00:20 GMT", 20_000],
    ["Mon, 05 Jan 2026 02:00:00 GMT", 0],
    ["600", 600_000],
    ["601", 600_000],
    ["99999999999999999999", 600_000],
    ["Wed, 05 Jan 2033 03:00:00 GMT", 600_000],
    ["soon", undefined],
    ["-5", undefined],
    ["", undefined],
  ])("reads Retry-After: %s", async (header, expected) => {
    nock(BASE).post("/v1/sms/messages").reply(429, { code: "7020" }, { "Retry-After": header });
    const { failure } = await errorOf(aClient().sendSms(sms));
    expect(failure.retryAfterMs).toBe(expected);
  });
});

describe("isDuplicate", () => {
  it.each<[string, number, object, boolean]>([
    ["409", 409, { code: "7004", message: "Conflict" }, true],
    ["409 without a body", 409, {}, true],
    ["400 that says duplicate", 400, { code: "7004", message: "Duplicate request" }, true],
    ["422 that says duplicate", 422, { message: "idempotency key is a duplicate" }, true],
    ["400 that says something else", 400, { code: "7004", message: "Invalid to" }, false],
    ["429 that says duplicate", 429, { code: "7020", message: "duplicate" }, false],
    ["500 that says duplicate", 500, { code: "7006", message: "duplicate" }, false],
  ])("%s", async (_, status, answer, expected) => {
    nock(BASE).post("/v1/voice/messages").reply(status, answer);
    const { failure } = await errorOf(aClient().sendVoice(call));
    expect(isDuplicate(failure)).toBe(expected);
    expect(failure.unclear).toBe(false);
  });

  it("is not asked about other services", () => {
    const failure = { service: "webex", status: 409, retryable: false, unclear: false } as const;
    expect(isDuplicate(failure)).toBe(false);
  });
});

describe("check", () => {
  const path = "/v1/sms/messages/00000000-0000-0000-0000-000000000000";

  it.each<[string, number, string | object, object]>([
    ["a good key", 404, "", { isKeyGood: true, status: 404 }],
    [
      "a good key where the id is refused",
      400,
      { code: "7004" },
      { isKeyGood: true, status: 400, code: "7004" },
    ],
    ["a wrong key", 403, { code: "7001" }, { isKeyGood: false, status: 403, code: "7001" }],
    [
      "a wrong key with another status",
      400,
      { code: "7002" },
      { isKeyGood: false, status: 400, code: "7002" },
    ],
    ["a wrong key, said by a gateway", 401, "", { isKeyGood: false, status: 401 }],
    [
      "an address that is not allowed",
      403,
      { code: "7010" },
      { isKeyGood: false, status: 403, code: "7010" },
    ],
  ])("%s", async (_, status, answer, expected) => {
    nock(BASE, { reqheaders: { authorization: KEY, key: KEY } })
      .get(path)
      .reply(status, answer);
    await expect(aClient().check()).resolves.toEqual(expected);
  });

  it.each([429, 500, 503])("cannot tell on %i", async (status) => {
    nock(BASE).get(path).reply(status, "");
    expect((await errorOf(aClient().check())).failure.status).toBe(status);
  });
});

describe("a service key that no header can carry", () => {
  it.each(["", "a\nb", "a b", "clé"])("is refused without being repeated (%j)", (serviceKey) => {
    expect(() => aClient({ serviceKey })).toThrow(/^IMI_SERVICE_KEY must consist of/);
  });
});

describe("a connection that fails", () => {
  let server: Server;
  const sockets = new Set<Socket>();
  let onRequest: (socket: Socket) => void;

  beforeEach(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("data", () => onRequest(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const local = (timeoutMs = 5_000): ConnectClient => {
    const { port } = server.address() as AddressInfo;
    return aClient({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs });
  };

  it("is unclear when it is reset", async () => {
    onRequest = (socket) => socket.resetAndDestroy();
    const { failure, message } = await errorOf(local().sendSms(sms));
    expect(failure).toEqual({ service: "connect", retryable: true, unclear: true });
    expect(message).toMatch(/^No answer from Webex Connect \(\w+\)$/);
  });

  it("is unclear when it is closed without an answer", async () => {
    onRequest = (socket) => socket.end();
    const { failure } = await errorOf(local().sendSms(sms));
    expect(failure).toEqual({ service: "connect", retryable: true, unclear: true });
  });

  it("is unclear when it stays silent, and ends in time", async () => {
    onRequest = () => undefined;
    const started = performance.now();
    const { failure, message } = await errorOf(local(100).sendVoice(call));
    expect(failure).toEqual({ service: "connect", retryable: true, unclear: true });
    expect(message).toBe("No answer from Webex Connect (time-out)");
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("is unclear when the id of an accepted send never comes", async () => {
    onRequest = (socket) =>
      socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{"messageId":');
    const { failure } = await errorOf(local(100).sendSms(sms));
    expect(failure).toMatchObject({ status: 202, retryable: true, unclear: true });
  });

  it("is definite when the status says so and only the body breaks off", async () => {
    onRequest = (socket) => {
      socket.write("HTTP/1.1 429 Too Many\r\nRetry-After: 2\r\nContent-Length: 100\r\n\r\n{");
      setTimeout(() => socket.destroy(), 20);
    };
    const { failure } = await errorOf(local().sendSms(sms));
    expect(failure).toMatchObject({ status: 429, unclear: false, retryAfterMs: 2_000 });
  });

  it("follows no redirect with the key", async () => {
    const { port } = server.address() as AddressInfo;
    let requests = 0;
    onRequest = (socket) => {
      requests += 1;
      const location = `http://127.0.0.1:${port}/elsewhere`;
      socket.end(`HTTP/1.1 307 Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
    };
    expect((await errorOf(local().sendSms(sms))).failure.status).toBe(307);
    expect(requests).toBe(1);
  });

  it("is not unclear when it was refused", async () => {
    const client = local();
    await new Promise((resolve) => server.close(resolve));
    const { failure, message } = await errorOf(client.sendSms(sms));
    expect(failure).toEqual({ service: "connect", retryable: true, unclear: false });
    expect(message).toBe("No answer from Webex Connect (ECONNREFUSED)");
  });

  it.each([
    ["ENOTFOUND", false],
    ["EAI_AGAIN", false],
    ["UND_ERR_CONNECT_TIMEOUT", false],
    ["ERR_TLS_CERT_ALTNAME_INVALID", false],
    ["ECONNRESET", true],
    ["UND_ERR_SOCKET", true],
    ["UND_ERR_HEADERS_TIMEOUT", true],
    ["EPIPE", true],
  ])("%s is unclear: %s", async (code, unclear) => {
    const cause = Object.assign(new Error(`${code} ${NUMBER}`), { code });
    const fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
    const { failure } = await errorOf(aClient({ fetch }).sendSms(sms));
    expect(failure).toEqual({ service: "connect", retryable: true, unclear });
  });
});
