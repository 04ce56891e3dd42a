import {
  announceGivenUp,
  announceMembership,
  announceRoundClosed,
  announceSpaceLost,
} from "../../src/bot/announce";
import type { Change } from "../../src/incident/change";
import type { CloseResult } from "../../src/incident/close-round";
import type { LostResult } from "../../src/incident/lose-space";
import {
  ana,
  anEntry,
  anExternal,
  anIncident,
  aMoment,
  anOutcome,
  aProgressOf,
  aProgressState,
  aSettings,
  aSpace,
  aSpaceState,
  bo,
  NOW,
  ofKind,
  SPACE,
} from "../support/builders";
import { buttons } from "../support/card-buttons";

const counts = {
  total: 3,
  invited: 2,
  reached: 0,
  answered: 0,
  coming: 0,
  declined: 0,
  inMeeting: 0,
  waiting: 2,
  notReached: 1,
};
const announcer = { botName: "Muster", settings: aSettings() };

function replies(changes: readonly Change[]) {
  return ofKind(changes, "effect.queued").flatMap(({ effect }) =>
    effect.effect.kind === "reply" ? [{ ...effect, ...effect.effect }] : [],
  );
}

function cardKinds(changes: readonly Change[]): string[] {
  return ofKind(changes, "card.written").map(({ card }) => card.kind);
}

describe("a round that closed", () => {
  const closed: CloseResult = {
    kind: "closed",
    incident: anIncident(),
    openedBy: bo,
    counts,
    notReached: [],
    unanswered: [],
    isLastAutomatic: false,
  };
  const eve = { responderId: "r-eve", name: "Eve *Dahl*", reason: "unknown number" };

  test("with everybody told brings a new status card and nothing else", () => {
    const changes = announceRoundClosed(aProgressState(), closed, announcer, aMoment());
    expect(cardKinds(changes)).toEqual(["status"]);
    expect(replies(changes).map(({ note }) => note)).toMatchObject([
      { cardId: "card-1", isStatusCardOf: SPACE },
    ]);
  });

  test("with somebody not told mentions who opened it once, with who, why, and a button", () => {
    const result = { ...closed, notReached: [eve] };
    const changes = announceRoundClosed(aProgressState(), result, announcer, aMoment());
    const [, word] = replies(changes);
    expect(cardKinds(changes)).toEqual(["status", "notice"]);
    expect(word?.post.markdown).toBe(
      "<@personId:bo|Bo Alm> 2 of 3 told; not reached: Eve \\*Dahl\\* (unknown number)",
    );
    expect(word?.to).toEqual({ kind: "space", spaceId: SPACE, fallbackPersonId: "bo" });
    expect(buttons(word!.post)).toEqual(["Remind", "Mark coming"]);
    expect(ofKind(changes, "card.written")[1]?.card).toMatchObject({
      incidentId: "incident-1",
      payload: { responderIds: ["r-eve"] },
    });
  });

  test("a name cannot end its own mention", () => {
    const openedBy = { personId: "bo", name: "A|b> <@all>" };
    const result = { ...closed, openedBy, notReached: [eve] };
    const changes = announceRoundClosed(aProgressState(), result, announcer, aMoment());
    expect(replies(changes)[1]?.post.markdown).toMatch(/^<@personId:bo\|[^|<>]*> 2 of 3/);
  });

  const bos = { responderId: "r-bo", name: "Bo *Alm*" };
  const silent = { ...closed, openedBy: ana, unanswered: [bos] };

  test("with nobody to be reminded any more names who has not answered, also directly", () => {
    const result = { ...silent, isLastAutomatic: true };
    const changes = announceRoundClosed(aProgressState(), result, announcer, aMoment());
    const [, word, direct, ...others] = replies(changes);
    expect(others).toEqual([]);
    const told = "2 of 3 told; no answer from Bo \\*Alm\\*; I remind nobody any more";
    expect(word?.post.markdown).toBe(`<@personId:ana|Ana Berg> ${told}`);
    expect(direct).toMatchObject({
      to: { kind: "person", personId: "ana" },
      post: { markdown: `**payments down** in Payments: ${told}` },
    });
    expect(buttons(direct!.post)).toEqual(["Remind", "Mark coming"]);
    const cards = ofKind(changes, "card.written").slice(1);
    expect(cards.map(({ card }) => card.payload)).toEqual([
      { responderIds: ["r-bo"] },
      { responderIds: ["r-bo"] },
    ]);
  });

  test("names nobody twice who was not told and so did not answer", () => {
    const result = {
      ...silent,
      isLastAutomatic: true,
      notReached: [eve],
      unanswered: [bos, { responderId: "r-eve", name: eve.name }],
    };
    const changes = announceRoundClosed(aProgressState(), result, announcer, aMoment());
    expect(replies(changes)[1]?.post.markdown).toMatch(
      /unknown number\); no answer from Bo [^;]*; I/,
    );
    expect(ofKind(changes, "card.written")[1]?.card.payload).toEqual({
      responderIds: ["r-eve", "r-bo"],
    });
  });

  test("of which nothing reached anybody is told directly as well, once it was the last", () => {
    const result = { ...silent, isLastAutomatic: true, notReached: [eve], unanswered: [eve] };
    const [, word, direct] = replies(
      announceRoundClosed(aProgressState(), result, announcer, aMoment()),
    );
    expect(word?.post.markdown).toMatch(/2 of 3 told; not reached: Eve [^;]*$/);
    expect(direct?.to).toEqual({ kind: "person", personId: "ana" });
  });

  test.each([
    ["somebody can be texted", anEntry(anExternal()), ["Remind", "Text", "Mark coming"]],
    [
      "who could be texted has it switched off",
      { ...anEntry(anExternal()), channels: { webex: false, sms: false, voice: true } },
      ["Remind", "Mark coming"],
    ],
    ["it was somebody else", anEntry(anExternal({ id: "r-other" })), ["Remind", "Mark coming"]],
  ])("offers what can be done where %s", (_who, entry, titles) => {
    const state = aProgressState({ roster: [entry] });
    const result = { ...closed, notReached: [eve] };
    const [, word] = replies(announceRoundClosed(state, result, announcer, aMoment()));
    expect(buttons(word!.post)).toEqual(titles);
  });

  test("is not spoken of for who has not answered yet while they will be reminded", () => {
    const changes = announceRoundClosed(aProgressState(), silent, announcer, aMoment());
    expect(replies(changes)).toHaveLength(1);
  });

  test("follows the answers to people", () => {
    const result = { ...closed, notReached: [eve] };
    const changes = announceRoundClosed(aProgressState(), result, announcer, aMoment());
    expect(replies(changes).every(({ priority }) => priority > 0)).toBe(true);
  });

  test.each([
    ["is still open", { kind: "still-open" }],
    ["belongs to an incident before this one", { kind: "outdated" }],
    ["belongs to a stopped incident", { ...closed, incident: anIncident({ state: "stopped" }) }],
  ] as const)("is not spoken of when it %s", (_what, result) => {
    expect(announceRoundClosed(aProgressState(), result, announcer, aMoment())).toEqual([]);
  });
});

