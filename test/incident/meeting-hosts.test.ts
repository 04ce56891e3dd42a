import { meetingHosts, type MeetingBasis } from "../../src/incident/meeting-hosts";
import { meetingRefusal, restingRefusal } from "../../src/incident/meeting-refusal";
import { ana, aMeeting, aMeetingsGrant, bo, NOW } from "../support/builders";
import { aFailure } from "../support/outbox-builders";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const anas = aMeetingsGrant();
const bos = aMeetingsGrant({ id: "grant-bo", personId: bo.personId, isLent: true });
const caras = aMeetingsGrant({ id: "grant-cara", personId: "cara", isLent: true, grantedAt: NOW });

function aBasis(overrides: Partial<MeetingBasis> = {}): MeetingBasis {
  const moderators = [ana.personId, bo.personId, "cara"];
  return {
    starterId: ana.personId,
    members: moderators.map((personId) => ({ personId, isModerator: true })),
    ...overrides,
  };
}

const all = [bos, anas, caras];

describe("the hosts who may be asked", () => {
  test.each([
    ["who started, then those who lent, the newest first", aBasis(), all, [anas, caras, bos]],
    [
      "the present meeting's first, so that it goes on",
      aBasis({ conference: aMeeting({ grantId: "grant-bo" }) }),
      all,
      [bos, anas, caras],
    ],
    [
      "who started needs not to have lent, others do",
      aBasis({ starterId: bo.personId }),
      [anas, { ...bos, isLent: false }],
      [{ ...bos, isLent: false }],
    ],
    [
      "the present meeting's, but not if it is not lent and another one started",
      aBasis({ starterId: "dan", conference: aMeeting() }),
      [anas],
      [],
    ],
    ["not who left the space", aBasis({ members: [] }), all, []],
    [
      "not who lent it and moderates no more",
      aBasis({ members: [{ personId: bo.personId, isModerator: false }] }),
      [bos],
      [],
    ],
    [
      "who started as an operator, who moderates without being a moderator",
      aBasis({ members: [{ personId: ana.personId, isModerator: false }] }),
      [anas],
      [anas],
    ],
    ["no dead ones", aBasis(), [{ ...anas, diedAt: NOW }], []],
    ["none for the directory", aBasis(), [{ ...anas, kind: "directory" as const }], []],
  ])("%s", (_what, basis, grants, expected) => {
    const { resting, usable } = meetingHosts(basis, grants, NOW);
    expect(usable).toEqual(expected);
    expect(resting).toEqual([]);
  });

  test("one that rests is left out until its time has come", () => {
    const tired = { ...anas, restsUntil: NOW + 1 };
    expect(meetingHosts(aBasis(), [tired, bos], NOW)).toEqual({ usable: [bos], resting: [tired] });
    expect(meetingHosts(aBasis(), [tired, bos], NOW + 1).usable).toEqual([tired, bos]);
  });
});

describe("what Webex's answer to the wish for a meeting means", () => {
  test.each([
    ["a used up quota, for a day", {}, "quota", 24 * HOUR],
    [
      "a used up quota, also with a pause that is nobody's word",
      { retryAfterMs: 15_000 },
      "quota",
      24 * HOUR,
    ],
    [
      "a used up quota, until Webex says",
      { retryAfterMs: 10 * MINUTE, namedPauseMs: 2 * HOUR },
      "quota",
      2 * HOUR,
    ],
    ["a used up quota, for a day at most", { namedPauseMs: 50 * HOUR }, "quota", 24 * HOUR],
    ["a used up quota, just so", { namedPauseMs: MINUTE + 1 }, "quota", MINUTE + 1],
    ["too many at once", { retryAfterMs: MINUTE, namedPauseMs: MINUTE }, "busy", MINUTE],
    ["too many at once, for a moment", { retryAfterMs: 1_000, namedPauseMs: 0 }, "busy", 0],
  ])("%s", (_what, more, why, pauseMs) => {
    const { failure } = aFailure({ status: 429, retryable: true, ...more });
    expect(meetingRefusal(failure, NOW)).toEqual({ why, until: NOW + pauseMs });
  });

  test("a pause is still what it was while a grant rests", () => {
    const rests = (ms: number) => restingRefusal({ ...anas, restsUntil: NOW + ms }, NOW);
    expect(rests(23 * HOUR)).toEqual({ why: "quota", until: NOW + 23 * HOUR });
    expect(rests(MINUTE)).toEqual({ why: "busy", until: NOW + MINUTE });
  });

  test.each([
    [{ status: 401 }, "not-allowed"],
    [{ status: 403 }, "not-allowed"],
    [{ status: 404 }, "not-shown"],
    [{ status: 410 }, "not-shown"],
    [{ status: 400 }, "refused"],
    [{ status: 409 }, "refused"],
    [{ status: 503, retryable: true }, "busy"],
    [{ status: 423, retryable: true }, "busy"],
    [{ retryable: true }, "busy"],
  ])("%j is %s", (failure, why) => {
    expect(meetingRefusal(aFailure(failure).failure, NOW)).toEqual({ why });
  });
});
