import { once } from "node:events";
import nock from "nock";
import { proxied } from "../../src/outgoing";
import type { Config } from "../../src/config/model";
import { parseMultipart, type MultipartBody } from "../../src/sandbox/webex/multipart";
import { createTalk } from "../../src/webex/talk";
import { WebexClient } from "../../src/webex/webex-client";
import type { BotConnection } from "../../src/webex/bot-connection";
import { aRest, failureOf, ORIGIN, startServer, TOKEN } from "./fixtures";

const CONTENTS = `${ORIGIN}/v1/contents`;
const client = (): WebexClient => new WebexClient(aRest());

function contents() {
  return nock(ORIGIN, { reqheaders: { authorization: `Bearer ${TOKEN}` } }).get("/v1/contents/c-1");
}

describe("a file of a message", () => {
  test("is named with the message", async () => {
    const created = "2026-01-05T03:00:00.000Z";
    const said = { id: "m", roomId: "r", roomType: "direct", personId: "p", created };
    nock(ORIGIN)
      .get("/v1/messages/m")
      .reply(200, { ...said, personEmail: "p@corp.example", files: [`${CONTENTS}/c-1`] });
    expect(await client().getMessage("m")).toMatchObject({ text: "", files: [`${CONTENTS}/c-1`] });
  });

  test.each([
    ['attachment; filename="list.csv"', "list.csv"],
    ["attachment; filename=list.csv", "list.csv"],
    ['attachment; filename="a \\"b\\".csv"', 'a "b".csv'],
    ["attachment; filename=\"x\"; filename*=UTF-8''%C3%A4.csv", "ä.csv"],
    ["attachment; filename=\"x.csv\"; filename*=UTF-8''%ZZ", "x.csv"],
    ['attachment; filename="../../etc/list.csv"', "list.csv"],
    ["attachment", ""],
    [undefined, ""],
  ])("is downloaded with the name in %j", async (disposition, name) => {
    const headers = {
      "content-type": "text/csv",
      ...(disposition && { "content-disposition": disposition }),
    };
    contents().reply(200, Buffer.from([0xff, 0, 0x80]), headers);
    expect(await client().readFile(`${CONTENTS}/c-1`)).toEqual({
      ...{ kind: "file", name, type: "text/csv" },
      content: Buffer.from([0xff, 0, 0x80]),
    });
  });

  test.each([
    "https://evil.example/v1/contents/c-1",
    `${ORIGIN}.evil.example/v1/contents/c-1`,
    `${ORIGIN}@evil.example/v1/contents/c-1`,
    "https://user:pass@webex.example/v1/contents/c-1",
    "http://webex.example/v1/contents/c-1",
    `${ORIGIN}:444/v1/contents/c-1`,
    `${ORIGIN}/v1/people/me`,
    `${ORIGIN}/v1/contents/`,
    `${ORIGIN}/v1/contents/../people/me`,
    `${ORIGIN}/v1/contents/%2e%2e/people`,
    `${ORIGIN}/v1/contents/c-1/more`,
    `${ORIGIN}/v1/contents/c-1?next=https://evil.example`,
    `${ORIGIN}/v2/contents/c-1`,
    "/v1/contents/c-1",
    "file:///etc/passwd",
    "c-1",
    "",
  ])("is not asked for at %s", async (address) => {
    expect(await client().readFile(address)).toEqual({ kind: "refused", reason: "elsewhere" });
  });

  test.each([
    [403, "gone"],
    [404, "gone"],
    [410, "infected"],
    [428, "unscannable"],
  ])("that Webex refuses with %i is %s", async (status, reason) => {
    contents().reply(status, {});
    expect(await client().readFile(`${CONTENTS}/c-1`)).toEqual({ kind: "refused", reason });
  });

  test("that Webex still looks into is to be asked for later", async () => {
    contents().reply(423, {}, { "retry-after": "7" });
    const failure = await failureOf(client().readFile(`${CONTENTS}/c-1`));
    expect(failure).toMatchObject({ retryable: true, retryAfterMs: 7_000 });
  });

  test("is not fetched from where a redirection leads", async () => {
    contents().reply(302, "", { location: "https://evil.example/" });
    const failure = await failureOf(client().readFile(`${CONTENTS}/c-1`));
    expect(failure).toMatchObject({ status: 302, retryable: false });
  });
});

