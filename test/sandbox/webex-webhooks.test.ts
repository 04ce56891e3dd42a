import { createHmac } from "node:crypto";
import { rest } from "../../src/sandbox/rest";
import { hook, postCard, startReceiver, startWebex, type Webex } from "./webex-fixture";

let webex: Webex;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let status = 200;
beforeEach(async () => {
  status = 200;
  webex = await startWebex();
  receiver = await startReceiver(() => status);
});
afterEach(async () => {
  await receiver.close();
  await webex.close();
});

function told(): Promise<string[]> {
  return rest(webex.work).then(() => receiver.names());
}

describe("registration", () => {
  it.each([
    [{ resource: "all", event: "all" }, 200],
    [{ resource: "attachmentActions", event: "created" }, 200],
    [{ resource: "messages", event: "created", filter: "roomType=direct" }, 200],
    [{ resource: "messages", event: "created", filter: "colour=red" }, 400],
    [{ resource: "all", event: "created" }, 400],
    [{ resource: "weather", event: "created" }, 400],
    [{ resource: "messages", event: "moved" }, 400],
    [{ resource: "messages" }, 400],
    [{ resource: "messages", event: "created", targetUrl: "nowhere" }, 400],
    [{ resource: "messages", event: "created", name: "" }, 400],
  ])("of %j is answered %i", async (wish, expected) => {
    const body = { name: "muster", targetUrl: receiver.url, ...wish };
    expect((await webex.call(webex.bot, "POST", "/webhooks", body)).status).toBe(expected);
  });

  it("is listed, changed and deleted by its owner alone", async () => {
    const { bot, ana } = webex;
    const id = await hook(webex, bot, receiver.url, { secret: "s3cret" });
    const path = `/webhooks/${id}`;
    const list = await webex.call(bot, "GET", "/webhooks");
    expect(list.body.items).toMatchObject([{ id, status: "active", secret: "s3cret" }]);
    expect((await webex.call(ana, "GET", "/webhooks")).body.items).toEqual([]);
    expect((await webex.call(ana, "DELETE", path)).status).toBe(404);
    const change = { name: "renamed", targetUrl: receiver.url };
    expect((await webex.call(bot, "PUT", path, { name: "x" })).status).toBe(400);
    const off = { ...change, status: "inactive" };
    expect((await webex.call(bot, "PUT", path, off)).status).toBe(400);
    expect((await webex.call(bot, "PUT", path, change)).body.name).toBe("renamed");
    expect((await webex.call(bot, "DELETE", path)).status).toBe(204);
    expect((await webex.call(bot, "DELETE", path)).status).toBe(404);
  });
});

describe("messages", () => {
  it("reach a bot only when they mention it or are direct", async () => {
    const { ana, bo, space, world } = webex;
    await hook(webex, webex.bot, receiver.url);
    world.say({ person: ana, space, text: "just talking" });
    const mention = world.say({ person: ana, space, text: "@Muster status" });
    expect(await told()).toEqual(["messages.created"]);
    expect(receiver.deliveries[0]?.body).toMatchObject({
      resource: "messages",
      event: "created",
      actorId: ana.id,
      createdBy: webex.bot.id,
      status: "active",
      data: { id: mention.id, roomId: space.id, roomType: "group", personEmail: ana.email },
    });
    world.say({ person: bo, text: "help" });
    await told();
    const last = receiver.deliveries.at(-1)?.body;
    expect(last).toMatchObject({ resource: "messages", data: { roomType: "direct" } });
  });

  it("reach a person whatever they say, but not outside the person's spaces", async () => {
    const { ana, bo, cy, space, world } = webex;
    await hook(webex, bo, receiver.url, { resource: "messages", event: "created" });
    await hook(webex, cy, receiver.url, { resource: "messages", event: "created" });
    world.say({ person: ana, space, text: "just talking" });
    await told();
    expect(receiver.deliveries.map(({ body }) => body.createdBy)).toEqual([bo.id]);
  });

  it("are announced without a word of what they say", async () => {
    await hook(webex, webex.bot, receiver.url);
    webex.world.say({ person: webex.ana, space: webex.space, text: "@Muster secret plan" });
    await told();
    expect(receiver.deliveries[0]?.raw).not.toContain("secret plan");
    expect(receiver.deliveries[0]?.body.data).not.toHaveProperty("text");
  });

  it("can be edited and deleted", async () => {
    const { ana, bot } = webex;
    await hook(webex, ana, receiver.url, { resource: "messages", event: "all" });
    const { body } = await webex.call(bot, "POST", "/messages", { toPersonId: ana.id, text: "1" });
    const path = `/messages/${body.id as string}`;
    await webex.call(bot, "PUT", path, { roomId: body.roomId, text: "2" });
    await webex.call(bot, "DELETE", path);
    expect(await told()).toEqual(["messages.created", "messages.updated", "messages.deleted"]);
  });
});

