import nock from "nock";
import { RemoteError } from "../../src/errors";
import { WebexClient } from "../../src/webex/webex-client";
import { aRest, ORIGIN } from "./fixtures";

const client = (): WebexClient => new WebexClient(aRest());
const wanted = {
  name: "muster-1",
  targetUrl: "https://bot.example/webhooks/webex",
  resource: "all",
  event: "all",
};
const webhook = { ...wanted, id: "w-1", status: "active" };

describe("every call", () => {
  const post = { markdown: "hi" };
  /** The call, its method and path, and the refusals that are answers to it. */
  const calls: [string, (c: WebexClient) => Promise<unknown>, string, RegExp, number[]][] = [
    ["me", (c) => c.me(), "GET", /people\/me/, []],
    ["getMessage", (c) => c.getMessage("1"), "GET", /messages\/1/, []],
    ["getAction", (c) => c.getAction("1"), "GET", /attachment\/actions\/1/, []],
    ["getMembership", (c) => c.getMembership("1", "2"), "GET", /memberships/, [404]],
    ["listMembers", (c) => c.listMembers("1"), "GET", /memberships/, []],
    ["getSpace", (c) => c.getSpace("1"), "GET", /rooms\/1/, [404]],
    ["post", (c) => c.post({ spaceId: "1", post }), "POST", /messages/, []],
    ["edit", (c) => c.edit("1", "2", "hi"), "PUT", /messages\/1/, []],
    ["deleteMessage", (c) => c.deleteMessage("1"), "DELETE", /messages\/1/, [404]],
    ["addMember", (c) => c.addMember("1", { personId: "2" }), "POST", /memberships/, [409]],
    ["removeMember", (c) => c.removeMember("1", "2"), "GET", /memberships/, [404]],
    ["getMeetingInfo", (c) => c.getMeetingInfo("1"), "GET", /meetingInfo/, [403, 404]],
    ["findPersonByEmail", (c) => c.findPersonByEmail("a@b.c"), "GET", /people/, [404]],
    ["listMentions", (c) => c.listMentions("1", 0), "GET", /messages/, []],
    ["listDirect", (c) => c.listDirect("1", 0), "GET", /messages\/direct/, [404]],
    ["listSpaces", (c) => c.listSpaces({ max: 1, sortByLastActivity: false }), "GET", /rooms/, []],
    ["listWebhooks", (c) => c.listWebhooks(), "GET", /webhooks/, []],
    ["createWebhook", (c) => c.createWebhook({ ...webhook, secret: "s" }), "POST", /webhooks/, []],
    [
      "activateWebhook",
      (c) => c.activateWebhook({ ...webhook, secret: "s" }),
      "PUT",
      /webhooks\/w-1/,
      [],
    ],
    ["deleteWebhook", (c) => c.deleteWebhook("1"), "DELETE", /webhooks\/1/, [404]],
  ];
  const statuses = [400, 401, 403, 404, 409, 429, 500, 502];

  test.each(calls)("%s tells each refusal apart", async (_name, call, method, path, answers) => {
    for (const status of statuses) {
      nock(ORIGIN).intercept(path, method).reply(status, "<html></html>");
      const outcome: unknown = await call(client()).catch((error: unknown) => error);
      const refused = outcome instanceof RemoteError ? outcome.failure.status : "answered";
      expect([status, refused]).toEqual([status, answers.includes(status) ? "answered" : status]);
    }
  });
});
