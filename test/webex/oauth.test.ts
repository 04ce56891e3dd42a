import nock from "nock";
import { oauthRefusalOf } from "../../src/grants/oauth-refusal";
import type { OAuth } from "../../src/grants/ports";
import { proxied } from "../../src/outgoing";
import type { Config } from "../../src/config/model";
import { createOAuth, type OAuthOptions } from "../../src/webex/oauth";
import { ManualClock } from "../support/manual-clock";
import { brokenBodies, documentedRefusals, refusalBodies } from "./documented";
import { failureOf, ORIGIN, quietLog, startServer } from "./fixtures";

const NOW = Date.UTC(2026, 0, 5, 3, 0, 0);
const clock = new ManualClock(NOW);

const secret = {
  clientSecret: "the+client&secret",
  code: "the/code=1",
  verifier: "the~verifier",
  refresh: "the.old.refresh.token",
  access: "the.new.access.token",
  nextRefresh: "the.new.refresh.token",
};

function anOAuth(overrides: Partial<OAuthOptions> = {}): OAuth {
  return createOAuth({
    apiUrl: `${ORIGIN}/v1`,
    clientId: "C-1",
    clientSecret: secret.clientSecret,
    redirectUri: "https://muster.example/callback",
    clock,
    log: quietLog,
    ...overrides,
  });
}

const calls: readonly (readonly [string, (oauth: OAuth) => Promise<unknown>])[] = [
  ["an exchange", (oauth) => oauth.exchange(secret.code, secret.verifier)],
  ["a renewal", (oauth) => oauth.renew(secret.refresh)],
];

const tokens = {
  access_token: secret.access,
  expires_in: 1_209_599,
  refresh_token: secret.nextRefresh,
  refresh_token_expires_in: 7_775_999,
  token_type: "Bearer",
  scope: "spark:people_read spark-admin:people_read",
};

const end = () => nock(ORIGIN).post("/v1/access_token");

describe("the link to Webex's page of consent", () => {
  const wish = {
    state: "s&t=1",
    scopes: ["spark:people_read", "spark-admin:people_read"],
    challenge: "c-1",
  };

  test("holds what RFC 6749 and 7636 ask for, spaces as %20", () => {
    expect(anOAuth().authorizeUrl(wish)).toBe(
      `${ORIGIN}/v1/authorize?response_type=code&client_id=C-1` +
        "&redirect_uri=https%3A%2F%2Fmuster.example%2Fcallback" +
        "&scope=spark%3Apeople_read%20spark-admin%3Apeople_read&state=s%26t%3D1" +
        "&code_challenge=c-1&code_challenge_method=S256",
    );
  });

  test("is below the API's address, with or without a slash at its end", () => {
    const oauth = anOAuth({ apiUrl: "http://127.0.0.1:1/v1/" });
    expect(oauth.authorizeUrl(wish)).toMatch(/^http:\/\/127\.0\.0\.1:1\/v1\/authorize\?/);
  });
});

describe("what is sent to get tokens", () => {
  const reqheaders = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
    trackingid: /^muster_[0-9a-f-]{36}$/,
  };

  async function sent(call: (oauth: OAuth) => Promise<unknown>): Promise<unknown> {
    let body: unknown;
    nock(ORIGIN, { reqheaders, badheaders: ["authorization"] })
      .post("/v1/access_token")
      .reply(200, (_uri, asked) => {
        body = asked;
        return tokens;
      });
    await call(anOAuth());
    return body;
  }

  test("for a code is a form with the verifier and the client's secret", async () => {
    expect(await sent((oauth) => oauth.exchange(secret.code, secret.verifier))).toBe(
      "grant_type=authorization_code&code=the%2Fcode%3D1" +
        "&redirect_uri=https%3A%2F%2Fmuster.example%2Fcallback&code_verifier=the%7Everifier" +
        "&client_id=C-1&client_secret=the%2Bclient%26secret",
    );
  });

  test("for a refresh token is a form with the client's secret", async () => {
    expect(await sent((oauth) => oauth.renew(secret.refresh))).toBe(
      "grant_type=refresh_token&refresh_token=the.old.refresh.token" +
        "&client_id=C-1&client_secret=the%2Bclient%26secret",
    );
  });

  test("goes through the fetch that is given, a proxy's for one", async () => {
    const server = await startServer((request, response) => {
      void request.toArray().then(() => response.end(JSON.stringify(tokens)));
    });
    const oauth = anOAuth({ apiUrl: server.url, fetch: proxied({} as Config) });
    expect(await oauth.renew(secret.refresh)).toMatchObject({ access: secret.access });
    await server.close();
  });
});

