import { request } from "node:http";
import type { AcceptOutcome, ReturnFromWebex } from "../../src/grants/accept-grant";
import type { GrantRefusal } from "../../src/grants/ports";
import { answerOf, type CallbackOutcome } from "../../src/http/callback-answers";
import { renderPage } from "../../src/http/callback-page";
import { readReturn } from "../../src/http/oauth-callback";
import { aGrant } from "../support/grant-builders";
import { closeServers, servePublic, type Served } from "./serving";

afterEach(closeServers);

const asked = {
  kind: "directory" as const,
  isLent: false,
  personId: "ada",
  personName: "Ada Obi",
};
const refusedFor = (refusal: GrantRefusal): AcceptOutcome => ({ kind: "refused", asked, refusal });

const outcomes: [status: number, heading: string, sentence: string, outcome: AcceptOutcome][] = [
  [200, "The directory is connected", "Thank you, Ada Obi", { kind: "granted", grant: aGrant() }],
  [
    200,
    "Your meetings are connected",
    "only for incidents that you start yourself",
    { kind: "granted", grant: aGrant({ kind: "meetings" }) },
  ],
  [
    200,
    "Your meetings are connected",
    "incidents that others start in spaces that you moderate",
    { kind: "granted", grant: aGrant({ kind: "meetings", isLent: true }) },
  ],
  [410, "This link was used already", "A link works once", { kind: "used", grant: "directory" }],
  [404, "This link is not known", "more than a day ago", { kind: "unknown" }],
  [503, "Please try again in a minute", "Your link was not used up", { kind: "not-ready" }],
  [403, "You declined", "Nothing was changed", refusedFor({ why: "cancelled" })],
  [
    502,
    "Webex did not let you through",
    "all the scopes",
    refusedFor({ why: "webex-error", error: "invalid_scope" }),
  ],
  [410, "This link is too old", "ten minutes", refusedFor({ why: "expired" })],
  [502, "The integration is not set up right", "CLIENT_SECRET", refusedFor({ why: "client" })],
  [410, "Webex does not accept this any more", "one-time code", refusedFor({ why: "code" })],
  [
    403,
    "This link is for somebody else",
    "You are signed in to Webex as Bo Alm",
    refusedFor({ why: "other-person", openedBy: "Bo Alm" }),
  ],
  [
    403,
    "You belong to another organisation",
    "is not part of it",
    refusedFor({ why: "other-organisation" }),
  ],
  [
    403,
    "Webex did not give every right",
    "<code>spark:people_read</code>, <code>spark-admin:people_read</code>",
    refusedFor({
      why: "missing-scope",
      missing: ["spark:people_read", "spark-admin:people_read"],
    }),
  ],
  [
    403,
    "Webex did not give every right",
    "is missing",
    refusedFor({ why: "missing-scope", missing: [] }),
  ],
  [403, "You are not an administrator", "Control Hub", refusedFor({ why: "not-admin" })],
  [502, "Webex did not answer", "kept nothing", refusedFor({ why: "unreachable" })],
];

function serveWith(outcome: AcceptOutcome, seen: ReturnFromWebex[] = []): Promise<Served> {
  const accept = (back: ReturnFromWebex) => {
    seen.push(back);
    return Promise.resolve(outcome);
  };
  return servePublic({ callback: { botName: () => "Muster", accept } });
}

test.each(outcomes)("%i: %s (%s)", async (status, heading, sentence, outcome) => {
  const seen: ReturnFromWebex[] = [];
  const { url } = await serveWith(outcome, seen);
  const answer = await fetch(`${url}/callback?code=the-code&state=the-state`);
  const page = await answer.text();
  expect([answer.status, /<h1>(.*)<\/h1>/.exec(page)?.[1]]).toEqual([status, heading]);
  expect(page.replaceAll(/\s+/g, " ")).toContain(sentence);
  expect(page).toMatch(/class="next">[^<]*\S/);
  expect(seen).toEqual([{ state: "the-state", code: "the-code" }]);
});

test("every outcome has a page of its own", () => {
  const all: CallbackOutcome[] = [
    ...outcomes.map(([, , , outcome]) => outcome),
    ...(["incomplete", "not-configured", "broken"] as const).map((kind) => ({ kind })),
  ];
  const pages = all.map((outcome) => renderPage(answerOf(outcome, "Muster"), "Muster"));
  expect(new Set(pages).size).toBe(all.length);
  const sentences = pages.map((page) => /<p>(.*?)<\/p>/s.exec(page)?.[1]);
  expect(new Set(sentences).size).toBe(all.length);
});

