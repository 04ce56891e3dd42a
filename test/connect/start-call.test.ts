import nock from "nock";
import { ConnectClient, type CallStart } from "../../src/connect/connect-client";
import { isDuplicate } from "../../src/connect/connect-failure";
import { RemoteError } from "../../src/errors";
import { outcomeOf } from "../../src/notify/retry-policy";
import { ManualClock } from "../support/manual-clock";

const BASE = "https://api.connect.test";

const call: CallStart = {
  to: "+351912345678",
  correlationId: "n-1",
  idempotencyKey: "n-1-3",
  callbackUrl: "https://bot.test/webhooks/connect/s3cret",
};

function aClient(voiceOrigin?: string): ConnectClient {
  return new ConnectClient({
    baseUrl: BASE,
    serviceKey: "the-key",
    clock: new ManualClock(),
    ...(voiceOrigin === undefined ? {} : { voiceOrigin }),
  });
}

const client = aClient("+14085550101");

async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!(error instanceof RemoteError)) throw new Error("was not refused", { cause: error });
  expect(JSON.stringify([error.message, error.failure])).not.toMatch(/351912345678|s3cret|the-key/);
  return error.failure;
}

test.each([
  ["session id", { sessionId: "s-1", status: "QUEUED" }],
  ["message id, as other v1 calls", { acceptedTime: "2026-01-05T03:00:00Z", messageId: "s-1" }],
])("a call is started, and its %s is kept", async (_which, answer) => {
  nock(BASE, {
    reqheaders: { authorization: "the-key", key: "the-key", "idempotency-key": "n-1-3" },
  })
    .post("/v1/voice/calls", {
      callerId: "+14085550101",
      dialedNumber: "+351912345678",
      callbackUrl: "https://bot.test/webhooks/connect/s3cret",
      correlationId: "n-1",
      detectVoiceMail: true,
    })
    .reply(202, answer);
  await expect(client.startCall(call)).resolves.toEqual({ providerId: "s-1" });
});

test.each<[string, number, object | string, string]>([
  ["one that failed at once", 202, { sessionId: "s-1", status: "FAILED" }, "refused"],
  ["no proof", 202, {}, "unclear"],
  ["a wrong value", 400, { code: "7004", message: "Invalid dialedNumber" }, "refused"],
  ["no key", 401, "", "refused"],
  ["a wrong key", 403, { code: "7001", message: "Authentication failed" }, "refused"],
  ["an unknown path", 404, { code: "7004", message: "Not found" }, "refused"],
  ["another method", 405, { code: "7004", message: "Not allowed" }, "refused"],
  ["too many", 429, { code: "7020", message: "Throttled" }, "later"],
  ["a fault of theirs", 500, { code: "7006", message: "Internal" }, "later"],
  ["a fault before them", 500, "", "unclear"],
  ["a gateway", 502, "<html></html>", "unclear"],
])("%s (%i) is told apart", async (_what, status, answer, outcome) => {
  nock(BASE).post("/v1/voice/calls").reply(status, answer);
  const failure = await failureOf(client.startCall(call));
  expect(failure).toMatchObject({ service: "connect", status });
  expect(outcomeOf(failure).kind).toBe(outcome);
  expect(isDuplicate(failure)).toBe(false);
});

test("a key that was used before is a duplicate", async () => {
  nock(BASE).post("/v1/voice/calls").reply(409, { code: "7004", message: "Duplicate" });
  expect(isDuplicate(await failureOf(client.startCall(call)))).toBe(true);
});

test("without a number to call from nothing is asked", async () => {
  await expect(aClient().startCall(call)).rejects.toThrow("VOICE_ORIGIN is not set");
});
