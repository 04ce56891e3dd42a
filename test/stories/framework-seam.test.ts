import type { BotConnection, BotConnectionOptions } from "../../src/webex/bot-connection";
import { createBotConnection } from "../../src/webex/bot-connection";
import type { WebhookEnvelope } from "../../src/webex/envelope";
import { ManualClock } from "../support/manual-clock";
import { aRest, failureOf, startServer } from "../webex/fixtures";
import { SeamServer } from "../webex/seam-server";

const token = "part_part_0a1b2c3d-1111-2222-3333-444455556666";
const webhookUrl = "http://localhost:5500/webhooks/webex";
const server = new SeamServer();
const builtIn = builtInFunctions();
let bot: BotConnection;
let nextSpace = 1;

function builtInFunctions(): unknown[] {
  const trim: unknown = Reflect.get(String.prototype, "trim");
  return [trim, Number.parseInt, parseInt, parseFloat];
}

function aConnection(options: Partial<BotConnectionOptions> = {}): BotConnection {
  const apiUrl = options.apiUrl ?? server.url;
  const rest = aRest({ baseUrl: apiUrl, token, timeoutMs: 2_000 });
  const clock = new ManualClock();
  const pausesMs = [20, 40, 80];
  return createBotConnection({ rest, token, apiUrl, webhookUrl, clock, pausesMs, ...options });
}

/** A space that the framework has not seen yet. */
function unseen(kind: "space" | "direct" = "space"): string {
  return `${kind}-${nextSpace++}`;
}

/** The server knows by its id where a message was written. */
function written(id: string): WebhookEnvelope {
  const roomId = id.split(".")[0]!;
  return { resource: "messages", event: "created", data: { id, roomId, personId: "ana" } };
}

function pressed(id: string): WebhookEnvelope {
  return { ...written(id), resource: "attachmentActions" };
}

async function aKnownSpace(): Promise<string> {
  const space = unseen();
  await bot.feed(written(`${space}.first`));
  server.rest();
  return space;
}

beforeAll(async () => {
  // The framework tells stderr of every failed look-up, the last ones after the tests.
  console.error = () => undefined;
  await server.start();
  bot = aConnection({ httpsProxy: "http://user:password@127.0.0.1:9" });
  await bot.connect();
});
beforeEach(() => server.rest());
afterAll(() => server.close());

describe("starting", () => {
  test("makes the same few calls however many spaces there are, none about webhooks", async () => {
    const printed = jest.spyOn(console, "log");
    const another = aConnection({ httpsProxy: "http://user:password@127.0.0.1:9" });
    expect(await another.connect()).toMatchObject({ id: "bot", name: "Muster", isBot: true });
    const space = unseen();
    await another.feed(written(`${space}.hello`));
    // The catalogue is asked for at the SDK's leisure; it answers 404 here, and no harm is done.
    const asked = server.whats().filter((what) => !what.includes("/u2c/"));
    expect(asked).toEqual([
      "GET /people/me",
      "GET /people/me",
      `GET /messages/${space}.hello`,
      `GET /memberships?roomId=${space}&personId=bot`,
      `GET /rooms/${space}`,
    ]);
    expect(another.identity().orgId).toBe("org");
    expect(printed).not.toHaveBeenCalled();
  });

  test("leaves the built-in functions alone, which the SDK replaces", () => {
    expect(builtInFunctions()).toEqual(builtIn);
  });

  test("asks once, connected or not", async () => {
    await bot.connect();
    expect(server.calls).toEqual([]);
    expect(() => aConnection().identity()).toThrow("the bot is not connected yet");
  });

  test("with a wrong token ends in clear words, before the SDK hears of it", async () => {
    server.faults.push({ on: /people.me/, answer: 401 });
    const failure = await failureOf(aConnection().connect());
    expect(failure).toMatchObject({ status: 401, retryable: false });
    expect(failure.message).toBe("Webex answered 401 to GET /v1/people/me");
    expect(server.calls).toMatchObject([{ bySdk: false }]);
  });

  test("with an unreachable Webex is worth another try", async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const failure = await failureOf(aConnection({ apiUrl: gone.url }).connect());
    expect(failure).toMatchObject({ retryable: true, unclear: false });
  });

  test.each([500, 429, 401, "reset"] as const)(
    "fails as a RemoteError when only the SDK runs into %s, and works the next time",
    async (answer) => {
      server.faults.push({ on: /people.me/, answer, bySdk: true, times: 1 });
      const another = aConnection();
      const failure = await failureOf(another.connect());
      expect(failure.status).toBe(answer === "reset" ? undefined : answer);
      expect(await another.connect()).toMatchObject({ id: "bot" });
    },
  );

  test.each([500, "reset", "silence"] as const)(
    "does without the service catalogue: %s",
    async (answer) => {
      server.faults.push({ on: /u2c/, answer });
      const another = aConnection();
      await another.connect();
      const id = `${unseen()}.hello`;
      expect(await another.feed(written(id))).toMatchObject({ id });
    },
  );
});

