import { findConference, type Meetings } from "../../src/bot/find-conference";
import { RemoteError } from "../../src/errors";
import { GrantDeadError } from "../../src/grants/ports";
import type { MeetingBasis } from "../../src/incident/meeting-hosts";
import {
  ana,
  aMeeting,
  aMeetingsGrant,
  bo,
  conferenceLookUp,
  NOW,
  SPACE,
} from "../support/builders";
import { ManualClock } from "../support/manual-clock";
import { aFailure } from "../support/outbox-builders";

const HOUR = 60 * 60_000;
const anas = aMeetingsGrant();
const bos = aMeetingsGrant({
  id: "grant-2",
  personId: bo.personId,
  personName: bo.name,
  isLent: true,
});
const info = { link: "https://meet.example/1" };
const opened = { link: "https://meet.example/adhoc", number: "2655", meeting: { id: "meeting-1" } };

interface Webex {
  basis?: Partial<MeetingBasis> | "over";
  grants?: readonly (typeof anas)[];
  /** By grant: what opening comes to. */
  answers?: Readonly<Record<string, Error>>;
  info?: "ended" | Error;
  longestMs?: number;
}

/** Ana started, Bo moderates too; what was asked is kept. */
function aSearch(webex: Webex = {}, overrides: Partial<Meetings> = {}) {
  const asked: string[] = [];
  const logged: unknown[] = [];
  const { answers = {}, grants = [anas, bos] } = webex;
  const meetings: Meetings = {
    findBasis: () => {
      if (webex.basis === "over") return Promise.resolve(undefined);
      const members = [ana, bo].map(({ personId }) => ({ personId, isModerator: true }));
      return Promise.resolve({ starterId: ana.personId, members, ...webex.basis });
    },
    grantsOf: (personIds) => {
      expect(personIds).toEqual([ana.personId, bo.personId]);
      return Promise.resolve(grants);
    },
    open: (grantId, spaceId) => {
      asked.push(`open ${grantId} ${spaceId}`);
      const answer = answers[grantId];
      return answer ? Promise.reject(answer) : Promise.resolve(opened);
    },
    ...overrides,
  };
  const options = {
    clock: new ManualClock(NOW),
    ...(webex.longestMs === undefined ? {} : { longestMs: webex.longestMs }),
    log: { warn: (...line: unknown[]) => void logged.push(line) },
    getMeetingInfo: () => {
      asked.push("info");
      if (webex.info instanceof Error) return Promise.reject(webex.info);
      return Promise.resolve(webex.info ?? info);
    },
  };
  const find = (withMeetings = true) =>
    findConference(withMeetings ? { ...options, meetings } : options, conferenceLookUp, NOW);
  return { asked, logged, find };
}

test("the meeting is opened in the name of who started, and nobody else is asked", async () => {
  const { asked, find } = aSearch();
  expect(await find()).toEqual({
    askedAt: NOW,
    meeting: {
      ...opened,
      source: "meeting",
      meeting: { id: "meeting-1", grantId: "grant-1", hostName: ana.name, heardAt: NOW },
    },
    refused: [],
  });
  expect(asked).toEqual([`open grant-1 ${SPACE}`]);
});

test("without an integration Webex is asked for the space's meeting, as ever", async () => {
  const { asked, find } = aSearch();
  expect(await find(false)).toEqual({
    askedAt: NOW,
    refused: [],
    info: { ...info, source: "meeting-info" },
  });
  expect(asked).toEqual(["info"]);
});

test.each([
  ["the incident is over", { basis: "over" }],
  ["a bridge was set meanwhile", { basis: { conference: { ...info, source: "bridge" } } }],
  [
    "the details came since with another round's question",
    { basis: { conference: aMeeting({ heardAt: NOW + 1 }) } },
  ],
] as const)("nothing is asked where %s", async (_what, webex) => {
  const { asked, find } = aSearch(webex);
  expect(await find()).toEqual({ askedAt: NOW, refused: [] });
  expect(asked).toEqual([]);
});

test("known details are asked for again with their own grant first", async () => {
  const { asked, find } = aSearch({ basis: { conference: aMeeting({ grantId: "grant-2" }) } });
  const { meeting } = await find();
  expect(meeting?.meeting).toMatchObject({ id: "meeting-1", grantId: "grant-2" });
  expect(asked).toEqual([`open grant-2 ${SPACE}`]);
});

