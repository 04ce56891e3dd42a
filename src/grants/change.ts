import type { Grant, IssuedTokens, OAuthState, Tokens } from "./grant";

export type GrantChange =
  /** `state` is what the link carries; only its keyed hash is stored. */
  | { kind: "oauth-state.written"; asked: OAuthState; state: string }
  /** Replaces the directory's one grant, or this person's one for meetings. */
  | { kind: "grant.saved"; grant: Grant; tokens: Tokens }
  | { kind: "grant.renewed"; grantId: string; tokens: IssuedTokens; dueAt: number }
  | { kind: "grant.died"; grantId: string; reason: string; at: number }
  /** What Webex refused, and how long nothing is asked; the next renewal where `dueAt` is given. */
  | {
      kind: "grant.noted";
      grantId: string;
      lastError?: string;
      restsUntil?: number;
      dueAt?: number;
    }
  | { kind: "grant.revoked"; grantId: string };
