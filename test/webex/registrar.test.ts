import { RemoteError } from "../../src/errors";
import { createRegistrar, type Registrar, webhookName } from "../../src/webex/registrar";
import type { Webhook } from "../../src/webex/webex-client";
import { quietLog } from "./fixtures";

const targetUrl = "https://bot.example/webhooks/webex";
const name = webhookName(targetUrl);
const secret = "s";

/** Webex's webhooks, with a diary of what was done to them. */
class FakeWebhooks {
  readonly diary: string[] = [];
  failing: string | undefined;
  private nextId = 1;

  constructor(public webhooks: Webhook[] = []) {}

  listWebhooks(): Promise<Webhook[]> {
    return this.act("list", () => [...this.webhooks]);
  }

  createWebhook(definition: Omit<Webhook, "id" | "status">): Promise<Webhook> {
    return this.act(`create ${definition.resource}/${definition.event}`, () => {
      const webhook = { ...definition, id: `new-${this.nextId++}`, status: "active" };
      this.webhooks.push(webhook);
      return webhook;
    });
  }

  activateWebhook(webhook: { id: string; secret: string }): Promise<Webhook> {
    return this.act(`activate ${webhook.id}`, () => {
      const known = this.webhooks.find(({ id }) => id === webhook.id)!;
      return Object.assign(known, { status: "active", secret: webhook.secret });
    });
  }

  deleteWebhook(id: string): Promise<void> {
    return this.act(`delete ${id}`, () => {
      this.webhooks = this.webhooks.filter((webhook) => webhook.id !== id);
    });
  }

  private act<T>(what: string, run: () => T): Promise<T> {
    this.diary.push(what);
    if (this.failing !== undefined && what.startsWith(this.failing))
      return Promise.reject(
        new RemoteError("no", { service: "webex", status: 500, retryable: true, unclear: false }),
      );
    return Promise.resolve(run());
  }
}

function aWebhook(id: string, changes: Partial<Webhook> = {}): Webhook {
  const kind = { resource: "all", event: "all" };
  return { id, name, targetUrl, ...kind, status: "active", secret, ...changes };
}

const actions = { resource: "attachmentActions", event: "created" };
const bothGood = (): Webhook[] => [aWebhook("a"), aWebhook("b", actions)];

function registrarOf(client: FakeWebhooks): Registrar {
  return createRegistrar({ client, targetUrl, secret, log: quietLog });
}

const nothingDone = { created: 0, reactivated: 0, deleted: 0, wasInactive: false };

describe("the registrar", () => {
  test("names its webhooks after the address they go to", () => {
    expect(name).toMatch(/^muster-[0-9a-f]{8}$/);
    expect(webhookName("https://other.example/webhooks/webex")).not.toBe(name);
  });

  test("creates both where there are none, signed", async () => {
    const client = new FakeWebhooks();
    const report = await registrarOf(client).check();
    expect(report).toEqual({ ...nothingDone, healthy: true, created: 2 });
    expect(client.webhooks).toEqual([aWebhook("new-1"), aWebhook("new-2", actions)]);
  });

  test("leaves two good ones alone", async () => {
    const client = new FakeWebhooks(bothGood());
    expect(await registrarOf(client).check()).toEqual({ ...nothingDone, healthy: true });
    expect(client.diary).toEqual(["list"]);
  });

  test("does nothing the second time", async () => {
    const client = new FakeWebhooks();
    const registrar = registrarOf(client);
    await registrar.check();
    client.diary.length = 0;
    await registrar.check();
    expect(client.diary).toEqual(["list"]);
  });

  test("wakes one that Webex has stopped and says so", async () => {
    const client = new FakeWebhooks([
      aWebhook("a", { status: "inactive" }),
      aWebhook("b", actions),
    ]);
    const report = await registrarOf(client).check();
    expect(report).toEqual({ ...nothingDone, healthy: true, reactivated: 1, wasInactive: true });
    expect(client.diary).toEqual(["list", "activate a"]);
  });

  test("deletes surplus ones, the first kept in every process, after both good ones exist", async () => {
    const client = new FakeWebhooks([aWebhook("c"), aWebhook("a"), aWebhook("b")]);
    const report = await registrarOf(client).check();
    expect(report).toEqual({ ...nothingDone, healthy: true, created: 1, deleted: 2 });
    expect(client.diary).toEqual([
      "list",
      "create attachmentActions/created",
      "delete b",
      "delete c",
    ]);
  });

  test("keeps an active one before an inactive one", async () => {
    const client = new FakeWebhooks([
      aWebhook("a", { status: "inactive" }),
      aWebhook("b"),
      aWebhook("c", actions),
    ]);
    await registrarOf(client).check();
    expect(client.diary).toEqual(["list", "delete a"]);
  });

  test.each<[string, Partial<Webhook>]>([
    ["target", { targetUrl: "https://elsewhere.example/" }],
    ["resource", { resource: "messages", event: "created" }],
    ["filter", { filter: "roomType=group" }],
  ])("replaces one of its name with another %s", async (_what, changes) => {
    const client = new FakeWebhooks([aWebhook("a", changes), aWebhook("b", actions)]);
    await registrarOf(client).check();
    expect(client.diary).toEqual(["list", "create all/all", "delete a"]);
  });

  test("never touches webhooks of other names, even to the same address", async () => {
    const foreign = [
      aWebhook("x", { name: "somebody else's" }),
      aWebhook("y", { name: "muster-00000000", status: "inactive" }),
    ];
    const client = new FakeWebhooks([...foreign, ...bothGood()]);
    await registrarOf(client).check();
    expect(client.diary).toEqual(["list"]);
  });

  test("sets a changed secret", async () => {
    const client = new FakeWebhooks([aWebhook("a", { secret: "old" }), aWebhook("b", actions)]);
    const report = await registrarOf(client).check();
    expect(client.diary).toEqual(["list", "activate a"]);
    expect(report).toEqual({ ...nothingDone, healthy: true });
  });

  test("sets the secret once per process where Webex does not tell it", async () => {
    const hidden = { secret: undefined };
    const list = [aWebhook("a", hidden), aWebhook("b", { ...actions, ...hidden })];
    const client = new FakeWebhooks(list);
    client.listWebhooks = () => {
      client.diary.push("list");
      return Promise.resolve(list.map((webhook) => ({ ...webhook, ...hidden })));
    };
    const registrar = registrarOf(client);
    await registrar.check();
    await registrar.check();
    expect(client.diary).toEqual(["list", "activate a", "activate b", "list"]);
  });

  test.each(["list", "create", "activate"])(
    "deletes nothing and is unhealthy when Webex fails to %s",
    async (failing) => {
      const client = new FakeWebhooks([
        aWebhook("a", { status: "inactive" }),
        aWebhook("b", { name, filter: "roomType=group" }),
      ]);
      client.failing = failing;
      const report = await registrarOf(client).check();
      expect(report).toMatchObject({ healthy: false, deleted: 0 });
      expect(client.diary.join()).not.toContain("delete");
    },
  );

  test("tries again at the next check", async () => {
    const client = new FakeWebhooks();
    client.failing = "create attachmentActions";
    const registrar = registrarOf(client);
    expect((await registrar.check()).healthy).toBe(false);
    client.failing = undefined;
    expect((await registrar.check()).healthy).toBe(true);
    expect(client.webhooks).toHaveLength(2);
  });

  test("does not hide a mistake of ours", async () => {
    const client = new FakeWebhooks();
    client.listWebhooks = () => Promise.reject(new TypeError("oops"));
    await expect(registrarOf(client).check()).rejects.toThrow("oops");
  });
});
