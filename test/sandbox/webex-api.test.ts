import { makeId } from "../../src/sandbox/ids";
import { items, request, startWebex, type Webex } from "./webex-fixture";

let webex: Webex;
beforeEach(async () => {
  webex = await startWebex();
});
afterEach(() => webex.close());

const REFUSED =
  "The request requires a valid access token set in the Authorization request header.";

describe("every call", () => {
  it("needs a valid token", async () => {
    const withoutToken = await request(`${webex.origin}/v1/people/me`, "GET");
    expect(withoutToken.status).toBe(401);
    expect(withoutToken.body).toEqual({
      message: REFUSED,
      errors: [{ description: REFUSED }],
      trackingId: withoutToken.headers.get("trackingid"),
    });
  });

  it("finds an expired token invalid", async () => {
    webex.world.tokens.set("short", { personId: webex.ana.id, expiresAt: webex.clock.now() + 1 });
    const me = () =>
      request(`${webex.origin}/v1/people/me`, "GET", undefined, { authorization: "Bearer short" });
    expect((await me()).status).toBe(200);
    await webex.clock.advance(1);
    expect((await me()).status).toBe(401);
  });

  it("is answered with a tracking id and Webex's content type", async () => {
    const { headers } = await webex.call(webex.ana, "GET", "/people/me");
    expect(headers.get("trackingid")).toMatch(/^ROUTER_[0-9A-F-]{36}$/);
    expect(headers.get("content-type")).toBe("application/json;charset=UTF-8");
  });

  it.each([
    ["GET", "/nowhere", 404],
    ["GET", "/meetings", 405],
    ["POST", "/people/me", 405],
    ["DELETE", "/people", 405],
    ["GET", "/rooms/not-an-id", 400],
    ["GET", `/rooms/${makeId("ROOM")}`, 404],
    ["GET", `/messages/${makeId("MESSAGE")}`, 404],
    ["GET", `/memberships/${makeId("MEMBERSHIP", "a:b")}`, 404],
    ["GET", `/webhooks/${makeId("WEBHOOK")}`, 404],
    ["GET", `/people/${makeId("PEOPLE")}`, 404],
    ["GET", "/people/x", 400],
    ["GET", "/rooms?max=0", 400],
    ["GET", "/rooms?max=many", 400],
    ["GET", "/rooms?cursor=!", 400],
  ])("%s %s is answered %i", async (method, path, status) => {
    const answer = await webex.call(webex.ana, method, path);
    expect(answer.status).toBe(status);
    expect(answer.body.trackingId).toBe(answer.headers.get("trackingid"));
  });

  it("refuses bodies that are not JSON", async () => {
    const url = `${webex.origin}/v1/rooms`;
    const authorization = `Bearer ${webex.ana.token}`;
    const broken = await request(url, "POST", "{", { authorization });
    expect(broken.status).toBe(400);
    const plain = await request(url, "POST", "title=x", {
      authorization,
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(plain.status).toBe(415);
    const large = await request(url, "POST", { title: "x".repeat(6e6) }, { authorization });
    expect(large.status).toBe(413);
    expect(large.body.trackingId).toBe(large.headers.get("trackingid"));
  });

  it("is counted by its pattern, and kept with bodies on request", async () => {
    webex.world.recordTraffic = true;
    await webex.call(webex.ana, "GET", `/rooms/${webex.space.id}?x=1`);
    await webex.call(webex.ana, "POST", "/rooms", { title: "New" });
    expect(webex.world.requestCounts.get("GET /rooms/:id")).toBe(1);
    expect(webex.world.requests.map(({ path }) => path)).toEqual([
      `/rooms/${webex.space.id}?x=1`,
      "/rooms",
    ]);
    expect(webex.world.requests[1]).toMatchObject({
      method: "POST",
      status: 200,
      authorPersonId: webex.ana.id,
      body: { title: "New" },
      response: { title: "New" },
    });
  });
});

describe("pages", () => {
  it("are followed by absolute addresses until nothing is left", async () => {
    for (let number = 0; number < 7; number += 1) {
      await webex.call(webex.ana, "POST", "/rooms", { title: `Space ${number}` });
    }
    webex.world.forcedPageSize = 3;
    const titles: unknown[] = [];
    let path: string | undefined = "/rooms?max=1000&type=group";
    while (path !== undefined) {
      const answer = await webex.call(webex.ana, "GET", path);
      titles.push(...items(answer).map(({ title }) => title));
      const [, next] = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get("link") ?? "") ?? [];
      expect(next === undefined || next.startsWith(`${webex.origin}/v1/rooms?max=1000`)).toBe(true);
      path = next?.slice(`${webex.origin}/v1`.length);
    }
    expect(titles).toHaveLength(8);
    expect(new Set(titles).size).toBe(8);
  });

  it("leave nobody out when an earlier item goes away meanwhile", async () => {
    const added = ["Di", "Ed", "Fay"].map((name) => webex.world.addPerson({ name }));
    for (const person of added) webex.world.setMember({ space: webex.space, person });
    const first = await webex.call(webex.ana, "GET", `/memberships?roomId=${webex.space.id}&max=3`);
    webex.world.setMember({ space: webex.space, person: webex.bo, in: false });
    const next = (first.headers.get("link") ?? "").slice(1).split(">")[0] ?? "";
    const second = await webex.call(webex.ana, "GET", next.slice(`${webex.origin}/v1`.length));
    expect(items(second).map(({ personDisplayName }) => personDisplayName)).toEqual([
      "Di",
      "Ed",
      "Fay",
    ]);
  });
});

describe("people", () => {
  it("shows oneself, and an admin their role", async () => {
    const bot = await webex.call(webex.bot, "GET", "/people/me");
    expect(bot.body).toMatchObject({
      id: webex.bot.id,
      type: "bot",
      emails: ["muster@webex.bot"],
      orgId: webex.world.homeOrgId,
    });
    expect(bot.body).not.toHaveProperty("roles");
    const admin = await webex.call(webex.ana, "GET", "/people/me");
    expect(admin.body.roles).toHaveLength(1);
  });

  it("lets only admins list everybody", async () => {
    const refused = await webex.call(webex.bot, "GET", "/people");
    expect(refused.status).toBe(400);
    expect(refused.body.message).toBe("Email, displayName, or id list should be specified.");
    const all = await webex.call(webex.ana, "GET", "/people?max=1000");
    expect(items(all).map(({ displayName }) => displayName)).toEqual([
      "Ana Silva",
      "Bo Lind",
      "Cy Ortega",
    ]);
  });

  it("hides phone numbers and admin fields from others", async () => {
    const [seenByBot] = items(
      await webex.call(webex.bot, "GET", `/people?email=${webex.bo.email}`),
    );
    expect(seenByBot).not.toHaveProperty("phoneNumbers");
    expect(seenByBot).not.toHaveProperty("loginEnabled");
    const [seenByAdmin] = items(await webex.call(webex.ana, "GET", "/people?displayName=bo l"));
    expect(seenByAdmin).toMatchObject({
      phoneNumbers: [{ type: "work", value: "+1 (202) 555-0143" }],
      loginEnabled: "true",
      invitePending: "false",
    });
  });

  it("finds nobody outside the caller's organisation by e-mail", async () => {
    const stranger = world().addPerson({ name: "Zoe", orgId: world().newOrgId() });
    const found = await webex.call(webex.ana, "GET", `/people?email=${stranger.email}`);
    expect(items(found)).toEqual([]);
  });

  it("refuses a prefix of two letters", async () => {
    expect((await webex.call(webex.bot, "GET", "/people?displayName=bo")).status).toBe(400);
  });

  it("answers the look-up of Webex's SDK, with a slash and a parameter of its own", async () => {
    const unknown = makeId("PEOPLE");
    const path = `/people/?id=${webex.bo.id},${unknown}&showAllTypes=false`;
    const answer = await webex.call(webex.bot, "GET", path);
    expect(items(answer).map(({ id }) => id)).toEqual([webex.bo.id]);
    expect(answer.body.notFoundIds).toEqual([unknown]);
    expect(items(answer)[0]).not.toHaveProperty("status");
  });

  it("takes 85 ids and no more", async () => {
    const ids = (count: number): string => Array(count).fill(webex.bo.id).join(",");
    expect((await webex.call(webex.bot, "GET", `/people?id=${ids(85)}`)).status).toBe(200);
    expect((await webex.call(webex.bot, "GET", `/people?id=${ids(86)}`)).status).toBe(400);
  });

  const world = () => webex.world;
});

describe("rooms", () => {
  it("do not exist for those who are not in them", async () => {
    const answer = await webex.call(webex.cy, "GET", `/rooms/${webex.space.id}`);
    expect(answer.status).toBe(404);
    expect(answer.body.message).toBe("Could not find a room with provided ID.");
  });

  it("make the creator of a moderated space its moderator", async () => {
    const created = await webex.call(webex.bot, "POST", "/rooms", { title: "War", isLocked: true });
    const path = `/memberships?roomId=${created.body.id as string}`;
    expect(items(await webex.call(webex.bot, "GET", path))).toMatchObject([
      { personId: webex.bot.id, isModerator: true },
    ]);
  });

  it.each([
    [{}, 400],
    [{ title: "" }, 400],
    [{ title: "x", isPublic: true }, 400],
    [{ title: "x", isPublic: true, description: "for all" }, 200],
    [{ title: "x", isAnnouncementOnly: true }, 400],
    [{ title: "x", isAnnouncementOnly: true, isLocked: true }, 200],
  ])("creating one with %j is answered %i", async (body, status) => {
    expect((await webex.call(webex.ana, "POST", "/rooms", body)).status).toBe(status);
  });

  it("are renamed by moderators only", async () => {
    const path = `/rooms/${webex.space.id}`;
    expect((await webex.call(webex.bo, "PUT", path, { title: "Bo's" })).status).toBe(403);
    expect((await webex.call(webex.ana, "PUT", path, { title: "Cards" })).body.title).toBe("Cards");
    expect((await webex.call(webex.ana, "PUT", path, { isLocked: true })).status).toBe(400);
  });

  it("lose their moderators when moderation ends", async () => {
    const body = { title: "Payments", isLocked: false };
    await webex.call(webex.ana, "PUT", `/rooms/${webex.space.id}`, body);
    expect(webex.world.membersOf(webex.space.id).some((each) => each.isModerator)).toBe(false);
  });

  it("are only left by a non-moderator who deletes them", async () => {
    const path = `/rooms/${webex.space.id}`;
    expect((await webex.call(webex.bo, "DELETE", path)).status).toBe(204);
    expect((await webex.call(webex.bo, "GET", path)).status).toBe(404);
    expect((await webex.call(webex.ana, "GET", path)).status).toBe(200);
    expect((await webex.call(webex.ana, "DELETE", path)).status).toBe(204);
    expect((await webex.call(webex.ana, "GET", path)).status).toBe(404);
  });

  it("have no meeting info any more, unless the old answer is switched on", async () => {
    const path = `/rooms/${webex.space.id}/meetingInfo`;
    expect((await webex.call(webex.ana, "GET", path)).status).toBe(404);
    webex.world.meetingInfoStatus = 410;
    expect((await webex.call(webex.ana, "GET", path)).status).toBe(410);
    webex.space.meetingInfo = { meetingLink: "https://corp.webex.com/m/1" };
    expect((await webex.call(webex.ana, "GET", path)).body).toEqual({
      roomId: webex.space.id,
      meetingLink: "https://corp.webex.com/m/1",
    });
  });

  it("are titled with the other's name when direct", async () => {
    const message = webex.world.say({ person: webex.bo, text: "hello" });
    const room = await webex.call(webex.bot, "GET", `/rooms/${message.spaceId}`);
    expect(room.body).toMatchObject({ type: "direct", title: "Bo Lind" });
  });
});

describe("what the SDK asks for at its start", () => {
  it.each(["limited/catalog", "catalog"])("is answered at %s", async (path) => {
    const answer = await request(`${webex.origin}/u2c/api/v1/${path}?format=hostmap`, "GET");
    expect(answer.body).toMatchObject({ serviceLinks: { hydra: `${webex.origin}/v1` } });
    expect(answer.headers.has("trackingid")).toBe(true);
  });

  it("includes metrics", async () => {
    const answer = await request(`${webex.origin}/metrics/api/v1/clientmetrics`, "POST", {});
    expect(answer.status).toBe(200);
  });
});
