import { makeId } from "../../src/sandbox/ids";
import type { SandboxPerson } from "../../src/sandbox/world";
import { aCard, items, postCard, startWebex, type Answer, type Webex } from "./webex-fixture";

let webex: Webex;
beforeEach(async () => {
  webex = await startWebex();
});
afterEach(() => webex.close());

function post(as: SandboxPerson, body: Record<string, unknown>): Promise<Answer> {
  return webex.call(as, "POST", "/messages", body);
}

it("refuses what Webex refuses", async () => {
  const { bot, bo, cy, space } = webex;
  const roomId = space.id;
  const table: [SandboxPerson, Record<string, unknown>, number][] = [
    [bot, { text: "x" }, 400],
    [bot, { roomId, toPersonId: bo.id, text: "x" }, 400],
    [bot, { roomId }, 400],
    [bot, { roomId, text: "" }, 400],
    [bot, { roomId, text: 5 }, 400],
    [bot, { roomId: "x", text: "x" }, 400],
    [bot, { toPersonId: bot.id, text: "x" }, 400],
    [bot, { toPersonEmail: bot.email, text: "x" }, 400],
    [bot, { toPersonEmail: "not an address", text: "x" }, 400],
    [bot, { toPersonId: makeId("PEOPLE"), text: "x" }, 404],
    [cy, { roomId, text: "x" }, 404],
    [bot, { roomId, text: "x".repeat(7439) }, 200],
    [bot, { roomId, text: "x".repeat(7440) }, 400],
    [bot, { roomId, markdown: "é".repeat(3720) }, 400],
    [bot, { roomId, text: "x", attachments: [aCard(), aCard()] }, 400],
    [bot, { roomId, text: "x", attachments: [aCard("x".repeat(22 * 1024))] }, 400],
    [bot, { roomId, text: "x", attachments: [{ contentType: "text/plain", content: {} }] }, 400],
    [bot, { roomId, text: "x", files: ["https://a.example/1", "https://a.example/2"] }, 400],
    [bot, { roomId, text: "x", parentId: makeId("MESSAGE") }, 400],
  ];
  for (const [as, body, status] of table) {
    expect({ body, status: (await post(as, body)).status }).toEqual({ body, status });
  }
});

it("keeps to moderators in an announcement space", async () => {
  webex.world.changeSpace(webex.space, { isAnnouncementOnly: true });
  expect((await post(webex.bot, { roomId: webex.space.id, text: "x" })).status).toBe(403);
  expect((await post(webex.ana, { roomId: webex.space.id, text: "x" })).status).toBe(200);
});

it("replies to a message at the top of the same space only", async () => {
  const roomId = webex.space.id;
  const parentId = (await post(webex.bot, { roomId, text: "top" })).body.id as string;
  const reply = await post(webex.bot, { roomId, parentId, text: "reply" });
  expect(reply.body.parentId).toBe(parentId);
  const toReply = await post(webex.bot, { roomId, parentId: reply.body.id, text: "deeper" });
  expect(toReply.status).toBe(400);
  const elsewhere = await post(webex.bot, { toPersonId: webex.bo.id, parentId, text: "x" });
  expect(elsewhere.status).toBe(400);
});

it("keeps a direct conversation per person, pending ones included", async () => {
  const { bot, bo, world } = webex;
  const first = await post(bot, { toPersonId: bo.id, text: "one" });
  const second = await post(bot, { toPersonEmail: "BO.lind@example.com", markdown: "**two**" });
  expect(first.body).toMatchObject({ roomType: "direct", toPersonId: bo.id });
  expect(second.body).toMatchObject({ roomId: first.body.roomId, text: "two" });
  expect(world.messagesTo("Bo Lind").map(({ text }) => text)).toEqual(["one", "two"]);
  expect(world.directSpace(bo, bot)?.id).toBe(first.body.roomId);
  expect((await post(bot, { toPersonEmail: "new@far.example", text: "x" })).status).toBe(200);
  expect(world.messagesTo("new@far.example")).toHaveLength(1);
});

it("gives the card back as it was sent", async () => {
  const id = await postCard(webex);
  const answer = await webex.call(webex.bo, "GET", `/messages/${id}`);
  expect(answer.body.attachments).toEqual([aCard()]);
});

describe("edits", () => {
  it("are the author's, ten at most, and mark the message", async () => {
    const { bot, ana, space } = webex;
    const roomId = space.id;
    const { id } = (await post(bot, { roomId, text: "0 of 18" })).body;
    const edit = (as: SandboxPerson, body: object) =>
      webex.call(as, "PUT", `/messages/${id as string}`, body);
    expect((await edit(ana, { roomId, text: "x" })).status).toBe(403);
    expect((await edit(bot, { text: "x" })).status).toBe(400);
    expect((await edit(bot, { roomId })).status).toBe(400);
    expect((await edit(bot, { roomId, markdown: "x", html: "<p>x</p>" })).status).toBe(400);
    for (let number = 1; number <= 10; number += 1) {
      const edited = await edit(bot, { roomId, markdown: `**${number}** of 18` });
      expect(edited.body).toMatchObject({ text: `${number} of 18` });
      expect(edited.body).toHaveProperty("updated");
    }
    expect((await edit(bot, { roomId, text: "11 of 18" })).status).toBe(400);
  });

  it("are not possible for cards", async () => {
    const id = await postCard(webex);
    const body = { roomId: webex.space.id, text: "x" };
    expect((await webex.call(webex.bot, "PUT", `/messages/${id}`, body)).status).toBe(400);
  });

  it("to plain text leave no markup behind", async () => {
    const { bot, bo, space } = webex;
    const roomId = space.id;
    const posted = await post(bot, { roomId, markdown: `<@personId:${bo.id}> **hi**` });
    const path = `/messages/${posted.body.id as string}`;
    const edited = await webex.call(bot, "PUT", path, { roomId, text: "bye" });
    expect(edited.body).not.toHaveProperty("html");
    expect(edited.body).not.toHaveProperty("mentionedPeople");
  });
});

