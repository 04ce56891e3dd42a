import { askTokens, linkTo, startOAuth, VERIFIER, type Callback } from "./oauth-fixture";
import { request, type Answer, type Webex } from "./webex-fixture";

let webex: Webex;
let callback: Callback;
beforeEach(async () => {
  ({ webex, callback } = await startOAuth());
});
afterEach(() => webex.close());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The code that Ana's agreement sends back. */
async function codeFor(wish: Record<string, string | undefined> = {}): Promise<string> {
  const { location = "" } = await webex.world.consent(
    linkTo(webex, callback.url, wish),
    webex.ana,
    "accept",
  );
  return new URL(location).searchParams.get("code") ?? "";
}

async function exchange(code: string, wish: Record<string, string> = {}): Promise<Answer> {
  return askTokens(webex, {
    ...{ grant_type: "authorization_code", code, redirect_uri: callback.url },
    ...{ code_verifier: VERIFIER, ...wish },
  });
}

const renew = (refresh: unknown) =>
  askTokens(webex, { grant_type: "refresh_token", refresh_token: String(refresh) });

const whoIs = (access: unknown) =>
  request(`${webex.origin}/v1/people/me`, "GET", undefined, {
    authorization: `Bearer ${String(access)}`,
  });

describe("the page that asks for agreement", () => {
  it("says who asks for what and lets the person choose who they are", async () => {
    const page = await fetch(linkTo(webex, callback.url));
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await page.text();
    for (const part of ["Muster", "spark-admin:people_read", "Ana Silva", "Accept", "Deny"])
      expect(html).toContain(part);
    expect(html).not.toContain(`value="${webex.bot.email}"`);
  });

  it("shows what is asked for as text", async () => {
    const page = await fetch(linkTo(webex, callback.url, { state: '"><script>' }));
    expect(await page.text()).not.toContain("<script>");
  });

  it("sends the browser back with a code and the state", async () => {
    const { status, html, location } = await webex.world.consent(
      linkTo(webex, callback.url),
      "Ana Silva",
      "accept",
    );
    expect([status, html]).toEqual([201, "<p>Thank you</p>"]);
    expect(location).toMatch(`${callback.url}?code=`);
    expect(callback.visits).toHaveLength(1);
    expect(callback.visits[0]?.searchParams.get("state")).toBe("a state");
  });

  it("sends the browser back with a refusal", async () => {
    await webex.world.consent(linkTo(webex, callback.url), webex.ana, "deny");
    expect(callback.visits.map(({ search }) => search)).toEqual([
      "?error=access_denied&state=a+state",
    ]);
  });

  it("takes the decision as parameters of its address, too", async () => {
    const link = `${linkTo(webex, callback.url)}&person=${webex.ana.email}&decision=accept`;
    const answer = await fetch(link, { redirect: "manual" });
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toMatch(/\?code=[\w-]+&state=a\+state$/);
  });

  it.each([
    ["another integration", { client_id: "C1" }],
    ["no integration", { client_id: undefined }],
    ["an address that is not registered", { redirect_uri: "https://evil.example/callback" }],
    ["another path", { redirect_uri: "http://127.0.0.1:5500/else" }],
    ["no address", { redirect_uri: undefined }],
  ])("sends nobody anywhere for %s", async (_what, wish) => {
    const link = linkTo(webex, callback.url, wish);
    const { status, location } = await webex.world.consent(link, webex.ana, "accept");
    expect([status, location]).toEqual([400, undefined]);
  });

  it("signs nobody in who is not a person", async () => {
    const { status, location } = await webex.world.consent(
      linkTo(webex, callback.url),
      webex.bot,
      "accept",
    );
    expect([status, location]).toEqual([400, undefined]);
  });

  it.each([
    ["unsupported_response_type", { response_type: "token" }],
    ["invalid_scope", { scope: "spark:people_read spark-admin:everything" }],
    ["invalid_scope", { scope: undefined }],
    ["invalid_request", { code_challenge_method: "plain" }],
    ["invalid_request", { code_challenge_method: undefined }],
    ["invalid_request", { code_challenge: undefined }],
  ])("sends the browser back with %s for %j", async (error, wish) => {
    await webex.world.consent(linkTo(webex, callback.url, wish), webex.ana, "accept");
    const [visit] = callback.visits;
    expect(Object.fromEntries(visit?.searchParams ?? [])).toEqual({ error, state: "a state" });
  });

  it("takes the addresses that are registered, and others only where that is told", async () => {
    const { integration } = webex.world.oauth;
    integration.redirectUris.push("https://bot.example/callback");
    const there = linkTo(webex, "https://bot.example/callback");
    expect((await fetch(there, { redirect: "manual" })).status).toBe(200);
    integration.takesLoopback = false;
    expect((await fetch(linkTo(webex, callback.url), { redirect: "manual" })).status).toBe(400);
  });

  it("is found only where Webex is", async () => {
    const elsewhere = webex.world.consent(callback.url, webex.ana, "accept");
    await expect(elsewhere).rejects.toThrow("is not where Webex asks for agreement");
  });
});

