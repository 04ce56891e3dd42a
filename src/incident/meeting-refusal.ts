import type { RemoteFailure } from "../errors";
import type { Grant } from "../grants/grant";

/**
 * Why no meeting was opened in somebody's name. quota: Webex opens no more for them, `until` it is
 * worth asking again. dead: the grant is good for nothing any more. not-allowed: Webex does not let
 * them. not-shown: Webex does not show them the space. refused: it said no in another way. busy: it
 * could not do it now, and is not to be asked before `until`.
 */
export type MeetingRefusal =
  | { why: "quota"; until: number }
  | { why: "busy"; until?: number }
  | { why: "dead" | "not-allowed" | "not-shown" | "refused" };

/** Webex opens 100 meetings a day for a person, refused requests counted. */
const QUOTA_WINDOW_MS = 24 * 60 * 60_000;
/** A pause that is as short is that of too many requests at once, and not the quota's. */
const SHORT_PAUSE_MS = 60_000;

/**
 * What Webex's answer means. After a 429 nothing is asked before the pause that Webex names is over;
 * where it names none, not before the day is over, since each request that is refused counts.
 */
export function meetingRefusal(failure: RemoteFailure, now: number): MeetingRefusal {
  const { namedPauseMs = QUOTA_WINDOW_MS, retryable, status } = failure;
  if (status === 429) return pausedUntil(now + Math.min(namedPauseMs, QUOTA_WINDOW_MS), now);
  if (retryable) return { why: "busy" };
  if (status === 401 || status === 403) return { why: "not-allowed" };
  if (status === 404 || status === 410) return { why: "not-shown" };
  return { why: "refused" };
}

/** Why nothing is asked with a grant that rests. */
export function restingRefusal({ restsUntil = 0 }: Grant, now: number): MeetingRefusal {
  return pausedUntil(restsUntil, now);
}

function pausedUntil(until: number, now: number): MeetingRefusal {
  return { why: until - now > SHORT_PAUSE_MS ? "quota" : "busy", until };
}

/** In words for whoever gave the grant, as its `lastError`. */
export function refusalNote(refusal: MeetingRefusal): string {
  switch (refusal.why) {
    case "quota":
      return "Webex opens no more meetings for this person today";
    case "not-allowed":
      return "Webex did not let this person open a meeting";
    case "not-shown":
      return "Webex did not show this person the space";
    case "dead":
    case "refused":
    case "busy":
      return "Webex refused to open a meeting";
  }
}
