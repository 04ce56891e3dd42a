import { RemoteError } from "../../src/errors";
import type { Grant, IssuedTokens, OAuthState } from "../../src/grants/grant";
import type { AnnounceGrants } from "../../src/grants/ports";
import { scopesOf } from "../../src/grants/scopes";
import type { Change } from "../../src/incident/change";
import { HOME_ORG, NOW } from "./builders";

export const HOUR = 60 * 60_000;
export const DAY = 24 * HOUR;

/** The directory's, from Ada, an administrator, with Webex's usual lives; say only what matters. */
export function aGrant(overrides: Partial<Grant> = {}): Grant {
  const { kind = "directory" } = overrides;
  return {
    id: "grant-1",
    kind,
    personId: "ada",
    personName: "Ada Obi",
    orgId: HOME_ORG,
    scopes: scopesOf[kind],
    isLent: false,
    grantedAt: NOW,
    accessExpiresAt: NOW + 14 * DAY,
    refreshExpiresAt: NOW + 90 * DAY,
    dueAt: NOW + 10.5 * DAY,
    ...overrides,
  };
}

export function anIssue(overrides: Partial<IssuedTokens> = {}, now = NOW): IssuedTokens {
  return {
    access: "access-1",
    refresh: "refresh-1",
    accessExpiresAt: now + 14 * DAY,
    refreshExpiresAt: now + 90 * DAY,
    ...overrides,
  };
}

export function anOAuthState(overrides: Partial<OAuthState> = {}): OAuthState {
  return {
    id: "state-1",
    kind: "directory",
    isLent: false,
    personId: "ada",
    personName: "Ada Obi",
    verifier: "the-verifier",
    createdAt: NOW,
    expiresAt: NOW + 10 * 60_000,
    ...overrides,
  };
}

/** The same without what Webex may leave out. */
export function without<T extends object, K extends keyof T>(whole: T, name: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)) as Omit<T, K>;
}

/** As Webex's OAuth end points refuse. */
export function oauthRefusal(code: "oauth-client" | "oauth-grant"): RemoteError {
  const failure = { service: "webex" as const, status: 400, retryable: false, unclear: false };
  return new RemoteError("Webex answered 400 to POST /v1/access_token", { ...failure, code });
}

export function webexFailure(status?: number, retryAfterMs?: number): RemoteError {
  return new RemoteError(status ? `Webex answered ${status}` : "No answer from Webex", {
    service: "webex",
    retryable: status === undefined || status >= 429,
    unclear: false,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** What people would be told, in words that are easily compared. */
export function recordingAnnouncements(): AnnounceGrants & { told: string[] } {
  const told: string[] = [];
  const tell = (text: string): Change[] => {
    told.push(text);
    return [];
  };
  return {
    told,
    granted: ({ kind, personId }, _at, replaced) =>
      tell(`${personId} granted ${kind}${replaced ? `, replacing ${replaced.personId}` : ""}`),
    refused: ({ kind, personId }, { why }) => tell(`${personId} refused ${kind}: ${why}`),
    died: ({ id, personId }, _at, { askedBy } = {}) =>
      tell(`${personId}: ${id} died${askedBy === undefined ? "" : `, and ${askedBy} waits`}`),
  };
}
