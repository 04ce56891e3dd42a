import {
  isPastRenewal,
  keepingDate,
  nextTryAt,
  nextTryOfClientAt,
  renewalDueAt,
} from "../../src/grants/renewal";
import { NOW } from "../support/builders";
import { aGrant, anIssue, DAY, HOUR, without } from "../support/grant-builders";

const MINUTE = 60_000;

test.each([
  ["Webex's usual lives", 14 * DAY, 90 * DAY, 10.5 * DAY],
  ["a short access token", 12 * HOUR, 60 * DAY, 9 * HOUR],
  ["a refresh token that ends with the access token", 14 * DAY, 14 * DAY, 7 * DAY],
  ["a refresh token that nobody dated", 14 * DAY, undefined, 10.5 * DAY],
  ["the rest of a token's life", 40_000, 90 * DAY, MINUTE],
  ["lives that are over", -HOUR, -HOUR, MINUTE],
])("with %s tokens are renewed in time", (_what, access, refresh, due) => {
  const issue = without(anIssue({ accessExpiresAt: NOW + access }), "refreshExpiresAt");
  const dated = refresh === undefined ? issue : { ...issue, refreshExpiresAt: NOW + refresh };
  expect(renewalDueAt(dated, NOW)).toBe(NOW + due);
});

test.each([
  [1, undefined, MINUTE],
  [2, undefined, 2 * MINUTE],
  [6, undefined, 32 * MINUTE],
  [7, undefined, HOUR],
  [5_000, undefined, HOUR],
  [1, 10 * MINUTE, 10 * MINUTE],
  [7, 10 * MINUTE, HOUR],
])("after %i failures, asked to wait %s ms, it is tried again", (failures, retryAfter, pause) => {
  expect(nextTryAt(failures, retryAfter, NOW)).toBe(NOW + pause);
});

test("wrong credentials are tried again every hour", () => {
  expect(nextTryOfClientAt(NOW)).toBe(NOW + HOUR);
});

test.each([
  [NOW + 1, false],
  [NOW, true],
  [NOW - 1, true],
])("a refresh token until %i is past: %s", (refreshExpiresAt, isPast) => {
  expect(isPastRenewal(aGrant({ refreshExpiresAt }), NOW)).toBe(isPast);
});

test("a refresh token without a date is never past", () => {
  const grant = without(aGrant(), "refreshExpiresAt");
  expect(isPastRenewal(grant, NOW + 1_000 * DAY)).toBe(false);
});

describe("where the answer does not date the refresh token", () => {
  const undated = without(anIssue({ refresh: "refresh-1" }), "refreshExpiresAt");

  test("the same one keeps its date", () => {
    const before = { refresh: "refresh-1", refreshExpiresAt: NOW + DAY };
    expect(keepingDate(undated, before).refreshExpiresAt).toBe(NOW + DAY);
  });

  test("another one has none", () => {
    const before = { refresh: "refresh-0", refreshExpiresAt: NOW + DAY };
    expect(keepingDate(undated, before).refreshExpiresAt).toBeUndefined();
  });
});
