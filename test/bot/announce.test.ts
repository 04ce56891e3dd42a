import { announceMembership, announceRoundClosed, announceSpaceLost } from "../../src/bot/announce";
import type { Change } from "../../src/incident/change";
import type { CloseResult } from "../../src/incident/close-round";
import type { LostResult } from "../../src/incident/lose-space";
import {
  ana,
  anIncident,
  aMoment,
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
  coming: 0,
  declined: 0,
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
    expect(buttons(word!.post)).toEqual(["Remind everyone"]);
  });

  test("a name cannot end its own mention", () => {
    const openedBy = { personId: "bo", name: "A|b> <@all>" };
    const result = { ...closed, openedBy, notReached: [eve] };
    const changes = announceRoundClosed(aProgressState(), result, announcer, aMoment());
    expect(replies(changes)[1]?.post.markdown).toMatch(/^<@personId:bo\|[^|<>]*> 2 of 3/);
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
