import type { GrantKind } from "./grant";

/** What a person is asked to agree to. Webex has no smaller right to open a space's meeting. */
export const scopesOf: Readonly<Record<GrantKind, readonly string[]>> = {
  directory: ["spark:people_read", "spark-admin:people_read"],
  meetings: [
    "spark:all",
    "meeting:schedules_write",
    "meeting:schedules_read",
    "meeting:participants_read",
    "meeting:participants_write",
  ],
};
