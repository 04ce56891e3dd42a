import nock from "nock";
import { WebexClient } from "../../src/webex/webex-client";
import { aRest, failureOf, ORIGIN } from "./fixtures";

const client = (): WebexClient => new WebexClient(aRest());
const created = "2026-01-05T03:00:00.000Z";

const ana = {
  id: "m-1",
  roomId: "room-1",
  personId: "ana",
  personEmail: "Ana@Corp.Example",
  personDisplayName: "Ana Silva",
  personOrgId: "org-1",
  isModerator: true,
  created,
};
const anaMember = {
  personId: "ana",
  email: "ana@corp.example",
  name: "Ana Silva",
  orgId: "org-1",
  isModerator: true,
  isBot: false,
};

describe("members", () => {
  test("have names without what no database takes and nobody can see", async () => {
    nock(ORIGIN)
      .get("/v1/memberships?roomId=room-1&max=1000")
      .reply(200, {
        items: [
          { ...ana, personDisplayName: "A\0na\n\u202e Silva\u0007" },
          { ...ana, personDisplayName: "\0 \u200b" },
        ],
      });
    const members = await client().listMembers("room-1");
    expect(members.map(({ name }) => name)).toEqual(["Ana Silva", "ana@corp.example"]);
  });

  test("are listed from all pages, bots recognised by their address", async () => {
    const bots = [
      { ...ana, personId: "b1", personEmail: "x@webex.bot" },
      { ...ana, personId: "b2", personEmail: "y@sparkbot.io" },
      { ...ana, personId: "p", personEmail: "webex.bot@corp.example" },
    ];
    nock(ORIGIN)
      .get("/v1/memberships?roomId=room-1&max=1000")
      .reply(200, { items: [ana] }, { link: `<${ORIGIN}/v1/memberships?c=2>; rel="next"` })
      .get("/v1/memberships?c=2")
      .reply(200, { items: bots });
    const members = await client().listMembers("room-1");
    expect(members[0]).toEqual(anaMember);
    expect(members.map(({ isBot }) => isBot)).toEqual([false, true, true, false]);
  });

  test("of a lost space cannot be listed", async () => {
    nock(ORIGIN).get("/v1/memberships?roomId=room-1&max=1000").reply(404, {});
    expect(await failureOf(client().listMembers("room-1"))).toMatchObject({ status: 404 });
  });

  test("are read one by one", async () => {
    nock(ORIGIN)
      .get("/v1/memberships?roomId=room-1&personId=ana")
      .reply(200, { items: [ana] });
    expect(await client().getMembership("room-1", "ana")).toEqual(anaMember);
  });

  test("may lack name, organisation and rights", async () => {
    const bare = { id: "m", personId: "ana", personEmail: "ana@corp.example" };
    nock(ORIGIN)
      .get("/v1/memberships?roomId=room-1&personId=ana")
      .reply(200, { items: [{ ...bare, personDisplayName: null }] });
    expect(await client().getMembership("room-1", "ana")).toMatchObject({
      name: "ana@corp.example",
      orgId: "",
      isModerator: false,
    });
  });

  test.each<[number, object]>([
    [200, { items: [] }],
    [404, {}],
  ])("are undefined where Webex answers %i %j", async (status, body) => {
    nock(ORIGIN).get("/v1/memberships?roomId=room-1&personId=ana").reply(status, body);
    expect(await client().getMembership("room-1", "ana")).toBeUndefined();
  });
});

describe("adding to a space", () => {
  test("names the person by id, as a moderator where asked", async () => {
    nock(ORIGIN)
      .post("/v1/memberships", { roomId: "room-1", personId: "ana", isModerator: true })
      .reply(200, ana);
    const added = client().addMember("room-1", { personId: "ana", isModerator: true });
    expect(await added).toEqual({ personId: "ana", outcome: "added" });
  });

  test("learns the id from the address", async () => {
    nock(ORIGIN)
      .post("/v1/memberships", { roomId: "room-1", personEmail: "ana@corp.example" })
      .reply(200, ana);
    const added = client().addMember("room-1", { email: "ana@corp.example" });
    expect(await added).toEqual({ personId: "ana", outcome: "added" });
  });

  test("a member is no failure", async () => {
    nock(ORIGIN).post("/v1/memberships").reply(409, {});
    const added = client().addMember("room-1", { personId: "ana" });
    expect(await added).toEqual({ personId: "ana", outcome: "already" });
  });

  test("a member by address finds the id in the space", async () => {
    nock(ORIGIN)
      .post("/v1/memberships")
      .reply(409, {})
      .get("/v1/memberships?roomId=room-1&personEmail=ana%40corp.example")
      .reply(200, { items: [ana] });
    const added = client().addMember("room-1", { email: "ana@corp.example" });
    expect(await added).toEqual({ personId: "ana", outcome: "already" });
  });

  test("a member by another of their addresses finds the id among people", async () => {
    nock(ORIGIN)
      .post("/v1/memberships")
      .reply(409, {})
      .get("/v1/memberships?roomId=room-1&personEmail=a%40corp.example")
      .reply(200, { items: [] })
      .get("/v1/people?email=a%40corp.example")
      .reply(200, { items: [{ id: "ana" }] });
    const added = client().addMember("room-1", { email: "a@corp.example" });
    expect(await added).toEqual({ personId: "ana", outcome: "already" });
  });

  test("a conflict about someone who cannot be found stays a conflict", async () => {
    nock(ORIGIN)
      .post("/v1/memberships")
      .reply(409, {})
      .get("/v1/memberships?roomId=room-1&personEmail=a%40corp.example")
      .reply(404, {})
      .get("/v1/people?email=a%40corp.example")
      .reply(200, { items: [] });
    const added = client().addMember("room-1", { email: "a@corp.example" });
    expect(await failureOf(added)).toMatchObject({ status: 409 });
  });
});

describe("removing from a space", () => {
  const bo = { ...ana, id: "m-2", personId: "bo", isModerator: false };

  test("leaves a moderator alone, who may have become one since it was asked for", async () => {
    nock(ORIGIN)
      .get("/v1/memberships?roomId=room-1&personId=ana")
      .reply(200, { items: [ana] });
    expect(await client().removeMember("room-1", "ana")).toBe("moderator");
  });

  test("deletes the membership", async () => {
    nock(ORIGIN)
      .get("/v1/memberships?roomId=room-1&personId=bo")
      .reply(200, { items: [bo] })
      .delete("/v1/memberships/m-2")
      .reply(204);
    expect(await client().removeMember("room-1", "bo")).toBe("removed");
  });

  test("is done where there is no membership", async () => {
    nock(ORIGIN).get("/v1/memberships?roomId=room-1&personId=bo").reply(200, { items: [] });
    expect(await client().removeMember("room-1", "bo")).toBe("already");
  });

  test("is done where someone else was faster", async () => {
    nock(ORIGIN)
      .get("/v1/memberships?roomId=room-1&personId=bo")
      .reply(200, { items: [bo] })
      .delete("/v1/memberships/m-2")
      .reply(404, {});
    expect(await client().removeMember("room-1", "bo")).toBe("already");
  });

  test("is refused where the bot has no right to", async () => {
    nock(ORIGIN)
      .get("/v1/memberships?roomId=room-1&personId=bo")
      .reply(200, { items: [bo] })
      .delete("/v1/memberships/m-2")
      .reply(403, {});
    expect(await failureOf(client().removeMember("room-1", "bo"))).toMatchObject({ status: 403 });
  });
});
