import type { Grant } from "../grants/grant";
import type { DirectoryStatus } from "./directory";

/** What is known of the directory where a grant for it is there, dead or alive. */
export interface KnownDirectory {
  grant: Grant;
  status: DirectoryStatus;
  /** The server has an integration at Webex: without one nothing is read, whatever is due. */
  hasIntegration: boolean;
}

/**
 * How it is with the copy of the organisation's people. dead: the grant does not work any more.
 * cut-off: the server has no integration to use the grant with. reading: a sync is due or under way.
 * failed: the last one came to nothing. unread: there was none yet. good: none of these.
 */
export type DirectoryCondition = "dead" | "cut-off" | "reading" | "failed" | "unread" | "good";

export function conditionOf(
  { grant, hasIntegration, status }: KnownDirectory,
  now: number,
): DirectoryCondition {
  if (grant.diedAt !== undefined) return "dead";
  if (!hasIntegration) return "cut-off";
  if (isDue(status, now)) return "reading";
  if (status.lastError !== undefined) return "failed";
  return status.syncedAt === undefined ? "unread" : "good";
}

/** The time for a sync stands until it is over. */
function isDue({ dueAt }: DirectoryStatus, now: number): boolean {
  return dueAt !== undefined && dueAt <= now;
}