describe("when nobody can be reminded any more", () => {
  const asked = { at: NOW, calledAt: NOW, settledAt: NOW, reminders: 0, open: [] };
  const failed = anOutcome({ channel: "sms", state: "failed", reason: "nobody has this number" });
  const state = aProgressState({
    progress: [
      aProgressOf(anEntry(), { asked, isInvited: true }),
      aProgressOf(anEntry(anExternal()), { asked, group: "not-reached", outcomes: [failed] }),
    ],
  });

  test("its starter hears who is silent, and whom nothing reached, in the space and directly", () => {
    const { latest } = state;
    const changes = announceGivenUp(
      state,
      { kind: "given-up", incident: latest! },
      announcer,
      aMoment(),
    );
    const told =
      "1 of 2 told; not reached: Eve Dahl (nobody has this number); " +
      "no answer from Bo Alm; I remind nobody any more";
    expect(replies(changes).map(({ post, to }) => [to.kind, post.markdown])).toEqual([
      ["space", `<@personId:ana|Ana Berg> ${told}`],
      ["person", `**payments down** in Payments: ${told}`],
    ]);
  });

  test("it is said once of what called them, in the space and directly", () => {
    const keys = (one: typeof state): (string | undefined)[] => {
      const givenUp = { kind: "given-up", incident: one.latest! } as const;
      return replies(announceGivenUp(one, givenUp, announcer, aMoment())).map(
        ({ uniqueKey }) => uniqueKey,
      );
    };
    const of = (calledAt: number) => ({
      ...state,
      progress: state.progress.map((one) => ({
        ...one,
        asked: { ...asked, at: calledAt + 1, calledAt },
      })),
    });
    const [inSpace, directly] = keys(of(NOW));
    expect(new Set([inSpace, directly, undefined]).size).toBe(3);
    expect(keys(of(NOW))).toEqual([inSpace, directly]);
    expect(keys(of(NOW + 1))).not.toContain(inSpace);
  });

  test("nothing is said while there is somebody to remind, or everybody has answered", () => {
    expect(announceGivenUp(state, { kind: "nobody" }, announcer, aMoment())).toEqual([]);
  });
});

describe("a space that is lost", () => {
  const lost: LostResult = {
    kind: "incident-lost",
    incident: anIncident({ name: "**down**", state: "stopped" }),
    counts,
  };

  test("is told to the starter directly, with the counts", () => {
    const state = aSpaceState({ space: aSpace({ title: "Pay_ments" }) });
    const [word, ...others] = replies(announceSpaceLost(state, lost, aMoment()));
    expect(others).toEqual([]);
    expect(word).toMatchObject({
      to: { kind: "person", personId: "ana" },
      expiresAt: NOW + 30 * 60_000,
    });
    expect(word?.post.markdown).toContain("2 of 3 people were told");
    expect(word?.post.markdown).toContain("\\*\\*down\\*\\*");
  });

  test("without an incident is not spoken of", () => {
    expect(announceSpaceLost(aSpaceState(), { kind: "quiet" }, aMoment())).toEqual([]);
  });
});

test("what came of a membership change is told where it was asked for", () => {
  const [word] = replies(announceMembership(SPACE, ana, "Dan is in the space.", aMoment()));
  expect(word).toMatchObject({
    to: { kind: "space", spaceId: SPACE, fallbackPersonId: "ana" },
    post: { markdown: "Dan is in the space." },
  });
});
