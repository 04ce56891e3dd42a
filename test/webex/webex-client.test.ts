import nock from "nock";
import { WebexClient } from "../../src/webex/webex-client";
import { aRest, ORIGIN } from "./fixtures";

const client = (): WebexClient => new WebexClient(aRest());
const created = "2026-01-05T03:00:00.000Z";
const at = Date.parse(created);
const wanted = {
  name: "muster-1",
  targetUrl: "https://bot.example/webhooks/webex",
  resource: "all",
  event: "all",
};
const webhook = { ...wanted, id: "w-1", status: "active" };

describe("who the bot is", () => {
  test("is read from /people/me", async () => {
    nock(ORIGIN)
      .get("/v1/people/me")
      .reply(200, {
        id: "bot",
        emails: ["Muster@webex.bot"],
        displayName: "Muster",
        orgId: "org-1",
        type: "bot",
      });
    expect(await client().me()).toEqual({
      id: "bot",
      name: "Muster",
      email: "muster@webex.bot",
      orgId: "org-1",
      isBot: true,
    });
  });

  test("shows an ordinary person's token, and does without what is missing", async () => {
    nock(ORIGIN).get("/v1/people/me").reply(200, { id: "ana", type: "person", emails: null });
    expect(await client().me()).toMatchObject({ name: "", email: "", isBot: false });
  });
});

describe("spaces", () => {
  test("are read with what rules need to know", async () => {
    nock(ORIGIN).get("/v1/rooms/room-1").reply(200, {
      id: "room-1",
      title: "War\0 room\n",
      type: "group",
      isLocked: true,
      isAnnouncementOnly: true,
      ownerId: "org-1",
      lastActivity: created,
    });
    expect(await client().getSpace("room-1")).toEqual({
      id: "room-1",
      title: "War room",
      kind: "group",
      isModerated: true,
      isAnnouncementOnly: true,
      ownerOrgId: "org-1",
    });
  });

  test("are read where Webex says little", async () => {
    nock(ORIGIN).get("/v1/rooms/room-1").reply(200, { id: "room-1", type: "direct" });
    expect(await client().getSpace("room-1")).toEqual({
      id: "room-1",
      title: "",
      kind: "direct",
      isModerated: false,
      isAnnouncementOnly: false,
    });
  });

  test("are undefined where the bot is not in them", async () => {
    nock(ORIGIN).get("/v1/rooms/room-1").reply(404, {});
    expect(await client().getSpace("room-1")).toBeUndefined();
  });

  test("are listed by last activity, one page", async () => {
    nock(ORIGIN)
      .get("/v1/rooms?max=10&sortBy=lastactivity")
      .reply(
        200,
        { items: [{ id: "room-1", title: "A", type: "group", lastActivity: created }] },
        { link: `<${ORIGIN}/v1/rooms?c=2>; rel="next"` },
      );
    expect(await client().listSpaces({ max: 10, sortByLastActivity: true })).toEqual([
      { id: "room-1", title: "A", kind: "group", lastActivity: at },
    ]);
  });

  test("are listed in Webex's own order too", async () => {
    nock(ORIGIN).get("/v1/rooms?max=10").reply(200, { items: [] });
    expect(await client().listSpaces({ max: 10, sortByLastActivity: false })).toEqual([]);
  });
});

describe("a space's own meeting", () => {
  test("gives link, number and the number to dial", async () => {
    nock(ORIGIN).get("/v1/rooms/room-1/meetingInfo").reply(200, {
      roomId: "room-1",
      meetingLink: "https://corp.webex.com/m/1",
      meetingNumber: "2655 123 4567",
      callInTollNumber: "+1-408-525-6800",
    });
    expect(await client().getMeetingInfo("room-1")).toEqual({
      link: "https://corp.webex.com/m/1",
      number: "26551234567",
      phone: "+1-408-525-6800",
    });
  });

  test("gives what there is", async () => {
    nock(ORIGIN)
      .get("/v1/rooms/room-1/meetingInfo")
      .reply(200, { roomId: "room-1", meetingLink: "" });
    expect(await client().getMeetingInfo("room-1")).toEqual({});
  });

  test.each([403, 404, 410])("has ended where Webex answers %i", async (status) => {
    nock(ORIGIN).get("/v1/rooms/room-1/meetingInfo").reply(status, {});
    expect(await client().getMeetingInfo("room-1")).toBe("ended");
  });
});

describe("a person by address", () => {
  test("is found", async () => {
    nock(ORIGIN)
      .get("/v1/people?email=ana%2Bx%40corp.example")
      .reply(200, {
        items: [
          { id: "ana", emails: ["Ana@Corp.Example"], displayName: "Ana Silva", orgId: "org-1" },
        ],
        notFoundIds: null,
      });
    expect(await client().findPersonByEmail("ana+x@corp.example")).toEqual({
      personId: "ana",
      name: "Ana Silva",
      orgId: "org-1",
      email: "ana@corp.example",
    });
  });

  test.each<[number, object]>([
    [200, { items: [] }],
    [404, {}],
  ])("is undefined where Webex answers %i %j", async (status, body) => {
    nock(ORIGIN).get("/v1/people?email=a%40b.example").reply(status, body);
    expect(await client().findPersonByEmail("a@b.example")).toBeUndefined();
  });
});

describe("webhooks", () => {
  test("are listed from all pages", async () => {
    nock(ORIGIN)
      .get("/v1/webhooks?max=100")
      .reply(200, { items: [webhook] }, { link: `<${ORIGIN}/v1/webhooks?c=2>; rel="next"` })
      .get("/v1/webhooks?c=2")
      .reply(200, { items: [{ ...webhook, id: "w-2", status: "inactive", filter: "roomId=1" }] });
    expect(await client().listWebhooks()).toEqual([
      webhook,
      { ...webhook, id: "w-2", status: "inactive", filter: "roomId=1" },
    ]);
  });

  test("are created with their secret", async () => {
    nock(ORIGIN)
      .post("/v1/webhooks", { ...wanted, secret: "s" })
      .reply(200, webhook);
    expect(await client().createWebhook({ ...wanted, secret: "s" })).toEqual(webhook);
  });

  test("are activated with their secret", async () => {
    const body = {
      name: webhook.name,
      targetUrl: webhook.targetUrl,
      secret: "s",
      status: "active",
    };
    nock(ORIGIN).put("/v1/webhooks/w-1", body).reply(200, webhook);
    expect(await client().activateWebhook({ ...webhook, secret: "s" })).toEqual(webhook);
  });

  test.each([204, 404])("are deleted, also where Webex answers %i", async (status) => {
    nock(ORIGIN).delete("/v1/webhooks/w-1").reply(status);
    await expect(client().deleteWebhook("w-1")).resolves.toBeUndefined();
  });
});
