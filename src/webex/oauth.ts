import { z } from "zod";
import type { IssuedTokens } from "../grants/grant";
import type { OAuth } from "../grants/ports";
import { type Answer, parseJson, read } from "./answer";
import { readWhole, Transport, type TransportOptions } from "./transport";

/** Far beyond any that Webex gives; what is longer is a mistake, or no date any more. */
const LONGEST_LIFE_SECONDS = 10 * 365 * 24 * 60 * 60;

export interface OAuthOptions extends TransportOptions {
  /** Such as `https://webexapis.com/v1`. */
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

/** It goes into a header. */
const token = z.string().regex(/^[\x21-\x7e]{1,8192}$/);
const seconds = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.number().nonnegative().max(LONGEST_LIFE_SECONDS));

const issued = z.object({
  access_token: token,
  expires_in: seconds,
  refresh_token: token.nullish(),
  refresh_token_expires_in: seconds.nullish(),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .nullish(),
  scope: z.string().max(8_192).nullish(),
});
type Issued = z.infer<typeof issued>;

const firstIssued = issued.extend({ refresh_token: token });

/** RFC 6749 (5.2) has `error`, Webex's other refusals have `message`: both are seen here. */
const refusal = z
  .object({ error: z.string().nullish().catch(null), message: z.string().nullish().catch(null) })
  .refine(({ error, message }) => typeof (error ?? message) === "string");
const clientErrors: readonly unknown[] = ["invalid_client", "unauthorized_client"];
/** Where no code tells, words have to: a wrong secret must not look like the end of every grant. */
const clientWords =
  /\b(invalid|unauthori[sz]ed)[ _]client\b|\bclient[ _]?(id|secret|authentication|credentials)\b/i;

/**
 * Webex's OAuth end points, for one integration. Every call ends within the time-out and fails with
 * a `RemoteError` only; its code is "oauth-client" or "oauth-grant" where Webex hands out no tokens
 * (see `oauthRefusalOf`). Nothing of what is sent or answered gets into an error or a log line.
 */
export function createOAuth(options: OAuthOptions): OAuth {
  const ask = asking(options);
  const { redirectUri } = options;

  return {
    authorizeUrl: (wish) => authorizeUrl(options, wish),

    exchange: async (code, verifier) => {
      const now = options.clock.now();
      const answer = await ask({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      });
      const body = read(answer, firstIssued);
      return toTokens(body, body.refresh_token, now);
    },

    renew: async (refreshToken) => {
      const now = options.clock.now();
      const answer = await ask({ grant_type: "refresh_token", refresh_token: refreshToken });
      const body = read(answer, issued);
      return toTokens(body, body.refresh_token ?? refreshToken, now);
    },
  };
}

function authorizeUrl(
  { apiUrl, clientId, redirectUri }: OAuthOptions,
  { challenge, scopes, state }: Parameters<OAuth["authorizeUrl"]>[0],
): string {
  const fields = query({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(" "),
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  return `${withoutSlash(apiUrl)}/authorize?${fields}`;
}

/** Asks for tokens, with the integration's own credentials. */
function asking(
  options: OAuthOptions,
): (fields: Readonly<Record<string, string>>) => Promise<Answer> {
  const { apiUrl, clientId, clientSecret } = options;
  const transport = new Transport(options);
  const url = new URL(`${withoutSlash(apiUrl)}/access_token`);
  const headers = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
  };
  return (fields) => {
    const all = { ...fields, client_id: clientId, client_secret: clientSecret };
    const body = new URLSearchParams(all).toString();
    return transport.ask({ method: "POST", url, headers, body, codeOf }, readWhole);
  };
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}

/** Spaces as %20, which every reader of an address takes for one. */
function query(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

/** Lives count from `now`, when they were asked for: rather too short than too long. */
function toTokens(body: Issued, refresh: string, now: number): IssuedTokens {
  const refreshLife = body.refresh_token_expires_in ?? undefined;
  const scopes = body.scope?.split(/[\s,]+/).filter((scope) => scope !== "") ?? [];
  return {
    access: body.access_token,
    refresh,
    accessExpiresAt: now + inMs(body.expires_in),
    ...(refreshLife === undefined ? {} : { refreshExpiresAt: now + inMs(refreshLife) }),
    ...(scopes.length === 0 ? {} : { scopes }),
  };
}

function inMs(seconds: number): number {
  return Math.floor(seconds * 1_000);
}

/** What a gateway's page says with these statuses is not Webex's word on anything. */
function codeOf(status: number, body: string): string | undefined {
  if (status !== 400 && status !== 401) return undefined;
  const parsed = refusal.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { error } = parsed.data;
  const isClient =
    clientErrors.includes(error) || (error !== "invalid_grant" && clientWords.test(body));
  return isClient ? "oauth-client" : "oauth-grant";
}