describe("filters", () => {
  it.each([
    ["mentionedPeople=me", 1],
    ["roomType=direct", 1],
    ["roomType=group", 2],
    ["roomType=group&mentionedPeople=me", 1],
    ["personEmail=ana.silva@example.com", 2],
    ["personId=me", 0],
  ])("%s lets %i of three through", async (filter, count) => {
    const { ana, bo, cy, space, world } = webex;
    await hook(webex, bo, receiver.url, { resource: "messages", event: "created", filter });
    world.say({ person: ana, space, text: "hello all" });
    world.say({ person: ana, space, text: "hello @Bo Lind" });
    world.say({ person: cy, to: bo, text: "hello Bo" });
    expect(await told()).toHaveLength(count);
  });
});

describe("presses", () => {
  it("are not part of all, and are told to the author of the card without inputs", async () => {
    await hook(webex, webex.bot, receiver.url);
    const messageId = await postCard(webex);
    webex.world.press({ person: webex.bo, messageId, inputs: { action: "secret.action" } });
    expect(await told()).toEqual([]);
    const wish = { resource: "attachmentActions", event: "created" };
    await hook(webex, webex.bot, receiver.url, wish);
    await hook(webex, webex.ana, receiver.url, wish);
    webex.world.press({ person: webex.bo, messageId, inputs: { action: "secret.action" } });
    expect(await told()).toEqual(["attachmentActions.created"]);
    expect(receiver.deliveries[0]?.raw).not.toContain("secret.action");
    expect(receiver.deliveries[0]?.body.data).toMatchObject({
      type: "submit",
      messageId,
      personId: webex.bo.id,
    });
  });
});

describe("spaces", () => {
  it("tell of members, names and their own end", async () => {
    const { ana, bot, cy, space, world } = webex;
    await hook(webex, bot, receiver.url);
    world.setMember({ space, person: cy, actor: ana });
    await told();
    world.renameSpace(space, "Cards", ana);
    await told();
    world.setMember({ space, person: bot, in: false, actor: ana });
    expect(await told()).toEqual(["memberships.created", "rooms.updated", "memberships.deleted"]);
    expect(receiver.deliveries.map(({ body }) => body.actorId)).toEqual([ana.id, ana.id, ana.id]);
    world.setMember({ space, person: cy, in: false });
    expect(await told()).toHaveLength(3);
  });

  it("tell a bot of its removal when they are deleted", async () => {
    await hook(webex, webex.bot, receiver.url, { resource: "memberships", event: "deleted" });
    webex.world.deleteSpace(webex.space);
    await told();
    const removed = receiver.deliveries.map(({ body }) => body.data.personId);
    expect(removed).toContain(webex.bot.id);
    expect(webex.world.spaces.size).toBe(0);
  });
});