describe("an event", () => {
  test("of a message comes as we understand it", async () => {
    const space = unseen();
    server.contents.set(`${space}.1`, {
      text: "  Muster  start “Zoë’s” \\ 🚒\n",
      html: "<p>x</p>",
    });
    expect(await bot.feed(written(`${space}.1`))).toEqual({
      kind: "message",
      id: `${space}.1`,
      spaceId: space,
      spaceKind: "group",
      personId: "ana",
      personEmail: "ana@corp.example",
      text: "  Muster  start “Zoë’s” \\ 🚒\n",
      html: "<p>x</p>",
      at: Date.UTC(2026, 0, 5, 3),
    });
  });

  test("of a press comes with its inputs", async () => {
    const id = `${unseen()}.press`;
    server.contents.set(id, { inputs: { action: "incident.stop", v: 1 } });
    expect(await bot.feed(pressed(id))).toMatchObject({
      kind: "action",
      id,
      messageId: "m",
      inputs: { action: "incident.stop", v: 1 },
    });
  });

  test("in a direct space comes too", async () => {
    const id = `${unseen("direct")}.hi`;
    expect(await bot.feed(written(id))).toMatchObject({ spaceKind: "direct" });
  });

  test.each<[string, object]>([
    ["without text", { text: undefined }],
    ["of the bot's own", { personId: "bot" }],
  ])("%s, of which the framework is silent, comes at once", async (_name, changes) => {
    const space = await aKnownSpace();
    server.contents.set(`${space}.1`, { ...changes });
    expect(await bot.feed(written(`${space}.1`))).toMatchObject({ id: `${space}.1` });
    expect(server.whats()).toEqual([`GET /messages/${space}.1`]);
  });

  test("before connecting is refused", async () => {
    await expect(aConnection().feed(written("space-0.x"))).rejects.toThrow("not connected");
  });
});

describe("two events at once", () => {
  test("in one unseen space both come", async () => {
    const space = unseen();
    const ids = ["a", "b", "c"].map((name) => `${space}.${name}`);
    const both = await Promise.all(ids.map((id) => bot.feed(written(id))));
    expect(both.map(({ id }) => id)).toEqual(ids);
  });

  test("in two unseen spaces both come, with a press between", async () => {
    const [one, two] = [unseen(), unseen()];
    const events = [written(`${one}.a`), pressed(`${one}.b`), written(`${two}.c`)];
    const all = await Promise.all(events.map((event) => bot.feed(event)));
    expect(all.map(({ kind }) => kind)).toEqual(["message", "action", "message"]);
  });

  test("that are the same are one, with one look-up", async () => {
    const space = await aKnownSpace();
    const [first, second] = await Promise.all([
      bot.feed(written(`${space}.1`)),
      bot.feed(written(`${space}.1`)),
    ]);
    expect(second).toEqual(first);
    expect(server.whats()).toEqual([`GET /messages/${space}.1`]);
  });

  test("and the same one later again is read anew", async () => {
    const space = await aKnownSpace();
    await bot.feed(written(`${space}.1`));
    await bot.feed(written(`${space}.1`));
    expect(server.calls).toHaveLength(2);
  });
});

describe("a look-up that fails", () => {
  const lookUps: [string, RegExp, (space: string) => WebhookEnvelope][] = [
    ["of the message", /GET .messages/, (space) => written(`${space}.1`)],
    ["of the press", /GET .attachment.actions/, (space) => pressed(`${space}.1`)],
    ["of the bot's membership", /GET .memberships/, (space) => written(`${space}.1`)],
    ["of the space", /GET .rooms/, (space) => written(`${space}.1`)],
  ];
  const failures = [500, 502, "reset", 404] as const;

  test.each(failures.flatMap((answer) => lookUps.map((lookUp) => [answer, ...lookUp] as const)))(
    "once with %s, %s, is not felt",
    async (answer, _name, on, event) => {
      server.faults.push({ on, answer, times: 1 });
      const envelope = event(unseen());
      expect(await bot.feed(envelope)).toMatchObject({ id: envelope.data.id });
    },
  );

  test.each(lookUps)("for good, %s, is left to the inbox", async (_name, on, event) => {
    server.faults.push({ on, answer: 500 });
    const envelope = event(unseen());
    expect(await failureOf(bot.feed(envelope))).toMatchObject({ status: 500, retryable: true });
    expect(server.whats().filter((what) => on.test(what))).toHaveLength(4);
    server.rest();
    expect(await bot.feed(envelope)).toMatchObject({ id: envelope.data.id });
  });

  test("asks four times for a message that Webex announced and does not show", async () => {
    const space = await aKnownSpace();
    server.faults.push({ on: /messages/, answer: 404 });
    const failure = await failureOf(bot.feed(written(`${space}.1`)));
    expect(failure).toMatchObject({ status: 404, retryable: false });
    expect(server.calls).toHaveLength(4);
  });

  test.each([401, 403])("with %i is not asked again", async (answer) => {
    const space = await aKnownSpace();
    server.faults.push({ on: /messages/, answer });
    expect(await failureOf(bot.feed(written(`${space}.1`)))).toMatchObject({ status: answer });
    expect(server.calls).toHaveLength(1);
  });

  test("with 429 waits as long as Webex says, outside", async () => {
    server.faults.push({ on: /memberships/, answer: 429, headers: { "retry-after": "30" } });
    const failure = await failureOf(bot.feed(written(`${unseen()}.1`)));
    expect(failure).toMatchObject({ retryable: true, retryAfterMs: 30_000 });
  });

  test("with silence ends in time", async () => {
    const hasty = aConnection({ feedMs: 300 });
    await hasty.connect();
    server.faults.push({ on: /messages/, answer: "silence" });
    expect(await failureOf(hasty.feed(written(`${unseen()}.1`)))).toMatchObject({
      retryable: true,
      unclear: false,
    });
  });

  test("with an answer of another shape is final", async () => {
    const space = await aKnownSpace();
    server.contents.set(`${space}.1`, { personId: 7 });
    const failure = await failureOf(bot.feed(written(`${space}.1`)));
    expect(failure.message).toContain("(personId)");
    expect(server.calls).toHaveLength(1);
  });

  test("in one space does not hold up another", async () => {
    const hasty = aConnection({ feedMs: 300 });
    await hasty.connect();
    const [bad, good] = [unseen(), unseen()];
    server.faults.push({ on: new RegExp(`rooms.${bad}`), answer: "silence" });
    const order: string[] = [];
    const stuck = failureOf(hasty.feed(written(`${bad}.1`))).then(() => order.push("bad"));
    await hasty.feed(written(`${good}.1`)).then(() => order.push("good"));
    await stuck;
    expect(order).toEqual(["good", "bad"]);
  });
});

