import type { Grant, IssuedTokens, OAuthState, Tokens } from "./grant";

/** Webex's OAuth end points. Every failure is a `RemoteError`; see `OAuthRefusal`. */
export interface OAuth {
  /** Where the person says yes or no. */
  authorizeUrl(wish: { state: string; scopes: readonly string[]; challenge: string }): string;
  exchange(code: string, verifier: string): Promise<IssuedTokens>;
  renew(refreshToken: string): Promise<IssuedTokens>;
}

/**
 * Why Webex hands out no tokens. client: CLIENT_ID or CLIENT_SECRET is not accepted, whoever asks.
 * grant: this code or refresh token is good for nothing (any more).
 */
export type OAuthRefusal = "client" | "grant";

/** Uses a grant without showing its tokens to anybody but the call. */
export interface GrantUse {
  /**
   * Calls with a valid access token: renewed before if it has expired, and once more if Webex
   * answers 401. Throws `GrantDeadError`, or the call's or the renewal's `RemoteError`.
   */
  use<T>(grantId: string, call: (accessToken: string) => Promise<T>): Promise<T>;
}

/** The grant is gone, or Webex does not renew it. */
export class GrantDeadError extends Error {
  override name = "GrantDeadError";
}

export interface GrantStore {
  findGrant(id: string): Promise<{ grant: Grant; tokens: Tokens } | undefined>;
  directoryGrant(): Promise<Grant | undefined>;
  /** Of these persons, in their order, not dead. */
  meetingsGrants(personIds: readonly string[]): Promise<Grant[]>;
  /**
   * Takes the state that a link carried, once: "used" and "expired" say why it opens nothing any
   * more, "unknown" that it never did, or was forgotten.
   */
  takeState(state: string): Promise<{ asked: OAuthState } | { refused: StateRefusal }>;
}

export type StateRefusal =
  { why: "unknown" } | { why: "used" | "expired"; asked: Omit<OAuthState, "verifier"> };
