import { postStatus, refreshStatus } from "../../src/bot/status-post";
import type { ProgressState, StatusCard } from "../../src/incident/space-state";
import {
  aMoment,
  anIncident,
  aProgressState,
  aSettings,
  NOW,
  ofKind,
  SPACE,
} from "../support/builders";
import { team } from "../support/card-builders";

const options = { botName: "Muster", settings: aSettings() };
const open = { openRounds: new Set(["round-1"]) };
const running = anIncident({ threadMessageId: "thread" });

function aState(card: Partial<StatusCard> = {}, more: Partial<ProgressState> = {}) {
  return aProgressState({
    incident: running,
    latest: running,
    progress: team(5),
    statusCard: { messageId: "m-1", cardId: "c-1", picture: "old", replacedAt: NOW, ...card },
    ...more,
  });
}

function refreshed(state: ProgressState, ms: number) {
  return refreshStatus(state, { ...options, statusCardMs: 60_000 }, aMoment(NOW + ms));
}

function pictureOf(state: ProgressState, ms = 0, more: { isWaitingForConference?: boolean } = {}) {
  const [effect] = ofKind(
    postStatus(state, { ...options, ...more }, aMoment(NOW + ms)),
    "effect.queued",
  );
  if (effect?.effect.effect.kind !== "reply") throw new Error("No card was posted.");
  return effect.effect.effect.note?.picture;
}

describe("what a status card shows", () => {
  test("is the same however much time has passed, and once the thread is known", () => {
    const before = pictureOf(aState({}, { incident: anIncident(), latest: anIncident() }));
    expect(pictureOf(aState(), 3_600_000)).toBe(before);
  });

  test("is another when somebody's state, name or number of people is", () => {
    const [first, ...others] = team(5);
    const renamed = { ...first!, responder: { ...first!.responder, name: "Robert" } };
    const pictures = [
      pictureOf(aState()),
      pictureOf(aState({}, { progress: others })),
      pictureOf(aState({}, { progress: [renamed, ...others] })),
      pictureOf(aState({}, { progress: [{ ...first!, group: "declined" }, ...others] })),
      pictureOf(aState(), 0, { isWaitingForConference: true }),
      pictureOf(aState({}, { incident: { ...running, name: "cards down" } })),
    ];
    expect(new Set(pictures).size).toBe(pictures.length);
  });
});

describe("a status card that is due", () => {
  test("is replaced when it stood long enough", () => {
    const changes = refreshed(aState(), 60_000);
    expect(ofKind(changes, "card.written").map(({ card }) => card.kind)).toEqual(["status"]);
  });

  test("is left alone where it shows the same", () => {
    const picture = pictureOf(aState())!;
    expect(refreshed(aState({ picture }), 60_000)).toEqual([]);
  });

  test("waits, and a line of those who need an invitation goes into the thread", () => {
    const [starter, ...others] = team(5);
    const progress = [{ ...starter!, isStarter: true }, ...others];
    const changes = refreshed(aState({}, { ...open, progress }), 5_000);
    expect(changes).toMatchObject([
      {
        kind: "effect.queued",
        effect: {
          spaceId: SPACE,
          effect: {
            kind: "reply",
            to: { kind: "space", spaceId: SPACE, parentId: "thread" },
            post: { markdown: "3 of 4 invited, 1 not reached" },
            note: { isLineOf: SPACE },
          },
        },
      },
      { kind: "status-card.looked", spaceId: SPACE, at: NOW + 5_000, dueAt: NOW + 60_000 },
    ]);
  });

  test("has its line edited, which no later edit can be overtaken by", () => {
    const line = { messageId: "l-1", text: "0 of 5 invited", edits: 3, isUnderWay: false };
    const [edit] = refreshed(aState({ line }, open), 5_000);
    expect(edit).toMatchObject({
      effect: {
        expiresAt: NOW + 10_000,
        effect: { kind: "message-edit", spaceId: SPACE, messageId: "l-1" },
      },
    });
  });
});

test("the line in the thread goes with the card that says the same", () => {
  const line = { messageId: "l-1", text: "0 of 5 invited", edits: 3, isUnderWay: false };
  const dropped = { kind: "status-line.dropped", spaceId: SPACE };
  expect(postStatus(aState({ line }, open), options, aMoment())).toContainEqual(dropped);
  expect(postStatus(aState({}, open), options, aMoment())).not.toContainEqual(dropped);
});