it("are deleted by their author or a moderator of the space", async () => {
  const { ana, bo, bot, space } = webex;
  const roomId = space.id;
  const remove = (as: SandboxPerson, { body }: Answer) =>
    webex.call(as, "DELETE", `/messages/${body.id as string}`);
  const message = await post(bot, { roomId, text: "x" });
  expect((await remove(bo, message)).status).toBe(403);
  expect((await remove(bot, message)).status).toBe(204);
  expect((await remove(bot, message)).status).toBe(404);
  expect((await remove(ana, await post(bo, { roomId, text: "x" }))).status).toBe(204);
});

describe("reading", () => {
  it("shows a bot only what mentions it in a group space, and its own", async () => {
    const { ana, bot, space, world } = webex;
    const list = (query: string) => webex.call(bot, "GET", `/messages?roomId=${space.id}${query}`);
    const unheard = world.say({ person: ana, space, text: "psst" });
    const heard = world.say({ person: ana, space, text: "@Muster status" });
    const own = await post(bot, { roomId: space.id, text: "here it is" });
    expect((await list("")).status).toBe(403);
    expect(items(await list("&mentionedPeople=me"))).toMatchObject([{ id: heard.id }]);
    const get = (id: string) => webex.call(bot, "GET", `/messages/${id}`);
    expect((await get(unheard.id)).status).toBe(404);
    expect((await get(heard.id)).body).toMatchObject({ text: "Muster status" });
    expect((await get(own.body.id as string)).status).toBe(200);
  });

  it("is newest first, and can begin before a time or a message or keep to a thread", async () => {
    const { ana, bo, clock, space, world } = webex;
    const one = world.say({ person: ana, space, text: "one" });
    await clock.advance(1_000);
    const two = world.say({ person: bo, space, text: "two" });
    await clock.advance(1_000);
    world.say({ person: ana, space, text: "re one", parentId: one.id });
    const list = async (query: string) =>
      items(await webex.call(bo, "GET", `/messages?roomId=${space.id}${query}`)).map(
        ({ text }) => text,
      );
    expect(await list("")).toEqual(["re one", "two", "one"]);
    expect(await list("&max=1")).toEqual(["re one"]);
    expect(await list(`&beforeMessage=${two.id}`)).toEqual(["one"]);
    expect(await list(`&before=${new Date(two.created).toISOString()}`)).toEqual(["one"]);
    expect(await list(`&parentId=${one.id}`)).toEqual(["re one"]);
  });

  it("finds a direct conversation by the other person", async () => {
    const { bo, bot, world } = webex;
    world.say({ person: bo, text: "help" });
    const list = (query: string) => webex.call(bot, "GET", `/messages/direct${query}`);
    expect(items(await list(`?personId=${bo.id}`))).toMatchObject([{ text: "help" }]);
    expect(items(await list(`?personEmail=${bo.email}`))).toHaveLength(1);
    expect((await list("")).status).toBe(400);
    expect((await list(`?personId=${webex.cy.id}`)).status).toBe(404);
  });

  it("can come too early", async () => {
    webex.world.readDelay = 2;
    const message = webex.world.say({ person: webex.bo, text: "help" });
    const get = () => webex.call(webex.bot, "GET", `/messages/${message.id}`);
    const statuses = [await get(), await get(), await get()].map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 200]);
  });
});

describe("presses", () => {
  it("keep their inputs for who may read them", async () => {
    const messageId = await postCard(webex);
    const inputs = { action: "incident.start", v: 1, name: "db" };
    const body = { type: "submit", messageId, inputs };
    const pressed = await webex.call(webex.bo, "POST", "/attachment/actions", body);
    expect(pressed.status).toBe(202);
    const path = `/attachment/actions/${pressed.body.id as string}`;
    expect((await webex.call(webex.bot, "GET", path)).body).toMatchObject({
      ...body,
      personId: webex.bo.id,
      roomId: webex.space.id,
    });
    expect((await webex.call(webex.cy, "GET", path)).status).toBe(404);
  });

  it("are refused by who made the card, outside the space and without a card", async () => {
    const messageId = await postCard(webex);
    const plain = webex.world.say({ person: webex.ana, space: webex.space, text: "hi" });
    const press = (as: SandboxPerson, body: object) =>
      webex.call(as, "POST", "/attachment/actions", { type: "submit", inputs: {}, ...body });
    expect((await press(webex.bot, { messageId })).status).toBe(400);
    expect((await press(webex.cy, { messageId })).status).toBe(404);
    expect((await press(webex.bo, { messageId: plain.id })).status).toBe(400);
    expect((await press(webex.bo, { messageId: makeId("MESSAGE") })).status).toBe(404);
    expect((await press(webex.bo, { messageId, type: "open" })).status).toBe(400);
    expect(() => webex.world.press({ person: "Cy Ortega", messageId, inputs: {} })).toThrow(
      "Could not find a message",
    );
  });
});
