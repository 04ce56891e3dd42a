import { createHash, randomBytes } from "node:crypto";
import { uuidOf } from "../ids";
import type { SandboxPerson } from "../model";
import type { WorldState } from "../world-state";

/** An application that is registered at Webex to act for people who agree. */
export interface Integration {
  name: string;
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
  /** Whether `/callback` of this computer counts as registered on whatever port it is. */
  takesLoopback: boolean;
  scopes: string[];
}

/** What Webex may do so or so; see `defaultOAuthSettings`. */
export interface OAuthSettings {
  accessTokenSeconds: number;
  refreshTokenSeconds: number;
  codeLifeMs: number;
  /** A token is not exchanged for another one before. */
  sameTokensMs: number;
  /** A renewal gives another refresh token too, and the old one is worth nothing any more. */
  changesRefreshToken: boolean;
  /** Answers name the scopes that were given. */
  namesScopes: boolean;
  /** Given instead of what was asked for. */
  givenScopes: string[] | undefined;
  /** oauth: {error, error_description}; webex: {message, errors, trackingId}. */
  errorStyle: "oauth" | "webex";
  /** For a code or a refresh token that is worth nothing. */
  badGrantStatus: 400 | 401;
  badClientStatus: 400 | 401;
}

export function defaultOAuthSettings(): OAuthSettings {
  return {
    accessTokenSeconds: 1_209_599,
    refreshTokenSeconds: 7_775_999,
    codeLifeMs: 5 * 60_000,
    sameTokensMs: 24 * 3_600_000,
    changesRefreshToken: false,
    namesScopes: true,
    givenScopes: undefined,
    errorStyle: "webex",
    badGrantStatus: 400,
    badClientStatus: 401,
  };
}

/** What a person agreed to, until the integration comes for its tokens. */
interface Code {
  personId: string;
  clientId: string;
  redirectUri: string;
  scopes: string[];
  challenge: string | undefined;
  expiresAt: number;
}

interface Grant {
  personId: string;
  scopes: string[];
  access: string;
  accessExpiresAt: number;
  refresh: string;
  refreshExpiresAt: number;
  issuedAt: number;
}

/** As in OAuth, whichever words Webex answers it with. */
export type OAuthProblem =
  "invalid_client" | "invalid_grant" | "invalid_request" | "unsupported_grant_type";

export class OAuthError extends Error {
  override readonly name = "OAuthError";

  constructor(
    readonly problem: OAuthProblem,
    message: string,
  ) {
    super(message);
  }
}

/** Hands out codes and tokens, and forgets them when their time is over on the sandbox's clock. */
export class OAuthServer {
  readonly integration = newIntegration();
  readonly settings = defaultOAuthSettings();
  private readonly codes = new Map<string, Code>();
  /** Keyed by refresh token. */
  private readonly grants = new Map<string, Grant>();

  constructor(private readonly state: WorldState) {}

  isRegistered(redirectUri: string): boolean {
    const { redirectUris, takesLoopback } = this.integration;
    return redirectUris.includes(redirectUri) || (takesLoopback && isLoopbackCallback(redirectUri));
  }

  /** A code, good for one exchange. */
  agree(wish: Omit<Code, "expiresAt">): string {
    const code = randomBytes(24).toString("base64url");
    this.codes.set(code, { ...wish, expiresAt: this.state.now() + this.settings.codeLifeMs });
    return code;
  }

  /** Throws OAuthError where the code is unknown, used, too old or somebody else's. */
  exchange(wish: { code: string; redirectUri: string; verifier: string | undefined }): object {
    const code = this.codes.get(wish.code);
    this.codes.delete(wish.code);
    if (!code || code.expiresAt <= this.state.now() || code.clientId !== this.integration.clientId)
      throw new OAuthError("invalid_grant", "The authorization code is invalid or has expired.");
    if (code.redirectUri !== wish.redirectUri)
      throw new OAuthError("invalid_grant", "The redirect_uri does not match.");
    if (code.challenge !== undefined && challengeOf(wish.verifier ?? "") !== code.challenge)
      throw new OAuthError("invalid_grant", "The code_verifier does not match.");
    const person = this.state.people.get(code.personId);
    if (!person) throw new OAuthError("invalid_grant", "The user is gone.");
    return this.answer(this.issue(person, this.settings.givenScopes ?? code.scopes));
  }

  /** Asked twice within a day it answers the same; each renewal prolongs the refresh token. */
  renew(refreshToken: string): object {
    const now = this.state.now();
    const grant = this.grants.get(refreshToken);
    if (!grant || grant.refreshExpiresAt <= now)
      throw new OAuthError("invalid_grant", "The refresh token is invalid or has expired.");
    const isFresh = now - grant.issuedAt < this.settings.sameTokensMs;
    if (isFresh && grant.accessExpiresAt > now) return this.answer(grant);
    const person = this.state.people.get(grant.personId);
    if (!person) throw new OAuthError("invalid_grant", "The user is gone.");
    if (this.settings.changesRefreshToken) this.grants.delete(refreshToken);
    const refresh = this.settings.changesRefreshToken ? undefined : refreshToken;
    return this.answer(this.issue(person, grant.scopes, refresh));
  }

  /** Neither the access tokens nor the refresh tokens of this person are worth anything any more. */
  revoke(personId: string): void {
    for (const [refresh, grant] of this.grants)
      if (grant.personId === personId) this.grants.delete(refresh);
    for (const [access, token] of this.state.tokens)
      if (token.personId === personId && token.isGranted) this.state.tokens.delete(access);
  }

  private issue(person: SandboxPerson, scopes: string[], refresh = newToken(person)): Grant {
    const now = this.state.now();
    const { accessTokenSeconds, refreshTokenSeconds } = this.settings;
    const grant: Grant = {
      personId: person.id,
      scopes,
      access: newToken(person),
      accessExpiresAt: now + accessTokenSeconds * 1_000,
      refresh,
      refreshExpiresAt: now + refreshTokenSeconds * 1_000,
      issuedAt: now,
    };
    this.grants.set(refresh, grant);
    const { access, accessExpiresAt: expiresAt } = grant;
    this.state.tokens.set(access, { personId: person.id, scopes, expiresAt, isGranted: true });
    return grant;
  }

  private answer(grant: Grant): object {
    const now = this.state.now();
    return {
      access_token: grant.access,
      expires_in: Math.floor((grant.accessExpiresAt - now) / 1_000),
      refresh_token: grant.refresh,
      refresh_token_expires_in: Math.floor((grant.refreshExpiresAt - now) / 1_000),
      token_type: "Bearer",
      ...(this.settings.namesScopes && { scope: grant.scopes.join(" ") }),
    };
  }
}

/** The form that Webex's tokens have, with the organisation last. */
function newToken({ orgId }: SandboxPerson): string {
  return `${randomBytes(48).toString("base64url")}_PF84_${uuidOf(orgId)}`;
}

function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

function isLoopbackCallback(address: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/callback$/.test(address);
}

function newIntegration(): Integration {
  return {
    name: "Muster",
    clientId: `C${randomBytes(32).toString("hex")}`,
    clientSecret: randomBytes(32).toString("hex"),
    redirectUris: [],
    takesLoopback: true,
    scopes: [
      ...["spark:people_read", "spark-admin:people_read", "spark:all"],
      ...["meeting:schedules_read", "meeting:schedules_write"],
      ...["meeting:participants_read", "meeting:participants_write"],
    ],
  };
}
