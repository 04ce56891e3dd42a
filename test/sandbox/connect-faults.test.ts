import type { SandboxEvent } from "../../src/sandbox/events";
import { ANA, startConnect } from "./connect-fixture";

type Fixture = Awaited<ReturnType<typeof startConnect>>;
let connect: Fixture;

beforeEach(async () => {
  connect = await startConnect();
});
afterEach(() => connect.close());

const route = "POST /v1/sms/messages";

it.each([
  [429, "7020"],
  [500, "7006"],
  [503, "7006"],
])("answers %i in the provider's shape and carries nothing out", async (status, code) => {
  connect.faults.add({
    service: "connect",
    route,
    kind: "status",
    status,
    retryAfter: "2",
    times: 1,
  });
  const answer = await connect.sendSms();
  expect(answer).toMatchObject({ status, body: { code, message: expect.any(String) as string } });
  expect(answer.headers.get("retry-after")).toBe("2");
  expect(connect.connect.accepted).toEqual([]);
  expect((await connect.sendSms()).status).toBe(202);
});

it("answers with any body", async () => {
  const body = "<h1>Bad gateway</h1>";
  connect.faults.add({
    service: "connect",
    kind: "status",
    status: 502,
    body,
    contentType: "text/html",
  });
  const response = await fetch(`${connect.url}/v1/sms/messages`, { method: "POST" });
  expect(response.headers.get("content-type")).toMatch("text/html");
  expect(await response.text()).toBe(body);
});

it("strikes its route only", async () => {
  connect.faults.add({ service: "connect", route, kind: "status", status: 500 });
  expect((await connect.sendVoice()).status).toBe(202);
});

it("is slow by real time", async () => {
  connect.faults.add({ service: "connect", kind: "slow", delayMs: 60 });
  const before = performance.now();
  expect((await connect.sendSms()).status).toBe(202);
  expect(performance.now() - before).toBeGreaterThanOrEqual(55);
});

it("resets the connection before the call is carried out", async () => {
  connect.faults.add({ service: "connect", kind: "reset", times: 1 });
  await expect(connect.sendSms()).rejects.toThrow("fetch failed");
  expect(connect.connect.accepted).toEqual([]);
});

it("loses the answer after the call was carried out", async () => {
  connect.faults.add({ service: "connect", kind: "lost", times: 1 });
  const headers = { "idempotency-key": "n-1" };
  await expect(connect.sendSms({}, headers)).rejects.toThrow("fetch failed");
  expect(connect.phones.at(ANA).texts).toHaveLength(1);
  expect((await connect.sendSms({}, headers)).status).toBe(409);
});

it("says what struck", async () => {
  const heard: SandboxEvent[] = [];
  connect.events.listen((event) => heard.push(event));
  connect.faults.add({ service: "connect", kind: "status", status: 500 });
  await connect.sendSms();
  expect(heard).toMatchObject([
    { kind: "fault", payload: { service: "connect", route, status: 500 } },
  ]);
});
