import type { Grant, IssuedTokens } from "./grant";

const HOUR_MS = 60 * 60_000;
const FIRST_PAUSE_MS = 60_000;
/** Webex gives the same tokens back for a while, so that their rest grows ever shorter. */
const SHORTEST_MS = 60_000;

/**
 * When tokens are to be renewed: at three quarters of the access token's life, and never later than
 * at half of the refresh token's.
 */
export function renewalDueAt(
  { accessExpiresAt, refreshExpiresAt }: IssuedTokens,
  now: number,
): number {
  const ofAccess = now + 0.75 * (accessExpiresAt - now);
  const ofRefresh = refreshExpiresAt === undefined ? Infinity : (now + refreshExpiresAt) / 2;
  return Math.round(Math.max(now + SHORTEST_MS, Math.min(ofAccess, ofRefresh)));
}

/**
 * When to try again after so many failures in a row: a minute, doubling up to an hour; later only
 * where Webex asks for it.
 */
export function nextTryAt(failures: number, retryAfterMs: number | undefined, now: number): number {
  const pause = Math.min(HOUR_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
  return now + Math.max(pause, retryAfterMs ?? 0);
}

/** Nobody can renew what the server's own credentials do not open; somebody may put them right. */
export function nextTryOfClientAt(now: number): number {
  return now + HOUR_MS;
}

/** The refresh token's date is past: Webex would not renew it. */
export function isPastRenewal({ refreshExpiresAt }: Grant, now: number): boolean {
  return refreshExpiresAt !== undefined && refreshExpiresAt <= now;
}

/** What an answer does not say of a refresh token that stayed the same is as it was. */
export function keepingDate(
  issued: IssuedTokens,
  before: { refresh: string; refreshExpiresAt?: number },
): IssuedTokens {
  const { refresh, refreshExpiresAt } = before;
  const isSame = issued.refresh === refresh && issued.refreshExpiresAt === undefined;
  return isSame && refreshExpiresAt !== undefined ? { ...issued, refreshExpiresAt } : issued;
}
