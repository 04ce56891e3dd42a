import type { GrantsState } from "../incident/space-state";
import type { Moment } from "../decision";
import type { Change } from "../incident/change";
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

/** What is asked of Webex with a token before it is kept. Every failure is a `RemoteError`. */
export interface PersonCheck {
  /** Whose token it is. */
  me(accessToken: string): Promise<{ id: string; orgId: string; name: string }>;
  /** May the token list the organisation's people? False for who is no administrator. */
  canListPeople(accessToken: string): Promise<boolean>;
}

/** Who asked for a grant, and for which. */
export type GrantWish = Pick<OAuthState, "kind" | "isLent" | "personId" | "personName">;

/** Why somebody who came back from Webex gave no grant; nothing of a token is kept. */
export type GrantRefusal =
  /** They pressed Decline. */
  | { why: "cancelled" }
  /** Webex sent them back with another error, such as `invalid_scope`. */
  | { why: "webex-error"; error: string }
  | { why: "expired" }
  /** CLIENT_ID or CLIENT_SECRET is wrong: for whoever runs the server. */
  | { why: "client" }
  /** Webex does not take the code (any more). */
  | { why: "code" }
  /** Whoever signed in is not who asked, but of the same organisation. */
  | { why: "other-person"; openedBy: string }
  /** Whoever signed in is of another one; it may be who asked, with another account. */
  | { why: "other-organisation" }
  | { why: "missing-scope"; missing: readonly string[] }
  | { why: "not-admin" }
  /** Webex could not be reached, or answered nonsense. */
  | { why: "unreachable" };

/** Tells people about grants by direct message: the changes, written in the decision that it is about. */
export interface AnnounceGrants {
  /**
   * To its giver; the directory's first reading begins with the same decision. Whoever gave the
   * grant whose place it takes is told as well.
   */
  granted(grant: Grant, at: Moment, replaced?: Grant): Change[];
  /** To who asked. */
  refused(asked: GrantWish, refusal: GrantRefusal, at: Moment): Change[];
  /**
   * To its giver, once, with the way to a new link. `directory`: how it was while this was its grant;
   * whoever asked for it to be read with the grant is told as well.
   */
  died(grant: Grant, at: Moment, directory?: GrantsState["status"]): Change[];
}
