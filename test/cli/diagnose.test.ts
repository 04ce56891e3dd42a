import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { diagnose } from "../../src/cli/diagnose";
import type { CheckResult } from "../../src/cli/checks";
import type { Env } from "../../src/config";
import { webhookName } from "../../src/webex/registrar";
import { token, withConnect } from "../config/settings";

type Answers = Record<string, [status: number, body: unknown]>;

let server: Server;
let url = "";
let answers: Answers = {};

beforeEach(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://x").pathname;
    const [status, body] = answers[path] ?? [404, { message: "nothing here" }];
    response.statusCode = status;
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answers = wellAnswers();
});

afterEach(async () => {
  server.close();
  await once(server, "close");
});

function wellAnswers(): Answers {
  const targetUrl = `${url}/webhooks/webex`;
  const webhook = { name: webhookName(targetUrl), targetUrl, status: "active" };
  return {
    "/v1/people/me": [200, { type: "bot", displayName: "Muster", orgId: "org-1" }],
    "/v1/rooms/ops": [200, { title: "Operators" }],
    "/v1/webhooks": [
      200,
      {
        items: [
          { ...webhook, resource: "all", event: "all" },
          { ...webhook, resource: "attachmentActions", event: "created" },
        ],
      },
    ],
    "/healthz": [200, "ok\n"],
  };
}

async function examine(
  env: Env = {},
  checkDatabase = (): Promise<CheckResult> => Promise.resolve({ ok: true }),
) {
  const lines: string[] = [];
  const isWell = await diagnose({
    env: {
      ...withConnect,
      WEBEX_API_URL: `${url}/v1`,
      IMI_API_URL: url,
      PUBLIC_URL: url,
      OPERATORS_SPACE: "ops",
      SMS_ORIGIN: "+15550100",
      VOICE_ORIGIN: "+15550100",
      ...env,
    },
    write: (line) => lines.push(line),
    checkDatabase,
  });
  return { isWell, lines };
}

test("ticks everything when all is well", async () => {
  const { isWell, lines } = await examine();
  expect(lines).toEqual([
    "✓ configuration",
    "✓ database",
    "✓ bot token: Muster",
    "✓ organisation: the bot's own, org-1",
    "✓ operators",
    "✓ webhooks",
    `✓ public address: ${url}`,
    "✓ Webex Connect",
  ]);
  expect(isWell).toBe(true);
});

test("lists every problem of the configuration and asks nobody", async () => {
  const { isWell, lines } = await examine({ PORT: "x", WEBHOOK_SECRET: "short" });
  expect(isWell).toBe(false);
  expect(lines).toEqual([
    "✗ configuration",
    expect.stringContaining("PORT must be a whole number"),
    expect.stringContaining("WEBHOOK_SECRET must have 16 characters"),
  ]);
});

test.each<[string, Answers, RegExp]>([
  ["a token that Webex refuses", { "/v1/people/me": [401, {}] }, /^✗ bot token: .*WEBEX_BOT_TOKEN/],
  [
    "a person's token",
    { "/v1/people/me": [200, { type: "person", displayName: "Ana", orgId: "o" }] },
    /^✗ bot token: .*use the token of a bot/,
  ],
  ["a Webex that is away", { "/v1/people/me": [503, "<html>"] }, /^✗ bot token: .*503/],
  [
    "a space that the bot is not in",
    { "/v1/rooms/ops": [404, {}] },
    /^✗ operators: .*OPERATORS_SPACE/,
  ],
  [
    "webhooks that are missing",
    { "/v1/webhooks": [200, { items: [] }] },
    /^✗ webhooks: .*all\/all/,
  ],
  ["an address that leads elsewhere", { "/healthz": [200, "welcome"] }, /^✗ public address: /],
  ["an address that nobody serves", { "/healthz": [502, ""] }, /^✗ public address: .*5500/],
])("says what to do about %s, and goes on", async (_what, wrong, expected) => {
  Object.assign(answers, wrong);
  const { isWell, lines } = await examine();
  expect(isWell).toBe(false);
  expect(lines).toContainEqual(expect.stringMatching(expected));
  expect(lines).toContain("✓ Webex Connect");
});

test("says where to look when nothing of Webex answers", async () => {
  const { lines } = await examine({ WEBEX_API_URL: "http://127.0.0.1:9/v1" });
  expect(lines).toContainEqual(expect.stringMatching(/^✗ bot token: .*set HTTPS_PROXY$/));
  expect(lines).toContainEqual(expect.stringMatching(/^✗ webhooks: .*set HTTPS_PROXY$/));
});

test("tells which webhook is inactive", async () => {
  const [, body] = answers["/v1/webhooks"]!;
  (body as { items: { status: string }[] }).items[1]!.status = "inactive";
  const { lines } = await examine();
  expect(lines).toContainEqual(
    expect.stringMatching(/^✗ webhooks: not active: attachmentActions\/created/),
  );
});

test("refuses a key that Webex Connect does not know", async () => {
  const unknownId = "00000000-0000-0000-0000-000000000000";
  answers[`/v1/sms/messages/${unknownId}`] = [403, { code: "7001", message: "no" }];
  const { lines } = await examine();
  expect(lines).toContainEqual(expect.stringMatching(/^✗ Webex Connect: .*IMI_SERVICE_KEY/));
});

test("finds phones that are off, or a foreign organisation, worth a word but well", async () => {
  const off = { IMI_SERVICE_KEY: undefined, OPERATORS_SPACE: undefined, HOME_ORG_ID: "org-2" };
  const { isWell, lines } = await examine(off as unknown as Env);
  expect(isWell).toBe(true);
  expect(lines).toContainEqual(expect.stringMatching(/^✓ Webex Connect: off/));
  expect(lines).toContainEqual(expect.stringMatching(/^✓ operators: none/));
  expect(lines).toContainEqual(expect.stringMatching(/^✓ organisation: HOME_ORG_ID/));
});

test("says that Webex cannot reach this computer", async () => {
  const { lines } = await examine({ WEBEX_API_URL: "https://webexapis.invalid/v1" });
  expect(lines).toContainEqual(expect.stringMatching(/^✗ public address: .*PUBLIC_URL/));
});

test("a check that throws has failed, with its reason and without the secrets in it", async () => {
  const { isWell, lines } = await examine({}, () => Promise.reject(new Error(`no ${token}`)));
  expect(isWell).toBe(false);
  expect(lines).toContainEqual("✗ database: no [redacted]");
});