test.each(outcomes)(
  "the page is whole and asks nobody for anything (%i, %s, %s)",
  async (...row) => {
    const { url } = await serveWith(row[3]);
    const answer = await fetch(`${url}/callback?code=c&state=s`);
    const page = await answer.text();
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).toMatch(/<title>[^<]+ · Muster<\/title>/);
    expect(page).not.toMatch(/<script|https?:|url\(|@import|\son\w+=|style="/i);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    const policy = answer.headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none';style-src 'sha256-[\w+/]+=';img-src data:;/);
    expect(policy).toContain("frame-ancestors 'none'");
  },
);

const hostile = `<img src=x onerror=alert(1)> & "Bo" 'Alm'`;
const harmless = "&#60;img src=x onerror=alert(1)&#62; &#38; &#34;Bo&#34; &#39;Alm&#39;";

test.each([
  ["who opened it", refusedFor({ why: "other-person", openedBy: hostile })],
  ["the giver", { kind: "granted" as const, grant: aGrant({ personName: hostile }) }],
  ["a scope", refusedFor({ why: "missing-scope", missing: [hostile] })],
  ["an error", refusedFor({ why: "webex-error", error: hostile })],
])("the name of %s is text, whatever is in it", async (_what, outcome) => {
  const { url } = await serveWith(outcome);
  const page = await (await fetch(`${url}/callback?code=c&state=s`)).text();
  expect(page).toContain(harmless);
  expect(page).not.toContain("<img");
});

test("the bot's name is text too, in the title as well", async () => {
  const accept = () => Promise.resolve<AcceptOutcome>({ kind: "unknown" });
  const { url } = await servePublic({ callback: { botName: () => hostile, accept } });
  const page = await (await fetch(`${url}/callback?code=c&state=s`)).text();
  expect(page).toContain(`· ${harmless}</title>`);
  expect(page).not.toContain("<img");
});

test.each([
  ["nothing", ""],
  ["no state", "?code=c"],
  ["no code", "?state=s"],
  ["an empty state", "?code=c&state="],
  ["an empty code", "?code=&state=s"],
  ["two states", "?code=c&state=s&state=t"],
  ["a state that is too long", `?code=c&state=${"s".repeat(4_001)}`],
  ["an address that is too long", `?code=c&state=s&more=${"x".repeat(8_000)}`],
])("with %s the page says what is missing, and no link is used up", async (_what, query) => {
  const seen: ReturnFromWebex[] = [];
  const { url } = await serveWith({ kind: "unknown" }, seen);
  const answer = await fetch(`${url}/callback${query}`);
  expect([answer.status, await answer.text()]).toEqual([
    400,
    expect.stringContaining("Something is missing here"),
  ]);
  expect(seen).toEqual([]);
});

test.each([
  ["?state=s&error=access_denied", { state: "s", error: "access_denied" }],
  ["?state=s&error=access_denied&code=c", { state: "s", error: "access_denied" }],
  ["?code=a%2Bb%20c&state=s", { state: "s", code: "a+b c" }],
  ["?code=%E0%A4%A&state=s", { state: "s", code: "\ufffd%A" }],
  ["?code=c?d&state=s", { state: "s", code: "c?d" }],
])("%s is read as what it says", (query, back) => {
  expect(readReturn(`/callback${query}`)).toEqual(back);
});

test("who only asks whether there is a page does not use the link up", async () => {
  const seen: ReturnFromWebex[] = [];
  const { url } = await serveWith({ kind: "unknown" }, seen);
  const answer = await fetch(`${url}/callback?code=c&state=s`, { method: "HEAD" });
  expect([answer.status, seen]).toEqual([400, []]);
  expect((await fetch(`${url}/callback?code=c&state=s`, { method: "POST" })).status).toBe(404);
});

test("while nothing can be stored the link is left as it is", async () => {
  const accept = jest.fn();
  const callback = { botName: () => "Muster", accept };
  const canStore = () => Promise.resolve(false);
  const { url } = await servePublic({ callback, canStore });
  const answer = await fetch(`${url}/callback?code=c&state=s`);
  expect([answer.status, await answer.text()]).toEqual([
    503,
    expect.stringContaining("Your link was not used up"),
  ]);
  expect(accept).not.toHaveBeenCalled();
});

test("without an integration the page says that it is not set up", async () => {
  const { url } = await servePublic({ callback: { botName: () => "Muster" } });
  const answer = await fetch(`${url}/callback?code=c&state=s`);
  expect([answer.status, await answer.text()]).toEqual([
    404,
    expect.stringContaining("<code>CLIENT_ID</code>"),
  ]);
});

test("a fault of ours has a page, and a line in the log without what came with it", async () => {
  const accept = () => Promise.reject(new Error("database is locked"));
  const { url, logged } = await servePublic({ callback: { botName: () => "Muster", accept } });
  const answer = await fetch(`${url}/callback?code=secret-code&state=secret-state`);
  expect([answer.status, await answer.text()]).toEqual([
    500,
    expect.stringContaining("Something went wrong"),
  ]);
  expect(logged.map(({ level, msg }) => [level, msg])).toContainEqual([
    "error",
    "a return from Webex's page of consent failed",
  ]);
  expect(JSON.stringify(logged)).not.toMatch(/secret-/);
});

test("the log of requests has the route's pattern alone", async () => {
  const { url, logged } = await serveWith({ kind: "unknown" });
  await fetch(`${url}/callback?code=secret-code&state=secret-state`);
  expect(logged.map(({ route }) => route)).toEqual(["/callback"]);
  expect(JSON.stringify(logged)).not.toMatch(/secret-/);
});

test("an address that no browser would send is answered with a page", async () => {
  const { url } = await serveWith({ kind: "unknown" });
  const { port } = new URL(url);
  const status = await new Promise((resolve) =>
    request({ port, path: "/callback?state=%&code=%ff%fe&&&=" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end(),
  );
  expect(status).toBe(404);
});
