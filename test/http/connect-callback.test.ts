import { request } from "node:http";
import { createMetrics } from "../../src/metrics";
import { callbackSecrets, closeServers, servePublic } from "./serving";

afterEach(closeServers);

const metrics = createMetrics();
const path = (secret: string) => `/webhooks/connect/${secret}`;
const post = (url: string, body = "{}") => fetch(url, { method: "POST", body });

test.each(callbackSecrets)(
  "a callback with the secret %s is accepted as it was sent",
  async (one) => {
    const accepted: string[] = [];
    const acceptCallback = (rawBody: Buffer, signature: unknown) => {
      accepted.push(`${rawBody.toString()} ${String(signature)}`);
      return Promise.resolve("stored" as const);
    };
    const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback, metrics } });
    const answer = await fetch(url + path(one), {
      method: "POST",
      headers: { "x-hub-signature": "sha256=abc" },
      body: '{ "messageId": "1" }',
    });
    expect(answer.status).toBe(200);
    expect(accepted).toEqual(['{ "messageId": "1" } sha256=abc']);
  },
);

test.each([
  ["stored", 200],
  ["duplicate", 200],
  ["dropped", 200],
  ["failed", 200],
  ["malformed", 400],
  ["bad-signature", 401],
] as const)("what is %s is answered with %d", async (outcome, status) => {
  const acceptCallback = () => Promise.resolve(outcome);
  const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback, metrics } });
  expect((await post(url + path(callbackSecrets[0]!))).status).toBe(status);
});

test.each([
  ["malformed", "a callback was in none of the formats that Webex Connect describes"],
  ["bad-signature", "a callback was not signed with CONNECT_SIGNING_SECRET"],
] as const)("what is %s is told to the administrator by its length only", async (outcome, msg) => {
  const acceptCallback = () => Promise.resolve(outcome);
  const { logged, url } = await servePublic({
    connect: { callbackSecrets, acceptCallback, metrics },
  });
  await post(url + path(callbackSecrets[0]!), "private words");
  const warnings = logged.filter((line) => line.bytes !== undefined);
  expect(warnings).toMatchObject([{ level: "warn", msg, bytes: 13 }]);
  expect(JSON.stringify(logged)).not.toContain("private");
});

test("what has nothing to say is answered without a body", async () => {
  const acceptCallback = () => Promise.resolve("stored" as const);
  const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback, metrics } });
  expect(await (await post(url + path(callbackSecrets[0]!))).text()).toBe("");
});

test.each([
  ["what it is to do next", { action: "PLAY", audio: [] }],
  ["nothing, once it is over", {}],
])("a call is answered with 200 and with %s", async (_what, body) => {
  const acceptCallback = () => Promise.resolve({ outcome: "stored" as const, body });
  const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback, metrics } });
  const answer = await post(url + path(callbackSecrets[0]!));
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  expect(await answer.json()).toEqual(body);
});

test("Webex Connect's probe of the address is answered with 200", async () => {
  const { url } = await servePublic();
  expect((await fetch(url + path(callbackSecrets[0]!), { method: "HEAD" })).status).toBe(200);
});

test.each([
  "wrong",
  callbackSecrets[0]!.slice(0, -1),
  `${callbackSecrets[0]!}x`,
  "%00",
  "%ff",
  callbackSecrets[0]!.toUpperCase(),
])("the secret %s is an unknown route, for POST and HEAD", async (secret) => {
  const acceptCallback = jest.fn();
  const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback, metrics } });
  const unknown = await post(`${url}/nowhere`);
  const answer = await post(url + path(secret));
  expect([answer.status, await answer.text()]).toEqual([404, await unknown.text()]);
  expect((await fetch(url + path(secret), { method: "HEAD" })).status).toBe(404);
  expect(acceptCallback).not.toHaveBeenCalled();
});

test("without Webex Connect the route is unknown", async () => {
  const { url } = await servePublic({ connect: undefined });
  expect((await post(url + path(callbackSecrets[0]!))).status).toBe(404);
});

test("a callback that could not be stored asks to be sent again", async () => {
  const acceptCallback = () => Promise.reject(new Error("database is locked"));
  const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback, metrics } });
  expect((await post(url + path(callbackSecrets[0]!))).status).toBe(500);
});

/** The status that answers a body of that many bytes, of which none is ever sent. */
function statusBeforeBody(url: string, bytes: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "content-length": bytes };
    const posted = request(url, { method: "POST", headers }, (answer) => {
      resolve(answer.statusCode);
      posted.destroy();
    });
    posted.once("error", reject);
    posted.flushHeaders();
  });
}

const TOO_LARGE = 256 * 1024 + 1;

test("a callback over 256 kB is refused with 413", async () => {
  const { url } = await servePublic();
  const answer = await post(url + path(callbackSecrets[0]!), "x".repeat(TOO_LARGE));
  expect(answer.status).toBe(413);
});

test("nobody without the secret learns of that, or has a body read", async () => {
  const { url } = await servePublic();
  const unknown = url + path("wrong");
  expect((await post(unknown, "x".repeat(TOO_LARGE))).status).toBe(404);
  expect(await statusBeforeBody(unknown, TOO_LARGE)).toBe(404);
});

test("the secret is never logged, right or wrong", async () => {
  const { url, logged } = await servePublic();
  await post(url + path(callbackSecrets[0]!));
  await post(url + path("guessed-secret"));
  const text = JSON.stringify(logged);
  expect(text).not.toMatch(/guessed-secret|first-callback/);
  expect(logged.map(({ route }) => route)).toEqual([
    "/webhooks/connect/:secret",
    "/webhooks/connect/:secret",
  ]);
});