describe("an answer with tokens", () => {
  const issued = {
    access: secret.access,
    refresh: secret.nextRefresh,
    accessExpiresAt: NOW + 1_209_599_000,
    refreshExpiresAt: NOW + 7_775_999_000,
    scopes: ["spark:people_read", "spark-admin:people_read"],
  };

  test.each(calls)("to %s is taken with the numbers that it gives", async (_name, call) => {
    end().reply(200, tokens);
    expect(await call(anOAuth())).toEqual(issued);
  });

  test.each([
    [43_199, NOW + 43_199_000],
    ["43199", NOW + 43_199_000],
    [0, NOW],
    [1.9999, NOW + 1_999],
  ])("that lives for %j seconds ends at %i", async (expires_in, accessExpiresAt) => {
    end().reply(200, { ...tokens, expires_in });
    expect(await anOAuth().renew(secret.refresh)).toMatchObject({ accessExpiresAt });
  });

  test("lives from when it was asked for", async () => {
    const moving = new ManualClock(NOW);
    end().reply(200, async () => {
      await moving.advance(5_000);
      return tokens;
    });
    expect(await anOAuth({ clock: moving }).renew(secret.refresh)).toEqual(issued);
  });

  test.each([
    ["a renewal", (oauth: OAuth) => oauth.renew(secret.refresh)],
    ["an exchange", (oauth: OAuth) => oauth.exchange(secret.code, secret.verifier)],
  ])("to %s need not name scopes, nor the end of the refresh token", async (_name, call) => {
    const { access_token, expires_in, refresh_token } = tokens;
    end().reply(200, { access_token, expires_in, refresh_token });
    const { access, refresh, accessExpiresAt } = issued;
    expect(await call(anOAuth())).toEqual({ access, refresh, accessExpiresAt });
  });

  test.each([[null], [""], ["  "]])("with the scopes %j names none", async (scope) => {
    end().reply(200, { ...tokens, scope });
    expect(await anOAuth().renew(secret.refresh)).not.toHaveProperty("scopes");
  });

  test.each([[undefined], [null]])(
    "to a renewal with the refresh token %j leaves the old one in use",
    async (refresh_token) => {
      end().reply(200, { ...tokens, refresh_token });
      const renewed = await anOAuth().renew(secret.refresh);
      expect(renewed).toEqual({ ...issued, refresh: secret.refresh });
    },
  );

  test("to an exchange must have a refresh token", async () => {
    end().reply(200, { ...tokens, refresh_token: undefined });
    const failure = await failureOf(anOAuth().exchange(secret.code, secret.verifier));
    expect(failure.message).toBe(
      "Webex answered POST /v1/access_token in an unexpected shape (refresh_token)",
    );
  });
});

describe.each(calls)("an answer to %s", (_name, call) => {
  test.each(brokenBodies)("that is %s is no token", async (_what, body) => {
    end().reply(200, body);
    const failure = await failureOf(call(anOAuth()));
    expect(failure).toMatchObject({ status: 200, retryable: false, unclear: true });
    expect(failure).not.toHaveProperty("code");
    expect(failure.message).toBe(
      "Webex answered POST /v1/access_token in an unexpected shape (body)",
    );
  });

  test.each([
    ["access_token", undefined],
    ["access_token", ""],
    ["access_token", 7],
    ["access_token", "two\r\nlines"],
    ["access_token", "ñ"],
    ["access_token", "x".repeat(8_193)],
    ["expires_in", undefined],
    ["expires_in", -1],
    ["expires_in", "soon"],
    ["expires_in", null],
    ["expires_in", 1e12],
    ["refresh_token", 7],
    ["refresh_token", ""],
    ["refresh_token_expires_in", "never"],
    ["refresh_token_expires_in", -1],
    ["token_type", "mac"],
    ["scope", ["spark:all"]],
  ])("whose %s is %j is no token", async (field, value) => {
    end().reply(200, { ...tokens, [field]: value });
    const failure = await failureOf(call(anOAuth()));
    expect(failure).toMatchObject({ status: 200, retryable: false, unclear: true });
    expect(failure.message).toBe(
      `Webex answered POST /v1/access_token in an unexpected shape (${field})`,
    );
  });
});

describe.each(calls)("%s that Webex refuses", (_name, call) => {
  test.each(documentedRefusals)("with $name", async ({ status, body, headers, expected }) => {
    end().reply(status, body, headers);
    const failure = await failureOf(call(anOAuth()));
    expect(failure).toMatchObject({ service: "webex", status, ...expected });
    const isRefusal = status === 400 || status === 401;
    expect(failure.code).toBe(isRefusal ? "oauth-grant" : undefined);
    expect(failure.message).toBe(`Webex answered ${status} to POST /v1/access_token`);
  });

  test("with a redirection is not sent on", async () => {
    end().reply(302, "", { location: "https://elsewhere.example/" });
    expect(await failureOf(call(anOAuth()))).toMatchObject({ status: 302, retryable: false });
  });

  test("with silence ends with the time-out", async () => {
    const server = await startServer(() => undefined);
    const failure = await failureOf(call(anOAuth({ apiUrl: server.url, timeoutMs: 50 })));
    expect(failure).toMatchObject({ retryable: true, unclear: true });
    expect(failure.message).toBe("No answer from Webex to POST /v1/access_token (time-out)");
    await server.close();
  });

  test("with a body that never ends does too", async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200);
      response.write('{"access_token":');
    });
    const failure = await failureOf(call(anOAuth({ apiUrl: server.url, timeoutMs: 50 })));
    expect(failure).toMatchObject({ retryable: true, unclear: true });
    await server.close();
  });

  test("with a reset may be asked again", async () => {
    const server = await startServer((request) => request.socket.destroy());
    const failure = await failureOf(call(anOAuth({ apiUrl: server.url })));
    expect(failure).toMatchObject({ retryable: true, unclear: true });
    await server.close();
  });
});

