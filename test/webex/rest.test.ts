import nock from "nock";
import { z } from "zod";
import { createLogger } from "../../src/log";
import { anyObject, type WebexRest } from "../../src/webex/rest";
import { ManualClock } from "../support/manual-clock";
import { aRest, failureOf, ORIGIN, TOKEN } from "./fixtures";

const thing = z.object({ id: z.string() });

const methods: [string, (rest: WebexRest) => Promise<unknown>][] = [
  ["GET", (rest) => rest.get("/things/1", thing)],
  ["POST", (rest) => rest.post("/things/1", thing, { a: 1 })],
  ["PUT", (rest) => rest.put("/things/1", thing, { a: 1 })],
  ["DELETE", (rest) => rest.delete("/things/1")],
];

describe("a call to Webex", () => {
  test("carries the token, a tracking id of its own and its query", async () => {
    nock(ORIGIN, {
      reqheaders: {
        authorization: `Bearer ${TOKEN}`,
        accept: "application/json",
        trackingid: /^muster_[0-9a-f-]{36}$/,
      },
    })
      .get("/v1/things")
      .query({ roomId: "a b", max: "5", mine: "true" })
      .reply(200, { id: "1", unknown: "field" });
    const query = { roomId: "a b", max: 5, mine: true, absent: undefined };
    expect(await aRest().get("/things", thing, query)).toEqual({ id: "1" });
  });

  test.each(["post", "put"] as const)("sends a %s body as JSON", async (method) => {
    nock(ORIGIN, { reqheaders: { "content-type": "application/json; charset=utf-8" } })
      .intercept("/v1/things", method, { name: "Zoë 🚒" })
      .reply(200, { id: "1" });
    expect(await aRest()[method]("/things", thing, { name: "Zoë 🚒" })).toEqual({ id: "1" });
  });

  test("is content with the empty answer to a deletion", async () => {
    nock(ORIGIN).delete("/v1/things/1").reply(204);
    await expect(aRest().delete("/things/1")).resolves.toBeUndefined();
  });

  test("takes a base address with or without a slash at its end", async () => {
    nock(ORIGIN).get("/v1/things/1").reply(200, { id: "1" });
    await expect(
      aRest({ baseUrl: `${ORIGIN}/v1/` }).get("/things/1", thing),
    ).resolves.toBeDefined();
  });

  test("does not follow a redirection, which would take the token along", async () => {
    nock(ORIGIN).get("/v1/things/1").reply(302, "", { location: "https://elsewhere.example/" });
    const failure = await failureOf(aRest().get("/things/1", thing));
    expect(failure).toMatchObject({ status: 302, retryable: false, unclear: false });
  });
});

describe.each(methods)("a %s that Webex refuses", (method, call) => {
  const table: [number, boolean, boolean][] = [
    [400, false, false],
    [401, false, false],
    [403, false, false],
    [404, false, false],
    [408, true, false],
    [409, false, false],
    [410, false, false],
    [423, true, false],
    [425, true, false],
    [429, true, false],
    [500, true, false],
    [502, true, true],
    [503, true, false],
    [504, true, true],
  ];

  test.each(table)(
    "with %i fails: retryable %s, unclear %s",
    async (status, retryable, unclear) => {
      const body = { message: "No, ana@corp.example.", trackingId: "ROUTER_1" };
      nock(ORIGIN).intercept("/v1/things/1", method).reply(status, body);
      const failure = await failureOf(call(aRest()));
      expect(failure).toMatchObject({
        service: "webex",
        status,
        retryable,
        unclear,
        trackingId: "ROUTER_1",
        message: `Webex answered ${status} to ${method} /v1/things/1`,
      });
    },
  );

  test.each([
    ["HTML", "<html><h1>502 Bad Gateway</h1></html>"],
    ["nothing", ""],
  ])("with %s from a gateway fails with its status", async (_name, body) => {
    nock(ORIGIN)
      .intercept("/v1/things/1", method)
      .reply(502, body, { "content-type": "text/html", trackingid: "NA_7" });
    const failure = await failureOf(call(aRest()));
    expect(failure).toMatchObject({ status: 502, unclear: true, trackingId: "NA_7" });
  });
});