describe("what the framework asks for goes through our client", () => {
  /** What an event makes the framework ask, in order; none of it by the SDK's own means. */
  async function asked(feeding: Promise<unknown>): Promise<string[]> {
    await feeding;
    expect(server.calls.filter(({ bySdk }) => bySdk)).toEqual([]);
    return server.whats();
  }

  test("messages.get, memberships.list and rooms.get, and people.get asks nobody", async () => {
    const space = unseen();
    expect(await asked(bot.feed(written(`${space}.1`)))).toEqual([
      `GET /messages/${space}.1`,
      `GET /memberships?roomId=${space}&personId=bot`,
      `GET /rooms/${space}`,
    ]);
  });

  test("memberships.list for the other one in a direct space", async () => {
    const space = unseen("direct");
    expect(await asked(bot.feed(written(`${space}.1`)))).toEqual([
      `GET /messages/${space}.1`,
      `GET /memberships?roomId=${space}&personId=bot`,
      `GET /rooms/${space}`,
      `GET /memberships?roomId=${space}`,
    ]);
  });

  test("attachmentActions.get", async () => {
    const space = await aKnownSpace();
    expect(await asked(bot.feed(pressed(`${space}.1`)))).toEqual([
      `GET /attachment/actions/${space}.1`,
    ]);
  });

  test("memberships.get", async () => {
    const event = { ...written("space-0.1"), resource: "memberships" } as unknown;
    await asked(failureOf(bot.feed(event as WebhookEnvelope)));
    expect(server.whats()[0]).toBe("GET /memberships/space-0.1");
  });

  test("rooms.get for a space that changed", async () => {
    const event = { ...written("space-0.1"), resource: "rooms", event: "updated" } as unknown;
    await asked(failureOf(bot.feed(event as WebhookEnvelope)));
    expect(server.whats()[0]).toBe("GET /rooms/space-0.1");
  });

  test("messages.create from a known space's bot", async () => {
    const space = await aKnownSpace();
    const card = { type: "AdaptiveCard" };
    const post = { markdown: "**hi**", card };
    const message = { spaceId: space, parentId: "m0", post };
    await asked(
      bot.post(message).then((posted) => {
        expect(posted).toEqual({ messageId: "posted", spaceId: "where it went" });
      }),
    );
    expect(server.calls).toMatchObject([
      {
        what: "POST /messages",
        body: {
          roomId: space,
          parentId: "m0",
          markdown: "**hi**",
          attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }],
        },
      },
    ]);
  });

  test("messages.create into a space that the framework has not seen", async () => {
    const space = unseen();
    await asked(bot.post({ spaceId: space, post: { markdown: "hi" } }));
    expect(server.calls).toMatchObject([
      { what: "POST /messages", body: { roomId: space, markdown: "hi" } },
    ]);
  });

  test.each(["seen", "unseen"])("messages.create with our errors in a space %s", async (known) => {
    const space = known === "seen" ? await aKnownSpace() : unseen();
    server.faults.push({ on: /POST/, answer: 502 });
    const failure = await failureOf(bot.post({ spaceId: space, post: { markdown: "hi" } }));
    expect(failure).toMatchObject({ status: 502, unclear: true });
  });
});