describe("a code", () => {
  it("is exchanged for tokens as Webex describes them", async () => {
    const { status, body } = await exchange(await codeFor());
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String) as string,
      expires_in: 1_209_599,
      refresh_token: expect.any(String) as string,
      refresh_token_expires_in: 7_775_999,
      token_type: "Bearer",
      scope: "spark:people_read spark-admin:people_read",
    });
    expect((await whoIs(body.access_token)).body.id).toBe(webex.ana.id);
  });

  it("works once", async () => {
    const code = await codeFor();
    expect((await exchange(code)).status).toBe(200);
    expect((await exchange(code)).status).toBe(400);
  });

  it("works for five minutes", async () => {
    const [early, late] = [await codeFor(), await codeFor()];
    await webex.clock.advance(5 * 60_000 - 1);
    expect((await exchange(early)).status).toBe(200);
    await webex.clock.advance(1);
    expect((await exchange(late)).status).toBe(400);
  });

  it.each([
    ["another verifier", { code_verifier: `${VERIFIER}2` }, 400],
    ["no verifier", { code_verifier: "" }, 400],
    ["another address", { redirect_uri: "http://127.0.0.1:1/callback" }, 400],
    ["a wrong secret", { client_secret: "wrong" }, 401],
    ["another integration", { client_id: "C1" }, 401],
    ["another kind of exchange", { grant_type: "password" }, 400],
  ])("is worth nothing with %s", async (_what, wish, status) => {
    const answer = await exchange(await codeFor(), wish);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      message: expect.any(String) as string,
      errors: [{ description: answer.body.message }],
      trackingId: answer.headers.get("trackingid"),
    });
  });

  it("needs no verifier where none was announced", async () => {
    const plain = { code_challenge: undefined, code_challenge_method: undefined };
    const code = await codeFor(plain);
    expect((await exchange(code, { code_verifier: "" })).status).toBe(200);
  });

  it("is not taken as JSON", async () => {
    const answer = await request(`${webex.origin}/v1/access_token`, "POST", { code: "x" });
    expect(answer.status).toBe(415);
  });

  it("is refused in OAuth's own words where that is chosen", async () => {
    Object.assign(webex.world.oauth.settings, {
      ...{ errorStyle: "oauth", badGrantStatus: 401, badClientStatus: 400 },
    });
    const grant = await exchange("never given");
    expect(grant.status).toBe(401);
    expect(grant.body).toEqual({
      error: "invalid_grant",
      error_description: expect.any(String) as string,
    });
    const client = await exchange("never given", { client_secret: "wrong" });
    expect([client.status, client.body.error]).toEqual([400, "invalid_client"]);
  });

  it("brings fewer rights than were asked for, and may not say which", async () => {
    Object.assign(webex.world.oauth.settings, {
      ...{ givenScopes: ["spark:people_read"], namesScopes: false },
    });
    const { body } = await exchange(await codeFor());
    expect(body).not.toHaveProperty("scope");
    const authorization = `Bearer ${String(body.access_token)}`;
    const all = await request(`${webex.origin}/v1/people`, "GET", undefined, { authorization });
    expect(all.status).toBe(400);
  });
});

describe("an access token", () => {
  it("ends when its time is over", async () => {
    const { body } = await exchange(await codeFor());
    await webex.clock.advance(1_209_599_000 - 1);
    expect((await whoIs(body.access_token)).status).toBe(200);
    await webex.clock.advance(1);
    expect((await whoIs(body.access_token)).status).toBe(401);
  });

  it("lives as long as the sandbox is told", async () => {
    Object.assign(webex.world.oauth.settings, {
      ...{ accessTokenSeconds: 43_199, refreshTokenSeconds: 5_097_600 },
    });
    const { body } = await exchange(await codeFor());
    expect(body).toMatchObject({ expires_in: 43_199, refresh_token_expires_in: 5_097_600 });
    await webex.clock.advance(12 * HOUR);
    expect((await whoIs(body.access_token)).status).toBe(401);
    const renewed = await renew(body.refresh_token);
    expect(renewed.body.access_token).not.toBe(body.access_token);
  });

  it("ends when the person withdraws, and cannot be renewed", async () => {
    const { body } = await exchange(await codeFor());
    webex.world.revokeGrant(webex.ana);
    expect((await whoIs(body.access_token)).status).toBe(401);
    expect((await renew(body.refresh_token)).status).toBe(400);
    expect((await webex.call(webex.ana, "GET", "/people/me")).status).toBe(200);
  });
});

describe("a refresh token", () => {
  it("brings the same tokens within a day and new ones later", async () => {
    const first = (await exchange(await codeFor())).body;
    await webex.clock.advance(DAY - 1);
    const again = (await renew(first.refresh_token)).body;
    expect(again.access_token).toBe(first.access_token);
    expect(again.expires_in).toBe(1_209_599 - 86_400);
    await webex.clock.advance(1);
    const second = (await renew(first.refresh_token)).body;
    expect(second.access_token).not.toBe(first.access_token);
    expect(second).toMatchObject({ expires_in: 1_209_599, refresh_token: first.refresh_token });
    expect((await whoIs(second.access_token)).body.id).toBe(webex.ana.id);
  });

  it("lives on while it is used, and no longer than 90 days without", async () => {
    const { refresh_token } = (await exchange(await codeFor())).body;
    await webex.clock.advance(80 * DAY);
    expect((await renew(refresh_token)).status).toBe(200);
    await webex.clock.advance(80 * DAY);
    expect((await renew(refresh_token)).status).toBe(200);
    await webex.clock.advance(90 * DAY);
    expect((await renew(refresh_token)).status).toBe(400);
  });

  it("is replaced where the sandbox is told so", async () => {
    webex.world.oauth.settings.changesRefreshToken = true;
    const { refresh_token: old } = (await exchange(await codeFor())).body;
    await webex.clock.advance(DAY);
    const { refresh_token: next } = (await renew(old)).body;
    expect(next).not.toBe(old);
    expect((await renew(old)).status).toBe(400);
    expect((await renew(next)).status).toBe(200);
  });

  it.each(["", "never given"])("like %j is refused", async (token) => {
    expect((await renew(token)).status).toBe(400);
  });
});