describe("signatures", () => {
  async function deliverySigned(secret?: string) {
    await hook(webex, webex.bot, receiver.url, { name: "müster", ...(secret && { secret }) });
    webex.world.say({ person: webex.bo, text: "help" });
    await told();
    const { headers, raw } = receiver.deliveries.at(-1)!;
    return { signature: headers["x-spark-signature"], raw };
  }

  function expected(raw: string): string {
    return createHmac("sha1", "s3cret").update(raw).digest("hex");
  }

  it("cover the bytes that were sent", async () => {
    const { signature, raw } = await deliverySigned("s3cret");
    expect(signature).toBe(expected(raw));
  });

  it("cover them in other spellings of the same JSON too", async () => {
    webex.world.webhookStyle = { spacing: "wide", escapeNonAscii: true, signature: "right" };
    const { signature, raw } = await deliverySigned("s3cret");
    expect(raw).toContain('"name": "m\\u00fcster"');
    expect(signature).toBe(expected(raw));
    expect(receiver.deliveries.at(-1)?.body.name).toBe("müster");
  });

  it("can be wrong on purpose", async () => {
    webex.world.webhookStyle.signature = "wrong";
    const { signature, raw } = await deliverySigned("s3cret");
    expect(signature).toMatch(/^[0-9a-f]{40}$/);
    expect(signature).not.toBe(expected(raw));
  });

  it("are absent without a secret", async () => {
    expect((await deliverySigned()).signature).toBeUndefined();
  });
});

describe("faults of delivery", () => {
  const say = (text: string): string => webex.world.say({ person: webex.bo, text }).id;
  const heard = (): unknown[] => receiver.deliveries.map(({ body }) => body.data.id);

  beforeEach(async () => {
    webex.world.say({ person: webex.bo, text: "so that the conversation exists" });
    await hook(webex, webex.bot, receiver.url, { resource: "messages", event: "created" });
  });

  it("deliver twice", async () => {
    webex.faults.add({ service: "webhooks", kind: "duplicate", times: 1 });
    const ids = [say("one"), say("two")];
    await told();
    expect(heard().sort()).toEqual([ids[0], ids[0], ids[1]].sort());
  });

  it("lose one, of the route that was named", async () => {
    webex.faults.add({ service: "webhooks", route: "rooms", kind: "missing" });
    webex.faults.add({ service: "webhooks", route: "messages.created", kind: "missing", times: 1 });
    say("one");
    const second = say("two");
    await told();
    expect(heard()).toEqual([second]);
  });

  it("deliver late, by the clock that is moved by hand", async () => {
    webex.clock.settleWith(() => rest(webex.work));
    webex.faults.add({ service: "webhooks", kind: "late", delayMs: 60_000, times: 1 });
    const first = say("one");
    const second = say("two");
    await webex.clock.advance(59_999);
    expect(heard()).toEqual([second]);
    await webex.clock.advance(1);
    expect(heard()).toEqual([second, first]);
  });

  it("let a later event overtake", async () => {
    webex.faults.add({ service: "webhooks", kind: "out-of-order", times: 1 });
    const first = say("one");
    await told();
    expect(heard()).toEqual([]);
    const second = say("two");
    await told();
    expect(heard()).toEqual([second, first]);
  });

  it("deliver one that waits for a later event in vain", async () => {
    webex.clock.settleWith(() => rest(webex.work));
    webex.faults.add({ service: "webhooks", kind: "out-of-order", times: 1 });
    const only = say("one");
    await webex.clock.advance(2_000);
    expect(heard()).toEqual([only]);
  });
});

describe("a webhook whose target fails", () => {
  it("becomes inactive after many failures within five minutes, until it is reactivated", async () => {
    webex.world.webhookFailureLimit = 3;
    const id = await hook(webex, webex.bot, receiver.url);
    const say = async (): Promise<number> => {
      webex.world.say({ person: webex.ana, space: webex.space, text: "@Muster status" });
      return (await told()).length;
    };
    status = 500;
    await say();
    await webex.clock.advance(5 * 60_000);
    await say();
    await say();
    const state = async () => (await webex.call(webex.bot, "GET", `/webhooks/${id}`)).body.status;
    expect(await state()).toBe("active");
    await say();
    expect(await state()).toBe("inactive");
    status = 200;
    expect(await say()).toBe(4);
    const change = { name: "muster", targetUrl: receiver.url, status: "active" };
    await webex.call(webex.bot, "PUT", `/webhooks/${id}`, change);
    expect(await say()).toBe(5);
  });

  it("does no harm when nobody listens there", async () => {
    await hook(webex, webex.bot, "http://127.0.0.1:9/hook");
    await hook(webex, webex.bot, receiver.url);
    webex.world.say({ person: webex.ana, space: webex.space, text: "@Muster status" });
    expect(await told()).toEqual(["messages.created"]);
  });
});
