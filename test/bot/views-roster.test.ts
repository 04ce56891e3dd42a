import { roster, type RosterInput } from "../../src/bot/views/roster";
import { cardId, startedAt, team } from "../support/card-builders";
import { buttons } from "../support/card-buttons";
import { buttonsOf, cardText } from "../support/story-cards";

function aRoster(overrides: Partial<RosterInput> = {}): RosterInput {
  return {
    cardId,
    spaceTitle: "Payments",
    incident: { name: "payments down", number: 42, isDrill: false, state: "running" },
    progress: team(200),
    page: 0,
    at: startedAt,
    ...overrides,
  };
}

describe("the list of everybody", () => {
  it("has pages of twenty, those first for whom something must be done", () => {
    const post = roster(aRoster());
    expect(post.markdown.match(/not reached/g)).toHaveLength(20);
    expect(post.markdown).toContain("1 to 20 of 200 people");
    expect(buttons(post)).toEqual(["Next", "Remind", "Mark coming", "Switch", "Remove"]);
    expect(buttonsOf(post.card!)[0]?.data).toMatchObject({ action: "roster.page", page: 1 });
  });

  it("has ways to the pages before and after", () => {
    const post = roster(aRoster({ page: 4 }));
    expect(post.markdown).toContain("81 to 100 of 200 people");
    const paging = buttonsOf(post.card!).filter(({ data }) => data.action === "roster.page");
    expect(paging.map(({ data, title }) => [title, data.page])).toEqual([
      ["Previous", 3],
      ["Next", 5],
    ]);
  });

  it("shows the last page where there are no longer so many", () => {
    const post = roster(aRoster({ page: 99 }));
    expect(post.markdown).toContain("181 to 200 of 200 people");
    expect(buttons(post)).toEqual(["Previous", "Remind", "Mark coming", "Switch", "Remove"]);
  });

  it("of an incident that is over can be read only", () => {
    const { incident } = aRoster();
    const post = roster(aRoster({ incident: { ...incident, state: "stopped" } }));
    expect(buttons(post)).toEqual(["Next"]);
  });

  it("says group, channels and last states", () => {
    expect(cardText(roster(aRoster({ progress: team(3) })).card!)).toContain(
      "Bo Alm 3\nNot reached\nWebex: failed, no Webex account · SMS: failed, number unknown to the operator",
    );
  });

  it("of nobody says so", () => {
    expect(roster(aRoster({ progress: [] })).markdown).toContain("0 people");
  });

  it("fits whatever people are called, and each stays in it", () => {
    const progress = team(20).map((one, index) => ({
      ...one,
      responder: { ...one.responder, name: `${index} ${"🔥*".repeat(60)}` },
      outcomes: one.outcomes.map((outcome) => ({
        ...outcome,
        state: "failed" as const,
        reason: "ü*".repeat(200),
      })),
    }));
    const { card, markdown } = roster(aRoster({ progress }));
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(20_000);
    expect(Buffer.byteLength(markdown)).toBeLessThan(7_439);
    for (let index = 0; index < 20; index += 1) expect(markdown).toContain(`**${index} `);
  });
});