describe("the pause that Webex asks for", () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 5, 3, 0, 0));
  const table: [number, string | undefined, number | undefined][] = [
    [429, "7", 7_000],
    [429, " 7 ", 7_000],
    [429, "0", 1_000],
    [429, "0.2", 1_000],
    [429, undefined, 15_000],
    [429, "soon", 15_000],
    [429, "-5", 15_000],
    [429, "Mon, 05 Jan 2026 03:00:30 GMT", 30_000],
    [429, "Mon, 05 Jan 2026 02:00:00 GMT", 1_000],
    [429, "600", 600_000],
    [429, "601", 600_000],
    [429, "99999999999999999999", 600_000],
    [503, "Wed, 05 Jan 2033 03:00:00 GMT", 600_000],
    [423, "9", 9_000],
    [503, "9", 9_000],
    [503, undefined, undefined],
    [503, "soon", undefined],
  ];

  test.each(table)("after %i with Retry-After %p is %p ms", async (status, header, expected) => {
    const headers = header === undefined ? {} : { "retry-after": header };
    nock(ORIGIN).get("/v1/things/1").reply(status, {}, headers);
    const failure = await failureOf(aRest({ clock }).get("/things/1", thing));
    expect(failure.retryAfterMs).toBe(expected);
  });

  test.each([
    ["7", 7_000],
    ["0", 0],
    ["86400", 86_400_000],
    ["Mon, 05 Jan 2026 05:00:00 GMT", 7_200_000],
    [undefined, undefined],
    ["soon", undefined],
  ])("by a Retry-After %p is named as %p ms, whatever is made of it", async (header, named) => {
    const headers = header === undefined ? {} : { "retry-after": header };
    nock(ORIGIN).get("/v1/things/1").reply(429, {}, headers);
    const failure = await failureOf(aRest({ clock }).get("/things/1", thing));
    expect(failure.namedPauseMs).toBe(named);
  });
});

describe("an answer of another shape", () => {
  const bodies: [string, string][] = [
    ["is not JSON", "<html>maintenance</html>"],
    ["is empty", ""],
    ["lacks a field", '{"name":"x"}'],
    ["has a field of another type", '{"id":1}'],
  ];

  test.each(bodies)("is not worth a second try when it %s", async (_name, body) => {
    nock(ORIGIN).get("/v1/things/1").reply(200, body);
    const failure = await failureOf(aRest().get("/things/1", thing));
    expect(failure).toMatchObject({ status: 200, retryable: false, unclear: false });
  });

  test("leaves open whether a POST was carried out", async () => {
    nock(ORIGIN).post("/v1/things").reply(200, "<html>");
    const failure = await failureOf(aRest().post("/things", thing, {}));
    expect(failure).toMatchObject({ retryable: false, unclear: true });
  });

  test("is named by its field and not by its value", async () => {
    nock(ORIGIN).get("/v1/things/1").reply(200, { id: 351912345678 });
    const { message } = await failureOf(aRest().get("/things/1", thing));
    expect(message).toBe("Webex answered GET /v1/things/1 in an unexpected shape (id)");
  });
});

describe("what is written about a call", () => {
  test("holds neither token nor query nor body", async () => {
    const lines: string[] = [];
    const log = createLogger({
      level: "debug",
      destination: { write: (line) => lines.push(line) },
    });
    nock(ORIGIN)
      .get("/v1/people?email=ana%40corp.example")
      .reply(500, { message: "ana@corp.example" })
      .post("/v1/messages")
      .reply(200, { id: "1" });
    const rest = aRest({ log });
    const failure = await failureOf(rest.get("/people", anyObject, { email: "ana@corp.example" }));
    await rest.post("/messages", anyObject, { markdown: "payments are down" });
    const written = lines.join("") + JSON.stringify(failure);
    expect(lines).toHaveLength(2);
    expect(written).toContain("/v1/people");
    expect(written).not.toMatch(/secret-token-value|corp\.example|payments/);
  });

  test("does not quote a network error, which may quote the headers", async () => {
    const fetch = (): Promise<never> => Promise.reject(new TypeError(`bad header Bearer ${TOKEN}`));
    const { message } = await failureOf(aRest({ fetch }).get("/things", thing));
    expect(message).not.toContain(TOKEN);
  });
});
