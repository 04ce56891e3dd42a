import { startWebex, type Webex } from "./webex-fixture";

let webex: Webex;
beforeEach(async () => {
  webex = await startWebex();
});
afterEach(() => webex.close());

const post = () =>
  webex.call(webex.bot, "POST", "/messages", { toPersonId: webex.bo.id, text: "x" });
const posted = (): number => webex.world.messagesTo(webex.bo).length;

it("answers an error with Webex's body instead of carrying the call out", async () => {
  webex.faults.add({ service: "webex", route: "POST /messages", kind: "status", status: 503 });
  const answer = await post();
  expect(answer.status).toBe(503);
  expect(answer.body).toMatchObject({
    message: expect.any(String) as string,
    errors: [{ description: answer.body.message }],
    trackingId: answer.headers.get("trackingid"),
  });
  expect(posted()).toBe(0);
  expect((await webex.call(webex.bot, "GET", "/people/me")).status).toBe(200);
});

it.each([undefined, "0", "3", "86400", "soon"])("asks to retry after %s", async (retryAfter) => {
  const delay = retryAfter === undefined ? {} : { retryAfter };
  webex.faults.add({ service: "webex", kind: "status", status: 429, times: 1, ...delay });
  const answer = await post();
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe(retryAfter ?? null);
  expect((await post()).status).toBe(200);
});

it("answers with another body and type", async () => {
  const body = "<html>Bad gateway</html>";
  webex.faults.add({
    service: "webex",
    kind: "status",
    status: 502,
    body,
    contentType: "text/html",
  });
  const answer = await post();
  expect(answer.headers.get("content-type")).toBe("text/html");
  expect(answer.body.text).toBe(body);
});

it("closes the connection before anything happened", async () => {
  webex.faults.add({ service: "webex", kind: "reset", times: 1 });
  await expect(post()).rejects.toThrow("fetch failed");
  expect(posted()).toBe(0);
  expect(webex.world.requests.at(-1)?.status).toBe(0);
});

it("loses the answer to what was carried out", async () => {
  webex.faults.add({ service: "webex", kind: "lost", times: 1 });
  await expect(post()).rejects.toThrow("fetch failed");
  expect(posted()).toBe(1);
  expect(webex.world.requests.at(-1)?.status).toBe(200);
});

it("answers slowly, and carries out what nobody waits for any more", async () => {
  webex.faults.add({ service: "webex", kind: "slow", delayMs: 60, times: 1 });
  const startedAt = performance.now();
  await post();
  expect(performance.now() - startedAt).toBeGreaterThan(55);
  webex.faults.add({ service: "webex", kind: "slow", delayMs: 600, times: 1 });
  const abandoned = fetch(`${webex.origin}/v1/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${webex.bot.token}`, "content-type": "application/json" },
    body: JSON.stringify({ toPersonId: webex.bo.id, text: "late" }),
    signal: AbortSignal.timeout(200),
  });
  await expect(abandoned).rejects.toThrow("timeout");
  await webex.work.idle();
  expect(posted()).toBe(2);
});

it("takes its time for every answer when told so", async () => {
  webex.world.latencyMs = 40;
  const startedAt = performance.now();
  await Promise.all([post(), post(), post()]);
  const elapsed = performance.now() - startedAt;
  expect(elapsed).toBeGreaterThan(35);
  expect(webex.world.requestCounts.get("POST /messages")).toBe(3);
});
