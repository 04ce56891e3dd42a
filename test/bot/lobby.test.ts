import { announceLobby, tellAdmitted } from "../../src/bot/lobby";
import type { AttemptRecord } from "../../src/notify/outbox-row";
import type { LobbyResult } from "../../src/notify/run-effect";
import { aRig, MemoryDecisions } from "../support/bot-rig";
import {
  ana,
  aMeeting,
  anIncident,
  aMoment,
  aProgressState,
  NOW,
  ofKind,
  SPACE,
} from "../support/builders";
import { aLobbyAdmit, anEffectRow } from "../support/outbox-builders";

const incident = anIncident({ conference: aMeeting() });
const place = { incidentId: incident.id, spaceId: SPACE };
const attendance = {
  meetingId: "meeting-2",
  hostPersonId: ana.personId,
  present: [],
  waiting: 3,
};

describe("the card of a lobby", () => {
  test("tells how many wait, and nothing of who they are", () => {
    const changes = announceLobby({ kind: "waiting", incident, count: 3 }, aMoment());
    expect(ofKind(changes, "card.written")[0]?.card).toMatchObject({ kind: "notice", ...place });
    expect(ofKind(changes, "effect.queued")[0]?.effect).toMatchObject({
      spaceId: SPACE,
      effect: {
        kind: "reply",
        to: { kind: "space", spaceId: SPACE, fallbackPersonId: ana.personId },
        post: { markdown: "3 callers wait in the lobby of the meeting." },
        note: { cardId: "card-1", isLobbyCardOf: { ...place, waiting: 3 } },
      },
    });
    expect(JSON.stringify(changes)).toContain("Admit all");
  });

  test("goes with the last of them, and is left alone where nothing is new", () => {
    expect(announceLobby({ kind: "empty", incident }, aMoment())).toEqual([
      { kind: "lobby.emptied", ...place },
    ]);
    expect(announceLobby({ kind: "nothing" }, aMoment())).toEqual([]);
  });
});

describe("Admit all", () => {
  const data = { action: "incident.admit", v: 1, card: "card-l" };

  function aPress(more: object = {}, card: object = {}) {
    const rig = aRig({ state: aProgressState({ incident, attendance, ...more }) });
    rig.withCard({ id: "card-l", kind: "notice", incidentId: incident.id, ...card });
    return rig;
  }

  test("asks for it in the name of the meeting's host, once in ten seconds", async () => {
    const rig = aPress();
    await rig.presses(data);
    const [effect] = ofKind(rig.changes, "effect.queued");
    expect(effect?.effect).toMatchObject({
      expiresAt: NOW + 30_000,
      effect: {
        kind: "lobby-admit",
        spaceId: SPACE,
        meetingId: "meeting-2",
        hostPersonId: ana.personId,
        hostName: ana.name,
        asker: { personId: ana.personId, incidentId: incident.id, isDirect: false },
      },
    });
    const [noted] = ofKind(rig.changes, "press.noted");
    const again = aPress({ recentPresses: noted?.presses ?? [] });
    await again.presses(data);
    expect(again.changes).toEqual([]);
  });

  test.each([
    ["no meeting of ours", { attendance: undefined }, {}, "I know of no lobby"],
    ["a card of another incident", {}, { incidentId: "incident-0" }, "This form was used already"],
    ["a card of none", {}, { incidentId: undefined }, "This form was used already"],
  ])("is refused with %s", async (_what, more, card, said) => {
    const rig = aPress(more, card);
    await rig.presses(data);
    expect(ofKind(rig.changes, "press.noted")).toEqual([]);
    expect(rig.said).toEqual([expect.stringContaining(said)]);
  });
});

describe("what came of it", () => {
  const record = { id: "e-1", leaseToken: "lease", state: "accepted" } as AttemptRecord;

  async function told(result: LobbyResult, asker: object = {}) {
    const decisions = new MemoryDecisions(undefined, aMoment());
    const row = anEffectRow(
      aLobbyAdmit({
        meetingId: "meeting-2",
        hostName: "Ana **Berg**",
        asker: { ...ana, incidentId: incident.id, ...asker },
      }),
    );
    await tellAdmitted(decisions, row, result, record);
    await tellAdmitted(decisions, row, result, record);
    const said = ofKind(decisions.changes, "effect.queued").map(({ effect }) => effect.effect);
    return { said, decisions, due: ofKind(decisions.changes, "attendance.due") };
  }

  test.each([
    [{ kind: "admitted", count: 1 }, "Ana Berg let 1 caller in from the lobby.", 1],
    [{ kind: "admitted", count: 12 }, "Ana Berg let 12 callers in from the lobby.", 1],
    [{ kind: "admitted", count: 0 }, "Nobody waits in the lobby of the meeting any more.", 1],
    [
      { kind: "no-grant" },
      "I could let nobody in from the lobby: I have no grant of Ana \\*\\*Berg\\*\\* any more. Whoever hosts the meeting can: open Participants, then Admit.",
      0,
    ],
    [
      { kind: "refused", reason: "Webex does not find them" },
      "I could let nobody in from the lobby: Webex does not find them. Whoever hosts the meeting can: open Participants, then Admit.",
      0,
    ],
  ] as const)(
    "%j is told once, and the meeting read anew where it was done",
    async (result, markdown, reads) => {
      const { decisions, due, said } = await told(result);
      expect(said).toEqual([
        expect.objectContaining({
          to: { kind: "space", spaceId: SPACE, fallbackPersonId: ana.personId },
          post: { markdown },
        }),
      ]);
      expect(due).toHaveLength(reads);
      expect(decisions.triggers).toEqual([{ kind: "effect", record }]);
    },
  );

  test("is told directly to who pressed there", async () => {
    const { said } = await told({ kind: "admitted", count: 2 }, { isDirect: true });
    expect(said).toMatchObject([{ to: { kind: "person", personId: ana.personId } }]);
  });

  test("belongs to no other effect", async () => {
    const row = anEffectRow({ kind: "message-delete", messageId: "m" });
    const decisions = new MemoryDecisions(undefined, aMoment());
    await expect(tellAdmitted(decisions, row, { kind: "no-grant" }, record)).rejects.toThrow();
  });
});
