/**
 * directory: an administrator lets the bot read the organisation's people. meetings: a moderator
 * lets it open the meeting of a space in their name.
 */
export const grantKinds = ["directory", "meetings"] as const;
export type GrantKind = (typeof grantKinds)[number];

/** What a person gave, without the tokens. Times are milliseconds since 1970. */
export interface Grant {
  id: string;
  kind: GrantKind;
  personId: string;
  personName: string;
  orgId: string;
  /** As Webex gave them: tells whose grants lack a right that a later version asks for. */
  scopes: readonly string[];
  /** For meetings: also for incidents that other moderators start in spaces that the giver moderates. */
  isLent: boolean;
  grantedAt: number;
  accessExpiresAt: number;
  /** Absent where Webex did not say. */
  refreshExpiresAt?: number;
  /** When it is to be renewed; absent for a dead one. */
  dueAt?: number;
  /** Webex would not renew it: of no use until its giver authorises anew. */
  diedAt?: number;
  /** What Webex last refused, in words without secrets. */
  lastError?: string;
  /** Nothing is asked with it before. */
  restsUntil?: number;
}

/** Never logged, never shown, encrypted at rest. */
export interface Tokens {
  access: string;
  refresh: string;
}

/** A fresh set of tokens, with the times that Webex's answer gives. */
export interface IssuedTokens extends Tokens {
  accessExpiresAt: number;
  refreshExpiresAt?: number;
  /** Absent where the answer does not say. */
  scopes?: readonly string[];
}

/** One asking for a grant, between the link and the return from Webex. */
export interface OAuthState {
  id: string;
  kind: GrantKind;
  isLent: boolean;
  personId: string;
  personName: string;
  /** PKCE; Webex hands the tokens to nobody without it. */
  verifier: string;
  createdAt: number;
  expiresAt: number;
}
