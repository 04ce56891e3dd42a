import { createMetricsApp } from "../../src/http/metrics-app";
import { createMetrics } from "../../src/metrics";
import { closeServers, recordingLog, serve, servePublic } from "./serving";

afterEach(closeServers);

async function serveMetrics(details: () => Promise<{ isReady: boolean; database?: string }>) {
  const metrics = createMetrics();
  const { log } = recordingLog();
  const url = await serve(
    createMetricsApp({
      log,
      registry: metrics.registry,
      beforeScrape: () => Promise.resolve(),
      details,
    }),
  );
  return { url, metrics };
}

async function textOf(url: string): Promise<[number, string]> {
  const answer = await fetch(url);
  return [answer.status, await answer.text()];
}

describe("the public port", () => {
  test("says that the process lives", async () => {
    const { url } = await servePublic();
    expect(await textOf(`${url}/healthz`)).toEqual([200, "ok\n"]);
  });

  test("is ready while events can be stored", async () => {
    const { url } = await servePublic();
    expect(await textOf(`${url}/readyz`)).toEqual([200, "ok\n"]);
  });

  test.each([
    ["cannot store", () => Promise.resolve(false)],
    ["fails to find out", () => Promise.reject(new Error("secret detail"))],
  ])("is not ready when it %s, and says no more", async (_what, canStore) => {
    const { url } = await servePublic({ canStore });
    expect(await textOf(`${url}/readyz`)).toEqual([503, "not ready\n"]);
  });

  test.each(["/", "/metrics", "/HEALTHZ", "/healthz/", "/webhooks/webex", "/.env", "/%ff"])(
    "answers GET %s with nothing",
    async (path) => {
      const { url } = await servePublic();
      expect(await textOf(url + path)).toEqual([404, "Not found\n"]);
    },
  );

  test("sets security headers and does not say what it runs on", async () => {
    const { url } = await servePublic();
    const { headers } = await fetch(`${url}/healthz`);
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(headers.get("strict-transport-security")).not.toBeNull();
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("logs the pattern of a route and never the path", async () => {
    const { url, logged } = await servePublic();
    await fetch(`${url}/healthz?token=abc`);
    await fetch(`${url}/some/private-path`);
    expect(logged).toEqual([
      expect.objectContaining({ level: "debug", method: "GET", route: "/healthz", status: 200 }),
      expect.objectContaining({ level: "info", method: "GET", route: "unknown", status: 404 }),
    ]);
    expect(JSON.stringify(logged)).not.toMatch(/token|private-path/);
  });
});

describe("the metrics port", () => {
  test("shows what was counted", async () => {
    const { url, metrics } = await serveMetrics(() => Promise.resolve({ isReady: true }));
    metrics.remoteCalls.inc({ service: "webex", outcome: "ok" });
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(await answer.text()).toContain(
      'muster_remote_calls_total{service="webex",outcome="ok"} 1',
    );
  });

  test.each([
    [200, { isReady: true, database: "ok" }],
    [503, { isReady: false, database: "locked" }],
  ])("answers readiness with %d and details", async (status, details) => {
    const { url } = await serveMetrics(() => Promise.resolve(details));
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual(details);
  });

  test("is not ready when the details cannot be found", async () => {
    const { url } = await serveMetrics(() => Promise.reject(new Error("no")));
    expect(await textOf(`${url}/readyz`)).toEqual([503, '{"isReady":false}']);
  });

  test("knows no webhook", async () => {
    const { url } = await serveMetrics(() => Promise.resolve({ isReady: true }));
    const answer = await fetch(`${url}/webhooks/webex`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(404);
  });
});
