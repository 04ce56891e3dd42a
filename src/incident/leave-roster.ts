import type { Change } from "./change";

/**
 * Off the roster of a space: nothing more calls them for it. That an incident is over they are told
 * all the same, where that waits to be sent.
 */
export function leaveRoster(
  { responderId, spaceId }: { responderId: string; spaceId: string },
  reason: string,
): Change[] {
  return [
    { kind: "roster.removed", spaceId, responderId },
    {
      kind: "notifications.cancelled",
      filter: { spaceId, responderId, sparesStop: true, reason },
    },
  ];
}