const failures: [string, Error, string][] = [
  ["a used up quota", aFailure({ status: 429, retryable: true }), "quota"],
  ["a missing right", aFailure({ status: 403 }), "not-allowed"],
  ["a token that Webex does not take", aFailure({ status: 401 }), "not-allowed"],
  ["a space that it does not see", aFailure({ status: 404 }), "not-shown"],
  ["another refusal", aFailure({ status: 400 }), "refused"],
  ["a fault of Webex", aFailure({ status: 503, retryable: true }), "busy"],
  ["no answer", aFailure({ retryable: true }), "busy"],
  ["a grant that is gone", new GrantDeadError("gone"), "dead"],
];

describe.each(failures)("after %s", (_what, answer, why) => {
  test("the next in order is used, and it is remembered whose was refused", async () => {
    const { find, logged } = aSearch({ answers: { "grant-1": answer } });
    const { meeting, refused } = await find();
    expect(meeting?.meeting.grantId).toBe("grant-2");
    expect(refused).toMatchObject([
      { grantId: "grant-1", name: ana.name, refusal: { why }, isResting: false },
    ]);
    expect(logged).toHaveLength(1);
  });

  test("of everybody the space's own meeting is asked for", async () => {
    const { asked, find } = aSearch({ answers: { "grant-1": answer, "grant-2": answer } });
    expect(await find()).toMatchObject({
      refused: [{ refusal: { why } }, { refusal: { why } }],
      info: { ...info, source: "meeting-info" },
    });
    expect(asked).toHaveLength(3);
  });

  test("of everybody known details stay, and nothing else is asked", async () => {
    const { asked, find } = aSearch({
      basis: { conference: aMeeting() },
      answers: { "grant-1": answer, "grant-2": answer },
    });
    const found = await find();
    expect(found.info).toBeUndefined();
    expect(found.meeting).toBeUndefined();
    expect(asked).not.toContain("info");
  });
});

test("a grant that rests is not asked with, and it is known why", async () => {
  const restsUntil = NOW + HOUR;
  const { asked, find } = aSearch({ grants: [{ ...anas, restsUntil }] });
  expect((await find()).refused).toEqual([
    {
      grantId: "grant-1",
      name: ana.name,
      refusal: { why: "quota", until: restsUntil },
      isResting: true,
    },
  ]);
  expect(asked).toEqual(["info"]);
});

test("what Webex refused to tell of the space is not asked for again within the day", async () => {
  const { asked, find } = aSearch({ grants: [], basis: { meetingInfoEndedAt: NOW - HOUR } });
  expect(await find()).toEqual({ askedAt: NOW, refused: [] });
  expect(asked).toEqual([]);
});

test.each([
  ["ended", "ended"],
  [aFailure({ status: 500, retryable: true }), undefined],
] as const)("what Webex says of the space is passed on (%#)", async (answer, expected) => {
  const { find } = aSearch({ grants: [], info: answer });
  expect((await find()).info).toBe(expected);
});

test("a bug is not taken for a refusal", async () => {
  const bug = new Error("bug");
  await expect(aSearch({ answers: { "grant-1": bug } }).find()).rejects.toBe(bug);
  await expect(aSearch({ grants: [], info: bug }).find()).rejects.toBe(bug);
});

test("it is over before the event's lease is, however slow Webex is", async () => {
  const silent = { open: () => new Promise<never>(() => undefined) };
  const { asked, find, logged } = aSearch({ longestMs: 5 }, silent);
  expect(await find()).toMatchObject({ refused: [{ refusal: { why: "busy" } }] });
  expect(asked).toEqual([]);
  expect(logged).toHaveLength(1);
});

test("the log holds no token, and of a refusal only what Webex's status says", async () => {
  const { find, logged } = aSearch({ answers: { "grant-1": aFailure({ status: 403 }) } });
  await find();
  expect(logged).toEqual([
    [
      { err: expect.any(RemoteError) as Error, grant: "grant-1", why: "not-allowed" },
      expect.any(String),
    ],
  ]);
});