describe("who is to blame for a refusal", () => {
  const inWords = (message: string): object => ({
    message,
    errors: [{ description: message }],
    trackingId: "ROUTER_1",
  });

  const table: [number, object | string, "client" | "grant" | undefined][] = [
    [401, { error: "invalid_client" }, "client"],
    [400, { error: "invalid_client", error_description: "No." }, "client"],
    [400, { error: "unauthorized_client" }, "client"],
    [400, { error: "invalid_grant" }, "grant"],
    [401, { error: "invalid_grant" }, "grant"],
    [400, { error: "invalid_grant", error_description: "Issued to another client_id." }, "grant"],
    [400, refusalBodies.oauth, "grant"],
    [400, { error: "unsupported_grant_type" }, "grant"],
    [400, inWords("The refresh token provided is expired or revoked."), "grant"],
    [401, inWords("The authorization code is invalid."), "grant"],
    [401, inWords("Client authentication failed."), "client"],
    [400, inWords("invalid_client"), "client"],
    [401, inWords("The client credentials are invalid."), "client"],
    [400, { message: "Bad request", errors: [{ description: "Unknown client_id" }] }, "client"],
    [401, { error: "Unauthorized", message: "Invalid client secret" }, "client"],
    [400, { error: { key: 7 }, message: "No." }, "grant"],
    [400, { error: null, message: "No." }, "grant"],
    [400, "<html>invalid_client</html>", undefined],
    [401, "", undefined],
    [400, {}, undefined],
    [400, { error: 7 }, undefined],
    [400, "[]", undefined],
    [403, { error: "invalid_client" }, undefined],
    [429, { error: "invalid_grant" }, undefined],
    [500, { error: "invalid_grant" }, undefined],
    [503, inWords("invalid_client"), undefined],
  ];

  test.each(table)("with %i and %j is the %s", async (status, body, expected) => {
    end().reply(status, body);
    const error: unknown = await anOAuth()
      .renew(secret.refresh)
      .catch((reason: unknown) => reason);
    expect(oauthRefusalOf(error)).toBe(expected);
  });

  test.each([[new Error("oauth-client")], [undefined], ["oauth-grant"]])(
    "is nobody where it is %p",
    (error) => {
      expect(oauthRefusalOf(error)).toBeUndefined();
    },
  );
});

test("no token, code or secret is in an error or a log line, whatever comes back", async () => {
  const written: string[] = [];
  const note = (fields: object, msg: string): void => {
    written.push(JSON.stringify(fields), msg);
  };
  const everything = JSON.stringify(Object.values(secret));
  const echoes: [number, object | string][] = [
    [200, tokens],
    [200, everything],
    [200, { ...tokens, expires_in: secret.access }],
    [200, { ...tokens, access_token: `${secret.access}\n` }],
    [400, { error: "invalid_grant", error_description: everything }],
    [401, { error: everything, message: everything }],
    [400, { message: everything, errors: [{ description: everything }] }],
    [500, everything],
    [502, `<html>${everything}</html>`],
  ];
  for (const [status, body] of echoes)
    for (const [, call] of calls) {
      end().reply(status, body);
      const oauth = anOAuth({ log: { debug: note, warn: note } });
      await call(oauth).catch((error: unknown) => keep(error));
    }
  const quoting = (): Promise<never> =>
    Promise.reject(new TypeError(everything, { cause: new Error(everything) }));
  for (const [, call] of calls) {
    const oauth = anOAuth({ log: { debug: note, warn: note }, fetch: quoting });
    await call(oauth).catch((error: unknown) => keep(error));
  }
  expect(written.filter((line) => line === "Webex call")).toHaveLength(20);
  for (const value of Object.values(secret)) {
    expect(written.join("\n")).not.toContain(value);
    expect(written.join("\n")).not.toContain(encodeURIComponent(value));
  }

  function keep(error: unknown): void {
    if (!(error instanceof Error)) throw new Error("no error was thrown");
    written.push(error.message, error.stack ?? "", JSON.stringify(error), String(error.cause));
  }
});
