import { callbackSecrets, closeServers, servePublic } from "./serving";

afterEach(closeServers);

const path = (secret: string) => `/webhooks/connect/${secret}`;
const post = (url: string, body = "{}") => fetch(url, { method: "POST", body });

test.each(callbackSecrets)(
  "a callback with the secret %s is accepted as it was sent",
  async (one) => {
    const accepted: string[] = [];
    const acceptCallback = (rawBody: string) => {
      accepted.push(rawBody);
      return Promise.resolve();
    };
    const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback } });
    const answer = await post(url + path(one), '{ "messageId": "1" }');
    expect(answer.status).toBe(200);
    expect(accepted).toEqual(['{ "messageId": "1" }']);
  },
);

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
  const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback } });
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
  const { url } = await servePublic({ connect: { callbackSecrets, acceptCallback } });
  expect((await post(url + path(callbackSecrets[0]!))).status).toBe(500);
});

test("a callback over 256 kB is refused with 413", async () => {
  const { url } = await servePublic();
  const answer = await post(url + path(callbackSecrets[0]!), "x".repeat(256 * 1024 + 1));
  expect(answer.status).toBe(413);
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
