import { z } from "zod";
import { aRest, failureOf, type LocalServer, startServer } from "./fixtures";

const thing = z.object({ id: z.string() });

describe("a call without an answer", () => {
  let server: LocalServer | undefined;
  afterEach(() => server?.close());

  test("ends with the time-out, unclear", async () => {
    server = await startServer(() => undefined);
    const rest = aRest({ baseUrl: server.url, timeoutMs: 50 });
    const failure = await failureOf(rest.post("/things", thing, {}));
    expect(failure).toMatchObject({ retryable: true, unclear: true });
    expect(failure.message).toBe("No answer from Webex to POST /v1/things (time-out)");
    expect(failure).not.toHaveProperty("status");
  });

  test("ends with the time-out when only the body does not come", async () => {
    server = await startServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"id":');
    });
    const rest = aRest({ baseUrl: server.url, timeoutMs: 50 });
    expect(await failureOf(rest.get("/things", thing))).toMatchObject({
      retryable: true,
      unclear: true,
    });
  });

  test("keeps a refusal's status when the refusal's body does not come", async () => {
    server = await startServer((_request, response) => {
      response.writeHead(403, { "content-type": "application/json" });
      response.write('{"message":');
    });
    const rest = aRest({ baseUrl: server.url, timeoutMs: 50 });
    expect(await failureOf(rest.get("/things", thing))).toMatchObject({
      status: 403,
      retryable: false,
      unclear: false,
    });
  });

  test("is unclear after a reset", async () => {
    server = await startServer((request) => request.socket.destroy());
    const failure = await failureOf(aRest({ baseUrl: server.url }).post("/things", thing, {}));
    expect(failure).toMatchObject({ retryable: true, unclear: true });
  });

  test("is clear after a refused connection", async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const failure = await failureOf(aRest({ baseUrl: gone.url }).post("/things", thing, {}));
    expect(failure).toMatchObject({ retryable: true, unclear: false });
    expect(failure.message).toContain("ECONNREFUSED");
  });

  test("is clear when the host's name is unknown", async () => {
    const unknown = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
    const fetch = (): Promise<never> =>
      Promise.reject(new TypeError("fetch failed", { cause: unknown }));
    const failure = await failureOf(aRest({ fetch }).post("/things", thing, {}));
    expect(failure).toMatchObject({ retryable: true, unclear: false });
  });
});