describe.each([
  ["Node's fetch", {}],
  ["the bot's own", { fetch: proxied({} as Config) }],
])("a file, by %s,", (_how, how) => {
  const MEGABYTE = Buffer.alloc(1024 * 1024, "x");

  test.each([
    ["announced", { "content-length": String(50 * MEGABYTE.length) }],
    ["not announced", {}],
  ])("that is too large and %s is not read to its end", async (_what, headers) => {
    let sent = 0;
    let closed: Promise<unknown> = Promise.resolve();
    const server = await startServer((_request, response) => {
      closed = once(response, "close");
      response.writeHead(200, headers);
      const more = (): void => {
        while (sent < 50 && !response.destroyed) {
          sent += 1;
          if (!response.write(MEGABYTE)) return void response.once("drain", more);
        }
      };
      more();
    });
    const rest = aRest({ baseUrl: server.url, ...how });
    const file = await new WebexClient(rest).readFile(`${server.url}/contents/c-1`);
    expect(file).toEqual({ kind: "refused", reason: "too-large" });
    await closed;
    expect(sent).toBeLessThan(50);
    await server.close();
  });

  test("that stops half-way is a failure that may pass", async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("name,mobile", () => response.socket?.destroy());
    });
    const rest = aRest({ baseUrl: server.url, ...how });
    const failure = await failureOf(new WebexClient(rest).readFile(`${server.url}/contents/c-1`));
    expect(failure).toMatchObject({ retryable: true });
    await server.close();
  });

  test("that never ends is given up", async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200);
      response.write("name");
    });
    const rest = aRest({ baseUrl: server.url, timeoutMs: 50, ...how });
    const failure = await failureOf(new WebexClient(rest).readFile(`${server.url}/contents/c-1`));
    expect(failure).toMatchObject({
      retryable: true,
      message: expect.stringContaining("time-out") as string,
    });
    await server.close();
  });

  test("is posted as a form, whatever its name and text are", async () => {
    const file = {
      name: 'a"\r\nb.csv',
      type: "text/csv; charset=utf-8",
      content: "\uFEFFJosé\r\n--x\r\n",
    };
    let body: MultipartBody | undefined;
    let size = 0;
    const server = await startServer((request, response) => {
      void request.toArray().then((chunks) => {
        const raw = Buffer.concat(chunks as Buffer[]);
        size = Number(request.headers["content-length"]) - raw.length;
        const type = request.headers["content-type"] ?? "";
        body = parseMultipart(raw, type);
        response.end(JSON.stringify({ id: "m-1", roomId: "r-1" }));
      });
    });
    const rest = aRest({ baseUrl: server.url, ...how });
    const post = { markdown: "Here **it** is, José", file };
    expect(await new WebexClient(rest).post({ spaceId: "r-1", parentId: "p-1", post })).toEqual({
      messageId: "m-1",
      spaceId: "r-1",
    });
    expect(size).toBe(0);
    expect(body).toEqual({
      fields: { roomId: "r-1", parentId: "p-1", markdown: "Here **it** is, José" },
      files: [{ name: "a%22%0D%0Ab.csv", type: file.type, content: Buffer.from(file.content) }],
    });
    await server.close();
  });
});

test("a post with a file goes past the framework, others do not", async () => {
  const posted: string[] = [];
  const by = (who: string) => () => {
    posted.push(who);
    return Promise.resolve({ messageId: "m", spaceId: "r" });
  };
  const talk = createTalk(
    { post: by("client") } as unknown as WebexClient,
    { post: by("framework") } as unknown as BotConnection,
    () => true,
  );
  const to = { kind: "space" as const, spaceId: "r" };
  await talk.post(to, { markdown: "x" });
  await talk.post(to, { markdown: "x", file: { name: "x", type: "text/csv", content: "" } });
  expect(posted).toEqual(["framework", "client"]);
});
