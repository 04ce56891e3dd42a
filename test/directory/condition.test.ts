import { conditionOf, type KnownDirectory } from "../../src/directory/condition";
import { NOW } from "../support/builders";
import { aGrant } from "../support/grant-builders";

const counts = { people: 1, withoutEmail: 0, undialledNumbers: 0, skipped: 0 };
const synced = { syncedAt: NOW - 1, counts, dueAt: NOW + 1 };
const failed = { ...synced, lastError: "Webex answers 503", failedAt: NOW - 1 };

test.each<[string, Partial<KnownDirectory>]>([
  ["good", {}],
  ["unread", { status: {} }],
  ["unread", { status: { dueAt: NOW + 1 } }],
  ["failed", { status: failed }],
  ["reading", { status: { ...synced, dueAt: NOW } }],
  ["reading", { status: { ...failed, dueAt: NOW } }],
  // Nobody reads it, whatever is due.
  ["cut-off", { hasIntegration: false, status: { ...synced, dueAt: NOW } }],
  ["cut-off", { hasIntegration: false }],
  ["dead", { grant: aGrant({ diedAt: NOW }) }],
  ["dead", { grant: aGrant({ diedAt: NOW }), hasIntegration: false }],
])("the directory is %s: %#", (condition, more) => {
  const known = { grant: aGrant(), status: synced, hasIntegration: true, ...more };
  expect(conditionOf(known, NOW)).toBe(condition);
});
