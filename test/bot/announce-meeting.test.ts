import { announceMeeting, tellMeetingGoesOn } from "../../src/bot/announce-meeting";
import type { FoundResult, RefusedHost } from "../../src/incident/conference";
import type { MeetingRefusal } from "../../src/incident/meeting-refusal";
import type { AttemptRecord } from "../../src/notify/outbox-row";
import { MemoryDecisions } from "../support/bot-rig";
import { ana, anIncident, aMoment, NOW, ofKind, SPACE } from "../support/builders";
import { aMeetingEnd, anEffectRow } from "../support/outbox-builders";

const HOUR = 60 * 60_000;
const incident = anIncident({ threadMessageId: "message-9" });

function announced(result: FoundResult) {
  return ofKind(announceMeeting(result, "Muster", aMoment()), "effect.queued").map(
    ({ effect }) => effect,
  );
}

function sentence(result: FoundResult): string {
  const [effect] = announced(result);
  return effect?.effect.kind === "reply" ? effect.effect.post.markdown : "";
}

function notOpened(
  refusal: MeetingRefusal,
  instead: Extract<FoundResult, { kind: "not-opened" }>["instead"] = "none",
  name = ana.name,
): FoundResult {
  const host: RefusedHost = { grantId: "grant-1", name, refusal, isResting: false };
  return { kind: "not-opened", incident, host, instead };
}

test("nothing to tell is told nobody", () => {
  expect(announced({ kind: "nothing" })).toEqual([]);
});

test("an opened meeting is told once for the incident, in its thread", () => {
  const [effect] = announced({ kind: "opened", incident, hostName: ana.name });
  expect(effect).toMatchObject({
    uniqueKey: "meeting:incident-1",
    spaceId: SPACE,
    effect: {
      kind: "reply",
      to: { kind: "space", spaceId: SPACE, parentId: "message-9", fallbackPersonId: ana.personId },
    },
  });
});

test("before the thread is known it is told in the space itself", () => {
  const [effect] = announced({ kind: "opened", incident: anIncident(), hostName: ana.name });
  expect(effect?.effect).toMatchObject({ to: { kind: "space", spaceId: SPACE } });
  expect(effect?.effect).not.toHaveProperty("to.parentId");
});

test.each([
  [
    { why: "quota", until: NOW + 24 * HOUR },
    /^Webex opens no more meetings in the name of Ana Berg before 2026-01-06 03:10 UTC: it opens 100 a day for each person\./,
  ],
  [{ why: "dead" }, /^I can open no meeting .* Ana Berg any more: their grant does not work\./],
  [{ why: "not-allowed" }, /^Webex does not let Ana Berg open a meeting here: .* licence/],
  [{ why: "not-shown" }, /^Webex opens no meeting .*: it does not show them this space\./],
  [{ why: "refused" }, /^Webex refused to open a meeting in the name of Ana Berg\./],
  [{ why: "busy" }, /^Webex did not open a meeting .*\. I ask again when people are told/],
] as const)("%j is told with its reason, what follows and what to do", (refusal, pattern) => {
  const said = sentence(notOpened(refusal));
  expect(said).toMatch(pattern);
  expect(said).toContain("People are told to open the space and press Meet.");
  expect(said).toMatch(/\*\*authorize meetings\*\*|I ask again/);
  expect(said).toContain("@Muster bridge");
});

test.each([
  ["known", "The details that people have may be old.", true],
  ["meeting-info", "People get the details that Webex tells of this space.", false],
  ["configuration", "People get the conference that all spaces share.", false],
] as const)("where people talk instead (%s) is told", (instead, expected, offersBridge) => {
  const said = sentence(notOpened({ why: "not-allowed" }, instead));
  expect(said).toContain(expected);
  expect(said.includes("bridge")).toBe(offersBridge);
});

test("what lasts and what passes are each told once", () => {
  const keys = (["refused", "busy", "dead"] as const).map(
    (why) => announced(notOpened({ why }))[0]?.uniqueKey,
  );
  expect(keys).toEqual([
    "meeting-refused:incident-1",
    "meeting-busy:incident-1",
    "meeting-refused:incident-1",
  ]);
});

test("a name takes no effect", () => {
  const name = "<@all> **x**";
  const escaped = "&lt;@all> \\*\\*x\\*\\*";
  expect(sentence({ kind: "opened", incident, hostName: name })).toContain(escaped);
  expect(sentence(notOpened({ why: "refused" }, "none", name))).toContain(escaped);
});

describe("a meeting that did not end with the incident", () => {
  const record = { id: "e-1", leaseToken: "lease", state: "failed" } as AttemptRecord;

  function tell(decisions: MemoryDecisions, result: Parameters<typeof tellMeetingGoesOn>[2]) {
    const asker = { ...ana, incidentId: "incident-1", isStop: true };
    return tellMeetingGoesOn(decisions, anEffectRow(aMeetingEnd({ asker })), result, record);
  }

  test.each([
    [{ why: "no grant" }, /^The meeting goes on: I have no grant of Ana Berg any more/],
    [
      { why: "refused", reason: "Webex does not allow it" },
      /^I could not end the meeting: Webex does not allow it\./,
    ],
  ] as const)("is told in the space (%j), once", async (result, pattern) => {
    const decisions = new MemoryDecisions(undefined, aMoment());
    await tell(decisions, result);
    await tell(decisions, result);
    const said = ofKind(decisions.changes, "effect.queued").map(({ effect }) => effect.effect);
    expect(said).toEqual([
      expect.objectContaining({
        to: { kind: "space", spaceId: SPACE, fallbackPersonId: ana.personId },
        post: { markdown: expect.stringMatching(pattern) as string },
      }),
    ]);
    expect(decisions.triggers).toEqual([{ kind: "effect", record }]);
  });
});
