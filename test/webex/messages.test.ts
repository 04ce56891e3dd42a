import nock from "nock";
import { WebexClient } from "../../src/webex/webex-client";
import { aRest, failureOf, ORIGIN } from "./fixtures";

const client = (): WebexClient => new WebexClient(aRest());
const created = "2026-01-05T03:00:00.000Z";
const at = Date.parse(created);

const hello = {
  id: "msg-1",
  roomId: "room-1",
  roomType: "group",
  personId: "ana",
  personEmail: "Ana@Corp.Example",
  text: "Muster help",
  html: "<p>help</p>",
  parentId: "msg-0",
  created,
};
const helloIncoming = {
  kind: "message",
  id: "msg-1",
  spaceId: "room-1",
  spaceKind: "group",
  personId: "ana",
  personEmail: "ana@corp.example",
  text: "Muster help",
  html: "<p>help</p>",
  parentId: "msg-0",
  at,
};

describe("messages", () => {
  test("are read by id", async () => {
    nock(ORIGIN).get("/v1/messages/msg-1").reply(200, hello);
    expect(await client().getMessage("msg-1")).toEqual(helloIncoming);
  });

  test("are read without text, as a file is", async () => {
    const bare = { ...hello, text: undefined, html: null, parentId: undefined };
    nock(ORIGIN).get("/v1/messages/msg-1").reply(200, bare);
    const message = await client().getMessage("msg-1");
    expect(message.text).toBe("");
    expect(message).not.toHaveProperty("html");
    expect(message).not.toHaveProperty("parentId");
  });

  test("are read as far as 16,384 characters", async () => {
    const text = "x".repeat(20_000);
    nock(ORIGIN)
      .get("/v1/messages/msg-1")
      .reply(200, { ...hello, text, html: text });
    const message = await client().getMessage("msg-1");
    expect(message.text).toHaveLength(16_384);
    expect(message.html).toHaveLength(16_384);
  });

  test("without a readable time are refused", async () => {
    nock(ORIGIN)
      .get("/v1/messages/msg-1")
      .reply(200, { ...hello, created: "yesterday" });
    expect((await failureOf(client().getMessage("msg-1"))).message).toContain("(created)");
  });

  test("have ids that are quoted in the address", async () => {
    nock(ORIGIN).get("/v1/messages/..%2Fpeople%2Fme").reply(404, {});
    expect(await failureOf(client().getMessage("../people/me"))).toMatchObject({ status: 404 });
  });

  const posts: [string, Parameters<WebexClient["post"]>[0], nock.DataMatcherMap][] = [
    [
      "into a space",
      { spaceId: "room-1", post: { markdown: "**hi**" } },
      { roomId: "room-1", markdown: "**hi**" },
    ],
    [
      "into a thread",
      { spaceId: "room-1", parentId: "msg-0", post: { markdown: "hi" } },
      { roomId: "room-1", parentId: "msg-0", markdown: "hi" },
    ],
    [
      "to a person",
      { personId: "ana", post: { markdown: "hi" } },
      { toPersonId: "ana", markdown: "hi" },
    ],
    [
      "to an address, with a card",
      { email: "bo@other.example", post: { markdown: "hi", card: { type: "AdaptiveCard" } } },
      {
        toPersonEmail: "bo@other.example",
        markdown: "hi",
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            content: { type: "AdaptiveCard" },
          },
        ],
      },
    ],
  ];

  test.each(posts)("are posted %s", async (_name, message, body) => {
    nock(ORIGIN)
      .post("/v1/messages", body)
      .reply(200, { ...hello, id: "new", roomId: "room-9" });
    expect(await client().post(message)).toEqual({ messageId: "new", spaceId: "room-9" });
  });

  test("are edited in their space", async () => {
    nock(ORIGIN)
      .put("/v1/messages/msg-1", { roomId: "room-1", markdown: "12 of 18" })
      .reply(200, hello);
    await expect(client().edit("msg-1", "room-1", "12 of 18")).resolves.toBeUndefined();
  });

  test.each([204, 404])("are deleted, also where Webex answers %i", async (status) => {
    nock(ORIGIN).delete("/v1/messages/msg-1").reply(status);
    await expect(client().deleteMessage("msg-1")).resolves.toBeUndefined();
  });
});

describe("a press on a card", () => {
  const action = {
    id: "act-1",
    type: "submit",
    messageId: "msg-1",
    inputs: { action: "incident.start", v: 1 },
    personId: "ana",
    roomId: "room-1",
    created,
  };
  const incoming = {
    kind: "action",
    id: "act-1",
    spaceId: "room-1",
    personId: "ana",
    messageId: "msg-1",
    inputs: { action: "incident.start", v: 1 },
    at,
  };

  test("is read by id", async () => {
    nock(ORIGIN).get("/v1/attachment/actions/act-1").reply(200, action);
    expect(await client().getAction("act-1")).toEqual(incoming);
  });

  test("is read without inputs", async () => {
    nock(ORIGIN)
      .get("/v1/attachment/actions/act-1")
      .reply(200, { ...action, inputs: undefined });
    expect((await client().getAction("act-1")).inputs).toEqual({});
  });
});

describe("what was written since", () => {
  const message = (id: string, minute: number): object => ({
    ...hello,
    id,
    created: new Date(at + minute * 60_000).toISOString(),
  });

  test("is read back page by page as far as needed, oldest first", async () => {
    nock(ORIGIN)
      .get("/v1/messages?roomId=room-1&mentionedPeople=me&max=100")
      .reply(
        200,
        { items: [message("d", 4), message("c", 3)] },
        { link: `<${ORIGIN}/v1/messages?c=2>; rel="next"` },
      )
      .get("/v1/messages?c=2")
      .reply(
        200,
        { items: [message("b", 2), message("a", 1)] },
        { link: `<${ORIGIN}/v1/messages?c=3>; rel="next"` },
      );
    const mentions = await client().listMentions("room-1", at + 2 * 60_000);
    expect(mentions.map(({ id }) => id)).toEqual(["b", "c", "d"]);
  });

  test("is read from a direct conversation", async () => {
    nock(ORIGIN)
      .get("/v1/messages/direct?personId=ana")
      .reply(200, { items: [message("b", 2), message("a", 1)] });
    const written = await client().listDirect("ana", at);
    expect(written.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("is nothing where there is no direct conversation", async () => {
    nock(ORIGIN).get("/v1/messages/direct?personId=ana").reply(404, {});
    expect(await client().listDirect("ana", at)).toEqual([]);
  });
});
